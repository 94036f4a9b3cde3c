# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdOrderListAnswer(models.TransientModel):
    """What a number of theirs stands for, or why a row is left out."""

    _name = "rd.order.list.answer"
    _description = "Answer of an Order List Row"

    line_id = fields.Many2one(
        "rd.order.list.line",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    part = fields.Char(related="line_id.part")
    name = fields.Char(related="line_id.name")
    product_id = fields.Many2one("product.product", string="Is our part")
    factor = fields.Float(
        string="Unit factor",
        default=1.0,
        digits=(16, 6),
        help="Our quantity for one of theirs.",
    )
    reason = fields.Char(help="Why the row is left out, where it is.")

    def action_learn(self):
        """Keep the alias; all rows are looked at again."""
        self.ensure_one()
        self.line_id._learn(self.product_id, self.factor)
        return {"type": "ir.actions.act_window_close"}

    def action_dismiss(self):
        """Leave the row out."""
        self.ensure_one()
        self.line_id.action_dismiss(self.reason)
        return {"type": "ir.actions.act_window_close"}
