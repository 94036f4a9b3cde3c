# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From the day of an event and the agreed terms to the day money is due."""

import calendar
from datetime import date, timedelta
from typing import NamedTuple

WAYS = ("days", "first_of_next_month", "day_of_month", "months", "maturity")
SHIFTS = ("", "next", "previous")


class Terms(NamedTuple):
    """What was agreed about the day of payment."""

    way: str = "days"
    """``days``: so many days after the event (月结30); ``first_of_next_month``: so
    many days after the first of the month that follows (次月结30); ``day_of_month``:
    on ``day`` of the month ``number`` months later (次月25日); ``months``: so many
    months after the event (retention); ``maturity``: when the bill matures."""
    number: int = 0
    """Days or months of the way."""
    day: int = 0
    """Day of the month, for ``day_of_month``; 31 is the last one."""
    grace: int = 0
    """Days granted on top (the 15 of 次月结30+15)."""
    shift: str = ""
    """Where a day off goes: ``next`` or ``previous`` working day; empty: stays."""


def due_date(event, terms, days=None, maturity=None):
    """Return the day on which money is due.

    :param date event: day of the anchor: delivery, agreement, invoice, …
    :param days: the ``WorkingDays``, needed where the terms shift
    :param date maturity: of the bill, for the way ``maturity``
    :raise ValueError: for an unknown way or shift, or a maturity that is missing
    """
    day = base_date(event, terms.way, terms.number, terms.day, maturity)
    return shifted(day + timedelta(days=terms.grace), terms.shift, days)


def base_date(event, way, number=0, day=0, maturity=None):
    """Return the due day before grace and working days."""
    if way == "days":
        return event + timedelta(days=number)
    if way == "first_of_next_month":
        return add_months(event.replace(day=1), 1) + timedelta(days=number)
    if way == "day_of_month":
        return on_day(add_months(event.replace(day=1), number), day)
    if way == "months":
        return add_months(event, number)
    if way == "maturity" and maturity:
        return maturity
    raise ValueError(f"no due date by {way!r}")


def add_months(day, number):
    """Return the same day so many months later; the last one where it is missing."""
    months = day.year * 12 + day.month - 1 + number
    return on_day(date(months // 12, months % 12 + 1, 1), day.day)


def on_day(month, day):
    """Return the day of the month, or its last day where it has no such one."""
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=max(1, min(day, last)))


def shifted(day, shift, days):
    """Return the day itself, or the working day that stands for it.

    :param days: the ``WorkingDays``, not asked without a shift
    :raise ValueError: for an unknown shift, or a calendar without working days
    """
    if shift not in SHIFTS:
        raise ValueError(f"no shift {shift!r}")
    if not shift:
        return day
    return days.next_worked(day) if shift == "next" else days.previous_worked(day)
