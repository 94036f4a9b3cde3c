# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whom to ask first, what holds a message back, and which level is reached."""

from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

AGE_FULL = 90
BROKEN_FULL = 3


class Weights(NamedTuple):
    """How much each part counts; only their relation matters."""

    amount: int
    age: int
    broken: int
    target: int


class Parts(NamedTuple):
    """The four parts of a score, each between 0 and 1."""

    amount: float
    """Overdue amount ÷ the largest one of the company."""
    age: float
    """Days of the oldest overdue item ÷ 90, at most 1."""
    broken: float
    """Promises broken or kept in part ÷ 3, at most 1."""
    target: float
    """Share of what is due this month that the target still misses."""


def parts(overdue, largest, days, broken, missing, due):
    """Return the :class:`Parts` of one customer from its figures."""
    return Parts(
        _share(overdue, largest),
        _share(days, AGE_FULL),
        _share(broken, BROKEN_FULL),
        _share(missing, due),
    )


def _share(part, whole):
    return min(max(float(part) / float(whole), 0.0), 1.0) if whole else 0.0


def score(weights, shares):
    """Return Σ weight × part ÷ Σ weight, from 0 to 100."""
    whole = sum(weights)
    if not whole:
        return 0.0
    found = sum(weight * share for weight, share in zip(weights, shares, strict=True))
    return 100 * found / whole


class Debt(NamedTuple):
    """One open item as the guard sees it."""

    ref: Hashable
    residual: Decimal
    days: int
    """Days overdue; 0 or less: not due yet, or waits."""
    promised_until: date | None = None
    """Last day on which an open promise for it holds, the grace included."""
    is_disputed: bool = False
    needs_fapiao: bool = False
    """Its tax invoice has not been delivered."""
    needs_signature: bool = False
    """Its statement was not sent, or not confirmed in any way."""


# Ways that reach a customer at an address only; a call or a task needs none.
NEEDS_ADDRESS = ("email", "letter")


class Account(NamedTuple):
    """All that a customer's debt hangs on."""

    debts: tuple
    unapplied: Decimal = Decimal(0)
    """Payments and credits that are applied to nothing yet."""
    promised_until: date | None = None
    """Last day on which an open promise of a sum holds."""
    differences: int = 0
    """Open differences that hold back chasing, and disputed statements."""
    has_address: bool = True
    """Somebody answers there."""
    reached_by: frozenset = frozenset(NEEDS_ADDRESS)
    """Those ways that need an address and have one."""


PAID = "paid"
PROMISE = "promise"
DISPUTE = "dispute"
DIFFERENCE = "difference"
FAPIAO = "fapiao"
STATEMENT = "statement"
ADDRESS = "address"
REASONS = (PAID, PROMISE, DISPUTE, DIFFERENCE, FAPIAO, STATEMENT, ADDRESS)


def holds(account, refs, today, way=None):
    """Return why nothing is said to a customer about these items, most telling first.

    Held as a whole: who has paid, promised or disputes anything of it gets no
    message at all, as one message names all items.

    :param refs: items the message is about; an empty answer lets it go
    :param way: how it would be asked
    """
    asked = [debt for debt in account.debts if debt.ref in refs]
    days = [debt.promised_until for debt in asked] + [account.promised_until]
    found = {
        PAID: account.unapplied > 0,
        PROMISE: any(day and day >= today for day in days),
        DISPUTE: any(debt.is_disputed for debt in asked),
        DIFFERENCE: account.differences > 0,
        FAPIAO: any(debt.needs_fapiao for debt in asked),
        STATEMENT: any(debt.needs_signature for debt in asked),
        ADDRESS: not account.has_address
        or (way in NEEDS_ADDRESS and way not in account.reached_by),
    }
    return tuple(reason for reason in REASONS if found[reason])


def reached(days, levels):
    """Return the highest level for an item, or None.

    :param days: days overdue, below 0 before the due date
    :param levels: ``[(days, key)]`` in any order
    """
    passed = [level for level in levels if level[0] <= days]
    return max(passed, default=None)


def due_level(items, levels):
    """Return the level at which a customer is asked now, or None.

    It is the highest one that an item has reached and was not asked at yet: what was
    asked at a level is asked again only at a higher one.

    :param items: ``[(days overdue, days of the last level asked at, or None)]``
    """
    found = [
        level
        for days, last in items
        if (level := reached(days, levels)) and (last is None or level[0] > last)
    ]
    return max(found, default=None)
