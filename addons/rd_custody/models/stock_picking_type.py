# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

GUARDED = "unassigned_owner"


class StockPickingType(models.Model):
    """How an operation type reserves: never what belongs to somebody else."""

    _name = "stock.picking.type"
    _inherit = ["stock.picking.type"]

    rd_restriction_before = fields.Char(
        readonly=True,
        copy=False,
        help="What was set before the guard was switched on; an uninstallation "
        "sets it again.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A type made later in a guarded warehouse is guarded from its first day."""
        types = super().create(vals_list)
        types.filtered("warehouse_id.rd_owner_guard")._rd_guard()
        return types

    def _rd_guard(self):
        """Let the types reserve our own stock only, and remember what was set."""
        for kind in self:
            if kind.owner_restriction == GUARDED:
                continue
            kind.write(
                {
                    "rd_restriction_before": kind.owner_restriction,
                    "owner_restriction": GUARDED,
                }
            )

    def _rd_restore(self):
        """Set again what was set before the guard."""
        for kind in self.filtered("rd_restriction_before"):
            kind.write(
                {
                    "owner_restriction": kind.rd_restriction_before,
                    "rd_restriction_before": False,
                }
            )
