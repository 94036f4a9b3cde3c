# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an open item was open with on any day, from its partial reconciliations."""

from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

NEVER = date.max


class Item(NamedTuple):
    """One item of the books: what is owed (positive) or paid and credited."""

    ref: Hashable
    """What the caller knows it by."""
    date: date
    """Accounting day; before it the item does not exist."""
    due: date | None
    """Day it is due; None: waits for something that has not happened."""
    amount: Decimal
    """Balance in company currency."""


class Partial(NamedTuple):
    """What one item takes off another one."""

    amount: Decimal
    """Positive, in company currency."""
    date: date
    """First day on which both items are in the books."""
    kind: str
    """``payment``, ``bill``, ``offset`` or ``credit`` (a credit note, or a
    difference of exchange: it lowers what is owed, and nobody received it)."""
    counts_on: date | None = None
    """Of a bill that counts at maturity: the day it did; NEVER while it waits."""


def counted_on(partial):
    """Return the first day on which the partial counts, or NEVER."""
    return max(partial.date, partial.counts_on or partial.date)


def residual(item, partials, day, books=False):
    """Return what the item is open with at the end of ``day``, by its sign.

    :param partials: those of this item
    :param books: as the books say, bills taken as paid on their receipt
    """
    if item.date > day:
        return Decimal(0)
    taken = sum(
        (
            one.amount
            for one in partials
            if (one.date if books else counted_on(one)) <= day
        ),
        Decimal(0),
    )
    return item.amount - taken if item.amount >= 0 else item.amount + taken


def settled_on(item, partials):
    """Return the day on which nothing was left of the item, or None."""
    left = abs(item.amount)
    for one in sorted(partials, key=counted_on):
        left -= one.amount
        if left <= 0:
            return None if counted_on(one) == NEVER else counted_on(one)
    return None
