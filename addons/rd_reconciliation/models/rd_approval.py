# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdApproval(models.Model):
    """What reconciliation asks for."""

    _name = "rd.approval"
    _inherit = ["rd.approval"]

    kind = fields.Selection(
        selection_add=[
            ("write_off", "Settle the rest as lost"),
            ("correct_price", "Take their price"),
            ("credit", "Grant a credit note"),
            ("reopen", "Take a statement back"),
            ("adjust_price", "Adjust prices afterwards"),
            ("charge", "Charge or deduction above the limit"),
            ("agree", "Agree in spite of differences"),
        ],
        ondelete={
            kind: "cascade"
            for kind in (
                *("write_off", "correct_price", "credit", "reopen"),
                *("adjust_price", "charge", "agree"),
            )
        },
    )
