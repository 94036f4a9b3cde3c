# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What was shipped: the same rows on every run for the same two months."""

import calendar
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .catalogue import (
    CLASSES,
    CUSTOMERS,
    GOODS,
    LATE_CUSTOMER,
    LATE_PART,
    NEVER_PRICED,
    NEW_PARTS,
    PRICED_LATE,
    PRODUCTS,
    TAX,
    order_of,
)

CENT = Decimal("0.01")
_SPLITS = 30  # one row in so many is on its note twice
_RETURNS = 40  # one row in so many comes back later in the month


@dataclass(frozen=True)
class Shipped:
    """One row of a warehouse's list; a return has a negative quantity."""

    day: date
    customer: str
    note: str
    part: str
    quantity: int
    warehouse: str

    @property
    def key(self):
        """What both sides know the row by."""
        return self.note, self.part

    @property
    def price(self):
        """The agreed price without tax."""
        return PRODUCTS[self.part].price

    @property
    def net(self):
        """The amount without tax."""
        return cents(self.quantity * self.price)

    @property
    def gross(self):
        """The amount with tax, rounded as an invoice rounds it."""
        return self.net + cents(self.net * TAX)

    @property
    def order(self):
        """(their order number, their line)."""
        return order_of(CUSTOMERS[self.customer], self.part)


def cents(value):
    """Round half up to two digits."""
    return value.quantize(CENT, ROUND_HALF_UP)


def month_of(today, back):
    """Return the first day of the month so many months before today's."""
    index = today.year * 12 + today.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)


def cutoff(customer, month):
    """Return the last day whose deliveries count in a month."""
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(customer.cutoff, last))


def working_days(month):
    """Return the days on which goods leave: Monday to Saturday."""
    last = calendar.monthrange(month.year, month.month)[1]
    days = [month + timedelta(days=step) for step in range(last)]
    return [day for day in days if day.weekday() < 6]


def ship(month, turn):
    """Return every row of the first (0) or second (1) month, as it really was."""
    drafts = []
    for customer in CUSTOMERS.values():
        dice = random.Random(f"{customer.code}/{turn}")
        drafts += _customer_rows(customer, working_days(month), dice)
        if customer.code == "A04":
            drafts += _new_parts(working_days(month), turn)
        if customer.code == LATE_CUSTOMER and not turn:
            day = working_days(month)[7]
            drafts.append((900, Shipped(day, LATE_CUSTOMER, "", LATE_PART, 24, GOODS)))
    return _numbered(drafts, month)


def _customer_rows(customer, days, dice):
    """Return ``[(group, row)]``: rows of one group travel on one note."""
    rows, group = [], 0
    while len(rows) < customer.lines:
        group += 1
        day = days[int(dice.triangular(0, len(days) - 0.01, 14))]
        wanted = min(dice.choice((1, 2, 2, 3, 4)), customer.lines - len(rows))
        first = dice.choice(customer.parts)
        house = PRODUCTS[first].warehouse
        pool = [part for part in customer.parts if PRODUCTS[part].warehouse == house]
        for part in dice.sample(pool, min(wanted, len(pool))):
            rows.append((group, _row(customer, day, part, dice)))
    rows += _splits(rows, dice)
    rows += _returns(rows, days, dice)
    return rows


def _row(customer, day, part, dice):
    _category, house, _unit, low, high = CLASSES[PRODUCTS[part].kind]
    if PRODUCTS[part].price < 1:
        quantity = 1000 * dice.randint(2, 9)
    elif high > 10:
        quantity = dice.randint(low, high) // 2 * 2
    else:
        quantity = dice.randint(low, high)
    return Shipped(day, customer.code, "", part, quantity, house)


def _splits(rows, dice):
    """The same part a second time on its note."""
    return [
        (group, replace(row, quantity=max(1, row.quantity // 2)))
        for group, row in rows
        if row.price >= 1 and dice.randrange(_SPLITS) == 0
    ]


def _returns(rows, days, dice):
    """Some of what left in the first ten days comes back before any cut-off."""
    back = []
    late = [day for day in days if 16 < day.day < 25]
    for group, row in rows:
        if row.day <= days[9] and row.quantity > 4 and not dice.randrange(_RETURNS):
            day = dice.choice(late)
            quantity = -max(1, row.quantity // 10)
            back.append((-group, replace(row, day=day, quantity=quantity)))
    return back


def _new_parts(days, turn):
    """What A04 takes although nobody has agreed its price."""
    part = NEVER_PRICED if turn else PRICED_LATE
    return [
        (900 + step, Shipped(days[5 + 3 * step], "A04", "", part, 60, GOODS))
        for step in range(2)
    ]


def _numbered(drafts, month):
    """Give every group its note number, counted per warehouse and kind."""
    groups = {}
    for group, row in drafts:
        groups.setdefault((row.customer, group), []).append(row)
    ordered = sorted(groups.items(), key=lambda item: (item[1][0].day, item[0]))
    counters, rows = {}, []
    for (_customer, group), members in ordered:
        prefix = "TH" if group < 0 else members[0].warehouse
        counters[prefix] = counters.get(prefix, 0) + 1
        note = f"{prefix}{month:%y%m}{counters[prefix]:04d}"
        rows += [replace(row, note=note) for row in members]
    return rows


def is_new(row):
    """Whether the row's part was shipped without an agreed price."""
    return row.part in NEW_PARTS
