# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What became of a promise to pay, and how its amount is spread over items."""

from decimal import Decimal

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

    :param amount: what was promised
    :param received: what came in since, by the end of ``last_day``
    :param last_day: the promised day with its days of grace
    :param is_open: whether anything is left to pay of what it is about
    :param waits: whether a payment waits to be applied, which may be it
    """
    if received >= amount:
        return "kept"
    if today <= last_day:
        # Credited or settled otherwise: nobody can pay it any more.
        return "open" if is_open else "withdrawn"
    if is_open and waits:
        return "open"
    # What comes after its day does not undo that it was not kept.
    return "partly" if received > 0 else "broken"


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
