# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models


class RdShippingAnswer(models.TransientModel):
    """Asks what becomes of open rows of a shipping list, and why."""

    _name = "rd.shipping.answer"
    _description = "Answer to Shipping List Rows"

    line_ids = fields.Many2many("rd.shipping.list.line", required=True)
    answer = fields.Selection(
        [
            ("keep", "It was shipped; keep the delivery"),
            ("reverse", "It was not shipped; take the delivery back"),
            ("dismiss", "Not ours to deliver; leave the row out"),
            ("again", "Left out by mistake; take the row up again"),
        ],
        required=True,
    )
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        """Take the rows selected in the list."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "rd.shipping.list.line":
            values["line_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    def action_apply(self):
        """Give the answer to all rows."""
        self.ensure_one()
        lines = self.line_ids
        if self.answer == "keep":
            lines.action_keep(self.reason)
        elif self.answer == "reverse":
            lines.action_reverse(self.reason)
        elif self.answer == "again":
            lines.action_take_up(self.reason)
        else:
            lines.action_dismiss(self.reason)
        return True
