# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdDocumentWaive(models.TransientModel):
    """Asks why a record needs no such paper."""

    _name = "rd.document.waive"
    _description = "Paper not Needed"

    due_id = fields.Many2one(
        "rd.document.due", string="Paper", required=True, ondelete="cascade"
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Say that the paper is not needed, with the reason given."""
        self.ensure_one()
        return self.due_id.action_waive(self.reason)
