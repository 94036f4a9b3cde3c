# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_deputy import Queue


class RdDeputy(models.Model):
    """The clerk's open work with exceptions of receivables."""

    _name = "rd.deputy"
    _inherit = ["rd.deputy"]

    def _get_queues(self):
        company = ("company_id", "=", self.company_id.id)
        owners = (self.user_id.id, False)
        return [
            *super()._get_queues(),
            Queue(
                "receivable_exceptions",
                80,
                self.env._("Exceptions of receivables"),
                self.env._("Decide as it is suggested, or something else."),
                "rd.receivable.exception",
                [company, ("state", "=", "open"), ("user_id", "in", owners)],
                "deadline",
                "reason",
            ),
        ]
