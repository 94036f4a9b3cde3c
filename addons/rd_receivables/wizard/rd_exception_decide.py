# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..models.rd_receivable_exception import DECISIONS


class RdExceptionDecide(models.TransientModel):
    """Ask what is done about an exception, and why."""

    _name = "rd.exception.decide"
    _description = "Decide about an Exception"

    exception_ids = fields.Many2many("rd.receivable.exception", required=True)
    decision = fields.Selection(DECISIONS, required=True)
    note = fields.Char(string="Why")

    def action_decide(self):
        """Decide it."""
        self.ensure_one()
        self.exception_ids.action_decide(self.decision, self.note)
        return {"type": "ir.actions.act_window_close"}
