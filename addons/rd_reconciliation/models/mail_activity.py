# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class MailActivity(models.Model):
    """What is asked about a difference, on a record of whoever knows the answer."""

    _name = "mail.activity"
    _inherit = ["mail.activity"]

    # Only code writes it: by it an answer reaches a record that its writer may not see.
    rd_difference_id = fields.Many2one(
        "rd.difference",
        string="Difference",
        index="btree_not_null",
        ondelete="cascade",
        copy=False,
        groups="base.group_system",
    )

    def _action_done(self, feedback=False, attachment_ids=None):
        """Let the answer reach the difference it was asked for."""
        asked = self.sudo().rd_difference_id
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if (feedback or "").strip():
            for difference in asked:
                difference._note_answer(self.env.user, feedback.strip())
        return res
