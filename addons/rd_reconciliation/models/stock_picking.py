# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .rd_statement import AGREED_STATES, OPEN_STATES


class StockPicking(models.Model):
    """A receipt is locked once a statement with its delivery was agreed, or one
    with what came back of it: how much of that is due rests on the receipt."""

    _name = "stock.picking"
    _inherit = ["stock.picking"]

    def _action_done(self):
        """Let open statements follow what has come back."""
        res = super()._action_done()
        # Whoever takes goods in need not see statements.
        origins = self.sudo().move_ids.origin_returned_move_id
        self._rd_get_open_lines(origins)._fit_gone()
        return res

    def _rd_get_locked(self):
        return (
            super()._rd_get_locked()
            | self._rd_get_stated(AGREED_STATES)
            | self._rd_get_returns_agreed()
        )

    def _rd_get_returns_agreed(self):
        """Return those of these deliveries of which a return was agreed by receipt."""
        returned = self.sudo().move_ids.returned_move_ids
        if not returned:
            return self.browse()
        lines = (
            self.env["rd.statement.line"]
            .sudo()
            .search(
                [
                    ("move_id", "in", returned.ids),
                    ("live", "=", True),
                    ("zero_reason", "=", False),
                    ("statement_id.state", "in", AGREED_STATES),
                    ("statement_id.basis", "!=", "dispatched"),
                ]
            )
        )
        origins = lines.move_id.origin_returned_move_id
        return origins.picking_id.with_env(self.env) & self

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
        """Let what is stated and not agreed follow the receipt, returns too."""
        moves = self.sudo().move_ids
        moves |= moves.returned_move_ids
        self._rd_get_open_lines(moves)._fit_receipts()
        return super()._rd_receipt_changed()

    def _rd_get_open_lines(self, moves):
        """Return the lines of these moves on statements that are not agreed."""
        return (
            self.env["rd.statement.line"]
            .sudo()
            .search(
                [
                    ("move_id", "in", moves.ids),
                    ("live", "=", True),
                    ("statement_id.state", "in", OPEN_STATES),
                ]
            )
        )

    def _rd_check_returns_open(self):
        """Refuse to change what is accepted once a return by it was agreed."""
        for picking in self:
            if picking._rd_get_returns_agreed():
                picking._rd_raise_locked()

    def _rd_fit_returns(self):
        """Let what came back follow a concession that is taken back."""
        moves = self.sudo().move_ids.returned_move_ids
        self._rd_get_open_lines(moves)._fit_receipts()
