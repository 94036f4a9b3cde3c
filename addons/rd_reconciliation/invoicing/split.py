# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which agreed lines go on one tax invoice.

The answer depends on what the lines are, never on the order they come in.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple


class Item(NamedTuple):
    """One agreed line, as far as splitting has to know it."""

    ref: Hashable
    """What the caller knows the line by."""
    bucket: tuple
    """What never shares an invoice: fiscal position, class, order, rate."""
    article: tuple
    """What becomes one printed line: part, unit, price, discount, tax."""
    amount: Decimal
    """Amount without tax; never less than what the invoice will count."""
    order: tuple = ()
    """What sorts the lines of one article."""


class Limits(NamedTuple):
    """What one tax invoice can hold; None is no limit."""

    amount: Decimal | None = None
    lines: int | None = None


NO_LIMITS = Limits()


@dataclass
class Group:
    """The lines of one invoice so far."""

    items: list = field(default_factory=list)
    articles: set = field(default_factory=set)
    amount: Decimal = Decimal(0)

    def add(self, item):
        """Take one more line."""
        self.items.append(item)
        self.articles.add(item.article)
        self.amount += item.amount

    def has_room(self, item, limits):
        """Tell whether the line still fits; the first one always does."""
        if not self.items:
            return True
        too_much = limits.amount and self.amount + item.amount > limits.amount
        lines = len(self.articles | {item.article})
        return not too_much and not (limits.lines and lines > limits.lines)


def split(items, limits=NO_LIMITS):
    """Return ``[[ref]]``: the lines of each invoice, always in the same order.

    A line is never divided: one that is above the limit by itself stands alone.
    Returns reduce an invoice that has room for them, one with the same article
    first; what no invoice can take becomes a credit note of its own, as does a
    bucket that comes to less than nothing.
    """
    buckets = {}
    for item in sorted(items, key=lambda item: (item.bucket, item.article, item.order)):
        buckets.setdefault(item.bucket, []).append(item)
    return [
        [item.ref for item in group.items]
        for bucket in buckets.values()
        for group in fill(bucket, limits)
    ]


def fill(items, limits):
    """Return the groups of one bucket."""
    if sum(item.amount for item in items) < 0 or limits == NO_LIMITS:
        return [Group(list(items))]
    groups = [Group()]
    for item in items:
        if item.amount >= 0:
            if not groups[-1].has_room(item, limits):
                groups.append(Group())
            groups[-1].add(item)
    returned = Group()
    for item in items:
        if item.amount < 0:
            (find_room(groups, item, limits) or returned).add(item)
    return [group for group in (*groups, returned) if group.items]


def find_room(groups, item, limits):
    """Return the invoice that can take a return and stays one, or None."""
    able = [
        group
        for group in groups
        if group.amount + item.amount > 0 and group.has_room(item, limits)
    ]
    same = [group for group in able if item.article in group.articles]
    return next(iter(same or able), None)
