# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Find the sheet, the header and the column of every field.

The seam for smarter detection: `read` needs only a `Header`, whoever made it.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from .fields import (
    FIELDS,
    IDENTITY,
    MEASURES,
    NUMBER,
    TAX_PHRASES,
    TAXED_WORDS,
    UNTAXED_WORDS,
)
from .script import fold
from .text import Refused, Text, _

HEADER_DEPTH = 40
LETTER = re.compile(r"[A-Z]{1,3}$")
BRACKETS = re.compile(r"[(\[【][^)\]】]*[)\]】]")

NO_HEADER = _(
    "No header row was found in the sheet “%(sheet)s” of %(file)s; "
    "state the header row and the columns in the profile."
)
NO_TABLE = _(
    "No sheet of %(file)s holds a table of deliveries or amounts; "
    "state the sheet and the columns in the profile."
)
MANY_TABLES = _(
    "Several sheets of %(file)s hold such a table (%(sheets)s); "
    "name the right one in the profile."
)
NO_COLUMN = _(
    "The column “%(header)s” was not found in the sheet “%(sheet)s” of %(file)s; "
    "correct the columns in the profile."
)
TWO_COLUMNS = _(
    "The sheet “%(sheet)s” of %(file)s has the column “%(header)s” twice, in %(cell)s "
    "too; name the column letter in the profile or upload one table per sheet."
)
CROSS_TABLE = _(
    "The sheet “%(sheet)s” of %(file)s is a cross table with a column for each of "
    "%(header)s …; upload a list with one line per delivery."
)


class Column(NamedTuple):
    """Where a field stands: its letter, its header text, its index from 0."""

    letter: str
    header: str
    index: int


@dataclass(frozen=True)
class Header:
    """The header row (counted from 1; 0 for none) and the column of each field."""

    row: int
    columns: dict[str, Column]


def letter_of(index):
    """ "A" for 0, "AA" for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def index_of(letters):
    """0 for "A"."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def squeeze(text):
    """A header for comparison: half-width, lower case, without any blank."""
    return "".join(unicodedata.normalize("NFKC", str(text)).lower().split())


def readings(text):
    """Ways to read one header cell, the most literal first."""
    lines = [squeeze(line) for line in str(text).splitlines()]
    whole = squeeze(text)
    result = [whole, *lines]
    for item in list(result):
        # A bracket that speaks of tax is part of the name, any other is a hint.
        bare = BRACKETS.sub(
            lambda m: m[0][1:-1] if "税" in m[0] or "稅" in m[0] else "", item
        )
        result.append(bare)
        result.append(re.sub(r"[!-~]+", "", bare))
        result.append(re.sub(r"[^ -~]+", "", bare).strip(":/."))
    return [item for item in dict.fromkeys(result) if item]


SYNONYMS = {
    fold(squeeze(text)): (name, rank)
    for name, field in FIELDS.items()
    for rank, text in enumerate(field.headers)
}


def meaning(text):
    """(field, rank) that a header cell names, or None."""
    if not isinstance(text, str) or not text.strip() or len(text) > 60:
        return None
    for reading in readings(text):
        if fold(reading) in SYNONYMS:
            return SYNONYMS[fold(reading)]
    return meaning_but_for_tax(text)


def meaning_but_for_tax(text):
    """The field of an amount or price whose header also speaks of the tax."""
    basis = amount_basis(text)
    if basis is None:
        return None
    bare = fold(squeeze(text))
    for phrase in TAX_PHRASES:
        bare = bare.replace(fold(phrase), "")
    name, rank = SYNONYMS.get(bare.strip("()（）[]【】.,/:-"), (None, 0))
    if name in ("amount", "total"):
        return ("total" if basis == "included" else "amount"), rank
    return (name, rank) if name == "price" else None


def known_columns(cells):
    """{field: [column index, …]} by usual names, best ranked columns only."""
    found = {}
    for index, cell in enumerate(cells):
        if hit := meaning(cell):
            found.setdefault(hit[0], []).append((hit[1], index))
    result = {}
    for name, hits in found.items():
        best = min(hits)[0]
        result[name] = [index for rank, index in hits if rank == best]
    return result


def choose(book, profile):
    """(grid, header) of the one table in the book that the profile describes."""
    grids = [grid for grid in book.sheets.values() if grid.height]
    if not grids:
        raise Refused(Text(NO_TABLE, {"file": book.file}), file=book.file)
    if len(grids) == 1:
        return grids[0], find_header(grids[0], profile, book.file)
    found, refusals = [], []
    for grid in grids:
        try:
            found.append((grid, find_header(grid, profile, book.file)))
        except Refused as refused:
            refusals.append(refused)
    if len(found) == 1:
        return found[0]
    values = {"file": book.file, "sheets": "、".join(grid.name for grid, _h in found)}
    raise Refused(Text(MANY_TABLES if found else NO_TABLE, values), file=book.file)


def find_header(grid, profile, file):
    """The `Header` of one sheet, or `Refused`."""
    finder = Finder(grid, profile, file)
    if profile.columns is None:
        return finder.by_names()
    return finder.by_profile()


