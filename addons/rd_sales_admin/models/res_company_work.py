# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import models


class ResCompany(models.Model):
    """Working days, by the company's calendar on the company's clock."""

    _name = "res.company"
    _inherit = ["res.company"]

    def _rd_add_working_days(self, moment, days):
        """Return the naive UTC moment ``days`` working days after ``moment``.

        The working hours of the calendar are read on the clock of ``rd_tz``, so
        Friday 15:00 plus one day is Monday 15:00, whatever zone the calendar names.
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        if not calendar or not calendar.hours_per_day:
            return moment + timedelta(days=days)
        desk = self._rd_timezone()
        wall = pytz.utc.localize(moment).astimezone(desk).replace(tzinfo=None)
        planned = calendar.plan_hours(
            calendar.hours_per_day * days,
            pytz.timezone(calendar.tz).localize(wall),
            compute_leaves=True,
        )
        if not planned:
            return moment + timedelta(days=days)
        local = desk.localize(planned.replace(tzinfo=None))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _rd_is_working_day(self, day):
        """Tell whether anybody works on the company's ``day``."""
        self.ensure_one()
        calendar = self.resource_calendar_id
        if not calendar:
            return day.weekday() < 5
        start = pytz.timezone(calendar.tz).localize(
            self._rd_wall_start(day),
        )
        hours = calendar.get_work_hours_count(start, start + timedelta(days=1))
        return hours > 0

    def _rd_get_month_days(self, month):
        """Return the days of the calendar month on which somebody works, in order;
        all of its days where nobody ever works."""
        self.ensure_one()
        first = month.replace(day=1)
        count = (first + relativedelta(months=1) - first).days
        days = [first + timedelta(days=number) for number in range(count)]
        return [day for day in days if self._rd_is_working_day(day)] or days

    def _rd_wall_start(self, day):
        moment = self._rd_day_start(day)
        local = pytz.utc.localize(moment).astimezone(self._rd_timezone())
        return local.replace(tzinfo=None)
