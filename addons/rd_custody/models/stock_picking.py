# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking"]

    rd_release_id = fields.Many2one(
        "rd.property.release",
        string="Release of customer's stock",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"rd_release_id"}
