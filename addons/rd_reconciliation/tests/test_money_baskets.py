# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Statement, invoice and instalments are the same money, to the last unit."""

from datetime import date
from random import Random

from odoo import Command
from odoo.tests import tagged

from .invoicing import InvoicingCase

AMOUNTS = ("amount_untaxed", "amount_tax", "amount_total")
DIGITS = {"CNY": 2, "JPY": 0, "TND": 3}


class MoneyCase(InvoicingCase):
    """Random baskets: taxes of any kind, both ways of rounding, other currencies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.taxes = cls.tax
        for amount, kind, included in (
            (6, "percent", False),
            (13, "percent", True),
            (9, "percent", True),
            (0.37, "fixed", False),
            (0, "percent", False),
        ):
            cls.taxes |= cls.tax.copy(
                {
                    "name": f"{amount} {kind} {included}",
                    "amount": amount,
                    "amount_type": kind,
                    "price_include_override": "tax_included"
                    if included
                    else "tax_excluded",
                }
            )
        cls.thirds = cls.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": part, "nb_days": days}
                    )
                    for part, days in ((33.33, 0), (33.33, 30), (33.34, 60))
                ],
            }
        )
        currencies = [cls._give_rate(name, 3.7) for name in ("JPY", "TND")]
        cls.pricelists = cls.env["product.pricelist"].create(
            [{"name": one.name, "currency_id": one.id} for one in currencies]
        )

    def _check_baskets(self, seeds):
        for seed in seeds:
            with self.subTest(seed=seed):
                savepoint = self.env.cr.savepoint()
                try:
                    self._check_basket(Random(seed))
                finally:
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def _check_basket(self, random):
        self.company.tax_calculation_rounding_method = random.choice(
            ("round_per_line", "round_globally")
        )
        self.affiliate.property_payment_term_id = random.choice(
            (False, self.thirds.id, self.thirds.id)
        )
        for number in range(random.randint(1, 3)):
            order = self._create_basket(random)
            self._deliver(
                order,
                {
                    part: sum(
                        line.product_uom_qty
                        for line in order.order_line
                        if line.product_id == part
                    )
                    for part in self.parts
                },
                f"DN-{number}",
                date(2026, 9, 10 + number),
            )
        statements = self._build(self.close)
        self.assertTrue(statements)
        for statement in statements:
            statement = statement.with_user(self.clerk)
            statement.action_confirm_recorded(who="Mr Tan", note="call 7")
            statement.action_agree()
            self._compare(statement)

    def _create_basket(self, random):
        """Return a confirmed order: one line of a part, so that all of it leaves."""
        lists = (False, *self.pricelists.ids)
        lines = []
        for part in random.sample(list(self.parts), random.randint(1, 3)):
            taxes = random.sample(self.taxes.ids, random.choice((0, 1, 1, 1, 2)))
            lines.append(
                Command.create(
                    {
                        "product_id": part.id,
                        "product_uom_qty": random.choice((1, 3, 7, 60, 999)),
                        "price_unit": random.randint(1, 10**6) / 100,
                        "discount": random.choice((0, 0, 3, 12.5, 33.33)),
                        "tax_ids": [Command.set(taxes)],
                    }
                )
            )
        order = self._create_order([], pricelist_id=random.choice(lists))
        order.order_line = lines
        return order

    def _compare(self, statement):
        """Compare what was agreed with what is invoiced and with its instalments."""
        currency = statement.currency_id
        lines = statement.sudo().line_ids
        invoices = self._invoice(statement)
        for name in AMOUNTS:
            agreed = f"{statement[name]:.{currency.decimal_places}f}"
            told = currency.round(sum(lines.mapped(name)))
            found = currency.round(sum(i.direction_sign * -i[name] for i in invoices))
            self.assertEqual(f"{told:.{currency.decimal_places}f}", agreed, name)
            self.assertEqual(f"{found:.{currency.decimal_places}f}", agreed, name)
        invoices.sudo().action_post()
        for move in invoices.sudo():
            parts = move.line_ids.filtered(lambda o: o.display_type == "payment_term")
            whole = sum(parts.mapped("amount_currency"))
            self.assertFalse(currency.compare_amounts(whole, move.amount_total))
            self.assertFalse(
                move.company_currency_id.compare_amounts(
                    sum(move.line_ids.mapped("balance")), 0
                )
            )


@tagged("post_install", "-at_install")
class TestMoneyBaskets(MoneyCase):
    """Fifteen baskets."""

    def test_a_few_baskets(self):
        self._check_baskets(range(15))


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestMoneyBasketsNightly(MoneyCase):
    """A thousand in five parts: some of them can be run alone."""

    def test_baskets_0(self):
        self._check_baskets(range(1000, 1200))

    def test_baskets_1(self):
        self._check_baskets(range(1200, 1400))

    def test_baskets_2(self):
        self._check_baskets(range(1400, 1600))

    def test_baskets_3(self):
        self._check_baskets(range(1600, 1800))

    def test_baskets_4(self):
        self._check_baskets(range(1800, 2000))
