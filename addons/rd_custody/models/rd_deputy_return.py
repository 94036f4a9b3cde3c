# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_deputy import Queue


class RdDeputy(models.Model):
    """Returns that wait are work of the desk."""

    _name = "rd.deputy"
    _inherit = ["rd.deputy"]

    def _get_queues(self):
        company = ("company_id", "=", self.company_id.id)
        return [
            *super()._get_queues(),
            Queue(
                "returns",
                45,
                self.env._("Returns that are not decided"),
                self.env._("Have the goods inspected and decide what happens to them."),
                "rd.return",
                [company, ("state", "in", ("draft", "accepted", "inspected"))],
                "answer_due",
            ),
        ]
