# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""When money is due, and what of it came in: against a naive recomputation."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from dues import (
    Item,
    Partial,
    Terms,
    actuals,
    due_date,
    rates,
    residual,
    settled_on,
    shares,
)
from dues.asof import NEVER
from hypothesis import given
from hypothesis import strategies as st
from test_working_days import WorkingDays

START = date(2025, 1, 1)
KINDS = ("payment", "bill", "offset", "credit")
GOLDEN_WEEK = frozenset(date(2025, 10, day) for day in range(1, 9))


# ----------------------------------------------------------------------
# The day
# ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("event", "terms", "expected"),
    [
        ("2025-03-10", Terms("days", 30), "2025-04-09"),
        ("2025-03-10", Terms("first_of_next_month", 30), "2025-05-01"),
        ("2025-03-10", Terms("first_of_next_month", 30, grace=15), "2025-05-16"),
        ("2025-12-31", Terms("first_of_next_month", 0), "2026-01-01"),
        ("2025-03-10", Terms("day_of_month", 1, 25), "2025-04-25"),
        ("2025-01-31", Terms("day_of_month", 1, 31), "2025-02-28"),
        ("2024-02-29", Terms("months", 12), "2025-02-28"),
        ("2025-08-31", Terms("months", 6), "2026-02-28"),
        ("2025-10-01", Terms("days", 0, shift="next"), "2025-10-09"),
        ("2025-10-04", Terms("days", 0, shift="previous"), "2025-09-30"),
        ("2025-10-04", Terms("days", 0), "2025-10-04"),
        ("2025-09-24", Terms("days", 0, grace=7, shift="next"), "2025-10-09"),
    ],
)
def test_due_date(event, terms, expected):
    days = WorkingDays(holidays=GOLDEN_WEEK)
    found = due_date(date.fromisoformat(event), terms, days)
    assert found == date.fromisoformat(expected)


def test_a_bill_is_due_at_its_maturity():
    found = due_date(START, Terms("maturity"), maturity=date(2025, 6, 30))
    assert found == date(2025, 6, 30)
    with pytest.raises(ValueError):
        due_date(START, Terms("maturity"))


def test_what_is_no_terms_is_refused():
    with pytest.raises(ValueError):
        due_date(START, Terms("sometime"))
    with pytest.raises(ValueError):
        due_date(START, Terms(shift="sideways"))
    with pytest.raises(ValueError):
        due_date(START, Terms(shift="next"), WorkingDays(frozenset(range(7))))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 90))
def test_a_shift_moves_to_the_nearest_working_day(event, number):
    days = WorkingDays(holidays=frozenset(event + timedelta(days=n) for n in (1, 2, 7)))
    plain = due_date(event, Terms("days", number), days)
    later = due_date(event, Terms("days", number, shift="next"), days)
    earlier = due_date(event, Terms("days", number, shift="previous"), days)
    assert earlier <= plain <= later
    assert days.is_worked(earlier) and days.is_worked(later)
    between = (later - earlier).days
    inside = [earlier + timedelta(days=n) for n in range(1, between)]
    assert not any(days.is_worked(day) for day in inside)


# ----------------------------------------------------------------------
# The parts
# ----------------------------------------------------------------------
@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any),
    st.sampled_from(["1", "0.01", "0.001", "0.05"]),
)
def test_parts_add_up(coins, weights, step):
    step = Decimal(step)
    amount = coins * step
    parts = shares(amount, weights, step)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        exact = amount * weight / sum(weights)
        assert abs(part - exact) <= step
        assert not part % step


def test_parts_that_divide_nothing():
    for weights in ([], [0, 0], [2, -1]):
        with pytest.raises(ValueError):
            shares(Decimal(1), weights)
    with pytest.raises(ValueError):
        shares(Decimal("0.005"), [1, 1])


