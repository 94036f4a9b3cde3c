# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdExceptionFinish(models.TransientModel):
    """Ask what came of a decision."""

    _name = "rd.exception.finish"
    _description = "Result of a Decision"

    exception_ids = fields.Many2many("rd.receivable.exception", required=True)
    result = fields.Char(required=True)

    def action_finish(self):
        """Note it."""
        self.ensure_one()
        self.exception_ids.action_finish(self.result)
        return {"type": "ir.actions.act_window_close"}
