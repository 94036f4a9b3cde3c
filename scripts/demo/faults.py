# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The affiliates' books: what we shipped, with faults put in, each written down.

``truth`` is what a comparison has to find, and nothing else: which note and part,
and as which kind of difference.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from .catalogue import CUSTOMERS, NEVER_PRICED, PRODUCTS, SMALL_PART, TAX, order_of
from .trade import cents, cutoff, is_new

# affiliate: what goes wrong in its first and in its second month
PLAN = {
    "A01": (("rounding", "rounding", "doc_ref", "not_in_theirs"), ("rounding",)),
    "A02": (
        ("quantity_short", "quantity_short", "quantity"),
        (
            "quantity_short",
            "quantity_short",
            "quantity",
            "price",
            "not_in_theirs",
            "duplicate",
            "parted",
        ),
    ),
    "A03": (("tax_basis", "freight", "price"), ("rounding",)),
    "A04": (("return_unposted",), ()),
    "A05": (("uom", "part_alias"), ("uom", "part_alias")),
    "A06": (("timing",), ()),
    "A08": (("duplicate", "not_in_ours", "write_off"), ("big_short",)),
    "A09": (("timing",), ()),
    "A10": (("price", "rounding"), ()),
}
# How the desk settled the first month where it did not simply do what is proposed.
OTHERWISE = {
    ("A02", "quantity"): "keep_ours",
    ("A03", "price"): "keep_ours",
    ("A10", "price"): "keep_ours",
    ("A08", "quantity_short"): "write_off",
}
_FREIGHT = Decimal("137.50")


class Paid(NamedTuple):
    """One payment: what the affiliate booked, and whether we have booked it, too."""

    day: int  # days before the end of its period
    number: str
    words: str
    amount: Decimal
    is_ours: bool = True


# Affiliates whose ledgers state the account, and what they paid in which month.
ACCOUNTS = {
    "A01": {
        1: (
            Paid(13, "DH20260001", "付款 电汇", Decimal("20000.00")),
            Paid(8, "YC20260002", "付款 银承", Decimal("8500.00"), is_ours=False),
        )
    },
    "A02": {1: (Paid(10, "DH20260003", "付款 电汇", Decimal("15000.00")),)},
}
# By how much an affiliate begins otherwise than it ended.
OPENING_FAULTS = {("A02", 1): Decimal("-1234.56")}


class Truth(NamedTuple):
    """One difference that has to be found."""

    turn: int
    customer: str
    code: str
    note: str
    part: str


@dataclass(frozen=True)
class Booked:
    """One row as the affiliate booked it; amounts follow from what it accepted."""

    day: date
    note: str
    part: str
    code: str
    sent: Decimal
    accepted: Decimal
    price: Decimal
    net: Decimal
    gross: Decimal
    order: str
    order_line: str
    name: str
    unit: str
    remark: str = ""

    @property
    def gross_price(self):
        """Their price with tax, as printed."""
        return cents(self.price * (1 + TAX))

    def accept(self, quantity):
        """Return the row with less (or more) taken in, paid accordingly."""
        net = cents(quantity * self.price)
        return replace(self, accepted=quantity, net=net, gross=net + cents(net * TAX))


@dataclass
class Book:
    """One affiliate's ledger of one month while it is written."""

    customer: object
    turn: int
    first: date
    last: date
    shipped: list
    rows: dict = field(default_factory=dict)  # key: [Booked]
    truth: list = field(default_factory=list)
    later: list = field(default_factory=list)
    extra: list = field(default_factory=list)  # rows of ours that come with a fault
    touched: set = field(default_factory=set)
    parted: tuple = ()  # key of a pair that is none, though all agrees
    opening: Decimal | None = None  # what they owe at the start, where they say so

    @property
    def paid(self):
        """What they paid in the month."""
        return ACCOUNTS.get(self.customer.code, {}).get(self.turn, ())

    @property
    def closing(self):
        """What they owe at the end, None where their ledger does not say."""
        if self.opening is None:
            return None
        charged = sum(row.gross for row in self.lines())
        return self.opening + charged - sum(item.amount for item in self.paid)

    def paid_on(self, item):
        """Return the day of a payment."""
        return self.last - timedelta(days=item.day)

    def note_truth(self, code, note, part):
        """Write down what has to be found."""
        item = Truth(self.turn, self.customer.code, code, note, part)
        if item not in self.truth:
            self.truth.append(item)

    def lines(self):
        """Return all rows in the order of their days."""
        flat = [row for rows in self.rows.values() for row in rows]
        return sorted(flat, key=lambda row: (row.day, row.note, row.part))


