# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from typing import NamedTuple

from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_settlement_source import KIND_OPENING


class CarriedBefore(NamedTuple):
    """A quantity carried before the first statement, as a carried line would say it."""

    qty_from: float
    qty_to: float
    carried_age: int


class RdStatementLine(models.Model):
    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    @api.model
    def _get_carried(self, pieces):
        """Let what was carried before the first day go on from its age."""
        carried = super()._get_carried(pieces)
        ids = [portion.res_id for portion, *_ in pieces if portion.kind == KIND_OPENING]
        if not ids:
            return carried
        lines = self.env["rd.opening.line"].search_fetch(
            [("id", "in", ids), ("carried_periods", ">", 0)],
            ["carried_quantity", "carried_periods"],
        )
        for line in lines:
            carried[KIND_OPENING, line.id].append(
                CarriedBefore(0.0, line.carried_quantity, line.carried_periods - 1)
            )
        return carried
