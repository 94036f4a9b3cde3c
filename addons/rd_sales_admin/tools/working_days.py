# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which days are worked, and the day some working days later."""

from datetime import timedelta
from typing import NamedTuple

LONGEST_REST = 366


class WorkingDays(NamedTuple):
    """The working days of a company."""

    weekend: frozenset = frozenset({5, 6})
    """Weekdays off, Monday is 0."""
    holidays: frozenset = frozenset()
    """Days off in spite of their weekday."""
    extra: frozenset = frozenset()
    """Days worked in spite of all: those that make up for a holiday (调休上班)."""

    def is_worked(self, day):
        """Tell whether the day is a working day."""
        if day in self.extra:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays

    def later(self, day, number):
        """Return the day ``number`` working days after ``day``; itself for none.

        :raise ValueError: when a year goes by without a working day
        """
        for _each in range(number or 0):
            day = self.next_worked(day + timedelta(days=1))
        return day

    def next_worked(self, day):
        """Return the day itself, or the first working day after it.

        :raise ValueError: when a year goes by without a working day
        """
        return self._nearest(day, timedelta(days=1))

    def previous_worked(self, day):
        """Return the day itself, or the last working day before it.

        :raise ValueError: when a year goes by without a working day
        """
        return self._nearest(day, timedelta(days=-1))

    def _nearest(self, day, step):
        for _each in range(LONGEST_REST):
            if self.is_worked(day):
                return day
            day += step
        raise ValueError("the calendar has no working day")
