# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Working days: later, the next one, and a company that never works."""

from datetime import date, timedelta

import alone
import pytest
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
WorkingDays = alone.load("rd_sales_admin/tools/working_days.py").WorkingDays


@given(
    DAYS,
    st.integers(0, 30),
    st.frozensets(st.integers(0, 6), max_size=6),
    st.frozensets(DAYS, max_size=40),
    st.frozensets(DAYS, max_size=10),
)
def test_later_is_the_last_of_as_many_days_worked(day, number, weekend, off, extra):
    worked = WorkingDays(weekend, off, extra)
    later = worked.later(day, number)
    between = [day + timedelta(days=n + 1) for n in range((later - day).days)]
    assert sum(map(worked.is_worked, between)) == number
    assert not number or worked.is_worked(later)
    assert worked.next_worked(day) >= day
    before = worked.previous_worked(day)
    assert before <= day and worked.is_worked(before)
    rest = [before + timedelta(days=n + 1) for n in range((day - before).days)]
    assert not any(map(worked.is_worked, rest))


def test_nobody_ever_works():
    with pytest.raises(ValueError, match="no working day"):
        WorkingDays(frozenset(range(7))).later(date(2026, 1, 1), 1)
