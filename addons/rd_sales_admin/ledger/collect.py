# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Gathers one sheet's cells as a parser of the helper process meets them."""

from guard import DATE_MARK, StopError, add_mark, column_letters

# Characters of all cells together, and of one alone.
MOST_TEXT, LONGEST_TEXT = 32 << 20, 1 << 20


class Collector:
    """The cells of one sheet, dense in the end, never beyond the limits.

    Places are counted from 1. `total` is a list of one number, the cells of all
    sheets of the file together.
    """

    def __init__(self, limits, total):
        self.limits = limits
        self.total = total
        self.text = 0
        self.lines = []
        self.width = 0
        self.dated = set()
        self.problems = {}
        self.formulas = {}
        self.merged = []
        self.marks = {}
        self.comments = {}
        self.hidden = 0
        self.hidden_columns = set()
        self.filtered = False
        self.links = 0
        self.unread = False

    def put(self, row, column, value):
        """Set one cell; refuses what lies too far away or is too much."""
        self.reach(row, column)
        line = self.lines[row - 1]
        if len(line) < column:
            line.extend([""] * (column - len(line)))
        line[column - 1] = value
        if type(value) is str and value[:1] == DATE_MARK:
            self.dated.add(column - 1)
        if type(value) is str:
            self.text += len(value)
            if self.text > MOST_TEXT:
                raise StopError("unpacked")
        self.count()

    def count(self):
        """Account for one thing that takes memory."""
        self.total[0] += 1
        if self.total[0] > self.limits["cells"]:
            raise StopError("cells")

    def reach(self, row, column):
        """Make room for a place."""
        if row <= len(self.lines) and column <= self.width:
            return
        far = row > self.limits["rows"] or column > self.limits["columns"]
        height, width = max(row, len(self.lines)), max(column, self.width)
        if far or height * width > self.limits["cells"]:
            full = self.total[0] * 4 > height * width
            cell = f"{column_letters(column)}{row}"
            raise StopError("cells") if full else StopError("far_cell", cell=cell)
        while len(self.lines) < row:
            self.lines.append([])
        self.width = width

    def fault(self, row, column, problem, formula=""):
        """Note a cell without a usable value, and its formula."""
        self.reach(row, column)
        self.problems[row, column] = problem
        if formula:
            self.formulas[row, column] = formula

    def mark(self, kinds, row, column):
        """Note the marks of one cell."""
        for kind in kinds:
            add_mark(self.marks, kind, row, column)

    def merge(self, row, column, down, across):
        """Note a merge that begins here and goes on `down` and `across`."""
        if down > 0 or across > 0:
            self.count()
            last = (row - 1 + max(down, 0), column - 1 + max(across, 0))
            self.merged.append(((row - 1, column - 1), last))

    def answer(self):
        """The sheet as plain data for the parent process."""
        width = self.width
        even = [line + [""] * (width - len(line)) for line in self.lines]
        height = len(even)
        last = (height - 1, width - 1)
        merged = [
            (first, (min(end[0], last[0]), min(end[1], last[1])))
            for first, end in self.merged
            if first[0] < height and first[1] < width
        ]
        return {
            "columns": [list(column) for column in zip(*even, strict=True)],
            "dated": sorted(self.dated),
            "height": height,
            "problems": self.problems,
            "formulas": self.formulas,
            "merged": merged,
            "marks": self.marks,
            "comments": self.comments,
            "hidden": self.hidden,
            "hidden_columns": sorted(self.hidden_columns),
            "filtered": self.filtered,
            "links": self.links,
            "unread": self.unread,
        }
