# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdCloseReopen(models.TransientModel):
    """Asks why a closed month is to be opened again."""

    _name = "rd.close.reopen"
    _description = "Reopen a Month"

    close_id = fields.Many2one(
        "rd.close", string="Month", required=True, ondelete="cascade"
    )
    name = fields.Char(related="close_id.name")
    reason = fields.Text(required=True)

    def action_ask(self):
        """Ask with the reason given."""
        self.ensure_one()
        return self.close_id.action_ask_reopen(self.reason)
