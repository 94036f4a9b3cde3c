# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdLeaveOpen(models.TransientModel):
    """Asks the supervisor why an affiliate is left open in a month."""

    _name = "rd.leave.open"
    _description = "Leave an Affiliate Open"

    step_id = fields.Many2one("rd.close.step", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="step_id.partner_id")
    reason = fields.Char(required=True)

    def action_apply(self):
        """Leave the affiliate open with the reason given."""
        self.ensure_one()
        return self.step_id.action_leave_open(self.reason)
