# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..dues import base_date

WAYS = {
    "rd_first_of_next_month": "first_of_next_month",
    "rd_months_after": "months",
}


class AccountPaymentTermLine(models.Model):
    """Two ways of the trade that Odoo's own four do not name."""

    _name = "account.payment.term.line"
    _inherit = ["account.payment.term.line"]

    delay_type = fields.Selection(
        selection_add=[
            ("rd_first_of_next_month", "Days from the first of next month"),
            ("rd_months_after", "Months after invoice date"),
        ],
        ondelete={
            "rd_first_of_next_month": "set default",
            "rd_months_after": "set default",
        },
    )

    def _get_due_date(self, date_ref):
        """Count what the trade agrees (次月结30; retention) by its own rule."""
        if self.delay_type not in WAYS:
            return super()._get_due_date(date_ref)
        day = fields.Date.to_date(date_ref) or self.env.company._rd_today()
        return base_date(day, WAYS[self.delay_type], self.nb_days)
