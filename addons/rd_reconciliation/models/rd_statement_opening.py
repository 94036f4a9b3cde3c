# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_settlement_source import KIND_OPENING


class RdStatement(models.Model):
    """What was in dispute before the first day stands on a line of its own."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    @api.model
    def _get_free_pieces(self, portions):
        pieces = super()._get_free_pieces(portions)
        ids = [portion.res_id for portion, *_ in pieces if portion.kind == KIND_OPENING]
        if not ids:
            return pieces
        lines = self.env["rd.opening.line"].search_fetch(
            [("id", "in", ids), ("carried_periods", ">", 0)], ["carried_quantity"]
        )
        cuts = {line.id: line.carried_quantity for line in lines}
        return [part for piece in pieces for part in _cut(piece, cuts)]


def _cut(piece, cuts):
    """Return the parts of a piece before and after where the dispute ends."""
    portion, start, end = piece
    cut = cuts.get(portion.res_id) if portion.kind == KIND_OPENING else None
    if not cut or not start < cut < end:
        return [piece]
    return [(portion, start, cut), (portion, cut, end)]
