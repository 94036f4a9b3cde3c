# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..models.rd_property_confirmation_line import DIFFERENCES


class RdPropertyConfirmationAnswer(models.TransientModel):
    """What the owner said of a letter by phone, fax or paper."""

    _name = "rd.property.confirmation.answer"
    _description = "Owner's Answer to a Letter"

    confirmation_id = fields.Many2one(
        "rd.property.confirmation", required=True, ondelete="cascade"
    )
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
        default="paper",
    )
    who = fields.Char(string="Said by", required=True)
    note = fields.Char(string="Remarks")
    line_ids = fields.One2many(
        "rd.property.confirmation.answer.line", "answer_id", string="What differs"
    )

    def action_record(self):
        """Write the answer on the letter; what is not named is confirmed."""
        self.ensure_one()
        self.confirmation_id.action_record_answer(
            {
                line.line_id.id: (line.difference, line.words, line.their_quantity)
                for line in self.line_ids
            },
            self.who,
            self.channel,
            self.note,
        )
        return {"type": "ir.actions.act_window_close"}


class RdPropertyConfirmationAnswerLine(models.TransientModel):
    """One line of a letter that differs, by what the owner said."""

    _name = "rd.property.confirmation.answer.line"
    _description = "What Differs in a Letter"

    answer_id = fields.Many2one(
        "rd.property.confirmation.answer", required=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "rd.property.confirmation.line", required=True, ondelete="cascade"
    )
    difference = fields.Selection(DIFFERENCES, required=True, default="quantity")
    their_quantity = fields.Float(digits="Product Unit")
    words = fields.Char(string="Owner's words", required=True)


class RdPropertyConfirmationSettle(models.TransientModel):
    """How a difference with the owner was settled."""

    _name = "rd.property.confirmation.settle"
    _description = "Settle a Difference of a Letter"

    line_id = fields.Many2one(
        "rd.property.confirmation.line", required=True, ondelete="cascade"
    )
    words = fields.Char(string="How it was settled", required=True)

    def action_settle(self):
        """Note it on the line."""
        self.ensure_one()
        self.line_id.action_settle(self.words)
        return {"type": "ir.actions.act_window_close"}
