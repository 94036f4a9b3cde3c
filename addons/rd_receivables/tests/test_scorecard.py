# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tests.scorecard_common import ScorecardMixin

from .plan_common import MARCH, PlanCommon


@tagged("post_install", "-at_install")
class TestScorecardCollections(ScorecardMixin, PlanCommon):
    """The two rates, each of its own customers."""

    def test_without_a_plan(self):
        card = self._count(MARCH)
        self.assertEqual(self._figure("collected_outside", card)[2], "n/a")

    def test_each_class_has_its_own(self):
        self._approve()
        self._pay(self.overdue, 250)
        self._pay(self.due, 500)
        with freeze_time("2025-03-25 04:00:00"):
            self.env.invalidate_all()
            card = self._count(MARCH)
        self.assertEqual(self._figure("collected_outside", card)[:2], (250.0, 1000.0))
        self.assertEqual(self._figure("collected_affiliates", card)[:2], (500.0, 500.0))
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
