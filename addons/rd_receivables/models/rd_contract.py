# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from .res_partner_due import ANCHORS


class RdContract(models.Model):
    """From which event the terms of a contract are counted."""

    _name = "rd.contract"
    _inherit = ["rd.contract", "rd.due.terms.mixin"]

    rd_due_anchor = fields.Selection(
        ANCHORS,
        string="Terms count from",
        tracking=True,
        help="The payment terms of its invoices run from this day, with the days of "
        "grace that stand here; empty: as agreed with the customer.",
    )
