# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .rd_invoice_rules import HALF_CENT

# What a write of it changes for the invoices.
TELLING = {"state", "received_date", "move_ids", "amount_untaxed", "amount_tax"}


class RdFapiao(models.Model):
    """Tax invoices that hang together: one stands for several invoices, another for
    some of these and for more. Only all of them together cover their invoices."""

    _name = "rd.fapiao"
    _inherit = ["rd.fapiao"]

    def _get_connected(self):
        """Return these tax invoices and each that counts and shares an invoice with
        one of them, or with one that does."""
        # A due date is counted from papers that its reader need not see.
        found = new = self.sudo()
        while new:
            sharing = new.move_ids.rd_fapiao_ids.filtered(lambda item: item._counts())
            new = sharing - found
            found |= new
        return found

    def _get_covering(self):
        """Return these tax invoices where they come to their invoices, else all that
        hang together with them where those do; none where neither does."""
        if self._cover_their_invoices():
            return self
        connected = self._get_connected()
        return connected if connected._cover_their_invoices() else self.browse()

    def _cover_their_invoices(self):
        """Tell whether these tax invoices come to all the invoices they stand for; of
        credit notes either is below zero."""
        whole = sum(
            -move.amount_total if move.move_type == "out_refund" else move.amount_total
            for move in self.move_ids
        )
        missing = whole - sum(self.mapped("amount_total"))
        return bool(self) and (-missing if whole < 0 else missing) < HALF_CENT

    def write(self, vals):
        """Let every invoice that hangs together with these follow."""
        if not TELLING & vals.keys():
            return super().write(vals)
        before = self._get_connected().move_ids
        res = super().write(vals)
        moves = before | self._get_connected().move_ids
        self.env.add_to_compute(moves._fields["rd_fapiao_received_date"], moves)
        return res
