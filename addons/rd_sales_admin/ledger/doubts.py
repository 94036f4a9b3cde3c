# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What reading a file without a confirmed profile would have to guess."""

from .fields import FORWARD_WORDS
from .profile import EMPTY
from .text import Text, _

MOST_WORDS = 5
DOUBT_TAX = _(
    "The heading “%(header)s” does not say whether the tax is in it; choose it before "
    "the rows count."
)
DOUBT_KIND = _(
    "The column “%(header)s” says “%(kinds)s”: such rows count as deliveries unless "
    "the profile names the word for returns."
)


def doubts(table, profile=EMPTY):
    """Sentences (`Text`) about tax and sign that the file itself does not answer.

    `profile` states what is known; nothing is doubted that it answers.
    """
    found = [doubt_of_tax(table, profile), doubt_of_kind(table, profile)]
    return [text for text in found if text]


def doubt_of_tax(table, profile):
    """An amount whose heading leaves open on which side of the tax it stands."""
    if profile.tax_basis or table.tax_basis or "total" in table.columns:
        return None
    column = table.columns.get("amount") or table.columns.get("price")
    return column and Text(DOUBT_TAX, {"header": column.header})


def doubt_of_kind(table, profile):
    """Kinds of movement that are known neither as deliveries nor as returns."""
    column = table.columns.get("kind")
    if column is None:
        return None
    known = [word.lower() for word in (*profile.negative, *FORWARD_WORDS)]
    kinds = dict.fromkeys(
        row.values["kind"]
        for row in table.rows
        # A quantity typed as negative has told its sign.
        if row.values["kind"] and not is_negative(row.values)
    )
    unknown = [kind for kind in kinds if not any(w in kind.lower() for w in known)]
    if not unknown:
        return None
    shown = "”, “".join(unknown[:MOST_WORDS])
    return Text(DOUBT_KIND, {"header": column.header, "kinds": shown})


def is_negative(values):
    """Whether a row's quantity or amount is below nothing."""
    names = ("accepted", "quantity", "amount", "total")
    return any((values.get(name) or 0) < 0 for name in names)
