# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which delivered pieces of an order line each of its invoices bills."""

from collections.abc import Hashable
from typing import NamedTuple

# Quantities are floats of a unit of measure: less than this is nothing.
NOTHING = 1e-6


class Left(NamedTuple):
    """Pieces that left."""

    ref: Hashable
    quantity: float


class Back(NamedTuple):
    """Pieces of a delivery that came back."""

    of: Hashable
    """The delivery; the last one where it is unknown."""
    quantity: float


class Billed(NamedTuple):
    """Pieces that an invoice bills."""

    ref: Hashable
    quantity: float


class Credited(NamedTuple):
    """Pieces of an invoice that a credit note takes back at their price."""

    of: Hashable
    quantity: float


def bill_pieces(events):
    """Return ``{invoice: [delivery]}``: what brought the pieces each invoice bills.

    An invoice takes the pieces that left first and are neither billed nor back. One
    of more than has left waits for what leaves next, so nothing that happens later
    changes what an invoice has taken. What is credited can be billed again, unless it
    came back.

    :param events: of one order line, in the order they happened
    """
    book = _Book()
    for event in events:
        book.note(event)
    return {ref: list(taken) for ref, taken in book.found.items()}


class _Book:
    """Where every piece is: free, billed, or back."""

    def __init__(self):
        self.free = {}
        self.held, self.gone, self.waits, self.found = {}, {}, {}, {}

    def note(self, event):
        """Note one event."""
        getattr(self, f"_note_{type(event).__name__.lower()}")(event)
        for ref in self.waits:
            self._take(ref)

    def _note_left(self, event):
        self.free[event.ref] = event.quantity

    def _note_billed(self, event):
        self.waits[event.ref], self.gone[event.ref] = event.quantity, 0.0
        self.held[event.ref], self.found[event.ref] = {}, {}

    def _note_back(self, event):
        of = event.of if event.of in self.free else next(reversed(self.free), None)
        if of is None:
            return
        rest = event.quantity - _move(self.free, of, event.quantity)
        for ref in reversed(self.held):
            share = _move(self.held[ref], of, rest)
            self.gone[ref] += share
            rest -= share

    def _note_credited(self, event):
        if event.of not in self.held:
            return
        rest = event.quantity - _move(self.gone, event.of, event.quantity)
        rest -= _move(self.waits, event.of, rest)
        held = self.held[event.of]
        for ref in reversed(held):
            share = _move(held, ref, rest)
            self.free[ref] += share
            rest -= share

    def _take(self, invoice):
        for ref in self.free:
            share = _move(self.free, ref, self.waits[invoice])
            if share:
                self.waits[invoice] -= share
                held = self.held[invoice]
                held[ref] = held.get(ref, 0.0) + share
                self.found[invoice][ref] = True


def _move(quantities, key, most):
    """Take up to ``most`` off one of the quantities; return how much it was."""
    share = min(quantities.get(key, 0.0), most)
    if share < NOTHING:
        return 0.0
    quantities[key] -= share
    return share
