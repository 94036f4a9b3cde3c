# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdFeedbackAnswer(models.TransientModel):
    """What the customer was answered."""

    _name = "rd.feedback.answer"
    _description = "Answer of a Feedback"

    feedback_id = fields.Many2one(
        "rd.feedback",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    answer = fields.Text(required=True)

    def action_answer(self):
        """Note it."""
        self.ensure_one()
        self.feedback_id.action_answer(self.answer)
        return {"type": "ir.actions.act_window_close"}
