# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestAgeingAsOf(PlanCommon):
    def _rows_at(self, *moves, day, basis="due"):
        report = self.env["rd.ageing.report"].with_context(
            rd_as_of=day, rd_ageing_basis=basis
        )
        self.env.invalidate_all()
        return report.search([("move_id", "in", [move.id for move in moves])])

    def test_what_came_later_is_left_out(self):
        """Fails when a receipt or an invoice of a later day is looked at."""
        self._pay(self.overdue, 400, "2025-02-10")
        self._pay(self.overdue, 600, "2025-03-10")
        for day, expected in (
            ("2024-12-31", []),
            ("2025-02-09", [1000]),
            ("2025-02-10", [600]),
            ("2025-03-09", [600]),
            ("2025-03-10", []),
        ):
            rows = self._rows_at(self.overdue, day=day)
            self.assertEqual(rows.mapped("amount_residual"), expected, day)

    def test_basis(self):
        row = self._rows_at(self.overdue, day="2025-02-20")
        self.assertRecordValues(row, [{"days_overdue": 20, "basis": "due"}])
        row = self._rows_at(self.overdue, day="2025-02-20", basis="document")
        self.assertRecordValues(
            row,
            [
                {
                    "days_overdue": 50,
                    "bucket": "2",
                    "basis": "document",
                    "amount_overdue": 1000,
                }
            ],
        )

    def test_own_classes(self):
        self.company.rd_ageing_buckets = "10, 15"
        labels = dict(self.env["rd.ageing.report"]._selection_bucket())
        self.assertEqual(
            [labels[str(number)] for number in range(4)],
            ["Not due", "1–10 days", "11–15 days", "15+ days"],
        )
        row = self._rows_at(self.overdue, day="2025-02-20")
        self.assertEqual(row.bucket, "3")
        for wrong in ("30,20", "x", "0,30", "30,,60", "1,2,3,4,5,6,7,8,9"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.company.rd_ageing_buckets = wrong

    def test_the_title_names_day_and_basis(self):
        wizard = self.env["rd.receivables.as.of"].create(
            {"day": "2025-02-20", "basis": "delivery"}
        )
        action = wizard.action_show()
        self.assertIn("02/20/2025", action["name"])
        self.assertIn("Delivery date", action["name"])
        rows = (
            self.env["rd.ageing.report"]
            .with_context(**action["context"])
            .search([("move_id", "=", self.overdue.id)])
        )
        self.assertEqual(rows.days_overdue, 50)

    @freeze_time("2025-02-05 04:00:00")
    def test_cash_in_by_week(self):
        """Overdue stands in this week, the rest in the week it is due."""
        groups = self.env["rd.ageing.report"]._read_group(
            [("company_id", "=", self.company.id)],
            ["expected_date:week"],
            ["amount_residual:sum"],
        )
        found = {week: amount for week, amount in groups}
        weeks = {
            day: amount for day, amount in found.items() if amount in (1000, 500, 70)
        }
        self.assertEqual(len(weeks), 3)
        self.assertLessEqual(min(weeks), date(2025, 2, 5))
