# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Agreed prices: which one is valid, with or without tax, and what deviates."""

from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .plan import WHOLE, rounded


class Agreed(NamedTuple):
    """One agreed price of one part."""

    ref: Hashable
    minimum: Decimal
    """Quantity from which it holds."""
    amount: Decimal
    start: date
    end: date | None = None
    """Last day on which it holds; None: until further notice."""

    def holds_on(self, day):
        """Tell whether ``day`` lies within its validity."""
        return self.start <= day and (self.end is None or day <= self.end)


def pick(prices, day, quantity):
    """Return the price that is valid for ``quantity`` on ``day``, or None.

    Of several steps the highest one that the quantity reaches counts.
    """
    reached = [
        price for price in prices if price.holds_on(day) and price.minimum <= quantity
    ]
    return max(reached, key=lambda price: price.minimum, default=None)


def first_overlap(prices):
    """Return two prices of one step whose days overlap, or None."""
    ordered = sorted(prices, key=lambda price: (price.minimum, price.start))
    longest = None
    for price in ordered:
        same_step = longest and longest.minimum == price.minimum
        if same_step and (longest.end is None or longest.end >= price.start):
            return longest, price
        longest = price
    return None


def convert(amount, included, wanted, rate, digits=2):
    """Return a unit price with (``wanted``) or without its tax.

    :param included: whether ``amount`` includes the tax
    :param rate: tax in percent
    """
    if included == wanted:
        return rounded(amount, digits)
    factor = 1 + rate / WHOLE
    return rounded(amount * factor if wanted else amount / factor, digits)


def deviates(found, agreed, tolerance, digits=2):
    """Tell whether a price lies beyond ``tolerance`` percent off the agreed one."""
    gap = abs(rounded(found, digits) - rounded(agreed, digits))
    return gap > abs(agreed) * tolerance / WHOLE
