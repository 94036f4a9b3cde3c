# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""When money is due and how much of it came in. Imports nothing of Odoo.

``due_date``      from the day of an event and the terms to the day money is due
``shares``        an amount in parts whose sum is the amount, to the cent
``residual``      what an item is open with as of any day
``actuals``       what became of an item since a plan was frozen
``rates``         the collection rates of a set of items, None where nothing is due
``outcome``       whether a promise to pay was kept
``spread``        the amount of a promise over the items it is about
"""

from .asof import Item, Partial, counted_on, residual, settled_on
from .promises import outcome, received_by, spread
from .rates import Actual, Rates, actuals, rates
from .shares import shares
from .terms import Calendar, Terms, base_date, due_date, shifted

__all__ = [
    "Actual",
    "Calendar",
    "Item",
    "Partial",
    "Rates",
    "Terms",
    "actuals",
    "base_date",
    "counted_on",
    "due_date",
    "outcome",
    "rates",
    "received_by",
    "residual",
    "settled_on",
    "shares",
    "shifted",
    "spread",
]
