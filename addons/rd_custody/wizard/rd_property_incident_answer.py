# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..models.rd_property_incident import DECISIONS


class RdPropertyIncidentAnswer(models.TransientModel):
    """What the owner said by phone, fax or letter, written down by us."""

    _name = "rd.property.incident.answer"
    _description = "Owner's Answer to an Incident"

    incident_id = fields.Many2one(
        "rd.property.incident", required=True, ondelete="cascade"
    )
    decision = fields.Selection(DECISIONS, required=True)
    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("fax", "Fax"),
            ("paper", "Letter"),
            ("message", "E-mail or messenger"),
            ("scan", "Stamped scan"),
        ],
        string="How it came",
        required=True,
        default="phone",
    )
    who = fields.Char(string="Said by", required=True)
    words = fields.Text(string="Owner's words")

    def action_record(self):
        """Write the answer on the incident."""
        self.ensure_one()
        self.incident_id.action_record_answer(
            self.decision, self.words, self.who, self.channel
        )
        return {"type": "ir.actions.act_window_close"}
