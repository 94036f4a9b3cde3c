# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

SHIFTS = [
    ("next", "Next working day"),
    ("previous", "Previous working day"),
]
LONGEST_GRACE = 366


class RdDueTermsMixin(models.AbstractModel):
    """What is agreed beside the payment terms: with a customer, or by a contract."""

    _name = "rd.due.terms.mixin"
    _description = "Agreed beside the payment terms"

    rd_due_grace_days = fields.Integer(
        string="Days of grace",
        tracking=True,
        help="Days granted after the payment terms: the 15 of “30 + 15”.",
    )
    rd_due_shift = fields.Selection(
        SHIFTS,
        string="Due on a day off",
        tracking=True,
        help="Where a due date goes that is no working day of the company's calendar; "
        "empty: it stays.",
    )

    @api.constrains("rd_due_grace_days")
    def _check_rd_due_grace_days(self):
        for record in self:
            if not 0 <= record.rd_due_grace_days <= LONGEST_GRACE:
                raise ValidationError(
                    self.env._(
                        "The days of grace of %(record)s must lie between 0 and "
                        "%(most)s.",
                        record=record.display_name,
                        most=LONGEST_GRACE,
                    )
                )
