# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdStatementReopen(models.TransientModel):
    """Says what taking a statement back undoes, and asks why."""

    _name = "rd.statement.reopen"
    _description = "Take a Statement Back"

    statement_id = fields.Many2one("rd.statement", required=True, ondelete="cascade")
    effects = fields.Text(string="What it undoes", compute="_compute_effects")
    reason = fields.Text(required=True)

    @api.depends("statement_id")
    def _compute_effects(self):
        for wizard in self:
            statement = wizard.statement_id
            wizard.effects = "\n".join(
                statement._get_reopen_effects() if statement else ()
            )

    def action_apply(self):
        """Ask a supervisor to take the statement back."""
        self.ensure_one()
        return self.statement_id.action_ask_reopen(self.reason)
