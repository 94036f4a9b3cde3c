# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AccountMove(models.Model):
    """What a credit note asks of the tax invoices of the invoice it credits."""

    _name = "account.move"
    _inherit = ["account.move"]

    def _rd_ask_red(self, invoice, whole):
        """Have red-lettered what this credit note takes back: the tax invoices, or a
        part of them."""
        self.ensure_one()
        standing = invoice.sudo().rd_fapiao_ids.filtered(
            lambda item: item._stands() and not item._is_red_asked()
        )
        if whole:
            standing._ask_red(self.display_name, self)
        else:
            standing._open_part(self.sudo())

    def _rd_drop_red(self):
        """Take back what credit notes asked for that do not stand any more."""
        self.env["rd.fapiao"].sudo()._search_asked_by(self)._drop_red()
        waiting = self.sudo().rd_fapiao_ids.filtered(
            lambda item: item.red_of_ids and item.state == "requested"
        )
        waiting._move_to("cancelled")
        waiting.activity_unlink(["mail.mail_activity_data_todo"])
