# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From the first file of a partner to the profile that reads the next ones."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from .clean import clean_key
from .fields import SIDES
from .profile import EMPTY, Profile
from .source import Source
from .table import Table
from .text import Text, _

RUN = re.compile(r"\d{8,}")
# As many of the filled remarks must hold a number before it is taken for the note.
MOST_HAVE_ONE = 0.6
REASON_COLUMNS = _("The columns were found by their headings.")
REASON_REMARK = _(
    "The delivery note stands in the remark “%(header)s”: a number of %(digits)s "
    "digits on %(count)s of %(rows)s rows."
)
REASON_SIGN = _(
    "Of the columns “%(header)s” debit adds to the amount; change it where the file "
    "is written from the other side."
)
REASON_ORDERS = {
    "dmy": _("Days above 12 show that dates are written day first."),
    "mdy": _("Days above 12 show that dates are written month first."),
}
REASON_BASIS = _("The heading “%(header)s” says on which side of the tax it stands.")


@dataclass(frozen=True)
class Proposal:
    """A profile with every setting spelled out, the table it reads, and why."""

    profile: Profile
    table: Table
    reasons: tuple[Text, ...]


def propose(data, filename, base=EMPTY, notes=None):
    """The `Proposal` for a file. Raises `Refused` where it cannot be read at all.

    `base` states what is already known, `notes` are notes of the other side: the
    column that holds most of them is the one for the note, whatever its heading.
    """
    return propose_for(Source(data, filename), base, notes)


def propose_for(source, base=EMPTY, notes=None):
    """The `Proposal` for a `Source`; see `propose`."""
    base, table, reasons = first_reading(source, base)
    columns = {
        name: column.header
        for name, column in table.columns.items()
        if not (name == "amount" and set(SIDES) & set(table.columns) and base.sign)
    }
    profile = replace(
        base, sheet=table.sheet, columns=columns, tax_basis=table.tax_basis
    )
    if base.crosstab:
        # Its columns are found by what stands across.
        return Proposal(replace(profile, columns=base.columns), table, tuple(reasons))
    if table.tax_basis and not base.tax_basis:
        header = columns.get("amount", "")
        reasons.append(Text(REASON_BASIS, {"header": header}))
    found = None if base.key_pattern else note_in_remark(table)
    if found and is_better(table, notes):
        digits, values = found
        reasons.append(Text(REASON_REMARK, {"header": columns["remark"], **values}))
        profile = replace(
            profile,
            columns={**columns, "note": columns["remark"]},
            key_pattern=rf"\d{{{digits},}}",
        )
        table = source.table(profile)
    elif not all(columns.values()):
        # Without a heading a column has no name to find it by again.
        profile = replace(profile, columns=base.columns)
    return Proposal(profile, table, tuple(reasons))


def first_reading(source, base):
    """(base, table, reasons): what the file itself proves is added to the base."""
    reasons = [Text(REASON_COLUMNS)]
    ready = base if base.sign else replace(base, sign="debit")
    table = source.table(ready)
    sides = [table.columns[name].header for name in SIDES if name in table.columns]
    if sides and "total" not in table.columns and not base.sign:
        reasons.append(Text(REASON_SIGN, {"header": " / ".join(sides)}))
        base = ready
    if table.date_order and base.date_order in (None, "ymd"):
        base = replace(base, date_order=table.date_order)
        reasons.append(Text(REASON_ORDERS[table.date_order]))
        table = source.table(replace(ready, date_order=table.date_order))
    return base, table, reasons


def note_in_remark(table):
    """(digits, {count, rows, digits}) of a number that remarks hold, or None."""
    if "remark" not in table.columns or not table.rows:
        return None
    remarks = [str(row.values.get("remark") or "") for row in table.rows]
    found = [run[0] for text in remarks if (run := RUN.search(text))]
    filled = sum(bool(text.strip()) for text in remarks)
    if not filled or len(found) < MOST_HAVE_ONE * filled:
        return None
    lengths = Counter(map(len, found))
    # The usual length; the shorter one where two are equally usual.
    digits = min(lengths, key=lambda length: (-lengths[length], length))
    return digits, {"digits": digits, "count": len(found), "rows": len(remarks)}


def is_better(table, notes):
    """Whether remarks name more notes of the other side than the column does."""
    if notes is None:
        return "note" not in table.columns
    known = {clean_key(note) for note in notes} - {""}
    column = {clean_key(row.values.get("note")) for row in table.rows}
    remarks = {
        clean_key(number)
        for row in table.rows
        for number in RUN.findall(str(row.values.get("remark") or ""))
    }
    return len(remarks & known) > len(column & known)
