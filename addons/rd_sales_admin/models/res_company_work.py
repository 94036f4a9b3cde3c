# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import models, tools

from ..tools.working_days import WorkingDays


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

    @tools.ormcache("self.id")
    def _rd_get_working_days(self):
        """Return the ``WorkingDays`` of the company's calendar, Monday to Friday
        without one.

        A day is off when its noon lies in a public holiday, so half a day is none;
        time off of the kind *Other*, which Odoo counts as work, makes a day of rest
        a working day.
        """
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        worked = {int(one.dayofweek) for one in calendar.attendance_ids}
        if not worked:
            return WorkingDays()
        found = {"leave": set(), "other": set()}
        for leave in self._rd_get_public_days():
            found[leave.time_type].update(self._rd_get_noons(leave))
        return WorkingDays(
            frozenset(range(7)) - worked,
            frozenset(found["leave"]),
            frozenset(found["other"]),
        )

    def _rd_get_public_days(self):
        """Return the time off and the working time that is everybody's."""
        leaves = self.env["resource.calendar.leaves"].sudo()
        return leaves.search(
            [
                ("resource_id", "=", False),
                ("calendar_id", "in", (False, self.sudo().resource_calendar_id.id)),
                ("company_id", "in", (False, self.id)),
            ]
        )

    def _rd_get_noons(self, leave):
        """Return the company's days whose noon lies within the time off."""
        day, last = (
            self._rd_local_date(moment) for moment in (leave.date_from, leave.date_to)
        )
        days = [day + timedelta(days=turn) for turn in range((last - day).days + 1)]
        return [
            one for one in days if leave.date_from <= self._rd_noon(one) < leave.date_to
        ]

    def _rd_is_working_day(self, day):
        """Tell whether anybody works on the company's ``day``."""
        return self._rd_get_working_days().is_worked(day)

    def _rd_days_later(self, day, number):
        """Return the day ``number`` working days of the company after ``day``."""
        return self._rd_get_working_days().later(day, number)

    def _rd_get_month_days(self, month):
        """Return the days of the calendar month on which somebody works, in order;
        all of its days where nobody ever works."""
        self.ensure_one()
        first = month.replace(day=1)
        count = (first + relativedelta(months=1) - first).days
        days = [first + timedelta(days=number) for number in range(count)]
        return [day for day in days if self._rd_is_working_day(day)] or days

    def write(self, vals):
        """Forget the working days that were read with another calendar or zone."""
        if {"resource_calendar_id", "rd_tz"} & vals.keys():
            self.env.registry.clear_cache()
        return super().write(vals)
