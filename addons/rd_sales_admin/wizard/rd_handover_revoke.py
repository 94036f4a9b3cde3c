# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdHandoverRevoke(models.TransientModel):
    """Asks why an acceptance that was noted by mistake is taken back."""

    _name = "rd.handover.revoke"
    _description = "Take an Acceptance Back"

    handover_id = fields.Many2one("rd.handover", required=True, ondelete="cascade")
    confirmed_by = fields.Char(related="handover_id.confirmed_by")
    confirmed_date = fields.Datetime(related="handover_id.confirmed_date")
    reason = fields.Char(required=True)

    def action_apply(self):
        """Take the acceptance back with the reason given."""
        self.ensure_one()
        self.handover_id.action_revoke(self.reason)
        return {"type": "ir.actions.act_window_close"}
