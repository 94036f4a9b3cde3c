# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Any list with headers to typed rows: for files that are no ledger of goods.

The same guards and the same exact values as for ledgers; the caller says which
columns there are and how people head them.
"""

import hashlib
from dataclasses import dataclass

from .book import load
from .crosses import HEADER_DEPTH
from .detect import letter_of, readings, squeeze
from .fields import DATE, NUMBER, RATE
from .headings import Pair, headings_of
from .limits import DEFAULT
from .text import Finding, Refused, Text, UnreadableError, _
from .values import DateReader, clean_code, clean_text, number, rate

NO_VALUE = _(
    "%(cell)s has no usable value; open the file in a spreadsheet program and save it "
    "again."
)
NO_LIST = _(
    "%(file)s has no row with the headers %(headers)s; export the list with them."
)
NO_ROW = _("“%(text)s” is no row of the list: %(headers)s are empty.")
MOST_SHOWN = 30
TOTAL_LABELS = frozenset(("合计", "合計", "总计", "總計", "小计", "小計", "total"))


@dataclass
class Listing:
    """The rows of a list: ``[(row number, {field: value})]``, and what was left."""

    rows: list
    skipped: list
    sha256: str


def read_list(data, filename, fields, required, limits=DEFAULT):
    """Return the `Listing` of a file. Raises only `Refused`.

    :param dict fields: `Field` per name; its headers are compared without blanks
        and brackets
    :param required: names without which a sheet is no such list
    """
    book = load(data, filename, limits)
    for grid in book.sheets.values():
        found = find_columns(grid, fields, required)
        if found:
            rows, skipped = collect(grid, *found, fields, required)
            return Listing(rows, skipped, hashlib.sha256(data).hexdigest())
    headers = "、".join(fields[name].headers[0] for name in required)
    raise Refused(Text(NO_LIST, {"file": filename, "headers": headers}), file=filename)


def find_columns(grid, fields, required):
    """Return (header row, {field: column index}) of a sheet, or None.

    Headings that go over two rows end in the second one.
    """
    for row in range(1, min(grid.height, HEADER_DEPTH) + 1):
        columns = known_columns(grid.row(row), fields)
        if all(name in columns for name in required):
            return wider(grid, row, columns, fields) or (row, columns)
    return None


def wider(grid, row, columns, fields):
    """Return (row below, columns) where that row and this name more, or None."""
    for heading in headings_of(grid, [row + 1] if row < grid.height else []):
        found = known_columns(heading.cells, fields) if heading.depth == 2 else {}
        if len(found) > len(columns) and columns.keys() <= found.keys():
            return row + 1, found
    return None


def known_columns(cells, fields):
    """Return {field: column index} of the headings that a row of cells holds."""
    heads = {}
    for index, cell in enumerate(cells):
        for text in wordings(cell):
            for reading in readings(text):
                heads.setdefault(reading, index)
    columns = {}
    for name, field in fields.items():
        for word in (*field.headers, *field.instead):
            if squeeze(word) in heads:
                columns[name] = heads[squeeze(word)]
                break
    return columns


def wordings(cell):
    """The texts by which a heading may be known, what it says itself first."""
    if isinstance(cell, Pair):
        texts = (cell.own or cell.group, cell.group + cell.own)
        return [text for text in texts if text]
    return [cell] if isinstance(cell, str) and cell else []


def spread_cells(grid, header, columns, fields, second=None):
    """{row: [(column index, cell)]} of what a merged cell says of the rows below it.

    A merged number stands once: it may be the sum of the rows as well as each one's.

    :param second: columns per field that are read where the first one is empty
    """
    kept = {
        index
        for name, index in (*columns.items(), *(second or {}).items())
        if fields[name].kind not in (NUMBER, RATE)
    }
    spread = {}
    for (top, left), (bottom, _right) in grid.merged:
        if top < header or left not in kept:
            continue
        cell = grid.columns[left][top]
        for row in range(top + 2, min(bottom + 1, grid.height) + 1):
            spread.setdefault(row, []).append((left, cell))
    return spread


def collect(grid, header, columns, fields, required=()):
    """Return (rows, findings) of what stands below the header."""
    rows, skipped = [], []
    dates = DateReader(grid.epoch_1904)
    spread = spread_cells(grid, header, columns, fields)
    for row in range(header + 1, grid.height + 1):
        cells = grid.row(row)
        texts = [cell for cell in cells if cell != ""]
        if not texts or squeeze(str(texts[0])) in TOTAL_LABELS:
            continue
        problem = none_of(cells, columns, fields, required)
        problem = problem or unusable(grid, row, columns)
        if not problem:
            for index, cell in spread.get(row, ()):
                cells[index] = cell
            values, problem = read_row(cells, columns, fields, dates)
        if problem:
            skipped.append(Finding(row, None, "", problem))
        else:
            rows.append((row, values))
    return rows, skipped


def none_of(cells, columns, fields, required):
    """Return the sentence about a section, a note or a signature, or None."""
    if not required or any(cells[columns[name]] != "" for name in required):
        return None
    first = next(str(cell) for cell in cells if cell != "")
    headers = "、".join(fields[name].headers[0] for name in required)
    values = {"text": clean_text(first)[:MOST_SHOWN], "headers": headers}
    return Text(NO_ROW, values)


def unusable(grid, row, columns):
    """Return the sentence about a formula without result or an error, or None."""
    for index in columns.values():
        if (row, index + 1) in grid.problems:
            return Text(NO_VALUE, {"cell": f"{letter_of(index)}{row}"})
    return None


def read_row(cells, columns, fields, dates):
    """Return (values, None), or (None, the sentence why it cannot be read)."""
    values = {}
    for name, index in columns.items():
        cell, field = cells[index], fields[name]
        try:
            values[name] = read_cell(cell, field, dates)
        except UnreadableError as error:
            return None, error.reason
    return values, None


def read_cell(cell, field, dates):
    """Return the exact value of one cell, None for an empty one."""
    if cell == "":
        return None
    if field.kind == NUMBER:
        return number(cell)
    if field.kind == RATE:
        return rate(cell)
    if field.kind == DATE:
        return dates(cell)
    return clean_code(cell) if field.key else clean_text(cell)
