# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The result of reading one ledger."""

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import NamedTuple

from .blocks import Block
from .detect import Column, letter_of
from .fields import PAYMENT_WORDS
from .text import Finding
from .values import shown

# What is due or settled later is no event of the ledger.
MOVEMENT_DATES = ("date", "receipt_date")
LATIN_PAYMENTS = tuple(word for word in PAYMENT_WORDS if word.isascii())
ONLY_PAYMENT = re.compile(
    r"(?:{0})s?(?: (?:received|made|by|of|ref|no|{0}))*[\W\d]*$".format(
        "|".join(LATIN_PAYMENTS)
    )
)


class Row:
    """One line: its spreadsheet row number, typed values, and the cells' text.

    The dictionaries are made when first asked for: a sheet has many rows.
    `block` tells its `Block` where a sheet holds several; the party that such a
    block's title states is the row's, unless the row names its own.
    """

    __slots__ = ("_cells", "_columns", "_dict", "_values", "block", "number")

    def __init__(self, number, values, cells, columns, block=None):
        self.number = number
        self.block = block
        self._values = values
        self._cells = cells
        self._columns = columns
        self._dict = None

    @property
    def values(self):
        """{field: typed value, None where the cell is empty}."""
        if self._dict is None:
            self._dict = dict(zip(self._columns, self._values, strict=True))
            if self.block and self.block.partner and not self._dict.get("partner"):
                self._dict["partner"] = self.block.partner
        return self._dict

    @property
    def raw(self):
        """{field: text of the cell as stored}, made only when asked for."""
        cells = self._cells
        raw = {name: shown(cells[c.index]) for name, c in self._columns.items()}
        if self.block and self.block.partner and not raw.get("partner"):
            raw["partner"] = self.block.label
        return raw

    @property
    def ref(self):
        """What tells the row from every other: its number, or its cell.

        Rows of tables that stand beside each other share their number.
        """
        if self.block is None or self.block.header.span is None:
            return self.number
        left = min(column.index for column in self._columns.values())
        return f"{letter_of(left)}{self.number}"

    def __repr__(self):
        return f"Row({self.number}, {self.values})"


class Mismatch(NamedTuple):
    """A total in the file that the lines above it do not add up to."""

    field: str
    cell: str
    stated: Decimal
    computed: Decimal


class Balance(NamedTuple):
    """What a statement states beside its lines.

    `kind` is "opening", "increase", "receipts" or "closing"; `amount` as stated
    (the profile says what a minus means); `row` and `cell` are where the amount
    stands, `raw` its text there.
    """

    kind: str
    amount: Decimal
    row: int
    cell: str
    raw: str


@dataclass
class Table:
    """One ledger: its lines, what was set aside, and the proof of its totals.

    `rows_read` counts every row of the sheet's used range but the header, so
    that `rows_read == len(rows) + len(skipped)`. `balances` holds every opening,
    increase, receipt and closing that the file states, in the order of its rows.
    `blocks` are the tables of a sheet that holds several, empty for a single one; a
    row of tables that stand beside each other counts once in each of them, and a
    cross table counts its cells. `headings`
    are the texts of the heading by column letter, those of no field too;
    `date_forms` tells how dates are written: "ymd", "dmy", "mdy", "md" (no year)
    or "cell" for real ones; `date_order` is the order of day and month that days
    above 12 prove. `crosstab` is the field whose values stood across.
    """

    file: str
    sheet: str
    header_row: int
    columns: dict[str, Column]
    rows: list[Row]
    skipped: list[Finding]
    rows_read: int
    sha256: str
    tax_basis: str | None = None
    warnings: list[Finding] = field(default_factory=list)
    totals: dict[str, Decimal] = field(default_factory=dict)
    file_totals: dict[str, Decimal] = field(default_factory=dict)
    mismatches: list[Mismatch] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    blocks: tuple[Block, ...] = ()
    headings: dict[str, str] = field(default_factory=dict)
    date_forms: tuple[str, ...] = ()
    date_order: str | None = None
    crosstab: str | None = None

    def goods(self):
        """The lines that stand for goods, freight or a deduction."""
        return [row for row in self.rows if not is_payment(row.values)]

    def payments(self):
        """The lines that stand for money paid; `paid_amount` says how much."""
        return [row for row in self.rows if is_payment(row.values)]

    def span(self):
        """(first, last) moment at which something moved, or (None, None)."""
        names = [name for name in MOVEMENT_DATES if name in self.columns]
        days = {row.values[name] for row in self.goods() for name in names}
        days.discard(None)
        if not days:
            return None, None
        moments = [as_moment(day) for day in days]
        return min(moments), max(moments)


def is_payment(values):
    """Whether the typed values of a row are those of a payment."""
    if values.get("quantity") is not None or values.get("accepted") is not None:
        return False
    if values.get("part") or paid_amount(values) is None:
        return False
    if values.get("paid") is not None:
        return True
    texts = [values[n] for n in ("kind", "name", "remark", "note") if values.get(n)]
    return any(speaks_of_payment(text.strip().lower(), values) for text in texts)


def speaks_of_payment(text, values):
    """Whether a text names a payment.

    A Latin word alone says too little, since services are called so, too (“Payment
    gateway”): it stands alone but for numbers, or begins the text of what lowers
    the debt.
    """
    if any(word in text for word in PAYMENT_WORDS if not word.isascii()):
        return True
    if not text.startswith(LATIN_PAYMENTS):
        return False
    stated = values.get("total")
    stated = values.get("amount") if stated is None else stated
    return bool(ONLY_PAYMENT.match(text)) or (stated is not None and stated < 0)


def paid_amount(values):
    """What a payment row states, above zero however it was written, or None."""
    if values.get("paid") is not None:
        return values["paid"]
    stated = values.get("total")
    if stated is None:
        stated = values.get("amount")
    return None if stated is None else abs(stated)


def as_moment(day):
    """A datetime from a date or datetime."""
    return day if isinstance(day, datetime) else datetime.combine(day, time.min)
