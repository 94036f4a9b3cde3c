# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdReceiptSignLine(models.TransientModel):
    """One delivered line of the form."""

    _name = "rd.receipt.sign.line"
    _description = "Signed Receipt Line"

    wizard_id = fields.Many2one("rd.receipt.sign", required=True, ondelete="cascade")
    move_id = fields.Many2one("stock.move", required=True)
    product_id = fields.Many2one(related="move_id.product_id")
    uom_id = fields.Many2one(related="move_id.product_uom", string="Unit")
    quantity = fields.Float(
        related="move_id.quantity", string="Delivered", digits="Product Unit"
    )
    accepted = fields.Float(compute="_compute_accepted", digits="Product Unit")
    short = fields.Float(digits="Product Unit")
    rejected = fields.Float(digits="Product Unit")
    conceded = fields.Float(
        string="Of it by concession",
        digits="Product Unit",
        help="Not as agreed but taken all the same; it counts as accepted.",
    )

    @api.depends("quantity", "short", "rejected")
    def _compute_accepted(self):
        for line in self:
            line.accepted = line.quantity - line.short - line.rejected
