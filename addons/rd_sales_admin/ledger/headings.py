# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Heading rows: one row, or a group heading over the headings below it."""

from itertools import islice
from typing import NamedTuple

MOST_LETTERS = 60


class Pair(NamedTuple):
    """A column's heading in two rows: the group's text and its own."""

    group: str
    own: str

    def __str__(self):
        if not self.group or not self.own or self.group == self.own:
            return self.group or self.own
        return f"{self.group}/{self.own}"


class Heading(NamedTuple):
    """Heading rows that end in `row` (from 1; 0 for none); a cell per column."""

    row: int
    depth: int
    cells: list


def headings_of(grid, rows):
    """The headings that may end in these rows: each row alone, then every pair."""
    for row in rows:
        cells = grid.row(row) if row else [""] * len(grid.columns)
        yield Heading(row, 1, cells)
    for row in rows:
        if row > 1 and (cells := pair_cells(grid, row)):
            yield Heading(row, 2, cells)


def pair_cells(grid, row):
    """The `Pair` of each column of rows `row - 1` and `row`; None if no heading."""
    upper, lower = grid.row(row - 1), grid.row(row)
    if not all(is_wording(cell) for cell in (*upper, *lower)):
        return None
    groups = {cell for cell in upper if cell != ""}
    if len(groups) < 2 or sum(cell != "" for cell in lower) < 2:
        return None
    spread = spread_groups(grid, row, upper, lower)
    return [
        Pair(str(group).strip(), str(own).strip())
        if own != "" or has_content(grid, row, index)
        else ""
        for index, (group, own) in enumerate(zip(spread, lower, strict=True))
    ]


def is_wording(cell):
    """Whether a cell may belong to a heading: no figure, no long text."""
    if cell == "":
        return True
    return isinstance(cell, str) and len(cell) <= MOST_LETTERS and not is_figure(cell)


def is_figure(text):
    """Whether a text is made of digits and their signs alone."""
    return not text.strip("0123456789.,-+/¥￥ \u3000") and text.strip() != ""


def spread_groups(grid, row, upper, lower):
    """The upper cells, each repeated over the columns that it stands above."""
    result = list(upper)
    merges = [
        (left, right)
        for (top, left), (bottom, right) in grid.merged
        if top <= row - 2 <= bottom and right > left
    ]
    for left, right in merges:
        # A title over everything is no group.
        if right - left + 1 >= sum(cell != "" for cell in lower):
            result[left] = ""
            continue
        for index in range(left, min(right + 1, len(result))):
            result[index] = upper[left]
    if not merges:
        for index in range(1, len(result)):
            if result[index] == "" and lower[index] != "" and lower[index - 1] != "":
                result[index] = result[index - 1]
    return result


def has_content(grid, row, index):
    """Whether a column holds anything below the heading."""
    return any(cell != "" for cell in islice(grid.columns[index], row, None))
