# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Splitting agreed lines into tax invoices, and the price that gives the amount."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from invoicing import Item, Limits, split, unit_price
from invoicing.price import rounded

CENTS = st.integers(-500_000, 5_000_000).map(lambda cents: Decimal(cents) / 100)
ITEMS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 6), CENTS), max_size=40
).map(
    lambda rows: [
        Item(ref, (bucket,), (article,), amount, (ref,))
        for ref, (bucket, article, amount) in enumerate(rows)
    ]
)
LIMITS = st.builds(
    Limits,
    st.none() | st.integers(1, 60_000).map(Decimal),
    st.none() | st.integers(1, 5),
)


def item(ref, amount, article="a", bucket=()):
    """A line of the article."""
    return Item(ref, bucket, (article,), Decimal(amount), (ref,))


@given(ITEMS, LIMITS)
def test_every_line_is_on_exactly_one_invoice(items, limits):
    groups = split(items, limits)
    refs = sorted(ref for group in groups for ref in group)
    assert refs == [one.ref for one in items]
    assert all(groups)


@given(ITEMS, LIMITS)
def test_no_invoice_is_above_a_limit(items, limits):
    for group in split(items, limits):
        lines = [items[ref] for ref in group]
        total = sum(line.amount for line in lines)
        assert len({line.bucket for line in lines}) == 1
        positive = [line for line in lines if line.amount >= 0]
        if not positive or total < 0:
            continue  # a credit note
        if limits.amount and len(positive) > 1:
            assert total <= limits.amount
        if limits.lines:
            assert len({line.article for line in lines}) <= limits.lines


def test_a_sum_of_tenths_is_exact():
    """Three tenths are 0.3; as floats they are more."""
    items = [item(ref, "0.1") for ref in range(3)]
    assert split(items, Limits(Decimal("0.3"))) == [[0, 1, 2]]


@given(ITEMS, LIMITS, st.randoms())
def test_the_order_of_the_lines_does_not_matter(items, limits, random):
    shuffled = list(items)
    random.shuffle(shuffled)
    assert split(shuffled, limits) == split(items, limits)


@given(ITEMS)
def test_without_limits_a_bucket_is_one_invoice(items):
    assert len(split(items)) == len({one.bucket for one in items})


def test_by_amount():
    lines = [item(number, 40) for number in range(5)]
    assert split(lines, Limits(Decimal(100))) == [[0, 1], [2, 3], [4]]


def test_the_limit_itself_is_allowed():
    lines = [item(0, 60), item(1, 40)]
    assert split(lines, Limits(Decimal(100))) == [[0, 1]]


def test_articles_are_counted_not_deliveries():
    lines = [item(0, 1, "a"), item(1, 1, "b"), item(2, 1, "a"), item(3, 1, "c")]
    assert split(lines, Limits(lines=2)) == [[0, 2, 1], [3]]


def test_a_line_above_the_limit_stands_alone():
    lines = [item(0, 10), item(1, 500), item(2, 10)]
    assert split(lines, Limits(Decimal(100))) == [[0], [1], [2]]


def test_a_return_reduces_the_invoice_of_its_article():
    lines = [item(0, 90, "a"), item(1, 90, "b"), item(2, -50, "b")]
    assert split(lines, Limits(Decimal(100))) == [[0], [1, 2]]


def test_a_return_that_no_invoice_can_take_is_a_credit_note():
    lines = [item(0, 90, "a"), item(1, 90, "b"), item(2, -120, "b")]
    assert split(lines, Limits(Decimal(100))) == [[0], [1], [2]]


def test_a_return_may_leave_less_than_one():
    lines = [item(0, 10, "a"), item(1, "-9.50", "a")]
    assert split(lines, Limits(Decimal(100))) == [[0, 1]]


def test_what_comes_to_nothing_is_invoiced_and_credited():
    lines = [item(0, 500, "a"), item(1, -500, "a")]
    assert split(lines, Limits(Decimal(100))) == [[0], [1]]


def test_net_returns_are_one_credit_note():
    lines = [item(0, 90, "a"), item(1, -120, "b"), item(2, 10, "c")]
    assert split(lines, Limits(Decimal(50), 1)) == [[0, 1, 2]]


# ---------------------------------------------------------------------------
# The unit price
# ---------------------------------------------------------------------------
QUANTITIES = st.integers(1, 10**9).map(lambda number: Decimal(number) / 1000)
BASKET = st.lists(
    st.tuples(QUANTITIES, st.integers(0, 10**8).map(lambda n: Decimal(n) / 10**4)),
    min_size=1,
    max_size=30,
)


@given(BASKET)
def test_quantity_times_price_is_the_agreed_amount(basket):
    """Whatever rounded lines are summed: the price gives their sum to the cent."""
    quantity = sum(number for number, _price in basket)
    amount = sum(rounded(number * price) for number, price in basket)
    price = unit_price(quantity, amount)
    assert price.exact
    assert rounded(quantity * price.value) == amount
    assert price.value == round(price.value, price.decimals)
    assert price.decimals <= 10


@given(QUANTITIES, st.integers(0, 10**10).map(lambda n: Decimal(n) / 100))
def test_no_fewer_decimals_would_do(quantity, amount):
    price = unit_price(quantity, amount)
    if price.exact and price.decimals:
        scale = Decimal(10) ** (price.decimals - 1)
        below = int(amount / quantity * scale)
        for number in (below, below + 1):
            assert rounded(quantity * number / scale) != amount


def test_an_agreed_price_is_found_again():
    assert unit_price(Decimal(3), Decimal("30.75")) == (Decimal("10.25"), 2, True)
    assert unit_price(Decimal(7), Decimal("100")) == (Decimal("14.286"), 3, True)


def test_returns_are_priced_alike():
    assert unit_price(Decimal(-3), Decimal("-30.75")).value == Decimal("10.25")


def test_the_amount_counts_where_no_price_can_give_it():
    """A thousand million pieces for a cent: ten decimals are too few."""
    price = unit_price(Decimal(3_000_000_007), Decimal("0.37"))
    assert not price.exact
    assert price.decimals == 10


def test_a_currency_without_cents():
    price = unit_price(Decimal(3), Decimal(100), unit=Decimal(1))
    assert price == (Decimal("33.3"), 1, True)
