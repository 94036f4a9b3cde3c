# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..pricing import pick
from .contract import ContractCase

START = date(2026, 9, 1)


class PriceCase(ContractCase):
    """An affiliate with agreed prices in two steps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._sign(
            cls._create_contract(
                partner=cls.affiliate,
                kind="framework",
                prices=[(cls.p100, 0, 10.0, START), (cls.p100, 100, 9.0, START)],
            )
        )

    def _quote(self, quantity=10.0, part=None, **line):
        return self.env["sale.order"].create(
            {
                "partner_id": self.affiliate.id,
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (part or self.p100).id,
                            "product_uom_qty": quantity,
                            "tax_ids": [Command.set(self.tax.ids)],
                            **line,
                        }
                    )
                ],
            }
        )

    def _check_baskets(self, number, random):
        """Random agreed prices, quantities and days: Odoo says what plain code says."""
        part = self._create_part("P-900", 1.0)
        contract = self._create_contract(kind="framework", amount=1)
        steps = [0, 10, 50, 200]
        for step in steps:
            for begin in (0, 30, 60):
                self.env["rd.contract.price"].create(
                    {
                        "contract_id": contract.id,
                        "product_id": part.id,
                        "min_quantity": step,
                        "price": random.randint(1, 99_999) / 100,
                        "tax_included": random.random() < 0.5,
                        "valid_from": START + timedelta(begin),
                        "valid_to": START + timedelta(begin + 29),
                    }
                )
        self._sign(contract)
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        agreed = [price._as_agreed() for price in contract.price_ids]
        for _ in range(number):
            day = START + timedelta(random.randint(0, 100))
            order.date_order = f"{day} 04:00:00"
            quantity = float(random.randint(1, 400))
            line = self.env["sale.order.line"].create(
                {
                    "order_id": order.id,
                    "product_id": part.id,
                    "product_uom_qty": quantity,
                    "tax_ids": [Command.set(self.tax.ids)],
                }
            )
            found = pick(agreed, day, Decimal(str(quantity)))
            if not found:
                self.assertFalse(line.rd_price_id)
                continue
            self.assertEqual(line.rd_price_id, found.ref)
            price = Decimal(str(found.ref.price))
            if found.ref.tax_included:
                price = (price / Decimal("1.13")).quantize(
                    Decimal("0.01"), "ROUND_HALF_UP"
                )
            self.assertEqual(Decimal(str(line.price_unit)), price)
            self.assertEqual(line.rd_price_state, "agreed")
            line.product_uom_qty = quantity + 300
            self.assertEqual(Decimal(str(line.price_unit)), price)


@tagged("post_install", "-at_install")
class TestContractPrice(PriceCase):
    """Agreed prices: stamped, checked at five points, approved when they deviate."""

    def test_stamped_with_its_source(self):
        line = self._quote().order_line
        self.assertEqual((line.price_unit, line.rd_agreed_price), (10.0, 10.0))
        self.assertEqual(line.rd_price_id.contract_id, self.contract)
        self.assertIn(self.contract.name, line.rd_price_source)
        self.assertEqual(line.rd_price_state, "agreed")
        self.assertEqual(self._quote(100).order_line.price_unit, 9.0)
        free = self._quote(part=self.p200).order_line
        self.assertEqual((free.price_unit, free.rd_price_state), (25.5, "none"))

    def test_quantity_never_changes_an_agreed_price_silently(self):
        order = self._quote(100)
        line = order.order_line
        line.product_uom_qty = 10
        self.assertEqual(line.price_unit, 9.0)
        self.assertEqual(line.rd_price_state, "deviates")
        self.assertEqual(line.rd_expected_price, 10.0)
        with self.assertRaisesRegex(UserError, "the contract says"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")
        with Form(order) as form, form.order_line.edit(0) as row:
            row.product_uom_qty = 20
        self.assertEqual(line.price_unit, 9.0)
        order.action_rd_take_prices()
        self.assertEqual(line.price_unit, 10.0)
        order.action_confirm()
        line.product_uom_qty = 500
        self.assertEqual(line.price_unit, 10.0)
        self.assertEqual(line._rd_get_agreed_price(date(2026, 9, 9)), (False, ""))

    def test_deviation_needs_reason_and_second_person(self):
        order = self._quote(price_unit=8.0).with_user(self.clerk)
        self.assertEqual(order.order_line.rd_price_state, "deviates")
        with self.assertRaisesRegex(UserError, "ask for approval"):
            order.action_quotation_send()
        with self.assertRaisesRegex(UserError, "say why"):
            order.action_rd_ask_price()
        order.rd_price_reason = "Trial run"
        order.action_rd_ask_price()
        order.action_rd_ask_price()
        approval = order.waiting_approval_id
        self.assertEqual(approval.kind, "price")
        self.assertEqual(approval.amount, -20.0)
        with self.assertRaises(UserError):
            order.action_confirm()
        with self.assertRaises(UserError):
            approval.with_user(self.clerk).action_approve()
        approval.with_user(self.supervisor).action_approve()
        self.assertEqual(order.order_line.rd_price_state, "approved")
        order.action_confirm()
        price, source = order.order_line._rd_get_agreed_price(date(2026, 9, 9))
        self.assertEqual(price, 8.0)
        self.assertIn(order.name, source)
        # another price is another question
        order.order_line.price_unit = 7.0
        self.assertEqual(order.order_line.rd_price_state, "deviates")

    def test_refused_deviation_changes_nothing(self):
        order = self._quote(price_unit=8.0).with_user(self.clerk)
        order.rd_price_reason = "Trial run"
        order.action_rd_ask_price()
        order.waiting_approval_id.with_user(self.supervisor).action_refuse("No")
        self.assertEqual(order.order_line.rd_price_state, "deviates")
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_an_answer_to_something_else_is_none_to_the_price(self):
        order = self._quote(price_unit=8.0).with_user(self.clerk)
        for method, *args in (("action_refuse", "No"), ("action_approve",)):
            approval = order._ask_approval("close_left", "Something else")
            getattr(approval.with_user(self.supervisor), method)(*args)
            self.assertEqual(order.order_line.rd_price_state, "deviates")
        self.assertNotIn("Not approved", "".join(order.message_ids.mapped("body")))

    def test_tolerance_of_the_company(self):
        self.company.rd_price_tolerance = 1
        self.assertEqual(
            self._quote(price_unit=9.9).order_line.rd_price_state, "agreed"
        )
        line = self._quote(price_unit=9.89).order_line
        self.assertEqual(line.rd_price_state, "deviates")
        line = self._quote(price_unit=10.0, discount=2).order_line
        self.assertEqual(line.rd_price_state, "deviates")

    def test_approval_is_not_typed(self):
        line = self._quote(price_unit=8.0).order_line
        for name, value in (
            ("rd_price_approved", True),
            ("rd_approved_price", 8.0),
            ("rd_agreed_price", 8.0),
        ):
            self._assert_refused(
                line,
                self._rpc,
                self.clerk,
                "sale.order.line",
                "write",
                line.ids,
                {name: value},
            )

    def test_no_context_approves_a_price(self):
        order = self._quote()
        for name, value in (
            ("rd_price_approved", True),
            ("rd_approved_price", 8.0),
            ("rd_price_id", self.contract.price_ids[0].id),
        ):
            lines = self.env["sale.order.line"].with_user(self.clerk)
            lines = lines.with_context(**{f"default_{name}": value})
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "approvals list"),
            ):
                lines.create({"order_id": order.id, "product_id": self.p100.id})

    def test_no_context_adds_a_row_to_a_signed_contract(self):
        part = self._create_part("P-901", 1.0)
        prices = self.env["rd.contract.price"].with_user(self.clerk)
        prices = prices.with_context(default_contract_id=self.contract.id)
        with self.assertRaisesRegex(UserError, self.contract.name):
            prices.create({"product_id": part.id, "price": 1.0, "valid_from": START})
        self.assertNotIn(part, self.contract.price_ids.product_id)

    def test_delivery_with_an_unapproved_price_is_told(self):
        order = self._quote()
        order.action_confirm()
        order.order_line.price_unit = 7.0
        self._deliver(order, {self.p100: 10}, "DN-1", date(2026, 9, 10))
        self.assertIn("price that is not agreed", order.activity_ids.summary)

    def test_price_of_the_day_of_delivery(self):
        self.contract.price_ids._as_internal().write({"valid_to": date(2026, 9, 30)})
        later = self._create_contract(
            partner=self.affiliate,
            kind="framework",
            prices=[(self.p100, 0, 11.0, date(2026, 10, 1))],
        )
        self._sign(later)
        with freeze_time("2026-09-10 04:00:00"):
            line = self._quote().order_line
        self.assertEqual(line.price_unit, 10.0)
        self.assertEqual(line._rd_get_agreed_price(date(2026, 9, 30))[0], 10.0)
        price, source = line._rd_get_agreed_price(date(2026, 10, 1))
        self.assertEqual(price, 11.0)
        self.assertIn(later.name, source)

    def test_where_the_agreed_price_has_ended_the_order_says_it(self):
        self.contract.price_ids._as_internal().write({"valid_to": date(2026, 9, 30)})
        with freeze_time("2026-09-10 04:00:00"):
            line = self._quote().order_line
        price, source = line._rd_get_agreed_price(date(2026, 10, 1))
        self.assertEqual(price, 10.0)
        self.assertIn(line.order_id.name, source)

    def test_invoice_of_an_outside_customer(self):
        self._sign(
            self._create_contract(kind="framework", prices=[(self.p200, 0, 25, START)])
        )
        order = self._create_order([(self.p200, 4, 25.0)], partner=self.customer)
        self._deliver(order, {self.p200: 4}, "DN-2", date(2026, 9, 10))
        order.order_line.price_unit = 24
        with self.assertRaisesRegex(UserError, "the contract says"):
            order._create_invoices()
        order.order_line.price_unit = 25
        move = order._create_invoices()
        move.invoice_line_ids.price_unit = 26
        with self.assertRaisesRegex(UserError, "the contract"):
            move.action_post()
        move.invoice_line_ids.price_unit = 25
        move.action_post()
        self.assertEqual(move.state, "posted")
        take = ("sale.order.line", "action_rd_take_price", order.order_line.ids)
        with self.assertRaisesRegex(UserError, "invoiced in part .* its price stays"):
            self._rpc(self.clerk, *take)

    def test_a_price_that_does_not_hold_yet_binds_no_invoice(self):
        later = date(2098, 1, 1)
        self._sign(
            self._create_contract(kind="framework", prices=[(self.p200, 0, 25, later)])
        )
        order = self._create_order([(self.p200, 4, 24.0)], partner=self.customer)
        self._deliver(order, {self.p200: 4}, "DN-2", date(2026, 9, 10))
        move = order._create_invoices()
        move.invoice_line_ids.price_unit = 23
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_tax_included_price(self):
        contract = self._create_contract(
            kind="framework", prices=[(self.p300, 0, 11.3, START)]
        )
        contract.price_ids.tax_included = True
        self._sign(contract)
        order = self._create_order([(self.p300, 1, 10.0)], partner=self.customer)
        self.assertEqual(order.order_line.rd_expected_price, 10.0)

    def test_their_part_number(self):
        self.env["rd.part.alias"].create(
            {"partner_id": self.customer.id, "code": "HM-7", "product_id": self.p200.id}
        )
        contract = self._create_contract(amount=10)
        price = self.env["rd.contract.price"].create(
            {"contract_id": contract.id, "customer_code": "hm-7", "price": 3.0}
        )
        self.assertEqual(price.product_id, self.p200)
        self.assertEqual(price.customer_code, "HM-7")
        with self.assertRaisesRegex(ValidationError, "has no part HM-8"):
            self.env["rd.contract.price"].create(
                {"contract_id": contract.id, "customer_code": "HM-8", "price": 3.0}
            )

    def test_their_part_number_finds_the_part_in_the_form(self):
        self.env["rd.part.alias"].create(
            {"partner_id": self.customer.id, "code": "HM-7", "product_id": self.p200.id}
        )
        contract = self._create_contract(amount=10)

        def type_in(code):
            values = {"contract_id": contract.id, "customer_code": code}
            change = ("onchange", [], values, ["customer_code"])
            answer = self._rpc(
                self.clerk,
                "rd.contract.price",
                *change,
                {"contract_id": {}, "customer_code": {}, "product_id": {}},
            )
            return answer["value"].get("product_id")

        self.assertEqual(type_in("hm-7"), self.p200.id)
        self.assertFalse(type_in(""))

    def test_an_earlier_price_names_the_one_it_runs_into(self):
        earlier = self._create_contract(
            partner=self.affiliate, prices=[(self.p100, 0, 7.0, date(2026, 8, 1))]
        )
        earlier.action_send()
        earlier.scan = "c2Nhbg=="
        sign = ("rd.contract", "action_sign_scan", earlier.ids)
        text = self._assert_refused(earlier, self._rpc, self.clerk, *sign)
        self.assertIn(f"already has a price of {self.contract.name}", text)

    def test_overlapping_prices_are_refused(self):
        contract = self._create_contract(prices=[(self.p200, 0, 5.0, START)])
        row = {
            "contract_id": contract.id,
            "product_id": self.p200.id,
            "price": 6.0,
            "valid_from": "2026-10-01",
        }
        text = self._assert_refused(
            contract.price_ids,
            self._rpc,
            self.clerk,
            "rd.contract.price",
            "create",
            [row],
            exact=None,
        )
        self.assertIn("already has a price", text)
        contract.price_ids.valid_to = date(2026, 9, 30)
        self._rpc(self.clerk, "rd.contract.price", "create", [row])
        second = self._create_contract(
            partner=self.affiliate, prices=[(self.p100, 0, 7.0, date(2026, 12, 1))]
        )
        second.action_send()
        second.write({"scan": "c2Nhbg=="})
        text = self._assert_refused(
            second,
            self._rpc,
            self.clerk,
            "rd.contract",
            "action_sign_scan",
            second.ids,
            exact=None,
        )
        self.assertIn("P-100", text)
        self.assertIn(self.contract.name, text)
        self.assertEqual(second.state, "signature")

    def test_the_database_refuses_overlaps_too(self):
        names = (
            "rd_contract_price_no_overlap",
            "rd_contract_price_no_overlap_in_force",
        )
        self.env.cr.execute(
            "SELECT conname FROM pg_constraint WHERE conname IN %s", [names]
        )
        self.assertEqual(len(self.env.cr.fetchall()), 2)
        price = self.contract.price_ids[0]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "INSERT INTO rd_contract_price (contract_id, company_id, partner_id, "
                "currency_id, product_id, min_quantity, price, valid_from) SELECT "
                "contract_id, company_id, partner_id, currency_id, product_id, "
                "min_quantity, price, valid_from FROM rd_contract_price WHERE id = %s",
                [price.id],
            )

    def test_prices_are_found_with_one_query(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.affiliate.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.p100.id, "product_uom_qty": number % 7 + 1}
                    )
                    for number in range(200)
                ],
            }
        )
        self.env.flush_all()

        def count(number):
            self.env.invalidate_all()
            lines = self.env["sale.order.line"].browse(order.order_line.ids[:number])
            before = self.env.cr.sql_log_count
            for line in lines:
                line._rd_get_agreed_price(date(2026, 9, 9))
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(200), count(10) + 2)

    def test_random_baskets(self):
        self._check_baskets(50, Random(7))


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestContractPriceNightly(PriceCase):
    """The same with many more baskets."""

    def test_many_random_baskets(self):
        seed = int(os.environ.get("RD_SEED", "0")) or None
        self._check_baskets(1000, Random(seed))
