# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_reconciliation.models.rd_fapiao_connected import TELLING


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
        """Return the invoices, and those that wait for these tax invoices beside their
        own; who delivers the paper need not read the books."""
        return self.sudo()._get_connected().move_ids
