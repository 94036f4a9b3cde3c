# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""When money is due and how much of it came in. Imports nothing of Odoo.

``due_date``      from the day of an event and the terms to the day money is due
``shares``        an amount in parts whose sum is the amount, to the cent
``residual``      what an item is open with as of any day
``actuals``       what became of an item since a plan was frozen
``rates``         the collection rates of a set of items, None where nothing is due
``bill_pieces``   which delivered pieces of an order line each invoice bills
``outcome``       whether a promise to pay was kept
``holds``         what holds a message to a customer back
``due_level``     the follow-up level at which a customer is asked now
``score``         whom to ask first
``share_out``     what came in for each of a customer's promises, no cent twice
``spread``        the amount of a promise over the items it is about
"""

from .asof import Item, Partial, counted_on, residual, settled_on
from .chasing import (
    Account,
    Debt,
    Parts,
    Weights,
    due_level,
    holds,
    parts,
    reached,
    score,
)
from .pieces import Back, Billed, Credited, Left, bill_pieces
from .promises import Word, outcome, received_by, share_out, spread
from .rates import RECEIPTS, ZERO, Actual, Rates, actuals, rates
from .shares import shares
from .terms import Terms, base_date, due_date, shifted

__all__ = [
    "RECEIPTS",
    "ZERO",
    "Account",
    "Actual",
    "Back",
    "Billed",
    "Credited",
    "Debt",
    "Item",
    "Left",
    "Partial",
    "Parts",
    "Rates",
    "Terms",
    "Weights",
    "Word",
    "actuals",
    "base_date",
    "bill_pieces",
    "counted_on",
    "due_date",
    "due_level",
    "holds",
    "outcome",
    "parts",
    "rates",
    "reached",
    "received_by",
    "residual",
    "score",
    "settled_on",
    "share_out",
    "shares",
    "shifted",
    "spread",
]