# ----------------------------------------------------------------------
# Random histories
# ----------------------------------------------------------------------
def make_history(seed):
    """Return items with partials, as a year of books can leave them."""
    dice = random.Random(seed)
    history = []
    for ref in range(dice.randint(1, 8)):
        day = START + timedelta(days=dice.randrange(200))
        cents = dice.choice((1, 3, 99, 10_000, dice.randrange(1, 10**9)))
        due = dice.choice((None, day + timedelta(days=dice.randrange(-5, 120))))
        item = Item(ref, day, due, Decimal(cents) / 100)
        history.append((item, _make_partials(dice, day, cents)))
    return history


def _make_partials(dice, day, left):
    partials = []
    for _each in range(dice.randrange(6)):
        if not left:
            break
        cents = left if dice.random() < 0.3 else dice.randint(1, left)
        left -= cents
        when = day + timedelta(days=dice.randrange(200))
        kind = dice.choice(KINDS)
        counts = None
        if kind == "bill":
            later = when + timedelta(days=dice.randrange(-3, 180))
            counts = dice.choice((None, later, NEVER))
        partials.append(Partial(Decimal(cents) / 100, when, kind, counts))
    return partials


def naive(history, planned_on, month, until):
    """Walk over the days, one after another, with integers of cents."""
    sums = dict.fromkeys(
        ("due", "got_due", "all", "got", "new_due", "on_time", "waiting"), 0
    )
    for item, partials in history:
        left = opening = fresh = got = on_time = credited = early = 0
        waiting = 0
        for day in _days(item, partials, planned_on, until):
            if day == item.date:
                left = int(item.amount * 100)
                fresh = left if day > planned_on else 0
            for one in partials:
                cents = int(one.amount * 100)
                starts = one.counts_on if one.counts_on else one.date
                starts = one.date if starts < one.date else starts
                if one.date == day and starts > until:
                    waiting += cents
                if starts != day:
                    continue
                left -= cents
                if day <= planned_on:
                    continue
                if one.kind == "credit":
                    credited += cents
                elif day < month[0]:
                    early += cents
                else:
                    got += cents
                    if item.due and day <= item.due:
                        on_time += cents
            if day == planned_on:
                opening = left
        base = opening + fresh - credited - early
        sums["waiting"] += waiting
        sums["all"] += base
        sums["got"] += got
        if item.due and item.due <= month[1]:
            sums["due"] += base
            sums["got_due"] += got
        if item.due and month[0] <= item.due <= month[1]:
            sums["new_due"] += base
            sums["on_time"] += on_time
        assert left == int(residual(item, partials, until) * 100)
    return sums


def _days(item, partials, *others):
    """Return the days on which anything can happen, in order, none after the last."""
    days = {item.date, *others}
    for one in partials:
        days |= {one.date, one.counts_on or one.date}
    return sorted(day for day in days if day <= others[-1])


def check_histories(seeds):
    """Compare the calculation with the walk, at a random plan and day."""
    for seed in seeds:
        dice = random.Random(-seed)
        history = make_history(seed)
        planned_on = START + timedelta(days=dice.randrange(200))
        first = planned_on + timedelta(days=dice.randint(1, 7))
        month = (first, first + timedelta(days=29))
        until = planned_on + timedelta(days=dice.randrange(60))
        found = rates(
            actuals(item, partials, planned_on, month, until)
            for item, partials in history
        )
        expected = naive(history, planned_on, month, until)
        names = ("due", "received_due", "whole", "received", "new_due", "on_time")
        values = [getattr(found, name) * 100 for name in (*names, "waiting")]
        assert values == list(expected.values()), seed
        for rate, part, whole in (
            (found.due_rate, expected["got_due"], expected["due"]),
            (found.whole_rate, expected["got"], expected["all"]),
            (found.on_time_rate, expected["on_time"], expected["new_due"]),
        ):
            if whole <= 0:
                assert rate is None, seed
            else:
                assert rate == Decimal(100) * (Decimal(part) / 100) / (
                    Decimal(whole) / 100
                ), seed


