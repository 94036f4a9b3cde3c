# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The adjusted-balance proof balances for whatever two sides booked of one truth.

Whatever is put in beside the facts comes out as the remainder, to the cent.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import matching
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching import Account, AccountRules, Entry, Group, Line, Text

FIRST = date(2026, 9, 1)
NOTHING = Decimal(0)


@dataclass
class Side:
    """What one side booked in the period."""

    opening: Decimal = NOTHING
    lines: list = field(default_factory=list)
    payments: list = field(default_factory=list)
    invoices: list = field(default_factory=list)


def amounts(least=1, most=9_999_999):
    """Amounts in cents, as Decimals."""
    return st.integers(least, most).map(lambda cents: Decimal(cents).scaleb(-2))


@st.composite
def worlds(draw):
    """(ours, theirs, known difference of the openings) of one truth."""
    ours, theirs = Side(), Side()
    ours.opening = theirs.opening = draw(amounts(0))
    brought = draw(st.sampled_from([NOTHING, Decimal("75.30"), Decimal("-4.00")]))
    theirs.opening -= brought
    if draw(st.booleans()):
        theirs.opening += draw(amounts(-500, 500))
    for number in range(draw(st.integers(0, 12))):
        deliver(draw, number, ours, theirs)
    for number in range(draw(st.integers(0, 6))):
        amount, day = draw(amounts()), draw(st.integers(0, 27))
        reference = draw(st.sampled_from(["", f"BT{number:06}"]))
        book(draw, number, amount, day, reference, ours.payments, theirs.payments)
    for number in range(draw(st.integers(0, 4))):
        amount, day = draw(amounts()), draw(st.integers(0, 27))
        reference = f"2441{number:05}"
        book(draw, number, amount, day, reference, ours.invoices, theirs.invoices)
    return ours, theirs, brought


def deliver(draw, number, ours, theirs):
    """One delivery, booked by both, by one, or otherwise by one of them."""
    quantity, price = draw(st.integers(2, 90)), draw(amounts(50, 90_000))
    line = Line(
        ref=number,
        note=f"DN{number:06}",
        part=f"P-{number}",
        quantity=Decimal(quantity),
        amount=quantity * price,
        date=FIRST + timedelta(days=draw(st.integers(0, 27))),
        tax_basis="included",
    )
    what = draw(st.sampled_from("same same ours theirs short price freight".split()))
    if what != "theirs":
        ours.lines.append(line)
    other = {
        "short": {"accepted": Decimal(quantity - 1), "amount": (quantity - 1) * price},
        "price": {"amount": quantity * (price + 1)},
        "freight": {"amount": line.amount + 20},
    }.get(what, {})
    if what != "ours":
        theirs.lines.append(line._replace(**other))


def book(draw, number, amount, day, reference, ours, theirs):
    """One payment or invoice, booked by both, by one, or otherwise by them."""
    what = draw(st.sampled_from("same same late ours theirs other".split()))
    when = FIRST + timedelta(days=day)
    late = timedelta(days=draw(st.integers(1, 9)) if what == "late" else 0)
    change = 1 if what == "other" else 0
    if what != "theirs":
        ours.append(Entry(("o", number), amount, when, reference))
    if what != "ours":
        theirs.append(Entry(("t", number), amount + change, when + late, reference))


def total(entries):
    """The sum of lines, payments or invoices."""
    return sum((entry.amount for entry in entries), NOTHING)


def account(side, basis):
    """The balances of a side, on the goods or the invoices."""
    charged = total(side.lines if basis == "goods" else side.invoices)
    paid = total(side.payments)
    return Account(
        opening=side.opening,
        increase=charged,
        receipts=paid,
        closing=side.opening + charged - paid,
        payments=tuple(side.payments),
        invoices=tuple(side.invoices),
    )


def proof_of(ours, theirs, brought, basis, error=NOTHING):
    """The proof of two sides; an error is put into their closing."""
    one, two = account(ours, basis), account(theirs, basis)
    rules = AccountRules(basis=basis, brought=brought)
    result = matching.compare_accounts(one, two, rules=rules)
    lines = matching.compare(ours.lines, theirs.lines)
    items = [
        *matching.account_items(result.groups),
        *matching.line_items(lines.groups),
        matching.brought_item(brought),
    ]
    if basis == "invoiced":
        # Both sides add what they shipped and received and did not invoice.
        items += matching.stated_items(total(ours.lines), total(theirs.lines))
    return matching.prove(one.closing, two.closing + error, items)


@given(worlds(), st.sampled_from(["goods", "invoiced"]))
def test_it_balances_for_every_set_of_facts(world, basis):
    proof = proof_of(*world, basis)
    assert proof.unexplained == 0
    assert proof.balanced
    assert proof.explained == proof.ours - proof.theirs


@given(worlds(), st.sampled_from(["goods", "invoiced"]), amounts(-9999, 9999))
def test_the_remainder_is_the_error_put_in(world, basis, error):
    proof = proof_of(*world, basis, error)
    assert proof.unexplained == -error
    assert proof.balanced == (not error)


@given(worlds(), st.sampled_from(["goods", "invoiced"]))
def test_sides_that_booked_the_same_need_no_item(world, basis):
    ours = world[0]
    proof = proof_of(ours, ours, NOTHING, basis)
    assert {item.section for item in proof.items} <= {"stated"}
    assert proof.balanced


@given(worlds(), st.randoms())
def test_the_order_of_entries_does_not_matter(world, rng):
    ours, theirs, brought = world
    first = proof_of(ours, theirs, brought, "invoiced")
    for side in (ours, theirs):
        for name in ("lines", "payments", "invoices"):
            rng.shuffle(getattr(side, name))
    assert proof_of(ours, theirs, brought, "invoiced") == first


# --- where an item stands ---


def group(code, ours, theirs, section="payment", **values):
    """A group with one entry on each side that has an amount."""
    return Group(
        code, "rule", Text("why"),
        ("o",) if ours is not None else (), ("t",) if theirs is not None else (),
        None, None,
        None if ours is None else Decimal(ours),
        None if theirs is None else Decimal(theirs),
        key=(section,), **values,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "side", "amount"),
    [
        (group("payment", 100, None), "theirs", -100),
        (group("payment", None, 100), "ours", -100),
        (group("invoiced_not_received", 100, None, "invoice"), "theirs", 100),
        (group("received_not_invoiced", None, 100, "invoice"), "ours", 100),
        (group("opening", 100, 80, "opening"), "theirs", 20),
    ],
)
def test_who_has_to_book_it(found, side, amount):
    (item,) = matching.account_items([found])
    assert (item.side, item.amount) == (side, amount)


@pytest.mark.parametrize(
    ("found", "side", "amount"),
    [
        (group("not_in_theirs", 100, None), "theirs", 100),
        (group("not_in_ours", None, 100), "ours", 100),
        (group("quantity_short", 100, 98), "ours", -2),
        (group("price", 100, 98), "theirs", 2),
    ],
)
def test_who_has_to_book_a_line(found, side, amount):
    item = matching.line_items([found])[0]
    assert (item.side, item.amount) == (side, amount)


def test_roundings_are_one_item():
    found = [group("rounding", "100.02", 100), group("match", 100, "99.99")]
    (item,) = matching.prove(NOTHING, NOTHING, matching.line_items(found)).items
    assert (item.code, item.amount) == ("rounding", Decimal("0.03"))
