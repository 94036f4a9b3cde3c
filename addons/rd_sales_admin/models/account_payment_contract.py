# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountPayment(models.Model):
    """A deposit: money for a stage before there is an invoice."""

    _name = "account.payment"
    _inherit = ["account.payment"]

    rd_stage_id = fields.Many2one(
        "rd.contract.stage",
        string="Contract stage",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('partner_id', '=', partner_id)]",
        help="Stage of a contract that this money was asked for.",
    )

    def _rd_get_received(self):
        """Return the amounts that have come in."""
        return [
            payment.amount
            for payment in self.sudo()
            if payment.state in ("in_process", "paid")
        ]

    def _rd_get_unused(self):
        """Return what of the deposit pays no invoice yet."""
        self.ensure_one()
        payment = self.sudo()
        if payment.state not in ("in_process", "paid"):
            return 0.0
        if payment.move_id:
            return -sum(payment._rd_get_claims().mapped("amount_residual_currency"))
        # Without an entry its invoice is open until the bank's statement comes.
        used = payment.invoice_ids.filtered(lambda move: move.state == "posted")
        settled = sum(move.amount_total - move.amount_residual for move in used)
        return max(payment.amount - settled, 0.0)

    def _rd_get_claims(self):
        """Return the receivable items of the payment."""
        return self.move_id.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
