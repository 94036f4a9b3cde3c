# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

ANCHORS = [
    ("invoice", "Invoice"),
    ("delivery", "Delivery"),
    ("statement", "Statement agreed"),
    ("fapiao", "Tax invoice received"),
    ("stage", "Stage of the contract"),
]


class ResPartner(models.Model):
    """From which event the customer's payment terms are counted."""

    _name = "res.partner"
    _inherit = ["res.partner", "rd.due.terms.mixin"]

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

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "rd_due_anchor",
            "rd_due_grace_days",
            "rd_due_shift",
        ]
