# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_deputy import Queue


class RdDeputy(models.Model):
    """Loans that are due, and samples that expired, are work of the desk."""

    _name = "rd.deputy"
    _inherit = ["rd.deputy"]

    def _get_queues(self):
        company = ("company_id", "=", self.company_id.id)
        today = self.company_id._rd_today()
        return [
            *super()._get_queues(),
            Queue(
                "loans",
                65,
                self.env._("Loans that are overdue"),
                self.env._("Ask the borrower for it, or move the day it is due."),
                "rd.loan",
                [company, ("state", "=", "lent"), ("date_due", "<", today)],
                "date_due",
            ),
            Queue(
                "samples",
                66,
                self.env._("Samples that expired"),
                self.env._("Extend the sample, or dispose of it."),
                "rd.property",
                [
                    company,
                    ("kind", "=", "sample"),
                    ("state", "in", ("held", "out")),
                    ("valid_until", "<", today),
                ],
                "valid_until",
            ),
        ]
