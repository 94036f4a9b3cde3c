# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import frozendict


class AccountMove(models.Model):
    """Invoices of stages: as planned, due by the plan, deposits offset."""

    _name = "account.move"
    _inherit = ["account.move"]

    rd_maturities = fields.Json(
        string="Due by the contract",
        readonly=True,
        copy=False,
        help="Day, amount and stage of what a contract lets fall due apart.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # a default in the context is a value as well
        for vals in [self.default_get(["rd_maturities"]), *vals_list]:
            self._rd_check_maturities(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._rd_check_maturities(vals)
        return super().write(vals)

    @api.model
    def _rd_check_maturities(self, vals):
        if vals.get("rd_maturities") and not self.env["rd.contract"]._is_internal():
            raise UserError(self.env._("Due dates of a contract come from its plan."))

    def _rd_get_stage_lines(self):
        # Whoever keeps invoices need not read contracts.
        return self.sudo().invoice_line_ids.rd_stage_line_id

    def _rd_set_maturities(self):
        """Let what stages invoice fall due on the days of the plan."""
        internal = self.env["rd.contract"]._as_internal().env.context["rd_guard"]
        for move in self:
            found = {}
            day = move.invoice_date or move.company_id._rd_today()
            items = move.sudo().invoice_line_ids.filtered("rd_stage_line_id")
            for stage, group in items.grouped(
                lambda item: item.rd_stage_line_id.stage_id
            ).items():
                total = sum(group.mapped("price_total"))
                for owed, due, amount in stage._get_maturities(total, day):
                    key = (due.isoformat(), owed.id)
                    found[key] = found.get(key, 0) + amount
            if found:
                move.with_context(rd_guard=internal).rd_maturities = [
                    [due, str(found[due, number]), number]
                    for due, number in sorted(found)
                ]

    @api.depends("rd_maturities")
    def _compute_needed_terms(self):
        """Split the claim by the plan; the rest follows the terms of payment."""
        res = super()._compute_needed_terms()
        for move in self:
            if move.rd_maturities and move.needed_terms and move.is_invoice(True):
                move.needed_terms = move._rd_split_terms()
        return res

    def _rd_split_terms(self):
        self.ensure_one()
        total = self.amount_total_in_currency_signed
        sign = -1 if total < 0 else 1
        parts = [
            (fields.Date.to_date(day), sign * float(amount), number)
            for day, amount, number in self.rd_maturities
        ]
        rest = total - sum(amount for _day, amount, _number in parts)
        if not self.currency_id.is_zero(rest):
            usual = max(key["date_maturity"] or self.date for key in self.needed_terms)
            parts.append((usual, rest, False))
        return self._rd_as_terms(parts, total)

    def _rd_as_terms(self, parts, total):
        """Return Odoo's terms of these parts; the last one takes what is rounded."""
        rate = self.amount_total_signed / total if total else 1.0
        left = self.amount_total_signed
        terms = {}
        for number, (day, amount, stage_id) in enumerate(parts, start=1):
            balance = self.company_currency_id.round(amount * rate)
            balance = left if number == len(parts) else balance
            left -= balance
            key = frozendict(
                {
                    "move_id": self.id,
                    "date_maturity": day,
                    "discount_date": False,
                    "rd_due_stage_id": stage_id,
                }
            )
            values = terms.setdefault(
                key,
                {
                    "balance": 0.0,
                    "amount_currency": 0.0,
                    "discount_date": False,
                    "discount_balance": 0.0,
                    "discount_amount_currency": 0.0,
                },
            )
            values["balance"] += balance
            values["amount_currency"] += self.currency_id.round(amount)
        return terms

    # ------------------------------------------------------------------
    # Posting
    # ------------------------------------------------------------------
    def _post(self, soft=True):
        """Post stages as they were cut, prices as they were agreed; then offset."""
        for move in self.filtered(lambda one: one.move_type == "out_invoice"):
            move._rd_check_stages()
            move._rd_check_prices()
        posted = super()._post(soft=soft)
        for move in posted:
            if move._rd_get_stage_lines() and move.move_type == "out_invoice":
                move._rd_offset_deposits()
        return posted

    def _rd_check_stages(self):
        for item in self.sudo().invoice_line_ids.filtered("rd_stage_line_id"):
            part = item.rd_stage_line_id
            amount = item.price_unit * item.quantity * (1 - item.discount / 100)
            if (
                self.currency_id.compare_amounts(amount, part.amount)
                or part.sale_line_id not in item.sale_line_ids
            ):
                raise UserError(
                    self.env._(
                        "%(stage)s comes to %(agreed)s; the invoice says %(found)s.",
                        stage=part.stage_id.display_name,
                        agreed=self.currency_id.format(part.amount),
                        found=self.currency_id.format(amount),
                    )
                )

    def _rd_check_prices(self):
        """Refuse a price that is neither the order's nor the contract's."""
        # Whoever keeps invoices need not read contracts.
        for item in self.sudo().invoice_line_ids:
            line = item.sale_line_ids[:1]
            if not line.rd_price_ids or item.rd_stage_line_id or item._rd_is_agreed():
                continue
            net = item.price_unit * (1 - item.discount / 100)
            price = line.product_uom_id._compute_price(
                line._rd_get_net_price(), item.product_uom_id
            )
            if line.rd_price_state == "none":
                continue
            if line.rd_price_state == "deviates" or line._rd_deviates(net, price):
                raise UserError(
                    self.env._(
                        "%(line)s: the invoice says %(found)s, the contract "
                        "%(agreed)s; correct it or have the order's price approved.",
                        line=line.display_name,
                        found=self.currency_id.format(net),
                        agreed=self.currency_id.format(line.rd_expected_price),
                    )
                )

    def _rd_offset_deposits(self):
        """Pay the invoice with the deposits of its contract, oldest claim first."""
        self.ensure_one()
        contracts = self._rd_get_stage_lines().contract_id
        payments = contracts.stage_ids.payment_ids.filtered(
            lambda one: one.state in ("in_process", "paid")
        ).sorted(lambda one: (one.date, one.id))
        move = self.sudo()
        for claim in contracts._get_credit_claims():
            # A credit note that reopened a stage pays the invoice made anew.
            if not move.currency_id.is_zero(move.amount_residual):
                move.js_assign_outstanding_line(claim.id)
        for payment in payments:
            if move._rd_is_covered(payments):
                break
            if payment.move_id:
                for claim in payment._rd_get_claims().filtered(
                    lambda item: not item.reconciled
                ):
                    move.js_assign_outstanding_line(claim.id)
            elif payment._rd_get_rest(lambda one: one._rd_get_divisible()) > 0:
                payment.invoice_ids = [Command.link(move.id)]

    def _rd_is_covered(self, payments):
        """Tell whether it is paid, or will be once the bank's statement comes."""
        self.ensure_one()
        shares = payments._rd_divide(lambda one: one._rd_get_divisible())
        covered = sum(part for (_payment, one), part in shares.items() if one == self)
        covered = max(covered, self._rd_get_settled())
        return self.currency_id.compare_amounts(self._rd_get_divisible(), covered) <= 0

    # ------------------------------------------------------------------
    # Deposits without an entry
    # ------------------------------------------------------------------
    def _rd_get_awaited(self):
        """Return the payments without an entry that are for it, oldest first."""
        return sorted(
            (
                payment
                for payment in self.matched_payment_ids
                if payment.state in ("in_process", "paid") and not payment.move_id
            ),
            key=lambda payment: (payment.date, payment.id),
        )

    def _rd_get_divisible(self):
        """Return how much of it payments without an entry can pay."""
        return self.amount_total - self._rd_get_paid_by_entries()

    def _rd_get_settled(self):
        """Return how much of it the bank's statement has paid."""
        paid = self.amount_total - self.amount_residual
        return paid - self._rd_get_paid_by_entries()

    def _rd_get_paid_by_entries(self):
        """Return how much of it payments with an entry and credit notes have paid."""
        return sum(
            partial.debit_amount_currency
            for partial in self.line_ids.matched_credit_ids
            if (entry := partial.credit_move_id.move_id).origin_payment_id
            or entry.move_type == "out_refund"
        )