def test_two_thousand_histories():
    check_histories(range(1, 2001))


@pytest.mark.nightly
def test_a_hundred_thousand_histories():
    check_histories(range(10_000, 110_000))


# ----------------------------------------------------------------------
# Single cases
# ----------------------------------------------------------------------
MONTH = (date(2025, 3, 1), date(2025, 3, 31))
EVE = date(2025, 2, 28)


def actual(*partials, due=date(2025, 3, 15), day=MONTH[1], **values):
    """What became of 100 that were open on the eve of March."""
    item = Item(1, date(2025, 1, 10), due, Decimal(100))
    return actuals(item, partials, EVE, MONTH, day, **values)


def test_a_bill_counts_when_it_matures():
    bill = Partial(Decimal(60), date(2025, 3, 5), "bill", NEVER)
    one = actual(bill)
    assert (one.received, one.waiting) == (0, 60)
    one = actual(bill._replace(counts_on=date(2025, 3, 20)))
    assert (one.received, one.on_time, one.waiting) == (60, 0, 0)
    one = actual(bill._replace(counts_on=None))
    assert (one.received, one.on_time) == (60, 60)


def test_a_credit_note_leaves_both_sides():
    found = rates(
        [
            actual(
                Partial(Decimal(40), date(2025, 3, 5), "credit"),
                Partial(Decimal(60), date(2025, 3, 6), "payment"),
            )
        ]
    )
    assert (found.due, found.received, found.due_rate) == (60, 60, 100)


def test_nothing_due_has_no_rate():
    found = rates([actual(due=None)])
    assert found.due_rate is None and found.on_time_rate is None
    assert found.whole_rate == 0
    assert rates([]).whole_rate is None


def test_booked_back_before_the_frozen_plan():
    """A receipt that the frozen figure did not know is one of its own month."""
    late = Partial(Decimal(30), date(2025, 2, 20), "payment")
    assert actual(late).opening == 70
    one = actual(late, opening=Decimal(100))
    assert (one.received, one.early) == (0, 30)
    assert (rates([one]).due, rates([one]).received) == (70, 0)


def test_a_receipt_counts_in_one_month():
    """Paid between the day of the next plan and its month: of the month it came."""
    item = Item(1, date(2025, 2, 10), date(2025, 3, 20), Decimal(1000))
    paid = [Partial(Decimal(1000), date(2025, 3, 28), "payment")]
    april = (date(2025, 4, 1), date(2025, 4, 30))
    one = rates([actuals(item, paid, EVE, MONTH, MONTH[1])])
    two = rates([actuals(item, paid, date(2025, 3, 25), april, april[1])])
    assert (one.received_due, one.due, one.due_rate) == (1000, 1000, 100)
    assert (two.received_due, two.due, two.due_rate) == (0, 0, None)


def test_settled_on_the_day_nothing_is_left():
    item = Item(1, START, START, Decimal(100))
    half = Partial(Decimal(50), date(2025, 2, 1), "payment")
    rest = Partial(Decimal(50), date(2025, 4, 1), "payment")
    assert settled_on(item, [rest, half]) == date(2025, 4, 1)
    assert settled_on(item, [half]) is None
    assert settled_on(item, [half, rest._replace(counts_on=NEVER)]) is None


def test_credits_are_open_by_their_sign():
    item = Item(1, START, START, Decimal(-100))
    part = Partial(Decimal(30), date(2025, 2, 1), "offset")
    assert residual(item, [part], date(2025, 1, 31)) == -100
    assert residual(item, [part], date(2025, 2, 1)) == -70
    assert residual(item, [part], START - timedelta(days=1)) == 0


def test_the_books_take_a_bill_on_its_receipt():
    item = Item(1, START, START, Decimal(100))
    bill = Partial(Decimal(100), date(2025, 2, 1), "bill", NEVER)
    assert residual(item, [bill], date(2025, 3, 1)) == 100
    assert residual(item, [bill], date(2025, 3, 1), books=True) == 0
