# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdStopRelease(models.TransientModel):
    """Ask why held deliveries are to be released."""

    _name = "rd.stop.release"
    _description = "Ask for the Release of Deliveries"

    stop_id = fields.Many2one("rd.delivery.stop", required=True)
    reason = fields.Char(required=True)

    def action_ask(self):
        """Ask a supervisor."""
        self.ensure_one()
        self.stop_id.action_ask_release(self.reason)
        return {"type": "ir.actions.act_window_close"}