def book_of(row):
    """Return how a faultless affiliate books a row of ours."""
    customer, product = CUSTOMERS[row.customer], PRODUCTS[row.part]
    order, order_line = order_of(customer, row.part)
    return Booked(
        day=row.day,
        note=row.note,
        part=row.part,
        code=customer.code_of(row.part),
        sent=Decimal(row.quantity),
        accepted=Decimal(row.quantity),
        price=row.price,
        net=row.net,
        gross=row.gross,
        order=order,
        order_line=order_line,
        name=product.name,
        unit=product.unit,
    )


def keep_book(customer, turn, months, shipped, late=(), opening=None):
    """Return the :class:`Book` of one affiliate's period.

    :param months: the two first days of the months
    :param shipped: all rows of both months
    :param late: rows of the month before that are booked only now
    :param opening: what they owed at the end of the month before
    """
    last = cutoff(customer, months[turn])
    before = cutoff(customer, months[turn - 1]) if turn else None
    first = before + timedelta(days=1) if before else months[0]
    own = [
        row
        for row in shipped
        if row.customer == customer.code and first <= row.day <= last
    ]
    book = Book(customer, turn, first, last, own)
    for row in own:
        if not (is_new(row) and row.part == NEVER_PRICED):
            book.rows.setdefault(row.key, []).append(book_of(row))
    for row in late:
        book.rows.setdefault((row.note, row.part, "late"), []).append(row)
    _price_truth(book)
    dice = random.Random(f"faults/{customer.code}/{turn}")
    for name in PLAN.get(customer.code, ((), ()))[turn]:
        FAULTS[name](book, dice)
    if customer.code in ACCOUNTS:
        _keep_account(book, opening or Decimal(0))
    return book


def _keep_account(book, opening):
    """State the account: an opening they changed, a payment we have not booked."""
    fault = OPENING_FAULTS.get((book.customer.code, book.turn), Decimal(0))
    book.opening = opening + fault
    if fault:
        book.note_truth("opening", "", "")
    for item in book.paid:
        if not item.is_ours:
            book.note_truth("payment", item.number, "")


def _price_truth(book):
    """Every row of a new part waits for its price."""
    for row in filter(is_new, book.shipped):
        book.note_truth("price", row.note, row.part)


def _candidates(book, test):
    """Return untouched rows of ours, alone on their key, well inside the period."""
    keys = [row.key for row in book.shipped]
    early, late = book.first + timedelta(days=5), book.last - timedelta(days=6)
    return [
        row
        for row in book.shipped
        if keys.count(row.key) == 1
        and row.quantity > 0
        and early <= row.day <= late
        and row.key not in book.touched
        and not is_new(row)
        and test(row)
    ]


def _pick(book, dice, test=lambda row: True):
    row = dice.choice(_candidates(book, test))
    book.touched.add(row.key)
    return row


def _change(book, row, **values):
    book.rows[row.key] = [replace(item, **values) for item in book.rows[row.key]]


# --- the faults ----------------------------------------------------------------


def _rounding(book, dice):
    row = _pick(book, dice, lambda item: item.price >= 1)
    cent = Decimal("0.02")
    _change(book, row, net=row.net + cent, gross=row.gross + cent)
    book.note_truth("rounding", *row.key)


def _tax_basis(book, dice):
    row = _pick(book, dice)
    _change(book, row, net=row.gross, remark="含税")
    book.note_truth("tax_basis", *row.key)


def _freight(book, dice):
    """Freight in the amount: what the amount means as a price is another one."""
    row = _pick(book, dice, lambda item: item.net > 2000)
    freight = Decimal("137.50")
    _change(
        book, row, net=row.net + freight, gross=row.gross + freight, remark="含运费"
    )
    book.note_truth("price", *row.key)


def _price(book, dice):
    row = _pick(book, dice, lambda item: item.price >= 5 and item.quantity > 1)
    price = cents(row.price * Decimal("1.04"))
    net = cents(price * row.quantity)
    _change(book, row, price=price, net=net, gross=net + cents(net * TAX))
    book.note_truth("price", *row.key)


