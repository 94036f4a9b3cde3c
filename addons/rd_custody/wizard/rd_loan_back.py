# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..models.rd_loan_line import OUTCOMES


class RdLoanBack(models.TransientModel):
    """How a borrowed thing came back, said in the short form."""

    _name = "rd.loan.back"
    _description = "Take Back What Was Lent"

    line_id = fields.Many2one(
        "rd.loan.line", required=True, readonly=True, ondelete="cascade"
    )
    borrower_id = fields.Many2one(related="line_id.borrower_id")
    shelf = fields.Char(related="line_id.shelf")
    outcome = fields.Selection(
        OUTCOMES, string="It came back", required=True, default="good"
    )
    note = fields.Char(string="What happened")
    photo = fields.Image(max_width=1920, max_height=1920)

    def action_take_back(self):
        """Take it back as it is."""
        self.ensure_one()
        self.line_id._bring_back(self.outcome, self.note, self.photo)
        return {"type": "ir.actions.act_window_close"}
