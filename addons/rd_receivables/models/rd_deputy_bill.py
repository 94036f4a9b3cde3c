# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_deputy import Queue


class RdDeputy(models.Model):
    """The clerk's open work with bills that have matured."""

    _name = "rd.deputy"
    _inherit = ["rd.deputy"]

    def _get_queues(self):
        bills = self.env["rd.acceptance.bill"]
        return [
            *super()._get_queues(),
            Queue(
                "bills",
                84,
                self.env._("Bills past their maturity"),
                self.env._("Note on which day the bill was paid, or that it bounced."),
                "rd.acceptance.bill",
                bills._get_past_domain(self.company_id),
                "maturity_date",
            ),
        ]
