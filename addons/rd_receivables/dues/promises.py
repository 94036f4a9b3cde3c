# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What became of a promise to pay, and how its amount is spread over items."""

from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .asof import counted_on
from .rates import RECEIPTS

ZERO = Decimal(0)


def received_by(partials, day):
    """Return what was received (no credit notes) by the end of ``day``."""
    return sum(
        (
            one.amount
            for one in partials
            if one.kind in RECEIPTS and counted_on(one) <= day
        ),
        ZERO,
    )


def outcome(amount, received, today, last_day, is_open=True, waits=False):
    """Return the state of a promise that nobody withdrew.

    Once its days are over it is judged by them, whatever comes later: who pays after
    the grace has not kept it. Only while they last can it become pointless.

    :param amount: what was promised
    :param received: what came in since, by the end of ``last_day``
    :param last_day: the promised day with its days of grace
    :param is_open: whether anything is left to pay of what it is about
    :param waits: whether a payment waits to be applied, which may be it
    """
    if received >= amount:
        return "kept"
    # What waits to be applied can only be it as long as something is left to pay.
    if today > last_day and not (waits and is_open):
        return "partly" if received > 0 else "broken"
    # Credited or settled otherwise: nobody can pay it any more.
    return "open" if is_open else "withdrawn"


class Word(NamedTuple):
    """A promise as far as receipts are shared out."""

    ref: Hashable
    """What the caller knows it by."""
    items: frozenset | None
    """The items it names; None: a sum, whatever it is paid for."""
    amount: Decimal
    """The most that is taken for it."""
    before: Decimal
    """What had come in of its items when it was noted."""
    day: date
    """The last day on which receipts count for it."""


def share_out(words, partials):
    """Return ``{ref: received}``: what came in for each of a customer's promises.

    No cent is counted twice. Promises that name items take first, sums what these
    leave; among each the first of ``words`` takes first, and each the oldest receipt.

    :param partials: ``{item: [Partial]}`` of all debts of the customer
    """
    receipts = sorted(
        (counted_on(one), item, one.amount)
        for item, some in partials.items()
        for one in some
        if one.kind in RECEIPTS
    )
    left = [amount for _day, _item, amount in receipts]
    turns = sorted(words, key=lambda word: word.items is None)
    return {word.ref: _take(word, receipts, left) for word in turns}


def _take(word, receipts, left):
    """Take what one promise can of ``left``, and return how much it is."""
    taken, known = ZERO, word.before
    for number, (day, item, amount) in enumerate(receipts):
        if day > word.day:
            break
        if word.items is not None and item not in word.items:
            continue
        old = min(known, amount)
        known -= old
        share = min(amount - old, left[number], word.amount - taken)
        left[number] -= share
        taken += share
    return taken


def spread(amount, items):
    """Return ``{ref: share}`` of an amount over ``[(ref, residual)]`` in their order.

    What is above the sum of the items is not spread; items without a share are left
    out.
    """
    shares = {}
    for ref, residual in items:
        share = min(amount, residual)
        if share > 0:
            shares[ref] = share
            amount -= share
    return shares
