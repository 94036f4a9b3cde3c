# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

ANCHORS = [
    ("invoice", "Invoice"),
    ("delivery", "Delivery"),
    ("statement", "Statement agreed"),
    ("fapiao", "Tax invoice received"),
    ("stage", "Stage of the contract"),
]
SHIFTS = [
    ("next", "Next working day"),
    ("previous", "Previous working day"),
]
LONGEST_GRACE = 366


class ResPartner(models.Model):
    """From which event the customer's payment terms are counted."""

    _name = "res.partner"
    _inherit = ["res.partner"]

    rd_due_anchor = fields.Selection(
        ANCHORS,
        string="Terms count from",
        default="invoice",
        required=True,
        tracking=True,
        help="The payment terms run from this day. As long as it has not come, the "
        "invoice is not due. An invoice that cannot have it (without delivery, "
        "statement or tax invoice) counts from its own date.",
    )
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
        for partner in self:
            if not 0 <= partner.rd_due_grace_days <= LONGEST_GRACE:
                raise ValidationError(
                    self.env._(
                        "The days of grace of %(partner)s must lie between 0 and "
                        "%(most)s.",
                        partner=partner.display_name,
                        most=LONGEST_GRACE,
                    )
                )

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "rd_due_anchor",
            "rd_due_grace_days",
            "rd_due_shift",
        ]
