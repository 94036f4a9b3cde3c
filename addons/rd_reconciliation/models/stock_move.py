# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import models

from .rd_statement import AGREED_STATES


class StockMove(models.Model):
    """What was agreed to be lost at the customer stays lost, whatever comes back."""

    _name = "stock.move"
    _inherit = ["stock.move"]

    def _rd_get_lost(self):
        res = super()._rd_get_lost()
        lines = (
            self.env["rd.statement.line"]
            .sudo()
            .search_fetch(
                [
                    ("move_id", "in", self.ids),
                    ("live", "=", True),
                    ("verdict", "=", "short"),
                    ("statement_id.state", "in", AGREED_STATES),
                ],
                ["move_id", "qty_from", "qty_to"],
            )
        )
        lost = defaultdict(float, res)
        for line in lines:
            move = line.move_id.with_env(self.env)
            accepted = move._rd_to_order_unit(move.rd_accepted_qty)
            # What was accepted and lost all the same was settled short of what is due.
            lost[move] += max(0.0, line.qty_to - max(line.qty_from, accepted))
        return dict(lost)
