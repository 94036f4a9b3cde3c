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
        return payment._rd_get_rest(lambda move: move._rd_get_settled())

    def _rd_get_rest(self, measure):
        """Return what is left of a deposit after its shares in its invoices."""
        self.ensure_one()
        shares = self._rd_divide(measure)
        mine = sum(part for (one, _move), part in shares.items() if one == self)
        return self.currency_id.round(self.amount - mine)

    def _rd_divide(self, measure):
        """Divide deposits without an entry among the invoices that they are for.

        The oldest pays first. All deposits of a contract are divided at once, as an
        invoice may be for several of them, and a deposit for several invoices.

        :param measure: a function of a posted invoice: how much is divided of it
        :return: ``{(payment, invoice): amount}``
        """
        deposits = self.rd_stage_id.contract_id.stage_ids.payment_ids
        left, shares = {}, {}
        for move in sorted(deposits.invoice_ids, key=lambda one: one.id):
            rest = measure(move) if move.state == "posted" else 0.0
            for payment in move._rd_get_awaited():
                share = min(left.setdefault(payment, payment.amount), rest)
                left[payment] -= share
                rest -= share
                shares[payment, move] = share
        return shares

    def _rd_get_claims(self):
        """Return the receivable items of the payment."""
        return self.move_id.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
