# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Find the sheet, the header and the column of every field.

The seam for smarter detection: `read` needs only a `Header`, whoever made it.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache
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
from .headings import Pair, headings_of
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
    """The header row (counted from 1; 0 for none) and the column of each field.

    `depth` tells over how many rows it goes, `row` is its last. `texts` are all
    headings by their column's letter. `span` is (first, last) column index where
    the table takes a part of the sheet; tables that stand beside it are `beside`.
    """

    row: int
    columns: dict[str, Column]
    depth: int = 1
    texts: dict[str, str] = field(default_factory=dict)
    span: tuple[int, int] | None = None
    beside: tuple["Header", ...] = ()


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
    squeeze(text): (name, rank)
    for name, field in FIELDS.items()
    for rank, text in enumerate(field.headers)
}


def meaning(cell):
    """(field, rank) that a header cell names, or None."""
    if isinstance(cell, Pair):
        return meaning_of_pair(cell)
    return meaning_of_text(cell) if isinstance(cell, str) else None


# What both headings say together comes before what one of them says alone.
ALONE = 100


def meaning_of_pair(pair):
    """(field, rank) of a heading with a group's heading above it, or None."""
    group, own = pair
    if not group or not own:
        return meaning_of_text(group or own)
    for text in (group + own, own + group):
        if hit := meaning_of_text(text):
            return hit
    hit = meaning_of_text(own) or meaning_of_text(group)
    return (hit[0], hit[1] + ALONE) if hit else None


@lru_cache(maxsize=4096)
def meaning_of_text(text):
    """(field, rank) that one heading names, or None."""
    if not isinstance(text, str) or not text.strip() or len(text) > 60:
        return None
    for reading in readings(text):
        if reading in SYNONYMS:
            return SYNONYMS[reading]
    return meaning_but_for_tax(text)


def meaning_but_for_tax(text):
    """The field of an amount or price whose header also speaks of the tax."""
    basis = amount_basis(text)
    if basis is None:
        return None
    bare = squeeze(text)
    for phrase in TAX_PHRASES:
        bare = bare.replace(phrase, "")
    name, rank = SYNONYMS.get(bare.strip("()（）[]【】.,/:-"), (None, 0))
    if name in ("amount", "total"):
        return ("total" if basis == "included" else "amount"), rank
    return (name, rank) if name == "price" else None


ESSENTIAL = frozenset((*MEASURES, "note", "order", "part"))


