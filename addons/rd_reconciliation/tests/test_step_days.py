# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestStepDays(ReconciliationCommon):
    """By when each step of the month is done, by the company's own days."""

    def setUp(self):
        super().setUp()
        self.close = self._open_close(date(2026, 9, 1))
        self.company.resource_calendar_id.tz = "Asia/Shanghai"

    def _holiday(self, first, last, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "National holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )

    def _due(self, code):
        _role, due = self.close._get_step_plan()[code]
        return due(date(2026, 9, 30))

    def test_holidays_and_days_that_make_up_for_them(self):
        """Fails when a clock counts Monday to Friday, or remembers old holidays."""
        self.assertEqual(self._due("build"), date(2026, 10, 1))
        rest = self._holiday("2026-09-30 16:00:00", "2026-10-07 16:00:00")
        self.assertEqual(self._due("build"), date(2026, 10, 8))
        self.assertEqual(self._due("match"), date(2026, 10, 14))
        self._holiday("2026-10-10 00:00:00", "2026-10-10 10:00:00", time_type="other")
        self.assertEqual(self._due("match"), date(2026, 10, 13))
        rest.date_to = "2026-10-06 16:00:00"
        self.assertEqual(self._due("build"), date(2026, 10, 7))
        rest.unlink()
        self.assertEqual(self._due("build"), date(2026, 10, 1))

    def test_half_a_day_and_one_persons_leave_are_no_days_off(self):
        self._holiday("2026-10-01 05:00:00", "2026-10-01 10:00:00")
        somebody = self.env["resource.resource"].sudo().create({"name": "Somebody"})
        self._holiday(
            "2026-09-30 16:00:00", "2026-10-07 16:00:00", resource_id=somebody.id
        )
        self.assertEqual(self._due("build"), date(2026, 10, 1))

    def test_another_week(self):
        """Fails when the weekdays are not those of the working hours."""
        hours = self.company.resource_calendar_id.attendance_ids
        hours.filtered(lambda one: one.dayofweek in ("3", "4")).unlink()
        self.assertEqual(self._due("build"), date(2026, 10, 5))
        self.company.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Nobody", "attendance_ids": [], "company_id": self.company.id}
        )
        self.assertEqual(self._due("build"), date(2026, 10, 1))

    def test_own_days(self):
        settings = self.env["res.config.settings"].with_company(self.company)
        settings.create({"rd_agree_due_days": 9}).execute()
        self.assertEqual(self._due("agree"), date(2026, 10, 13))

    def test_in_their_order(self):
        with self.assertRaisesRegex(
            ValidationError, "cannot be before .*which takes 8"
        ):
            self.company.rd_invoice_due_days = 7
        with self.assertRaisesRegex(ValidationError, "from 0 on"):
            self.company.rd_build_due_days = -1

    @freeze_time("2026-09-30 04:00:00")
    def test_the_clock_of_a_difference_rests_with_the_company(self):
        self._holiday("2026-09-30 16:00:00", "2026-10-07 16:00:00")
        deadline = self.env["rd.difference"]._get_deadline(self.company, 2)
        self.assertEqual(deadline, date(2026, 10, 9))

    def test_read_once(self):
        """Fails when each day of each row asks the calendar again."""
        self.company._rd_days_later(date(2026, 9, 30), 1)
        with self.assertQueryCount(0):
            for number in range(100):
                self.company._rd_days_later(date(2026, 9, 30), number)
