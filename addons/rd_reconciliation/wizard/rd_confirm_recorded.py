# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdConfirmRecorded(models.TransientModel):
    """Asks who of the other side confirmed a statement, and how."""

    _name = "rd.confirm.recorded"
    _description = "Note a Confirmation"

    statement_id = fields.Many2one("rd.statement", required=True, ondelete="cascade")
    who = fields.Char(string="Confirmed by", required=True)
    channel = fields.Selection(
        [
            ("phone", "Phone or fax"),
            ("scan", "Stamped scan"),
            ("workbook", "Marked workbook sent back"),
        ],
        default="phone",
        required=True,
    )
    note = fields.Char()

    def action_apply(self):
        """Note the confirmation on the statement."""
        self.ensure_one()
        return self.statement_id.action_confirm_recorded(
            self.who, self.channel, self.note
        )
