# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

TELLING = {"state", "received_date", "move_ids", "amount_untaxed", "amount_tax"}


class RdFapiao(models.Model):
    """Due dates follow the day on which the customer had the tax invoice."""

    _name = "rd.fapiao"
    _inherit = ["rd.fapiao"]

    def write(self, vals):
        """Let the due dates follow, whoever noted the receipt or took it back."""
        if not TELLING & vals.keys():
            return super().write(vals)
        before = self._get_counted_moves()
        res = super().write(vals)
        (before | self._get_counted_moves())._rd_follow_anchor()
        return res

    def _get_counted_moves(self):
        """Return the invoices; who delivers the paper need not read the books."""
        return self.sudo().move_ids
