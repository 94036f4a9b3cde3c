# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A form that people fill in: every row comes back, with what cannot be read in it.

A list is read for what it says; a form also goes back to the one who filled it in,
so a cell that cannot be read is a remark beside its row and not a row left out.
"""

import hashlib
from datetime import datetime, time
from typing import NamedTuple

from .book import load
from .crosses import HEADER_DEPTH
from .detect import letter_of, squeeze
from .limits import DEFAULT
from .listing import (
    NO_LIST,
    NO_VALUE,
    TOTAL_LABELS,
    find_columns,
    known_columns,
    read_cell,
    spread_cells,
)
from .text import Refused, Text, UnreadableError, _
from .values import DateReader, clean_text, shown

TWICE = _(
    "%(file)s has two columns that both mean “%(header)s”, %(one)s and %(two)s; rename "
    "or delete one of them."
)
TWO_SHEETS = _(
    "%(file)s has two sheets with these headers, “%(one)s” and “%(two)s”; hand each in "
    "as a file of its own."
)

NO_COLUMN = _(
    "Row %(row)s of %(file)s has no column that is read as “%(missing)s”; rename the "
    "one that means it, or add it. Not read there: %(unread)s."
)
ONE_COLUMN = _(
    "Row %(row)s of %(file)s has no other column that is read than “%(known)s”; rename "
    "those that are to be read. Not read there: %(unread)s."
)
# What numbers the rows says nothing about them.
ORDINALS = frozenset(("序号", "序號", "序", "no", "no.", "#", "nr", "nr."))


class FormRow(NamedTuple):
    """One row of a form."""

    number: int
    """Its number in the spreadsheet."""
    values: dict
    """Exact value per column; what cannot be read is missing."""
    texts: dict
    """What stands in the cells, as a person sees it."""
    problems: dict
    """Sentence per column that cannot be read."""


class Form(NamedTuple):
    """The rows of a form."""

    rows: list
    columns: tuple
    """The names of the columns that it has."""
    sha256: str
    unread: tuple = ()
    """The headings of what else it has, which nobody reads."""


def read_form(data, filename, fields, required, limits=DEFAULT):
    """Return the `Form` of a file. Raises only `Refused`.

    :param dict fields: `Field` per name, as for `read_list`
    :param required: names without which a sheet is no such form
    """
    book = load(data, filename, limits)
    found = None
    for grid in book.sheets.values():
        place = find_columns(grid, fields, required)
        # One heading alone is a word on some other sheet.
        if not place or place[0] == grid.height or len(place[1]) < 2:
            continue
        if found:
            values = {"one": found[0].name, "two": grid.name, "file": filename}
            raise Refused(Text(TWO_SHEETS, values), filename, grid.name)
        found = grid, *place
    if not found:
        raise refusal(book, fields, required, filename)
    grid, header, columns = found
    second = second_columns(grid, header, columns, fields)
    refuse_twice(grid, header, columns, second, fields, filename)
    rows = form_rows(grid, header, columns, second, fields)
    rows = [row for row in rows if row.texts]
    unread = unread_headings(grid, header, {*columns.values(), *second.values()})
    return Form(rows, tuple(columns), hashlib.sha256(data).hexdigest(), unread)


def refusal(book, fields, required, filename):
    """The refusal of a file without the headings: what the likeliest row lacks."""
    known, where, grid, columns = max(
        (
            (len(columns), -row, grid, columns)
            for grid in book.sheets.values()
            for row in range(1, min(grid.height, HEADER_DEPTH) + 1)
            for columns in [known_columns(grid.row(row), fields)]
        ),
        key=lambda place: place[:2],
        default=(0, 0, None, {}),
    )
    if not known:
        values = {"file": filename, "headers": headings(fields, required)}
        return Refused(Text(NO_LIST, values), file=filename)
    missing = [name for name in required if name not in columns]
    unread = unread_headings(grid, -where, columns.values())
    values = {"file": filename, "row": -where, "unread": "、".join(unread) or "–"}
    if missing:
        text = Text(NO_COLUMN, {**values, "missing": headings(fields, missing)})
    else:
        text = Text(ONE_COLUMN, {**values, "known": headings(fields, columns)})
    return Refused(text, filename, grid.name)


def headings(fields, names):
    """How the columns are called, in one text."""
    return "、".join(fields[name].headers[0] for name in names)


def second_columns(grid, header, columns, fields):
    """{field: index} of the columns that are read where the first one is empty."""
    others = {
        name: fields[name]._replace(headers=fields[name].instead, instead=())
        for name in columns
    }
    found = known_columns(grid.row(header), others)
    return {name: index for name, index in found.items() if index != columns[name]}


def unread_headings(grid, header, read):
    """The headings that mean nothing, of columns that hold something.

    :param read: the indexes of those that mean something
    """
    unread = []
    for index, cell in enumerate(grid.row(header)):
        if index in read or not isinstance(cell, str) or not cell.strip():
            continue
        if squeeze(cell) in ORDINALS or not any(
            value != "" for value in grid.columns[index][header:]
        ):
            continue
        unread.append(clean_text(cell))
    return tuple(unread)


def refuse_twice(grid, header, columns, second, fields, filename):
    """Refuse a form in which two columns mean the same."""
    owners = {}
    for name, index in columns.items():
        for word in fields[name].instead:
            owners[squeeze(word)] = name, second.get(name, index)
        for word in fields[name].headers:
            owners[squeeze(word)] = name, index
    read = {*columns.values(), *second.values()}
    for index, cell in enumerate(grid.row(header)):
        if not isinstance(cell, str) or index in read:
            continue
        if squeeze(cell) in owners:
            name, other = owners[squeeze(cell)]
            values = {
                "file": filename,
                "header": fields[name].headers[0],
                "one": letter_of(other),
                "two": letter_of(index),
            }
            raise Refused(Text(TWICE, values), filename, grid.name)


def form_rows(grid, header, columns, second, fields):
    """Yield a `FormRow` for each row below the header but totals."""
    dates = DateReader(grid.epoch_1904)
    spread = spread_cells(grid, header, columns, fields, second)
    for number in range(header + 1, grid.height + 1):
        cells = grid.row(number)
        filled = [cell for cell in cells if cell != ""]
        if not filled or squeeze(str(filled[0])) in TOTAL_LABELS:
            continue
        for index, cell in spread.get(number, ()):
            cells[index] = cell
        values, texts, problems = {}, {}, {}
        for name, index in columns.items():
            empty = cells[index] == "" and (number, index + 1) not in grid.problems
            index = second.get(name, index) if empty else index
            if (number, index + 1) in grid.problems:
                cell = f"{letter_of(index)}{number}"
                texts[name] = cell
                problems[name] = Text(NO_VALUE, {"cell": cell})
                continue
            if cells[index] == "":
                continue
            texts[name] = seen(cells[index])
            try:
                value = read_cell(cells[index], fields[name], dates)
            except UnreadableError as error:
                problems[name] = error.reason
                continue
            if value is not None:
                values[name] = value
        yield FormRow(number, values, texts, problems)


def seen(value):
    """A cell as a person sees it, and as it can be read again."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return shown(value) if type(value) is float else clean_text(value) or ""