def known_columns(cells):
    """{field: [column index, …]} by usual names, best ranked columns only."""
    found = {}
    for index, cell in enumerate(cells):
        if cell != "" and (hit := meaning(cell)):
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

    def headings(self):
        """Every `Heading` that may be the table's, single rows first."""
        row = self.profile.header_row
        if row is None:
            rows = range(1, min(self.grid.height, HEADER_DEPTH) + 1)
            return headings_of(self.grid, rows)
        if not 0 <= row <= self.grid.height:
            return ()
        # Either of two rows may have been stated.
        below = [row + 1] if 0 < row < self.grid.height else []
        found = headings_of(self.grid, [row, *below])
        return [item for item in found if item.row == row or item.depth == 2]

    def refuse(self, template, cell=None, **values):
        """Raise the refusal of this sheet."""
        values |= {"file": self.file, "sheet": self.grid.name, "cell": cell}
        raise Refused(Text(template, values), self.file, self.grid.name, cell)

    # --- by usual names ---

    def by_names(self):
        """The row that names most fields, one measure and one identity at least."""
        best, best_heading, best_score = {}, None, (0, 0)
        for heading in self.headings():
            found = known_columns(heading.cells)
            doubled = sum(len(indexes) > 1 for indexes in found.values())
            score = (len(found), -doubled)
            if score > best_score and is_table(found):
                best, best_heading, best_score = found, heading, score
        if not best:
            self.refuse_unknown()
        return self.header(best_heading, best)

    def columns_in(self, heading):
        """{field: [column index, …]} that the profile means in a heading."""
        if self.profile.columns is None:
            return known_columns(heading.cells)
        return self.named_columns(heading, heading.cells)

    def header(self, heading, found):
        """One column per field; the same header twice is refused, not chosen.

        Unless it is twice because whole tables stand beside each other.
        """
        doubled = [indexes for indexes in found.values() if len(indexes) > 1]
        if not doubled:
            single = {name: indexes[0] for name, indexes in found.items()}
            return self.single_header(heading, single)
        parts = [
            (span, one_each(known_columns(cells)))
            for span, cells in self.parts_beside(heading)
        ]
        parts = [part for part in parts if part[1] and is_table(part[1])]
        if not self.are_alike(heading, [columns for _span, columns in parts]):
            self.refuse_double(heading, doubled[0][1])
        return self.headers_beside(heading, parts)

    def headers_beside(self, heading, parts):
        """The first part's `Header`, which names the others."""
        headers = [
            self.single_header(heading, columns, span) for span, columns in parts
        ]
        first, *others = headers
        return replace(first, beside=tuple(others))

    def single_header(self, heading, indexes, span=None):
        """The `Header` of one table from {field: column index}."""
        first, last = span or (0, len(heading.cells) - 1)
        texts = {
            letter_of(index): str(heading.cells[index]).strip()
            for index in range(first, last + 1)
            if str(heading.cells[index]).strip()
        }
        columns = {name: column_of(heading, i) for name, i in indexes.items()}
        return Header(heading.row, columns, heading.depth, texts, span)

    def parts_beside(self, heading):
        """[((first, last), cells)] of the parts that blank columns set apart.

        Without a blank column: of a row of headings that begins anew.
        """
        spans = blank_apart(self.grid, heading) or begun_anew(heading)
        width = len(heading.cells)
        return [
            (
                (first, last),
                [
                    heading.cells[index] if first <= index <= last else ""
                    for index in range(width)
                ],
            )
            for first, last in spans
        ]

    def are_alike(self, heading, parts):
        """Whether these are several tables of one kind."""
        kinds = {
            (essence(columns), basis_of(heading, columns)) for columns in parts
        }
        return len(parts) > 1 and len(kinds) == 1

    def refuse_double(self, heading, index):
        """Two columns of one name: blocks beside each other, or a copy."""
        cell = f"{letter_of(index)}{heading.row}"
        self.refuse(TWO_COLUMNS, cell=cell, header=str(heading.cells[index]))

    def refuse_unknown(self):
        """Say why no table was found."""
        for heading in self.headings():
            if heading.depth == 1 and heading.row:
                if names := cross_table(self.grid, heading.row):
                    self.refuse_cross(heading.row, names)
        self.refuse(NO_HEADER)

    def refuse_cross(self, row, names):
        """Say that this is a cross table."""
        self.refuse(CROSS_TABLE, cell=f"A{row}", header="、".join(names[:3]))

    # --- by profile ---

    def by_profile(self):
        """Every column the profile names, in the row that holds most of them."""
        best, best_heading, best_count = {}, None, -1
        for heading in self.headings():
            found = self.named_columns(heading, heading.cells)
            count = sum(bool(indexes) for indexes in found.values())
            if count > best_count:
                best, best_heading, best_count = found, heading, count
        if best_heading is None:
            self.refuse(NO_HEADER)
        for name, indexes in best.items():
            if not indexes:
                self.refuse(NO_COLUMN, header=self.wanted_text(name))
        return self.named_header(best_heading, best)

    def named_header(self, heading, found):
        """The `Header` of the columns found, or of each table beside another."""
        doubled = [indexes for indexes in found.values() if len(indexes) > 1]
        if not doubled:
            single = {name: indexes[0] for name, indexes in found.items()}
            return self.single_header(heading, single)
        parts = [
            (span, one_each(self.named_columns(heading, cells)))
            for span, cells in self.parts_beside(heading)
        ]
        whole = [part for part in parts if part[1] and len(part[1]) == len(found)]
        if len(whole) < 2:
            self.refuse_double(heading, doubled[0][1])
        return self.headers_beside(heading, whole)

    def wanted_text(self, name):
        """What the profile calls a field's column."""
        wanted = self.profile.columns[name]
        if wanted is None:
            return name
        return wanted if isinstance(wanted, str) else " / ".join(map(str, wanted))

    def named_columns(self, heading, cells):
        """{field: [column index, …]} as far as this heading has them."""
        usual = None
        result = {}
        for name, wanted in self.profile.columns.items():
            if wanted is None:
                usual = known_columns(cells) if usual is None else usual
                result[name] = usual.get(name, [])
                continue
            options = [wanted] if isinstance(wanted, str) else wanted
            hits = (self.locate(option, cells) for option in options)
            result[name] = next((hit for hit in hits if hit), [])
        return result

    def locate(self, option, cells):
        """The indexes of one header text, or of a column letter."""
        wanted = squeeze(option)
        for texts in (
            [squeeze(cell) for cell in cells],
            [squeeze(cell.own) if isinstance(cell, Pair) else "" for cell in cells],
        ):
            if hits := [i for i, text in enumerate(texts) if text == wanted]:
                return hits
        if LETTER.match(option):
            if self.profile.header_row is not None or known_columns(cells):
                return [index_of(option)]
        return []


def column_of(heading, index):
    """The `Column` at an index of a heading."""
    text = heading.cells[index] if index < len(heading.cells) else ""
    return Column(letter_of(index), str(text).strip(), index)


def one_each(found):
    """{field: column index}, or None where a field has several columns."""
    if any(len(indexes) != 1 for indexes in found.values()):
        return None
    return {name: indexes[0] for name, indexes in found.items()}


def essence(columns):
    """The fields that make a table what it is, whatever else it tells."""
    return frozenset(columns) & ESSENTIAL


def basis_of(heading, columns):
    """The tax basis that the heading of the amount states."""
    index = columns.get("amount")
    return None if index is None else amount_basis(str(heading.cells[index]))


def blank_apart(grid, heading):
    """[(first, last)] of the column runs between columns without any content."""
    runs, first = [], None
    for index, column in enumerate(grid.columns):
        below = column[heading.row - heading.depth :]
        filled = heading.cells[index] != "" or any(cell != "" for cell in below)
        if filled and first is None:
            first = index
        elif not filled and first is not None:
            runs.append((first, index - 1))
            first = None
    if first is not None:
        runs.append((first, len(grid.columns) - 1))
    return runs if len(runs) > 1 else []


def begun_anew(heading):
    """[(first, last)] of equal parts of a row of headings that repeats itself."""
    texts = [squeeze(cell) for cell in heading.cells]
    while texts and not texts[-1]:
        texts.pop()
    start = next((i for i, text in enumerate(texts) if text), 0)
    whole = texts[start:]
    for width in range(2, len(whole) // 2 + 1):
        if len(whole) % width == 0 and whole == whole[:width] * (len(whole) // width):
            return [(i, i + width - 1) for i in range(start, len(texts), width)]
    return []


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
