# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import fields, models


class RdConfirmRecorded(models.TransientModel):
    """Asks who of the other side confirmed a statement, how, and for the evidence."""

    _name = "rd.confirm.recorded"
    _description = "Note a Confirmation"

    statement_id = fields.Many2one("rd.statement", required=True, ondelete="cascade")
    who = fields.Char(string="Confirmed by", required=True)
    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("fax", "Fax"),
            ("paper", "Paper"),
            ("message", "E-mail or messenger"),
            ("scan", "Stamped scan"),
            ("workbook", "Marked workbook sent back"),
        ],
        default="phone",
        required=True,
    )
    note = fields.Char()
    file = fields.Binary(string="Evidence", attachment=False)
    filename = fields.Char()

    def action_apply(self):
        """Note the confirmation on the statement, or read the marked workbook."""
        self.ensure_one()
        statement = self.statement_id
        data = base64.b64decode(self.file or b"")
        if self.channel == "workbook" and data:
            outcome = statement._take_recorded_workbook(self.filename, data, self.who)
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "message": outcome,
                    "sticky": True,
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        statement.action_confirm_recorded(self.who, self.channel, self.note)
        if data:
            statement._keep_recorded_evidence(self.filename, data)
        return True
