# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A price agreed later: what it is adjusted for, and for what it is not."""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_late_facts import ContractPricesCase

OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 1)


@tagged("post_install", "-at_install")
class TestLatePrices(ContractPricesCase):
    """A late fact speaks of its own line, and of those that one agreement names."""

    def _find(self):
        """Look for late facts; return those of a price that count."""
        self.env["rd.drift"]._detect(self.company)
        return self.env["rd.drift"].search(
            [("kind", "=", "price"), ("state", "=", "open")], order="id"
        )

    def _adjust(self, facts):
        """Press *Adjust price* and list what it is about."""
        action = facts.with_user(self.clerk).action_adjust_price()
        domain = action.get("domain") or [("id", "=", action["res_id"])]
        made = self.env["rd.price.adjustment"].search(domain, order="id")
        for adjustment in made:
            adjustment.with_user(self.clerk).action_list()
        return made

    def _approve(self, adjustment):
        adjustment.date = date(2026, 11, 5)
        adjustment.with_user(self.clerk).action_request()
        waiting = self.env["rd.approval"].search([("state", "=", "waiting")])
        waiting.with_user(self.supervisor).action_approve()

    def _order(self, part, quantity, price, note, day):
        order = self._create_order([(part, quantity, price)])
        self._deliver(order, {part: quantity}, note, day)
        return order

    def test_month_that_kept_its_price_is_left_alone(self):
        """Fails when every delivery from that day on is priced anew."""
        self._invoice(self._build(self.october))
        self._deliver(self.order, {self.p100: 40}, "DN-2", date(2026, 11, 10))
        self._invoice(self._build(self.november))
        self._agree_later((OCTOBER, date(2026, 10, 31), 12.0), (NOVEMBER, False, 11.0))
        adjustment = self._adjust(self._find())
        self.assertRecordValues(
            adjustment.line_ids,
            [{"note": "DN-1", "old_price": 11, "new_price": 12, "amount": 60}],
        )

    def test_each_step_gets_its_own_price(self):
        """Fails when the second of two prices of a part is dropped."""
        self._agree_later((OCTOBER, False, 10.0), (OCTOBER, False, 9.0, 50))
        self._order(self.p100, 10, 10.0, "DN-2", date(2026, 10, 12))
        statement = self._build(self.october)
        self._invoice(statement)
        self._agree_later((OCTOBER, False, 11.0), (OCTOBER, False, 9.5, 50))
        facts = self._find()
        self.assertEqual(len(facts), 2)
        adjustments = self._adjust(facts)
        self.assertRecordValues(
            adjustments.line_ids.sorted("note"),
            [
                {"note": "DN-1", "old_price": 9, "new_price": 9.5, "amount": 30},
                {"note": "DN-2", "old_price": 10, "new_price": 11, "amount": 10},
            ],
        )
        self.assertEqual(len(adjustments), 2)

    def test_price_of_one_order_is_not_that_of_another(self):
        self._order(self.p200, 4, 25.5, "DN-2", date(2026, 10, 12))
        self._invoice(self._build(self.october))
        self.order.order_line[1].price_unit = 30
        adjustment = self._adjust(self._find())
        self.assertRecordValues(
            adjustment.line_ids, [{"note": "DN-1", "quantity": 20, "new_price": 30}]
        )

    def test_deliveries_of_an_order_make_one_document(self):
        """Fails when each day of delivery makes one, and the second is refused."""
        self._deliver(self.order, {self.p200: 5}, "DN-2", date(2026, 10, 20))
        self._invoice(self._build(self.october))
        self.order.order_line[1].price_unit = 30
        facts = self._find()
        adjustment = self._adjust(facts[1])
        self.assertEqual(adjustment.drift_ids, facts)
        self.assertEqual(adjustment.valid_from, date(2026, 10, 10))
        self.assertEqual(adjustment.line_ids.mapped("note"), ["DN-1", "DN-2"])
        again = facts[0].with_user(self.clerk).action_adjust_price()
        self.assertEqual(again["res_id"], adjustment.id)
        adjustment.with_user(self.clerk).action_cancel()
        self.assertNotEqual(self._adjust(facts[0]), adjustment)

    def test_what_came_back_goes_with_its_delivery(self):
        statement = self._build(self.october)
        self._invoice(statement)
        self._return(
            self.order.picking_ids.filtered(lambda one: one.state == "done"),
            {self.p100: 5},
            "RT-1",
            date(2026, 11, 3),
        )
        self._invoice(self._build(self.november))
        self._agree_later()
        adjustment = self._adjust(self._find()[:1])
        self.assertRecordValues(
            adjustment.line_ids.sorted("note"),
            [{"note": "DN-1", "amount": 60}, {"note": "RT-1", "amount": -5}],
        )

    def test_price_typed_for_another_part_counts_for_all_of_it(self):
        self._invoice(self._build(self.october))
        self._agree_later()
        adjustment = self._adjust(self._find())
        adjustment.price_ids.copy({"product_id": self.p200.id, "price_unit": 26})
        adjustment.with_user(self.clerk).action_list()
        self.assertEqual(adjustment.line_ids.mapped("new_price"), [12, 26])

    def test_facts_of_an_adjustment_are_kept_by_the_system(self):
        self._invoice(self._build(self.october))
        self._agree_later()
        adjustment = self._adjust(self._find())
        with self.assertRaisesRegex(UserError, "kept by the system"):
            adjustment.with_user(self.supervisor).drift_ids = False

    # -- after an adjustment --------------------------------------------------
    def test_price_that_goes_back_is_seen(self):
        """Fails when the price now is held against what was stated first."""
        self._invoice(self._build(self.october))
        self._agree_later()
        self._approve(self._adjust(self._find()))
        self._invoice(self._build(self.november))
        self.assertFalse(self._find())
        self._agree_later((OCTOBER, False, 11.0))
        fact = self._find()
        self.assertRecordValues(fact, [{"old_value": "12", "new_value": "11"}])
        back = self._adjust(fact)
        self.assertRecordValues(
            back.line_ids,
            [{"old_price": 12, "new_price": 11, "step": 1, "amount": -60}],
        )
        self._approve(back)
        self.assertFalse(self._find())

    def test_price_of_an_order_that_goes_back_is_seen(self):
        self._invoice(self._build(self.october))
        self.order.order_line[1].price_unit = 30
        self._approve(self._adjust(self._find()))
        self.assertFalse(self._find())
        self.order.order_line[1].price_unit = 25.5
        self.assertRecordValues(
            self._find(), [{"old_value": "30", "new_value": "25.5"}]
        )
        self.order.order_line[1].price_unit = 30
        self.assertFalse(self._find())

    def test_price_that_stands_on_the_adjustment_alone(self):
        """Fails when what was agreed on paper is taken back by the order's price."""
        self._invoice(self._build(self.october))
        values = {
            "partner_id": self.affiliate.id,
            "valid_from": OCTOBER,
            "reason": "agreed by mail",
        }
        price = {"product_id": self.p200.id, "price_unit": 26.5}
        adjustment = self.env["rd.price.adjustment"].create(
            {**values, "price_ids": [Command.create(price)]}
        )
        self._approve(adjustment.with_user(self.clerk))
        self.assertFalse(self._find())
        sold = self.order.order_line[1]
        sold.price_unit = 26.5
        self.assertFalse(self._find())
        sold.price_unit = 27
        self.assertRecordValues(
            self._find(), [{"old_value": "26.5", "new_value": "27"}]
        )
