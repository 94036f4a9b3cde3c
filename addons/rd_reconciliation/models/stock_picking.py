# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .rd_statement import OPEN_STATES

AGREED_STATES = ("agreed", "invoiced", "closed")


class StockPicking(models.Model):
    """A receipt is locked once a statement with its delivery was agreed."""

    _name = "stock.picking"
    _inherit = ["stock.picking"]

    def _rd_get_locked(self):
        return super()._rd_get_locked() | self._rd_get_stated(AGREED_STATES)

    def _rd_get_stated(self, states):
        """Return those of these deliveries that stand on a statement in a state."""
        # Whoever signs for goods need not see statements.
        groups = (
            self.env["rd.statement.line"]
            .sudo()
            ._read_group(
                [
                    ("move_id", "in", self.sudo().move_ids.ids),
                    ("live", "=", True),
                    ("statement_id.state", "in", states),
                ],
                ["move_id"],
            )
        )
        moves = self.env["stock.move"].union(*(move for (move,) in groups))
        return moves.sudo().picking_id.with_env(self.env) & self

    def _rd_receipt_changed(self):
        """Let what is stated and not agreed follow the receipt."""
        lines = (
            self.env["rd.statement.line"]
            .sudo()
            .search(
                [
                    ("move_id", "in", self.sudo().move_ids.ids),
                    ("live", "=", True),
                    ("statement_id.state", "in", OPEN_STATES),
                ]
            )
        )
        lines._fit_receipts()
        return super()._rd_receipt_changed()
