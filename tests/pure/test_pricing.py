# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Plans of settlement and agreed prices, to the cent."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from pricing import (
    Agreed,
    Due,
    add_months,
    convert,
    deviates,
    due_day,
    first_overlap,
    maturities,
    missing_percent,
    offset,
    pick,
    share,
    shares,
)

DAY = date(2026, 1, 1)
CENT = Decimal("0.01")


def percents(random, parts):
    """Random percentages with two decimals that total 100; some may be 0."""
    cuts = sorted(random.randint(0, 10_000) for _ in range(parts - 1))
    bounds = [0, *cuts, 10_000]
    return [Decimal(b - a) / 100 for a, b in zip(bounds[:-1], bounds[1:], strict=True)]


def basket(random):
    """A random plan with its lines: two columns, amounts, deposits."""
    parts = random.randint(1, 6)
    return {
        "due": percents(random, parts),
        "invoiced": percents(random, parts),
        "lines": [
            Decimal(random.randint(1, 90_000_000)) / 100
            for _ in range(random.randint(1, 5))
        ],
    }


def check_basket(random):
    """Everything that must hold of one basket."""
    plan = basket(random)
    assert missing_percent(plan["due"]) == missing_percent(plan["invoiced"]) == 0
    dues = [Due(number, part) for number, part in enumerate(plan["due"])]
    total = sum(plan["lines"])
    cut = [shares(amount, plan["invoiced"]) for amount in plan["lines"]]
    for amount, parts in zip(plan["lines"], cut, strict=True):
        assert sum(parts) == amount
        for percent, part in zip(plan["invoiced"], parts, strict=True):
            assert abs(part - amount * percent / 100) <= CENT
    # whatever order the stages are reached in, the last one completes the amount
    order = random.sample(range(len(plan["due"])), len(plan["due"]))
    for amount in plan["lines"]:
        reached = taken = Decimal(0)
        for number in order:
            reached += plan["invoiced"][number]
            taken += share(amount, reached, taken)
        assert taken == amount
    start = billed = Decimal(0)
    claims = []
    for number, percent in enumerate(plan["invoiced"]):
        amount = sum(parts[number] for parts in cut)
        found = maturities(amount, start, start + percent, dues)
        start += percent
        billed += amount
        assert sum(part for _ref, part in found) == (amount if percent else 0)
        claims += found
    assert billed == total
    for number, percent in enumerate(plan["due"]):
        due = sum(part for ref, part in claims if ref == number)
        # each invoice that meets a stage may round it by a cent, and each line
        assert abs(due - total * percent / 100) <= CENT * (
            len(claims) + len(plan["lines"])
        )
    paid = Decimal(random.randint(0, int(total * 100))) / 100
    pairs = offset([("a", paid / 2), ("b", paid - paid / 2)], claims)
    assert sum(part for *_refs, part in pairs) == min(paid, total)
    check_prices(random)


def check_prices(random):
    """What is picked is valid; what overlaps is found; tax goes to and fro."""
    prices = [
        Agreed(
            number,
            Decimal(random.choice((0, 0, 100, 500))),
            Decimal(random.randint(1, 100_000)) / 100,
            DAY + timedelta(random.randint(0, 400)),
            random.choice((None, DAY + timedelta(random.randint(401, 800)))),
        )
        for number in range(random.randint(1, 5))
    ]
    day = DAY + timedelta(random.randint(0, 800))
    quantity = Decimal(random.randint(0, 600))
    valid = [one for one in prices if one.holds_on(day) and one.minimum <= quantity]
    found = pick(prices, day, quantity)
    assert (found is None) == (not valid)
    if found:
        assert found.minimum == max(one.minimum for one in valid)
    twice = any(
        one.minimum == other.minimum
        and one.start <= (other.end or date.max)
        and other.start <= (one.end or date.max)
        for place, one in enumerate(prices)
        for other in prices[place + 1 :]
    )
    assert bool(first_overlap(prices)) == twice
    rate = Decimal(random.choice((0, 3, 6, 9, 13)))
    for price in prices:
        net = convert(price.amount, True, False, rate, 6)
        assert convert(net, False, True, rate) == price.amount
        assert not deviates(price.amount, price.amount, Decimal(0))


def test_random_baskets():
    random = Random(20261)
    for _ in range(2_000):
        check_basket(random)


@pytest.mark.nightly
def test_many_random_baskets():
    random = Random()
    for _ in range(100_000):
        check_basket(random)


@pytest.mark.parametrize(
    ("plan", "amounts"),
    [
        ("30 30 30 10", "30000.00 30000.01 30000.00 10000.00"),
        ("30 40 25 5", "30000.00 40000.01 25000.00 5000.00"),
        ("0 0 100 0", "0.00 0.00 100000.01 0.00"),
    ],
)
def test_usual_plans(plan, amounts):
    found = shares(Decimal("100000.01"), [Decimal(part) for part in plan.split()])
    assert found == [Decimal(amount) for amount in amounts.split()]


def test_a_deposit_without_invoice_is_covered_by_the_acceptance_invoice():
    """30/30/30/10 due, all of it invoiced at acceptance: the rest is retained."""
    dues = [
        Due(name, Decimal(part))
        for name, part in zip("abcd", (30, 30, 30, 10), strict=True)
    ]
    found = maturities(Decimal("113.01"), Decimal(0), Decimal(100), dues)
    assert found == [
        ("a", Decimal("33.90")),
        ("b", Decimal("33.91")),
        ("c", Decimal("33.90")),
        ("d", Decimal("11.30")),
    ]
    paid = offset([("first", Decimal(40))], found)
    assert paid == [
        ("first", "a", Decimal("33.90")),
        ("first", "b", Decimal("6.10")),
    ]


def test_steps_and_validity():
    start, end = date(2026, 3, 1), date(2026, 3, 31)
    low = Agreed("low", Decimal(0), Decimal(10), start, end)
    high = Agreed("high", Decimal(100), Decimal(9), start, end)
    later = Agreed("later", Decimal(0), Decimal(11), date(2026, 4, 1))
    prices = [later, high, low]
    assert pick(prices, date(2026, 2, 28), Decimal(5)) is None
    assert pick(prices, start, Decimal(99)) == low
    assert pick(prices, end, Decimal(100)) == high
    assert pick(prices, date(2026, 4, 1), Decimal(100)) == later
    assert first_overlap(prices) is None
    assert first_overlap([low, Agreed("x", Decimal(0), Decimal(1), end)])


def test_tolerance_and_tax():
    assert convert(Decimal("11.30"), True, False, Decimal(13)) == Decimal("10.00")
    assert convert(Decimal("10.00"), False, True, Decimal(13)) == Decimal("11.30")
    assert not deviates(Decimal("10.10"), Decimal(10), Decimal(1))
    assert deviates(Decimal("10.11"), Decimal(10), Decimal(1))
    assert deviates(Decimal("9.89"), Decimal(10), Decimal(1))


def test_days():
    assert due_day(date(2026, 1, 31), 30) == date(2026, 3, 2)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 12) == date(2027, 11, 30)
    assert add_months(date(2028, 2, 29), 132) == date(2039, 2, 28)


def test_prices_are_compared_and_converted_in_cents():
    assert convert(Decimal(10), True, False, Decimal(13)) == Decimal("8.85")
    assert convert(Decimal("8.855"), True, True, Decimal(13)) == Decimal("8.86")
    assert not deviates(Decimal("10.004"), Decimal(10), Decimal(0))
    assert deviates(Decimal("10.005"), Decimal(10), Decimal(0))
