# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Cross tables: days down and names across, or names down and days across.

They are told apart from lists, and made one line per filled cell where the
profile says what stands across. Every cell with content is a line or is set
aside with a reason; titles, totals and empty rows count once each.
"""

import re
from decimal import Decimal

from .crosses import HEADER_DEPTH, LONGEST_MONTH, find_cross
from .detect import Column, letter_of
from .fields import FIELDS
from .filters import left_out
from .labels import SUBTOTAL, TOTAL, label_of
from .problems import problem_of
from .sums import Sums
from .table import Mismatch, Row, Table
from .text import Finding, Refused, Text, UnreadableError, _
from .values import DateReader, clean_code, clean_text, number, shown

DAY_ONLY = re.compile(r"(\d{1,2})\s*[日号號]$")
MONTH = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月")

NO_CROSS = _(
    "The sheet “%(sheet)s” of %(file)s is no cross table with headings across and "
    "days on the other side; correct the profile."
)
NO_MONTH = _("“%(value)s” names no month; state the period.")
TITLE = _("Stands above the cross table.")
BLANK = _("Empty row.")
NOTHING = _("The cell says 0; nothing moved.")
TEXT_ROW = _("No day and no name; text beside the cross table.")
BELOW_END = _("Stands below the range that the profile states.")
TOTAL_COLUMN = _("A total across, computed anew from the cells.")


def cross_in(grid, profile):
    """The first `Cross` of a sheet of the kind that the profile states, or None."""
    rows = range(1, min(grid.height, HEADER_DEPTH) + 1)
    if profile.header_row:
        rows = [profile.header_row] if profile.header_row <= grid.height else []
    found = (find_cross(grid, row, profile.crosstab == "date") for row in rows)
    return next((cross for cross in found if cross), None)


def choose_cross(book, profile):
    """(grid, cross) of the one cross table in the book. Raises `Refused`."""
    pairs = [(grid, cross_in(grid, profile)) for grid in book.sheets.values()]
    found = [(grid, cross) for grid, cross in pairs if cross]
    if len(found) == 1:
        return found[0]
    name = "、".join(grid.name for grid, _cross in found or pairs)
    raise Refused(Text(NO_CROSS, {"sheet": name, "file": book.file}), book.file, name)


class CrossRow(Row):
    """A line made of one cell of a cross table."""

    __slots__ = ("_raw", "ref")

    def __init__(self, number, values, columns, raw, cell):
        super().__init__(number, tuple(values.values()), (), columns)
        self._dict = values
        self._raw = raw
        self.ref = cell

    @property
    def raw(self):
        """{field: text of the cell or heading it comes from}."""
        return self._raw


class CrossReader:
    """Makes the lines of one cross table."""

    def __init__(self, grid, cross, profile, file):
        self.grid, self.cross, self.profile, self.file = grid, cross, profile, file
        self.head = grid.row(cross.row)
        self.rows, self.skipped, self.warnings, self.mismatches = [], [], [], []
        self.file_totals = {}
        self.sums = {index: Sums() for index in (*cross.across, *cross.totals)}
        self.month = self.stated_month()
        self.date = DateReader(
            grid.epoch_1904, profile.date_order, profile.period_from, profile.period_to
        )
        self.field, self.figure = profile.crosstab, profile.crosstab_figures
        self.columns = self.named_columns()

    def named_columns(self):
        """{field: `Column`}: those at the side, and the range across for two."""
        result = {
            name: Column(letter_of(i), str(self.head[i]).strip(), i)
            for name, i in self.cross.down.items()
        }
        first, last = self.cross.across[0], self.cross.across[-1]
        header = "、".join(shown(self.head[i]).strip() for i in self.cross.across[:3])
        wide = Column(f"{letter_of(first)}:{letter_of(last)}", f"{header} …", first)
        return result | {self.field: wide, self.figure: wide}

    def stated_month(self):
        """(year, month) that one of the titles names, or None."""
        for number_ in range(1, self.cross.row):
            for cell in self.grid.row(number_):
                if isinstance(cell, str) and (match := MONTH.search(cell)):
                    return int(match[1]), int(match[2])
        return None

    def table(self):
        """The finished `Table`; its rows are counted by cells."""
        last = self.profile.last_row or self.grid.height
        for row in range(1, self.height() + 1):
            if row != self.cross.row:
                self.read_row(row, row > last)
        return Table(
            file=self.file,
            sheet=self.grid.name,
            header_row=self.cross.row,
            columns=self.columns,
            rows=self.rows,
            skipped=self.skipped,
            rows_read=len(self.rows) + len(self.skipped),
            sha256="",
            tax_basis=self.profile.tax_basis,
            warnings=self.warnings,
            totals={self.figure: self.total()},
            file_totals=self.file_totals,
            mismatches=self.mismatches,
            headings={
                letter_of(i): shown(cell).strip()
                for i, cell in enumerate(self.head)
                if cell != ""
            },
            crosstab=self.field,
        )

    def total(self):
        """The sum of the lines."""
        values = (row.values[self.figure] for row in self.rows)
        return sum(values, Decimal(0))

    def height(self):
        """The last row with content."""
        rows = (
            row
            for row in range(self.grid.height, 0, -1)
            if any(cell != "" for cell in self.grid.row(row)) or self.problems(row)
        )
        return next(rows, 0)

    def problems(self, row):
        """The columns, from 1, of cells without a usable value in a row."""
        return [column for number_, column in self.grid.problems if number_ == row]

    def skip(self, row, reason, index=None):
        """Set a row, or one cell of it, aside."""
        cells = self.grid.row(row)
        cell = None if index is None else f"{letter_of(index)}{row}"
        text = (
            next((c for c in cells if c != ""), "") if index is None else cells[index]
        )
        if not isinstance(reason, Text):
            reason = Text(reason)
        self.skipped.append(Finding(row, cell, shown(text)[:80], reason))

    def read_row(self, row, is_below):
        """Lines, or the reason why there are none, of one row of the sheet."""
        cells = self.grid.row(row)
        if all(cell == "" for cell in cells) and not self.problems(row):
            return self.skip(row, BLANK)
        if row < self.cross.row:
            return self.skip(row, TITLE)
        if is_below:
            return self.skip(row, BELOW_END)
        side = [cells[index] for index in self.cross.down.values()]
        for cell in side:
            label = label_of(cell) if isinstance(cell, str) else None
            if label:
                return self.prove_down(row, label)
        if all(cell == "" for cell in side):
            return self.skip(row, TEXT_ROW)
        return self.read_cells(row, cells)

    def read_cells(self, row, cells):
        """The lines of a row of figures."""
        try:
            side = {
                name: self.side_value(name, cells[index])
                for name, index in self.cross.down.items()
            }
        except UnreadableError as error:
            index = next(iter(self.cross.down.values()))
            return self.skip(row, error.reason, index)
        found = []
        for index in self.cross.across:
            if cells[index] == "" and (row, index + 1) not in self.grid.problems:
                continue
            try:
                found.append(self.read_cell(row, index, cells, side))
            except UnreadableError as error:
                self.skip(row, error.reason, index)
        return self.prove_across(row, cells, sum(filter(None, found), Decimal(0)))

    def side_value(self, name, cell):
        """The typed value of a cell at the side."""
        if name == "date":
            return self.day(cell)
        return clean_code(cell) if FIELDS[name].key else clean_text(cell)

    def read_cell(self, row, index, cells, side):
        """Add the line of one cell; its figure."""
        if (row, index + 1) in self.grid.problems:
            raise problem_of(self.grid.problems[row, index + 1])
        amount = number(cells[index])
        if not amount:
            self.skip(row, NOTHING, index)
            return amount
        heading = self.head[index]
        across = self.day(heading) if self.field == "date" else clean_text(heading)
        values = {**side, self.field: across, self.figure: amount}
        if hit := left_out(self.profile, values):
            self.skip(row, hit[1], index)
            return amount
        raw = {name: shown(cells[i]) for name, i in self.cross.down.items()}
        raw |= {self.field: shown(heading), self.figure: shown(cells[index])}
        cell = f"{letter_of(index)}{row}"
        self.rows.append(CrossRow(row, values, self.columns, raw, cell))
        self.sums[index].add(amount, amount)
        return amount

    def day(self, cell):
        """The day that a cell names, by the period where it has no month."""
        match = DAY_ONLY.match(cell.strip()) if isinstance(cell, str) else None
        alone = int(match[1]) if match else None
        if isinstance(cell, float) and cell.is_integer() and cell <= LONGEST_MONTH:
            alone = int(cell)
        if alone is None:
            return self.date(cell)
        first, last = self.profile.period_from, self.profile.period_to
        if first and (not last or (last - first).days < LONGEST_MONTH):
            end = last or first
            month = first if alone >= first.day or first.month == end.month else end
            return self.date(f"{month.year}-{month.month}-{alone}")
        if self.month:
            return self.date(f"{self.month[0]}-{self.month[1]}-{alone}")
        raise UnreadableError(NO_MONTH, value=shown(cell))

    # --- proofs ---

    def prove_across(self, row, cells, total):
        """Compare the totals beside a row with its cells."""
        for index in self.cross.totals:
            if cells[index] != "":
                self.prove(row, index, cells[index], total)
                self.skip(row, TOTAL_COLUMN, index)
                self.sums[index].add(total, total)

    def prove(self, row, index, cell, computed):
        """Note a stated total that the cells do not give."""
        try:
            stated = number(cell)
        except UnreadableError as error:
            place = f"{letter_of(index)}{row}"
            self.warnings.append(Finding(row, place, shown(cell), error.reason))
            return
        if stated is not None and stated != computed:
            place = f"{letter_of(index)}{row}"
            self.mismatches.append(Mismatch(self.figure, place, stated, computed))

    def prove_down(self, row, label):
        """Compare a row of totals with the columns above it."""
        cells = self.grid.row(row)
        for index, sums in self.sums.items():
            if cells[index] == "":
                continue
            try:
                stated = number(cells[index])
            except UnreadableError:
                stated = None
            if label in (SUBTOTAL, TOTAL) and stated is not None:
                if not sums.agree(stated):
                    self.prove(row, index, cells[index], sums.expected(label, stated))
                if index in self.cross.totals:
                    self.file_totals[self.figure] = stated
            sums.close(label)
        self.skip(row, label)
