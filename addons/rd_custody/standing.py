# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How the events of a card add up to what is held, where and in what state.

Nothing here knows Odoo: :class:`Step` is one event, :class:`Standing` is what the
steps up to now amount to. ``why_not`` answers with the name of a problem and
raises nothing; the model turns that name into a sentence for a person.
"""

from dataclasses import dataclass
from typing import NamedTuple

# What takes pieces off the card, and the state of a card left empty by it
ENDS = {"use": "used", "lose": "lost", "return": "returned", "dispose": "disposed"}
# What hands the card to somebody outside the house
OUTSIDE = frozenset({"lend", "to_subsupplier"})
# What says a new holder or place
CARRIES = frozenset({"receive", "move", "issue"}) | OUTSIDE
# What is meaningless without a number of pieces; "count" may find none
COUNTED = frozenset({"receive", "count", *ENDS})
# What may say a number of pieces; everything else is about the whole card
WITH_QUANTITY = COUNTED | {"damage"}


class Step(NamedTuple):
    """One event, as far as the standing of a card depends on it."""

    kind: str
    date: object
    quantity: float = 0.0
    holder: int | bool = False
    place: str | bool = False
    condition: str | bool = False
    document: str | bool = False


@dataclass(slots=True)
class Standing:
    """What a card amounts to; attributes are named as the fields of the card."""

    quantity: float = 0.0
    state: str = "expected"
    condition: str = "unchecked"
    holder_id: int | bool = False
    place: str | bool = False
    received_on: object = False
    received_document: str | bool = False
    marked_on: object = False
    verified_on: object = False
    maintained_on: object = False
    returned_on: object = False
    last_event_on: object = False

    def why_not(self, step):
        """Return the name of what speaks against the step, or None."""
        if step.kind == "receive":
            return "away" if self.state == "out" else None
        if not self.received_on:
            return "unreceived"
        if step.kind == "count":
            return None
        if self.quantity <= 0:
            return "nothing"
        return "short" if step.quantity > self.quantity else None

    def apply(self, step, *, home, owner, rounded):
        """Take the step into account.

        :param home: holder when the thing is with us and nobody is named
        :param owner: holder once everything went back
        :param rounded: function that rounds a quantity as its unit does
        """
        if step.kind == "receive" and not self.quantity:
            self._begin(step)
        self.quantity = rounded(self._after(step))
        self.condition = step.condition or self.condition
        self._note_dates(step)
        if step.kind in CARRIES:
            self._carry(step, home)
        if step.kind in ENDS or step.kind == "count":
            self._settle(step, home, owner)

    def _begin(self, step):
        self.received_on = step.date
        self.received_document = step.document
        self.returned_on = False
        self.verified_on = False
        self.condition = "unchecked"

    def _after(self, step):
        if step.kind == "count":
            return step.quantity
        if step.kind == "receive":
            return self.quantity + step.quantity
        return self.quantity - step.quantity if step.kind in ENDS else self.quantity

    def _note_dates(self, step):
        self.last_event_on = step.date
        if step.kind == "mark":
            self.marked_on = step.date
        elif step.kind == "verify":
            self.verified_on = step.date
        elif step.kind == "maintain":
            self.maintained_on = step.date
        elif step.kind == "return":
            self.returned_on = step.date

    def _carry(self, step, home):
        self.holder_id = step.holder or home
        self.place = step.place
        self.state = "out" if step.kind in OUTSIDE else "held"

    def _settle(self, step, home, owner):
        if self.quantity:
            # a count may find again what was given up as lost
            if self.state not in ("held", "out"):
                self.state, self.holder_id = "held", home
            self.place = step.place or self.place
            return
        self.state = ENDS.get(step.kind, "lost")
        self.holder_id = owner if step.kind == "return" else False
        self.place = False
