# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The adjusted-balance proof (余额调节表): both closings, and why they differ.

Our closing with what we have not booked is their closing with what they have not
booked. Whatever no named item explains is said; with it the proof does not balance.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .codes import CODES, _
from .data import Text

AGREE = ("match", "rounding")
# Where they say less and are likely right, our side is what is put right.
OURS_YIELDS = ("quantity_short", "uom", "duplicate")

BROUGHT = _("Known difference of the last closing")
SHIPPED = _("Shipped, not yet invoiced")
RECEIVED = _("Received, not yet invoiced")
ROUNDING = _("Roundings")


class Item(NamedTuple):
    """One named reason: what a side's closing lacks or has too much.

    `amount` is added to the closing of `side` ("ours" or "theirs"). `section` is
    "line", "payment", "invoice", "opening", "brought", "stated" or "rounding";
    `ours` and `theirs` are the refs of the entries behind it.
    """

    side: str
    section: str
    code: str
    amount: Decimal
    text: Text
    ours: tuple[Hashable, ...] = ()
    theirs: tuple[Hashable, ...] = ()


@dataclass(frozen=True)
class Proof:
    """Both closings, the items between them, and what remains."""

    ours: Decimal
    theirs: Decimal
    items: tuple[Item, ...] = ()

    def adjusted(self, side):
        """The closing of a side with its items."""
        closing = self.ours if side == "ours" else self.theirs
        return closing + sum(
            (item.amount for item in self.items if item.side == side), Decimal(0)
        )

    @property
    def unexplained(self):
        """Our adjusted closing less theirs; nothing when the proof balances."""
        return self.adjusted("ours") - self.adjusted("theirs")

    @property
    def balanced(self):
        """Whether named items explain the difference of the closings whole."""
        return not self.unexplained

    @property
    def explained(self):
        """How much of our closing less theirs the items explain."""
        return self.ours - self.theirs - self.unexplained


def prove(ours, theirs, items=()):
    """The `Proof` of two closings; items of nothing are left out."""
    return Proof(ours, theirs, tuple(item for item in items if item.amount))


def account_items(groups):
    """The items of what the accounts differ by (`compare_accounts`)."""
    items = []
    for group in groups:
        gap = gap_of(group)
        if group.key[0] == "payment":
            gap = -gap
        items.append(place(group, group.key[0], gap))
    return items


def line_items(groups):
    """The items of what the lines differ by; amounts of groups include tax.

    Small differences of what agrees are one item.
    """
    items, rounding = [], Decimal(0)
    for group in groups:
        if group.code in AGREE:
            rounding += gap_of(group)
        else:
            items.append(place(group, "line", gap_of(group)))
    text = Text(ROUNDING)
    items.append(Item("theirs", "rounding", "rounding", rounding, text))
    return items


def stated_items(shipped, received=Decimal(0)):
    """The items of what is shipped and received and on no invoice yet."""
    return [
        Item("ours", "stated", "received_not_invoiced", shipped, Text(SHIPPED)),
        Item("theirs", "stated", "received_not_invoiced", received, Text(RECEIVED)),
    ]


def brought_item(amount):
    """The item of what was known to differ at the last closing."""
    return Item("theirs", "brought", "timing", amount, Text(BROUGHT))


def gap_of(group):
    """Ours less theirs."""
    nothing = Decimal(0)
    return (group.ours_amount or nothing) - (group.theirs_amount or nothing)


def place(group, section, gap):
    """The item of a group on the side that has to book it."""
    only_theirs = bool(group.theirs) and not group.ours
    yields = section == "line" and group.code in OURS_YIELDS
    ours = only_theirs or (yields and bool(group.ours and group.theirs))
    text = group.reason if str(group.reason) else Text(CODES[group.code].label)
    return Item(
        side="ours" if ours else "theirs",
        section=section,
        code=group.code,
        amount=-gap if ours else gap,
        text=text,
        ours=group.ours,
        theirs=group.theirs,
    )
