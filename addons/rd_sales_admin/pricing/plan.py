# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Plans of settlement: what falls due, what is invoiced, and what offsets what.

Shares are differences of rounded running totals. So they always come to the whole
to the cent, and a share never depends on how the earlier ones were rounded.
"""

from calendar import monthrange
from collections.abc import Hashable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

WHOLE = Decimal(100)


class Due(NamedTuple):
    """One stage, as far as its falling due goes."""

    ref: Hashable
    """What the caller knows the stage by."""
    percent: Decimal


def rounded(amount, digits=2):
    """Return the amount with ``digits`` decimals, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def missing_percent(percents):
    """Return what the percentages lack to 100; negative where they exceed it."""
    return WHOLE - sum(percents, Decimal(0))


def share(amount, reached, already, digits=2):
    """Return what is still to be invoiced of ``amount``.

    :param reached: percent of the plan that has been reached so far, this stage
        included
    :param already: what earlier stages took
    """
    return rounded(amount * reached / WHOLE, digits) - already


def shares(amount, percents, digits=2):
    """Return the amount of each stage; they come to ``amount`` at 100 percent."""
    result, total, taken = [], Decimal(0), Decimal(0)
    for percent in percents:
        total += percent
        result.append(share(amount, total, taken, digits))
        taken += result[-1]
    return result


def maturities(amount, before, after, dues, digits=2):
    """Return ``[(ref, amount)]``: when what is invoiced now falls due.

    Both columns of a plan run from 0 to 100. An invoice covers the part
    [before, after) of what is invoiced; the stages whose due part it overlaps are
    those in which it is to be paid.

    :param dues: the stages (:class:`Due`) in their order
    """
    parts, start = [], Decimal(0)
    for due in dues:
        end = start + due.percent
        overlap = min(end, after) - max(start, before)
        if overlap > 0:
            parts.append((due.ref, overlap))
        start = end
    if not parts:
        return []
    width = sum(part for _ref, part in parts)
    amounts = shares(amount, [part * WHOLE / width for _ref, part in parts], digits)
    # Divided percentages may miss 100 by a hair; the last stage takes the rest.
    amounts[-1] += amount - sum(amounts)
    return [(ref, cut) for (ref, _part), cut in zip(parts, amounts, strict=True) if cut]


def offset(deposits, claims):
    """Return ``[(deposit, claim, amount)]``: which deposit pays which claim.

    :param deposits: ``[(ref, amount)]`` in the order they came
    :param claims: ``[(ref, amount)]`` in the order they fall due
    """
    result, left = [], [[ref, amount] for ref, amount in claims]
    for deposit, amount in deposits:
        for claim in left:
            taken = min(amount, claim[1])
            if taken > 0:
                result.append((deposit, claim[0], taken))
                amount -= taken
                claim[1] -= taken
    return result


def due_day(day, days):
    """Return the day on which what was reached on ``day`` has to be paid."""
    return day + timedelta(days=days)


def add_months(day, months):
    """Return the same day ``months`` later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
