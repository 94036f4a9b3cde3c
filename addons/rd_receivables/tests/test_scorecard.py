# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tests.scorecard_common import ScorecardMixin

from .plan_common import EVE, MARCH, PlanCommon

APRIL = date(2025, 4, 1)


@tagged("post_install", "-at_install")
class TestScorecardCollections(ScorecardMixin, PlanCommon):
    """The two rates, each of its own customers."""

    def _rates(self, day="2025-03-25", month=MARCH):
        with freeze_time(f"{day} 04:00:00"):
            self.env.invalidate_all()
            card = self._count(month)
        return card, [
            self._figure(code, card)[:2]
            for code in ("collected_outside", "collected_affiliates")
        ]

    def test_without_a_plan_the_books_say_what_was_due(self):
        self._create_open(40, due="2025-01-20")
        self._pay(self.overdue, 100, day="2025-02-27")
        self._pay(self.overdue, 250)
        self._pay(self.due, 500)
        self._create_open(60, due="2025-03-28", invoice_date="2025-03-04")
        card, rates = self._rates()
        self.assertEqual(rates, [(250.0, 1000.0), (500.0, 500.0)])
        rows = self._score_line("collected_outside", card)
        rows = rows.with_user(self.clerk).action_view_rows()
        found = self.env["account.move.line"].search(rows["domain"])
        self.assertIn(self.overdue, found.move_id)
        self.assertNotIn(self.later, found.move_id)

    def test_a_plan_nobody_approved_is_none(self):
        plan = self._propose()
        self._pay(self.overdue, 250)
        expected = [(250.0, 1000.0), (0.0, 500.0)]
        self.assertEqual(self._rates()[1], expected)
        with freeze_time(EVE):
            plan.action_submit()
        self.assertEqual(self._rates()[1], expected)
        self._approve(plan)
        self.assertEqual(self._rates()[1], expected)

    def test_without_a_plan_what_the_month_before_missed_comes_late(self):
        self._approve()
        with freeze_time("2025-04-01 04:00:00"):
            self.env["rd.collection.plan"].search([])._close()
        self.assertEqual(self._rates("2025-04-10", APRIL)[1][0], (0.0, 1000.0))
        self._pay(self.overdue, 400, day="2025-03-30")
        self._pay(self.overdue, 100, day="2025-04-02")
        self.assertEqual(self._rates("2025-04-10", APRIL)[1][0], (500.0, 1000.0))

    def test_nothing_due_is_not_applicable(self):
        self._pay(self.due, 500, day="2025-02-20")
        line = self._score_line("collected_affiliates", self._rates()[0])
        self.assertEqual(line.value_text, "n/a")
        with self.assertRaisesRegex(UserError, "nothing was due in 2025-03"):
            line.with_user(self.clerk).action_view_rows()

    def test_each_class_has_its_own(self):
        self._approve()
        self._pay(self.overdue, 250)
        self._pay(self.due, 500)
        with freeze_time("2025-03-25 04:00:00"):
            self.env.invalidate_all()
            card = self._count(MARCH)
        self.assertEqual(self._figure("collected_outside", card)[:2], (250.0, 1000.0))
        self.assertEqual(self._figure("collected_affiliates", card)[:2], (500.0, 500.0))
        line = self._score_line("collected_outside", card)
        rest = self.env["account.move.line"].browse(line.against_ids)
        self.assertIn(self.overdue, rest.move_id)
        self.assertFalse(self._score_line("collected_affiliates", card).against_ids)
        results = {
            code: self._score_line(code, card).result
            for code in ("collected_outside", "collected_affiliates")
        }
        self.assertEqual(
            results,
            {"collected_outside": "missed", "collected_affiliates": "reached"},
        )

    def test_items_that_came_later_count_in_their_class(self):
        self._approve()
        fresh = self._create_open(300, due="2025-03-25", partner=self.affiliate)
        self._pay(self.due, 500)
        with freeze_time("2025-03-31 04:00:00"):
            self.env.invalidate_all()
            card = self._count(MARCH)
        line = self._score_line("collected_affiliates", card)
        self.assertEqual(line.numerator, 500.0)
        plan = self.env["rd.collection.plan"].search([("month", "=", MARCH)])
        with freeze_time("2025-03-31 04:00:00"):
            due = plan.due_amount
        outside = self._score_line("collected_outside", card)
        self.assertEqual(line.denominator + outside.denominator, due)
        self.assertTrue(fresh)
