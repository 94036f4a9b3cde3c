# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdApprovalAnswer(models.TransientModel):
    """Asks for the reason of an answer."""

    _name = "rd.approval.answer"
    _description = "Answer an Approval"

    approval_id = fields.Many2one("rd.approval", required=True, ondelete="cascade")
    name = fields.Char(related="approval_id.name")
    why = fields.Text(related="approval_id.reason")
    effects = fields.Text(related="approval_id.effects")
    reason = fields.Text(string="Your reason")

    def action_approve(self):
        """Approve with the reason given."""
        self.ensure_one()
        return self.approval_id.action_approve(self.reason)

    def action_refuse(self):
        """Refuse with the reason given."""
        self.ensure_one()
        return self.approval_id.action_refuse(self.reason)
