# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tell a cross table from a list of lines."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .detect import known_columns, numeric
from .fields import FIELDS, MEASURES, NUMBER
from .labels import SUBTOTAL, TOTAL, label_of

FEWEST = 3
BELOW = 10
LONGEST_MONTH = 31
HEADER_DEPTH = 40
CENT = Decimal("0.01")
DAY = re.compile(r"(?:(\d{1,2})\s*[-/.月]\s*)?(\d{1,2})\s*[日号號]?$")


@dataclass(frozen=True)
class Cross:
    """Where a cross table stands: its heading row (from 1) and its columns.

    `across` are the indexes whose headings are names or days, `totals` those that
    add them up, `down` the {field: index} of the columns at the side.
    """

    row: int
    across: tuple[int, ...]
    totals: tuple[int, ...]
    down: dict[str, int]


def find_cross(grid, row, days_across):
    """The `Cross` whose heading is a row of the grid, or None."""
    cells = grid.row(row)
    known = {name: indexes[0] for name, indexes in known_columns(cells).items()}
    down = {n: i for n, i in known.items() if FIELDS[n].kind != NUMBER}
    totals = tuple(i for i, cell in enumerate(cells) if is_total(cell))
    if days_across:
        across = [i for i, cell in enumerate(cells) if is_day(cell)]
        down = {n: i for n, i in down.items() if n != "date" and i not in across}
        if not ascending([cells[index] for index in across]):
            return None
    else:
        taken = {*known.values(), *totals}
        across = [
            index
            for index, cell in enumerate(cells)
            if isinstance(cell, str) and cell.strip() and index not in taken
            if any(numeric(value) for value in grid.columns[index][row : row + BELOW])
        ]
        if "date" not in down:
            return None
    if len(across) < FEWEST or not down:
        return None
    return Cross(row, tuple(across), totals, down)


def is_total(cell):
    """Whether a heading says that the column adds others up."""
    return isinstance(cell, str) and label_of(cell) in (SUBTOTAL, TOTAL)


def is_day(cell):
    """Whether a heading is a day: a date, 3月5日, 3/5, 5日, or a number to 31."""
    if isinstance(cell, date):
        return True
    if isinstance(cell, float):
        return cell.is_integer() and 1 <= cell <= LONGEST_MONTH
    match = DAY.match(cell.strip()) if isinstance(cell, str) else None
    return bool(match) and 1 <= int(match[2]) <= LONGEST_MONTH


def ascending(cells):
    """Whether days follow each other; a list's own figures seldom do."""
    if not all(type(cell) is type(cells[0]) for cell in cells):
        return False
    keys = [cell if not isinstance(cell, str) else day_key(cell) for cell in cells]
    return all(one < two for one, two in zip(keys, keys[1:], strict=False))


def day_key(text):
    """What days without a year are ordered by."""
    match = DAY.match(text.strip())
    return int(match[1] or 0), int(match[2])


def crossed(grid, row, found):
    """The `Cross` under a row that names fields of a table as well, or None.

    Names across count only where they add up to the one measure beside them.
    """
    if days := find_cross(grid, row, True):
        return days
    names = find_cross(grid, row, False)
    measures = [found[name][0] for name in MEASURES if name in found]
    if not names or len(measures) != 1:
        return None
    lines = [grid.row(r) for r in range(row + 1, min(grid.height, row + BELOW) + 1)]
    lines = [line for line in lines if numeric(line[measures[0]])]
    return (
        names if lines and all(adds_up(x, names, measures[0]) for x in lines) else None
    )


def adds_up(line, cross, measure):
    """Whether the cells across give the measure of the line."""
    total = sum(plain(line[index]) for index in cross.across)
    return abs(total - plain(line[measure])) < CENT


def plain(cell):
    """The figure of a cell, 0 for anything else."""
    return Decimal(str(cell)) if numeric(cell) else Decimal(0)
