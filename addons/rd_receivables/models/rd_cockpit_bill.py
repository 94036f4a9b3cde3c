# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_deputy import Queue


class RdCockpit(models.AbstractModel):
    """Finance sees the bills whose maturity has passed and nobody told of."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    def _get_finance_queues(self, scope):
        return [
            *super()._get_finance_queues(scope),
            Queue(
                "bills",
                52,
                self.env._("Bills past their maturity"),
                self.env._("Note on which day the bill was paid, or that it bounced."),
                "rd.acceptance.bill",
                self.env["rd.acceptance.bill"]._get_past_domain(scope.company),
                "maturity_date",
            ),
        ]
