# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from ..models.rd_return_goods import SET_ASIDE


class StockReturnPickingLine(models.TransientModel):
    """Odoo's own return, told which line of a return of ours it brings back."""

    _name = "stock.return.picking.line"
    _inherit = ["stock.return.picking.line"]

    rd_return_line_id = fields.Many2one("rd.return.line", ondelete="cascade")

    def _prepare_move_default_values(self, new_picking):
        values = super()._prepare_move_default_values(new_picking)
        line = self.rd_return_line_id
        if line:
            values["rd_return_line_id"] = line.id
            if line.disposition in SET_ASIDE:
                place = line._get_warehouse()._rd_get_return_location()
                values["location_dest_id"] = place.id
        return values