def _short(book, row, missing):
    kept = [item.accept(item.accepted - missing) for item in book.rows[row.key]]
    book.rows[row.key] = [replace(item, remark="短少") for item in kept]
    book.note_truth("quantity_short", *row.key)
    rest = book_of(row)
    return replace(rest.accept(Decimal(missing)), sent=Decimal(missing), remark="补收")


def _quantity_short(book, dice):
    row = _pick(book, dice, lambda item: item.quantity >= 40 and item.price >= 1)
    book.later.append(_short(book, row, 2))


def _write_off(book, dice):
    """Short by little money: the desk settles it as lost without asking."""
    row = _pick(book, dice, lambda item: item.quantity >= 40 and 1 <= item.price < 60)
    _short(book, row, 3)


def _big_short(book, dice):
    """Short by more than the desk may settle alone."""
    row = _pick(book, dice, lambda item: item.quantity >= 100 and item.price > 20)
    _short(book, row, 36)


def _quantity(book, dice):
    row = _pick(book, dice, lambda item: item.quantity >= 30 and item.price >= 1)
    quantity = Decimal(row.quantity - 7)
    book.rows[row.key] = [
        replace(item.accept(quantity), sent=quantity) for item in book.rows[row.key]
    ]
    book.note_truth("quantity", *row.key)


def _uom(book, dice):
    """They count the small part in thousands; known from the second month on."""
    for row in book.shipped:
        if row.part == SMALL_PART:
            thousands = Decimal(row.quantity) / 1000
            _change(book, row, sent=thousands, accepted=thousands, unit="千件")
            if not book.turn:
                book.note_truth("uom", *row.key)


def _part_alias(book, dice):
    """They write one part with a revision; known from the second month on."""
    part = book.customer.parts[0]
    rows = [row for row in book.shipped if row.part == part]
    for row in rows:
        _change(book, row, code=f"{part}-01")
        if not book.turn:
            book.note_truth("part_alias", *row.key)


def _doc_ref(book, dice):
    row = _pick(book, dice)
    _change(book, row, note=row.note.replace("0", "O", 1))
    book.note_truth("doc_ref", *row.key)


def _not_in_theirs(book, dice):
    row = _pick(book, dice)
    book.later += book.rows.pop(row.key)
    book.note_truth("not_in_theirs", *row.key)


def _timing(book, dice):
    """What left on the last day of the period, they book next month."""
    last = max(row.day for row in book.shipped)
    for key in {row.key for row in book.shipped if row.day == last}:
        book.later += book.rows.pop(key)
        book.note_truth("timing", *key)


def _not_in_ours(book, dice):
    row = _pick(book, dice)
    stray = replace(
        book_of(row), note=f"手工{row.day:%m%d}", sent=Decimal(13), remark="无送货单"
    ).accept(Decimal(13))
    book.rows[stray.note, stray.part] = [stray]
    book.note_truth("not_in_ours", stray.note, stray.part)


def _duplicate(book, dice):
    row = _pick(book, dice)
    book.rows[row.key] *= 2
    book.note_truth("duplicate", *row.key)


def _parted(book, dice):
    """They say by phone that this row of theirs is of other goods: no pair at all."""
    row = _pick(book, dice)
    book.parted = row.key
    book.note_truth("not_in_theirs", *row.key)
    book.note_truth("not_in_ours", *row.key)


def _return_unposted(book, dice):
    """We took a part of a delivery back on its own note; they have not noted it."""
    row = _pick(book, dice, lambda item: item.quantity >= 40 and item.price >= 1)
    back = replace(row, quantity=-10)
    book.extra.append(back)
    book.later.append(book_of(back))
    book.note_truth("return_unposted", *row.key)


FAULTS = {
    "rounding": _rounding,
    "tax_basis": _tax_basis,
    "freight": _freight,
    "price": _price,
    "quantity_short": _quantity_short,
    "write_off": _write_off,
    "big_short": _big_short,
    "quantity": _quantity,
    "uom": _uom,
    "part_alias": _part_alias,
    "doc_ref": _doc_ref,
    "not_in_theirs": _not_in_theirs,
    "timing": _timing,
    "not_in_ours": _not_in_ours,
    "duplicate": _duplicate,
    "parted": _parted,
    "return_unposted": _return_unposted,
}
