# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What became of planned items, and the collection rates of a set of them."""

from decimal import Decimal
from typing import NamedTuple

from .asof import counted_on, residual

ZERO = Decimal(0)
RECEIPTS = ("payment", "bill", "offset")


class Actual(NamedTuple):
    """What became of one item between the day of its plan and another day."""

    opening: Decimal
    """Open at the end of the plan's day; 0 for what came later."""
    new: Decimal
    """Amount of an item that came into the books after the plan's day."""
    is_due: bool
    """Due by the end of the month, overdue ones included."""
    is_new_due: bool
    """Due inside the month: what the on-time rate looks at."""
    received: Decimal
    """Payments, counted bills and offsets."""
    on_time: Decimal
    """Of these what counted on the due day or before."""
    credited: Decimal
    """Credit notes and differences of exchange."""
    waiting: Decimal
    """Bills received that do not count yet."""
    early: Decimal = ZERO
    """Received after the plan's day but before its month: of the month before."""
    late: Decimal = ZERO
    """Of what was received: what the closed plan of the month before has not."""


def actuals(item, partials, planned_on, month, day, opening=None, missed=ZERO):
    """Return what became of the item from ``planned_on`` to the end of ``day``.

    :param month: (first, last) day of the month planned for
    :param opening: what it was open with when the plan was frozen; None: computed.
        With it, a receipt booked back before the plan lowers what is due like any
        other one of before the month: the frozen figure did not know it.
    :param missed: what came before the month and its closed plan has not: as much
        of it as would be early is received here, the newest first
    """
    here, fresh = item.date <= planned_on, planned_on < item.date <= day
    if opening is None:
        opening = residual(item, partials, planned_on) if here else ZERO
    known = max(item.amount - opening, ZERO) if here else ZERO
    names = ("received", "on_time", "credited", "waiting", "early")
    sums, early = dict.fromkeys(names, ZERO), []
    for one, amount in _after(partials, known):
        counted = counted_on(one)
        if counted > day:
            sums["waiting"] += amount if one.date <= day else ZERO
        elif one.kind not in RECEIPTS:
            sums["credited"] += amount
        elif counted < month[0]:
            sums["early"] += amount
            early.append((counted, amount))
        else:
            sums["received"] += amount
            sums["on_time"] += amount if item.due and counted <= item.due else ZERO
    late, on_time = _take_late(item, early, missed)
    sums["early"] -= late
    sums["received"] += late
    sums["on_time"] += on_time
    return Actual(
        opening=opening if here else ZERO,
        new=item.amount if fresh else ZERO,
        is_due=bool(item.due and item.due <= month[1]),
        is_new_due=bool(item.due and month[0] <= item.due <= month[1]),
        late=late,
        **sums,
    )


def _take_late(item, early, missed):
    """Return how much of the early receipts was missed, and what of it was on time."""
    late = on_time = ZERO
    for counted, amount in reversed(early):
        share = min(amount, max(missed - late, ZERO))
        late += share
        on_time += share if item.due and counted <= item.due else ZERO
    return late, on_time


def _after(partials, known):
    """Yield (partial, amount) of what came after the first ``known``."""
    for one in sorted(partials, key=lambda one: (counted_on(one), one.date)):
        before = min(known, one.amount)
        known -= before
        if one.amount > before:
            yield one, one.amount - before


class Rates(NamedTuple):
    """Collection rates in percent; None where there is nothing to collect."""

    due: Decimal
    """Due this month, overdue included, less what was credited or came before it."""
    received_due: Decimal
    due_rate: Decimal | None
    """Received ÷ due this month including overdue."""
    whole: Decimal
    """Opening and new, less what was credited or came before the month."""
    received: Decimal
    whole_rate: Decimal | None
    """Received ÷ (opening + new)."""
    new_due: Decimal
    """Due inside the month, less what was credited or came before it."""
    on_time: Decimal
    on_time_rate: Decimal | None
    """Received by the due day ÷ due inside the month."""
    waiting: Decimal
    """Bills received that do not count yet."""


def rates(figures):
    """Return the rates of a set of :class:`Actual`.

    What a credit note takes back is neither due nor received: it leaves both. So
    does what came before the month began: the month it came in has it.
    """
    figures = list(figures)
    due = [one for one in figures if one.is_due]
    new_due = [one for one in figures if one.is_new_due]
    base, base_all, base_new = (_base(some) for some in (due, figures, new_due))
    received_due = sum((one.received for one in due), ZERO)
    received = sum((one.received for one in figures), ZERO)
    on_time = sum((one.on_time for one in new_due), ZERO)
    return Rates(
        due=base,
        received_due=received_due,
        due_rate=_percent(received_due, base),
        whole=base_all,
        received=received,
        whole_rate=_percent(received, base_all),
        new_due=base_new,
        on_time=on_time,
        on_time_rate=_percent(on_time, base_new),
        waiting=sum((one.waiting for one in figures), ZERO),
    )


def _base(figures):
    return sum(
        (one.opening + one.new - one.credited - one.early for one in figures), ZERO
    )


def _percent(part, whole):
    return 100 * part / whole if whole > 0 else None
