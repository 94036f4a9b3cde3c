# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking"]

    rd_note = fields.Char(
        string="Delivery note",
        copy=False,
        index="btree_not_null",
        help="Number of the delivery note the goods travelled with.",
    )
    rd_shipping_list_id = fields.Many2one(
        "rd.shipping.list",
        string="Shipping list",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
