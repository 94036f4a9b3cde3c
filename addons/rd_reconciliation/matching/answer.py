# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One line of ours and what the other side answers to it: what differs, and how.

The figures are judged as a ledger's would be; only what no figure says (nothing
came, another part, another reason) is named here.
"""

from decimal import Decimal
from typing import NamedTuple

from .codes import _
from .data import Rules, Text
from .engine import pair_by_hand

NOT_RECEIVED = Text(_("They say that nothing of it has arrived."))
OTHER_PART = Text(_("They say that it is another part or another order."))
OTHER = Text(_("They do not agree, without another figure: see their reason."))
ANSWERED = "answered"

# What they may say without a figure: (code, sentence).
SAID = {
    "not_received": ("not_in_theirs", NOT_RECEIVED),
    "part": ("part_alias", OTHER_PART),
    "other": ("quantity", OTHER),
}


class Answer(NamedTuple):
    """What they say of one line; a figure that is None is not contradicted.

    `share` is their unit price as a multiple of ours.
    """

    reason: str = "other"
    quantity: Decimal | None = None
    share: Decimal | None = None


def answer_group(line, answer, rules=None):
    """The `Group` of our line against their answer; "match" when nothing differs."""
    rules = rules or Rules()
    theirs = _theirs_of(line, answer)
    group = pair_by_hand([line], [theirs], rules)
    if group.code in ("match", "rounding") and answer.reason in SAID:
        code, reason = SAID[answer.reason]
        group = group._replace(code=code, reason=reason)
    elif answer.reason == "not_received":
        group = group._replace(code="not_in_theirs", reason=NOT_RECEIVED)
    return group._replace(rule=ANSWERED, theirs=(), also=())


def _theirs_of(line, answer):
    """Our line as they see it: their quantity, and the amount that follows."""
    quantity = Decimal(0) if answer.reason == "not_received" else answer.quantity
    quantity = line.quantity if quantity is None else quantity
    share = Decimal(1) if answer.share is None else answer.share
    amount = line.amount
    if amount is not None and line.quantity:
        exact = amount * share * quantity / line.quantity
        amount = exact.quantize(Decimal("0.01"))
    accepted = quantity if answer.reason == "short" else None
    sent = line.quantity if answer.reason == "short" else quantity
    return line._replace(
        ref="answer", quantity=sent, accepted=accepted, amount=amount, price=None
    )
