# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The unit price that gives an agreed amount back, to the cent.

A tax invoice is written as quantity and unit price; the amount was agreed first.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NamedTuple

MOST_DECIMALS = 10
CENT = Decimal("0.01")


class Price(NamedTuple):
    """A unit price and whether quantity × price is the amount."""

    value: Decimal
    decimals: int
    exact: bool


def unit_price(quantity, amount, unit=CENT, most=MOST_DECIMALS):
    """Return the :class:`Price` with the fewest decimals that gives the amount.

    :param Decimal quantity: not zero
    :param Decimal amount: what was agreed, a multiple of ``unit``
    :param Decimal unit: smallest unit of the currency
    :param int most: decimals that a tax invoice can show; where even these do not
        suffice the nearest price is returned as not exact and the amount counts
    """
    for decimals in range(most + 1):
        step = Decimal(1).scaleb(-decimals)
        for rounding in (ROUND_HALF_UP, ROUND_FLOOR, ROUND_CEILING):
            price = (amount / quantity).quantize(step, rounding)
            if rounded(quantity * price, unit) == amount:
                return Price(price, decimals, True)
    return Price((amount / quantity).quantize(step, ROUND_HALF_UP), most, False)


def rounded(amount, unit=CENT):
    """Return an amount in whole units, a half away from zero as the tax system."""
    return (amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