class Finder:
    """Looks for the columns of one profile in one sheet."""

    def __init__(self, grid, profile, file):
        self.grid = grid
        self.profile = profile
        self.file = file

    def candidate_rows(self):
        """Row numbers where the header may stand."""
        if self.profile.header_row is not None:
            return [self.profile.header_row] if self.has_row() else []
        return range(1, min(self.grid.height, HEADER_DEPTH) + 1)

    def has_row(self):
        """Whether the stated header row exists (0 states that there is none)."""
        return 0 <= self.profile.header_row <= self.grid.height

    def cells(self, row):
        """The header cells of a row; empty ones for row 0."""
        return self.grid.row(row) if row else [""] * len(self.grid.columns)

    def refuse(self, template, cell=None, **values):
        """Raise the refusal of this sheet."""
        values |= {"file": self.file, "sheet": self.grid.name, "cell": cell}
        raise Refused(Text(template, values), self.file, self.grid.name, cell)

    # --- by usual names ---

    def by_names(self):
        """The row that names most fields, one measure and one identity at least."""
        best, best_row = {}, None
        for row in self.candidate_rows():
            found = known_columns(self.cells(row))
            if len(found) > len(best) and is_table(found):
                best, best_row = found, row
        if not best:
            self.refuse_unknown()
        return Header(best_row, self.single_columns(best_row, best))

    def single_columns(self, row, found):
        """One column per field; the same header twice is refused, not chosen."""
        cells = self.cells(row)
        for indexes in found.values():
            if len(indexes) > 1:
                self.refuse_double(row, cells, indexes[1])
        return {name: self.column(row, indexes[0]) for name, indexes in found.items()}

    def refuse_double(self, row, cells, index):
        """Two columns of one name: blocks beside each other, or a copy."""
        cell = f"{letter_of(index)}{row}"
        self.refuse(TWO_COLUMNS, cell=cell, header=str(cells[index]))

    def refuse_unknown(self):
        """Say why no table was found."""
        for row in self.candidate_rows():
            if names := cross_table(self.grid, row):
                self.refuse(CROSS_TABLE, cell=f"A{row}", header="、".join(names[:3]))
        self.refuse(NO_HEADER)

    def column(self, row, index):
        """The `Column` at an index of the header row."""
        text = self.cells(row)[index] if index < len(self.grid.columns) else ""
        return Column(letter_of(index), str(text).strip(), index)

    # --- by profile ---

    def by_profile(self):
        """Every column the profile names, in the row that holds most of them."""
        best, best_row, best_count = {}, None, -1
        for row in self.candidate_rows():
            found = self.named_columns(row)
            count = sum(index is not None for index in found.values())
            if count > best_count:
                best, best_row, best_count = found, row, count
        if best_row is None:
            self.refuse(NO_HEADER)
        for name, index in best.items():
            if index is None:
                self.refuse(NO_COLUMN, header=self.wanted_text(name))
        return Header(best_row, {n: self.column(best_row, i) for n, i in best.items()})

    def wanted_text(self, name):
        """What the profile calls a field's column."""
        wanted = self.profile.columns[name]
        if wanted is None:
            return name
        return wanted if isinstance(wanted, str) else " / ".join(map(str, wanted))

    def named_columns(self, row):
        """{field: column index or None} as far as this row has them."""
        cells = self.cells(row)
        texts = [squeeze(cell) for cell in cells]
        usual = None
        result = {}
        for name, wanted in self.profile.columns.items():
            if wanted is None:
                usual = known_columns(cells) if usual is None else usual
                result[name] = usual.get(name, [None])[0]
                continue
            options = [wanted] if isinstance(wanted, str) else wanted
            hits = (self.locate(option, row, texts, cells) for option in options)
            result[name] = next((hit for hit in hits if hit is not None), None)
        return result

    def locate(self, option, row, texts, cells):
        """The index of one header text, or of a column letter."""
        wanted = squeeze(option)
        count = texts.count(wanted)
        if count == 1:
            return texts.index(wanted)
        if count > 1:
            self.refuse_double(row, cells, texts.index(wanted, texts.index(wanted) + 1))
        if LETTER.match(option) and self.profile.header_row is not None:
            return index_of(option)
        if LETTER.match(option) and known_columns(cells):
            return index_of(option)
        return None


def is_table(found):
    """Whether these fields make a table worth reading."""
    return (
        len(found) >= 2
        and any(name in found for name in MEASURES)
        and any(name in found for name in (*IDENTITY, "name", "partner"))
    )


def cross_table(grid, row):
    """Names across the top when days go down and parties go across."""
    cells = grid.row(row)
    found = known_columns(cells)
    if set(found) - {"date"} or "date" not in found:
        return []
    names = []
    for index, cell in enumerate(cells):
        below = grid.columns[index][row : row + 10]
        if isinstance(cell, str) and cell.strip() and index not in found["date"]:
            if any(numeric(value) for value in below):
                names.append(cell.strip())
    return names if len(names) >= 3 else []


def numeric(value):
    """Whether a cell is a number or digits."""
    return isinstance(value, float | int) or (
        isinstance(value, str) and value.strip().replace(".", "", 1).isdigit()
    )


def amount_basis(header):
    """ "included" or "excluded" as the amount's header says, else None."""
    text = squeeze(header)
    if any(word in text for word in UNTAXED_WORDS):
        return "excluded"
    if any(word in text for word in TAXED_WORDS):
        return "included"
    return None


NUMBER_FIELDS = tuple(n for n, field in FIELDS.items() if field.kind == NUMBER)
