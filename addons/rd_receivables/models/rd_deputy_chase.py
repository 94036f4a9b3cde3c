# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_deputy import Queue


class RdDeputy(models.Model):
    """The clerk's open work of asking for money."""

    _name = "rd.deputy"
    _inherit = ["rd.deputy"]

    def _get_queues(self):
        company = ("company_id", "=", self.company_id.id)
        return [
            *super()._get_queues(),
            Queue(
                "chasing",
                80,
                self.env._("Customers to ask for money"),
                self.env._("Call, and note what came of it with one tap."),
                "rd.chase.worklist",
                [company, ("to_call", "=", True)],
                "next_date",
            ),
            Queue(
                "disputes",
                82,
                self.env._("Disputed items"),
                self.env._("Settle it with the customer, then close the dispute."),
                "rd.chase.note",
                [company, ("is_dispute_open", "=", True)],
                "date",
            ),
        ]
