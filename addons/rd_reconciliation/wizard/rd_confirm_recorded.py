# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import api, fields, models


class RdConfirmRecorded(models.TransientModel):
    """Asks who of the other side confirmed a statement, when, how, and for the
    evidence."""

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
    day = fields.Date(
        string="Day of the confirmation",
        required=True,
        compute="_compute_day",
        store=True,
        readonly=False,
        precompute=True,
    )
    note = fields.Char()
    file = fields.Binary(string="Evidence", attachment=False)
    filename = fields.Char()

    @api.depends("statement_id")
    def _compute_day(self):
        for wizard in self:
            company = wizard.statement_id.company_id or self.env.company
            wizard.day = wizard.day or company._rd_today()

    def action_apply(self):
        """Note the confirmation on the statement, or read the marked workbook."""
        self.ensure_one()
        statement = self.statement_id
        if self.channel == "workbook" and self.file:
            data = base64.b64decode(self.file)
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
        proof = {"name": self.filename, "data": self.file} if self.file else None
        statement.action_confirm_recorded(
            self.who, self.channel, self.note, self.day, proof
        )
        return True
