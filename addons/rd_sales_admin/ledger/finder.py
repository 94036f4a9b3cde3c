# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Find the sheet, the heading and the column of every field.

The seam for smarter detection: `read` needs only a `Header`, whoever made it.
"""

import re
from dataclasses import replace

from .crosses import HEADER_DEPTH, crossed, find_cross
from .detect import (
    ESSENTIAL,
    Column,
    Header,
    amount_basis,
    index_of,
    is_balance_table,
    is_table,
    known_columns,
    letter_of,
    squeeze,
)
from .fields import labelled
from .headings import Pair, headings_of
from .text import Refused, Text, _
from .values import shown

MOST_NAMED = 4
LETTER = re.compile(r"[A-Z]{1,3}$")

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
ISLANDS = _(
    "The sheet “%(sheet)s” of %(file)s holds several tables (from %(cells)s on), none "
    "with a known heading; state the header row, the last row and the columns."
)
CROSS_TABLE = _(
    "The sheet “%(sheet)s” of %(file)s is a cross table with a column for each of "
    "%(header)s …; say in the profile what stands across, or upload a list with one "
    "line per delivery."
)


def choose(book, profile):
    """(grid, header) of the one table in the book that the profile describes."""
    grids = [grid for grid in book.sheets.values() if grid.height]
    if len(grids) == 1:
        return grids[0], find_header(grids[0], profile, book.file)
    found, refusals = [], []
    for grid in grids:
        try:
            found.append((grid, find_header(grid, profile, book.file)))
        except Refused as refused:
            refusals.append(refused)
    # A list of balances is the table only where there are no lines.
    lists = [pair for pair in found if is_table(pair[1].columns)]
    found = lists or found
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
        best_heading, best = self.best_heading(is_table)
        if not best:
            best_heading, best = self.best_heading(is_balance_table)
        if not best:
            self.refuse_unknown()
        if best_heading.depth == 1 and best_heading.row:
            if cross := crossed(self.grid, best_heading.row, best):
                self.refuse_cross(best_heading, cross)
        return self.header(best_heading, best)

    def best_heading(self, is_fit):
        """(heading, {field: [column index, …]}) that names most fields."""
        best, best_heading = {}, None
        for heading in self.headings():
            found = known_columns(heading.cells, self.profile.usual)
            if is_fit(found) and is_better(heading, found, best_heading, best):
                best, best_heading = found, heading
        return best_heading, best

    def columns_in(self, heading):
        """{field: [column index, …]} that the profile means in a heading."""
        if self.profile.columns is None:
            return known_columns(heading.cells, self.profile.usual)
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
            (span, one_each(known_columns(cells, self.profile.usual)))
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
        kinds = {(essence(columns), basis_of(heading, columns)) for columns in parts}
        return len(parts) > 1 and len(kinds) == 1

    def refuse_double(self, heading, index):
        """Two columns of one name: blocks beside each other, or a copy."""
        cell = f"{letter_of(index)}{heading.row}"
        self.refuse(TWO_COLUMNS, cell=cell, header=str(heading.cells[index]))

    def refuse_unknown(self):
        """Say why no table was found."""
        for heading in self.headings():
            if heading.depth == 1 and heading.row:
                for days_across in (False, True):
                    if cross := find_cross(self.grid, heading.row, days_across):
                        self.refuse_cross(heading, cross)
        cells = islands(self.grid)
        if len(cells) > 1 and self.profile.header_row is None:
            self.refuse(ISLANDS, cell=cells[1], cells="、".join(cells[:MOST_NAMED]))
        self.refuse(NO_HEADER)

    def refuse_cross(self, heading, cross):
        """Say that this is a cross table, and of what."""
        names = [shown(heading.cells[index]).strip() for index in cross.across[:3]]
        cell = f"{letter_of(min(cross.down.values()))}{heading.row}"
        self.refuse(CROSS_TABLE, cell=cell, header="、".join(names))

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
            return labelled([name])
        return wanted if isinstance(wanted, str) else " / ".join(map(str, wanted))

    def named_columns(self, heading, cells):
        """{field: [column index, …]} as far as this heading has them."""
        usual = None
        result = {}
        for name, wanted in self.profile.columns.items():
            if wanted is None:
                if usual is None:
                    usual = known_columns(cells, self.profile.usual)
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


def is_better(heading, found, best_heading, best):
    """Whether a heading names more fields, or the same row names them apart."""
    if len(found) != len(best):
        return len(found) > len(best)
    return heading.row == best_heading.row and doubles(found) < doubles(best)


def doubles(found):
    """How many fields have several columns."""
    return sum(len(indexes) > 1 for indexes in found.values())


def islands(grid):
    """First cells of the blocks that empty columns and rows set apart.

    Blocks of fewer than three rows or columns are titles and notes.
    """
    cells = []
    for left, right in runs(any(cell != "" for cell in c) for c in grid.columns):
        rows = zip(*grid.columns[left : right + 1], strict=True)
        for top, bottom in runs(any(cell != "" for cell in row) for row in rows):
            if right - left >= 2 and bottom - top >= 2:
                cells.append((top, left))
    return [f"{letter_of(left)}{top + 1}" for top, left in sorted(cells)]


def runs(flags):
    """[(first, last)] of the stretches where the flags are true."""
    result, first, index = [], None, -1
    for index, flag in enumerate(flags):
        if flag and first is None:
            first = index
        elif not flag and first is not None:
            result.append((first, index - 1))
            first = None
    if first is not None:
        result.append((first, index))
    return result


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
    top = heading.row - heading.depth
    found = runs(any(cell != "" for cell in column[top:]) for column in grid.columns)
    return found if len(found) > 1 else []


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
