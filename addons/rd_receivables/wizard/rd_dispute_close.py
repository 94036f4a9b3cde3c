# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdDisputeClose(models.TransientModel):
    """Ask how a dispute was settled."""

    _name = "rd.dispute.close"
    _description = "Close a Dispute"

    note_id = fields.Many2one("rd.chase.note", required=True)
    how = fields.Selection(
        [("settled", "Settled"), ("withdrawn", "Withdrawn by the customer")],
        required=True,
        default="settled",
    )
    text = fields.Char(string="What settles it", required=True)

    def action_close(self):
        """Close the dispute."""
        self.ensure_one()
        if self.how == "settled":
            self.note_id.action_settle(self.text)
        else:
            self.note_id.action_withdraw(self.text)
        return {"type": "ir.actions.act_window_close"}
