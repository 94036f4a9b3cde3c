# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Cells to typed rows; what is no line of the ledger is set aside by name.

Every row below and above the header ends either in `Table.rows` or, with a
reason, in `Table.skipped`; nothing is dropped.
"""

import gc
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import isfinite

from .balances import find_balances
from .blocks import cut, find_blocks, strip
from .crosstab import CrossReader, choose_cross
from .detect import amount_basis, numeric, squeeze
from .fields import (
    BALANCE_KINDS,
    DATE,
    DITTO_MARKS,
    FIELDS,
    FILLED_FROM_ABOVE,
    FOOTER_WORDS,
    IDENTITY,
    MEASURES,
    NUMBER,
    RATE,
    SIDES,
    TEXT,
    Field,
)
from .filters import left_out
from .finder import choose
from .labels import BALANCE, TOTAL, find_labels
from .marks import SheetWarnings, negate, red_lines
from .problems import problem_of
from .sums import TOTAL_TOLERANCE, Sums
from .table import Mismatch, Row, Table
from .text import Finding, Refused, Text, UnreadableError, _
from .values import (
    NO_YEAR_DATE,
    YEAR_LAST,
    DateReader,
    clean_code,
    clean_text,
    is_clean,
    number,
    numbers,
    rate,
    shown,
)

OWN_TEXT = Field(TEXT, ())
CENT = Decimal("0.01")

BLANK = _("Empty row.")
TITLE = _("Stands above the header.")
HEADING = _("Belongs to the heading.")
SECOND_HEADER = _("Repeats the header.")
FOOTER = _("Text below the table, not a line.")
REMARK = _("No quantity and no amount; a remark, not a line.")
BELOW = _("Stands below the range that the profile states.")
NO_SIGN = _(
    "The sheet “%(sheet)s” of %(file)s has the columns “%(header)s”; "
    "say in the profile whether debit or credit adds to the amount."
)
NO_KEY = _("No note number was found in “%(value)s”; the line stays without one.")
PRICE_ROUNDED = _(
    "On %(count)s rows quantity times price is not the amount; the amount counts."
)
MERGED_FILLED = _("Merged cells: the value was taken for every row of the merge.")

SAMPLE = 500
YEAR_FIRST = re.compile(r"(?:19|20)\d{2}(?:\D|\d{4}(?:\D|$))")
PROVED = {"quantity", "accepted", "amount", "tax_amount", "total", *SIDES}


def read_book(book, profile):
    """The ledger in the sheets of a `Book`, as a `Table` without its hash."""
    if profile.crosstab:
        grid, cross = choose_cross(book, profile)
        return CrossReader(grid, cross, profile, book.file).table()
    grid, header = choose(book, profile)
    return read_grid(grid, header, profile, book.file)


def read_grid(grid, header, profile, file):
    """The `Table` of one sheet, of all its blocks."""
    blocks = find_blocks(grid, header, profile, file)
    if len(blocks) == 1:
        return Reader(grid, blocks[0], profile, file).table()
    sums, tables = {}, []
    for block in blocks:
        part = cut(strip(grid, block.header), block)
        reader = Reader(part, block, profile, file, sums)
        tables.append(reader.table())
    return joined(tables, blocks)


def joined(tables, blocks):
    """One `Table` of the blocks of a sheet, their rows in the order of the blocks."""
    first, *others = tables
    stated = stated_totals([table for table in tables if table.rows])
    for table in others:
        first.columns = {**table.columns, **first.columns}
        for name in ("rows", "skipped", "warnings", "mismatches", "balances"):
            getattr(first, name).extend(getattr(table, name))
        first.rows_read += table.rows_read
        for name, amount in table.totals.items():
            first.totals[name] = first.totals.get(name, Decimal(0)) + amount
    first.blocks = tuple(blocks)
    first.file_totals = stated
    return first


def stated_totals(tables):
    """What the file states for all its blocks: a grand total, else their sums.

    A field that one of the blocks gives no total for has none.
    """
    result = {}
    for name in tables[0].totals if tables else ():
        stated = [table.file_totals.get(name) for table in tables]
        if None not in stated:
            last, whole = tables[-1], sum(table.totals.get(name, 0) for table in tables)
            is_grand = (
                abs(stated[-1] - whole)
                <= TOTAL_TOLERANCE
                < abs(stated[-1] - last.totals.get(name, Decimal(0)))
            )
            result[name] = stated[-1] if is_grand else sum(stated, Decimal(0))
    return result


@contextmanager
def paused_collector():
    """Keep the cycle collector still while many lasting objects are made."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Reader:
    """Reads the rows of one grid below one header, column by column.

    Whole columns are converted at once: a hundred thousand rows take a second.
    """

    def __init__(self, grid, block, profile, file, sums=None):
        self.grid = grid
        self.block = block
        # Rows of the sheet that lie above this grid; its own count begins anew.
        self.above = block.first - 1 if sums is not None else 0
        self.sums = sums
        row = max(block.header.row - self.above, 0)
        self.header = replace(block.header, row=row)
        self.is_last = block.is_last
        self.named_block = block if sums is not None else None
        self.profile = profile
        self.file = file
        self.columns = self.header.columns
        self.lines = list(zip(*grid.columns, strict=True))
        self.reasons = [None] * len(self.lines)
        self.labels = {}
        self.label_cells = Counter()
        self.values = {}
        self.unreadable = {}
        self.printed = {}
        self.distinct_cells = {}
        self.warnings = []
        self.date = DateReader(
            grid.epoch_1904, profile.date_order, profile.period_from, profile.period_to
        )

    def table(self):
        """The finished `Table`."""
        self.set_aside_frame()
        self.set_aside_totals()
        self.set_aside_headers()
        for name, column in self.columns.items():
            self.values[name] = self.convert(name, column)
        self.sign_sides()
        self.set_aside_text()
        self.apply_sign()
        rows, skipped = self.collect()
        table = Table(
            file=self.file,
            sheet=self.grid.name,
            header_row=self.block.header.row,
            columns=self.columns,
            rows=rows,
            skipped=skipped,
            rows_read=len(rows) + len(skipped),
            sha256="",
            tax_basis=self.profile.tax_basis or self.basis_of_header(),
            warnings=self.warnings,
            headings=self.header.texts,
            date_forms=self.date_forms(),
            date_order=self.date_order(),
        )
        self.prove_totals(table)
        table.balances = find_balances(self, rows)
        self.warn_about_sheet()
        return table

    def date_order(self):
        """The order of day and month that the texts of the date columns prove."""
        orders = {
            order
            for name, column in self.columns.items()
            if FIELDS.get(name, OWN_TEXT).kind == DATE
            if (order := order_of(self.distinct(column.index)))
        }
        return orders.pop() if len(orders) == 1 else None

    def date_forms(self):
        """How the dates of this table are written, in a fixed order."""
        forms = set()
        for name, column in self.columns.items():
            if FIELDS.get(name, OWN_TEXT).kind == DATE:
                forms |= forms_of(self.distinct(column.index), self.profile.date_order)
        return tuple(sorted(forms))

    def row_at(self, index):
        """The sheet's own number of a row of this grid."""
        return index + 1 + self.above

    # --- what is no line at all ---

    def set_aside_frame(self):
        """Titles above the header, empty rows, rows below the stated end."""
        width = len(self.grid.columns)
        first, last = self.header.row, len(self.lines)
        if self.profile.last_row:
            last = self.profile.last_row - self.above
        unusable = {row - 1 for row, _column in self.grid.problems}
        for index, line in enumerate(self.lines):
            if index not in unusable and line.count("") == width:
                self.reasons[index] = BLANK
            elif index < first:
                within = index >= first - self.header.depth
                self.reasons[index] = HEADING if within else TITLE
            elif index >= last:
                self.reasons[index] = BELOW
        # What is empty below the last table is no row of the sheet.
        while self.lines and self.reasons[-1] is BLANK and self.is_last:
            self.lines.pop()
            self.reasons.pop()

    def set_aside_headers(self):
        """The header again, on a further page or in a second language."""
        for depth in range(self.header.depth):
            self.set_aside_repeats(self.header.row - 1 - depth)
        for row in self.block.repeats:
            index = row - 1 - self.above
            if self.reasons[index] is None:
                self.reasons[index] = SECOND_HEADER

    def set_aside_repeats(self, head):
        """Rows that say again most of what a row of the heading says."""
        counts, width = Counter(), 0
        for index in {column.index for column in self.columns.values()}:
            cells = self.grid.columns[index] if index < len(self.grid.columns) else []
            text = cells[head] if 0 <= head < len(cells) else ""
            width += text != "" or self.header.depth == 1
            if type(text) is str and text and cells.count(text) > 1:
                counts.update(i for i, cell in enumerate(cells) if cell == text)
        for index, count in counts.items():
            if index >= self.header.row and count * 2 > width:
                self.reasons[index] = SECOND_HEADER

    def set_aside_totals(self):
        """Totals and balances, known by their label in any column but remarks."""
        remark = self.columns.get("remark")
        for index, cells in enumerate(self.grid.columns):
            if remark and remark.index == index:
                continue
            if labels := find_labels(self.distinct_texts(index)):
                self.mark_labels(cells, labels)
        for index in [i for i, count in self.label_cells.items() if count > 1]:
            self.set_aside_under(index)

    def mark_labels(self, cells, labels):
        """Note the rows whose cell in this column is a label."""
        for index in range(self.header.row, len(self.lines)):
            label = labels.get(cells[index])
            if label and self.reasons[index] in (None, label):
                self.reasons[index] = label
                self.labels[index] = label
                self.label_cells[index] += 1

    def set_aside_under(self, index):
        """The figures under a row of labels: a small table of its own."""
        under = index + 1
        if under >= len(self.lines) or any(map(numeric, self.lines[index])):
            return
        line = self.lines[under]
        if self.reasons[under] is None and all(c == "" or numeric(c) for c in line):
            self.reasons[under] = BALANCE

    def set_aside_text(self):
        """Rows without any figure, and what stands below the grand total."""
        names = [name for name in MEASURES if name in self.values] or BALANCE_KINDS
        measures = [self.values[name] for name in names if name in self.values]
        if not measures:
            return
        identity = [self.values[name] for name in IDENTITY if name in self.values]
        end = min((i for i, x in self.labels.items() if x is TOTAL), default=None)
        count = len(measures)
        lines = zip(self.reasons, zip(*measures, strict=True), strict=False)
        for index, (reason, figures) in enumerate(lines):
            if reason is not None:
                continue
            if figures.count(None) == count:
                if not self.is_faulty_line(index, identity):
                    self.reasons[index] = REMARK
            elif end is not None and index > end:
                if self.is_footer(index, identity):
                    self.reasons[index] = FOOTER

    def is_faulty_line(self, index, identity):
        """Whether a row without figures is a line whose figure is unreadable."""
        return index in self.unreadable and any(
            values[index] is not None for values in identity
        )

    def is_footer(self, index, identity):
        """Whether a row below the grand total belongs to the frame."""
        if all(values[index] is None for values in identity):
            return True
        text = squeeze(self.lines[index][first_filled(self.lines[index])])
        return text.startswith(FOOTER_WORDS)

    # --- columns to values ---

    def cells(self, column):
        """The stored cells of a column; none where the sheet is narrower."""
        if column.index < len(self.grid.columns):
            return self.grid.columns[column.index]
        return [""] * len(self.lines)

    def distinct(self, index):
        """The different cells of a column."""
        if index not in self.distinct_cells:
            columns = self.grid.columns
            self.distinct_cells[index] = (
                set(columns[index]) if index < len(columns) else {""}
            )
        return self.distinct_cells[index]

    def distinct_texts(self, index):
        """The different texts of a column."""
        texts = [cell for cell in self.grid.columns[index] if type(cell) is str]
        return set(texts)

    def convert(self, name, column):
        """The typed values of one field, None where empty or unreadable."""
        field = FIELDS.get(name, OWN_TEXT)
        cells = self.cells(column)
        if name in FILLED_FROM_ABOVE:
            cells = self.filled(name, column, cells)
        read_cell = self.cell_reader(name, field)
        memo = Memo(read_cell)
        if field.kind != TEXT and self.header.row:
            memo[cells[self.header.row - 1]] = None
        if field.kind == NUMBER and are_various(cells):
            values = [
                Decimal(format(cell, ".15g")) if type(cell) is float else memo[cell]
                for cell in cells
            ]
        else:
            distinct = self.distinct(column.index)
            memo.update(at_once(field.kind, read_cell, distinct))
            values = [memo[cell] for cell in cells]
        faulty = any(type(value) is UnreadableError for value in memo.values())
        for (row, number_), problem in self.grid.problems.items():
            if number_ == column.index + 1 and (problem != "=''" or field.kind != TEXT):
                values[row - 1] = problem_of(problem)
                faulty = True
        return self.without_unreadable(name, values) if faulty else values

    def cell_reader(self, name, field):
        """The function that reads one cell of this field."""
        if name == "note" and self.profile.key_pattern:
            return KeyReader(self.profile.key_pattern)
        if field.kind == TEXT:
            return clean_code if field.key else clean_text
        return {NUMBER: number, RATE: rate, DATE: self.date}[field.kind]

    def without_unreadable(self, name, values):
        """Move the unreadable ones into `self.unreadable`."""
        for index, value in enumerate(values):
            if type(value) is UnreadableError:
                values[index] = None
                self.unreadable.setdefault(index, {})[name] = value
        return values

    def filled(self, name, column, cells):
        """The cells with dittos, merges and agreed blanks filled from above."""
        marks = {
            cell
            for cell in self.distinct(column.index)
            if type(cell) is str and cell.strip() in DITTO_MARKS
        }
        cells = self.merged_down(column, cells)
        if name in self.profile.fill_down:
            marks.add("")
        if not marks:
            return cells
        result, above = [], ""
        for index, cell in enumerate(cells):
            usable = index < len(self.reasons) and self.reasons[index] is None
            if usable and cell in marks:
                cell = above
            elif usable:
                above = cell
            result.append(cell)
        return result

    def merged_down(self, column, cells):
        """The cells with every vertical merge of this column filled."""
        result = cells
        for (top, left), (bottom, right) in self.grid.merged:
            if bottom == top or not left <= column.index <= right:
                continue
            if top < self.header.row or cells[top : top + 1] in ([], [""]):
                continue
            if result is cells:
                result = list(cells)
                self.warn(top, column, cells[top], Text(MERGED_FILLED))
            for index in range(top + 1, min(bottom + 1, len(cells))):
                result[index] = result[index] if result[index] != "" else cells[top]
        return result

    def sign_sides(self):
        """The amount of a debit and a credit column, signed by the profile's rule."""
        sides = [self.columns[name] for name in SIDES if name in self.columns]
        if not sides or {"amount", "total"} & set(self.columns):
            return
        if not self.profile.sign:
            header = " / ".join(column.header for column in sides)
            values = {"file": self.file, "sheet": self.grid.name, "header": header}
            cell = f"{sides[0].letter}{self.block.header.row}"
            raise Refused(Text(NO_SIGN, values), self.file, self.grid.name, cell)
        adds, takes = SIDES if self.profile.sign == "debit" else SIDES[::-1]
        nothing = [None] * len(self.grid.columns[0])
        self.values["amount"] = [
            None if one is two is None else (one or 0) - (two or 0)
            for one, two in zip(
                self.values.get(adds, nothing),
                self.values.get(takes, nothing),
                strict=True,
            )
        ]
        self.columns = {**self.columns, "amount": sides[0]}

    def apply_sign(self):
        """Returns count negative, however they were typed."""
        self.printed = {name: self.values[name] for name in PROVED & set(self.values)}
        if self.profile.red_is_return and (red := red_lines(self.grid, self.columns)):
            for name in self.values:
                if name in FIELDS and FIELDS[name].signed:
                    self.values[name] = negate(list(self.values[name]), red)
        if "kind" not in self.values or not self.profile.negative:
            return
        words = [word.lower() for word in self.profile.negative]
        kinds = self.values["kind"]
        returns = {k for k in set(kinds) if k and any(w in k.lower() for w in words)}
        if not returns:
            return
        for name in self.values:
            if name in FIELDS and FIELDS[name].signed:
                self.values[name] = [
                    -value if kind in returns and value and value > 0 else value
                    for kind, value in zip(kinds, self.values[name], strict=True)
                ]

    # --- rows ---

    def collect(self):
        """(rows, skipped): every row of the sheet but the header is in one."""
        rows, skipped = [], []
        picky = bool(self.profile.required or self.profile.keep or self.profile.drop)
        lines = zip(
            self.lines,
            self.reasons,
            zip(*self.values.values(), strict=True),
            strict=False,
        )
        for index, (line, reason, values) in enumerate(lines):
            if index == self.header.row - 1:
                # The first heading alone is no row of the ledger.
                if not self.above:
                    continue
                reason = HEADING
            if reason is not None:
                row = self.row_at(index)
                finding = Finding(row, None, first_text(line), Text(reason))
                skipped.append(finding)
                continue
            if index in self.unreadable or picky:
                named = dict(zip(self.values, values, strict=True))
                if finding := self.verdict(index, named):
                    skipped.append(finding)
                    continue
            rows.append(
                Row(self.row_at(index), values, line, self.columns, self.named_block)
            )
        return rows, skipped

    def verdict(self, index, values):
        """Why a row cannot be a line, as a `Finding`, or None."""
        for name, error in self.unreadable.get(index, {}).items():
            finding = self.finding(index, self.columns[name], error.reason)
            strict = FIELDS.get(name, OWN_TEXT).strict
            if strict and name not in self.profile.lenient:
                return finding
            self.warnings.append(finding)
        self.name_partner(values)
        if hit := left_out(self.profile, values):
            name, reason = hit
            return self.finding(index, self.columns.get(name), reason)
        return None

    def name_partner(self, values):
        """The party of the block's title, where the row names none."""
        if self.named_block and self.named_block.partner and not values.get("partner"):
            values["partner"] = self.named_block.partner

    def finding(self, index, column, reason):
        """A `Finding` that names the cell and shows its content."""
        if not column or column.index >= len(self.lines[index]):
            return Finding(self.row_at(index), None, "", reason)
        cell = self.lines[index][column.index]
        if cell == "" and (problem := self.problem_at(index, column)):
            cell = problem
        row = self.row_at(index)
        return Finding(row, f"{column.letter}{row}", shown(cell), reason)

    def problem_at(self, index, column):
        """The error or the formula that the sheet holds at this place."""
        return self.grid.problems.get((index + 1, column.index + 1), "")

    def problem(self, index, column):
        """The error of a cell without a usable value, by its indexes."""
        return problem_of(self.grid.problems[index + 1, column + 1])

    def warn(self, index, column, value, reason):
        """Keep a warning about one cell."""
        row = self.row_at(index)
        self.warnings.append(
            Finding(row, f"{column.letter}{row}", shown(value), reason)
        )

    # --- proofs ---

    def basis_of_header(self):
        """The tax basis that the amount's header states, or the price's alone."""
        column = self.columns.get("amount")
        if column is None and "total" not in self.columns:
            column = self.columns.get("price")
        return amount_basis(column.header) if column else None

    def prove_totals(self, table):
        """Add the lines up and compare with every total the file states."""
        lines = [row.number - 1 - self.above for row in table.rows]
        for name, values in self.values.items():
            if name in PROVED:
                known = (values[index] for index in lines)
                table.totals[name] = sum(filter(None, known), Decimal(0))
                if self.labels:
                    self.prove_column(table, name, set(lines))

    def prove_column(self, table, name, lines):
        """Compare one column's stated totals with its lines."""
        shared = self.sums if self.sums is not None else {}
        sums = shared.setdefault(name, Sums())
        sums.begin()
        for index in range(self.header.row, len(self.lines)):
            if index in lines:
                sums.add(self.values[name][index], self.printed[name][index])
            label = self.labels.get(index)
            if label is None or label is BALANCE:
                continue
            stated = self.printed[name][index]
            if stated is not None:
                table.file_totals[name] = stated
                if not sums.agree(stated):
                    cell = f"{self.columns[name].letter}{self.row_at(index)}"
                    mismatch = Mismatch(
                        name, cell, stated, sums.expected(label, stated)
                    )
                    table.mismatches.append(mismatch)
            sums.close(label)

    def warn_about_sheet(self):
        """Tell what was read although a person might not see it."""
        first = self.row_at(self.header.row - 1)
        said = SheetWarnings(
            *(self.grid, self.header.row, self.columns, self.reasons),
            *(self.profile, self.above),
        )
        self.warnings += said.all()
        if count := self.count_rounded():
            reason = Text(PRICE_ROUNDED, {"count": count})
            self.warnings.append(Finding(first, None, "", reason))

    def count_rounded(self):
        """How many lines have a price that does not give any of their amounts."""
        nothing = [None] * len(self.reasons)
        amounts = [self.values.get(name, nothing) for name in ("amount", "total")]
        if not {"quantity", "price"} <= set(self.values):
            return 0
        quantities, prices = self.values["quantity"], self.values["price"]
        return sum(
            (product := quantity * price) is not None
            and (amount is None or abs(product - amount) > CENT)
            and (total is None or abs(product - total) > CENT)
            for reason, quantity, price, amount, total in zip(
                self.reasons, quantities, prices, *amounts, strict=False
            )
            if reason is None and quantity is not None and price is not None
            if amount is not None or total is not None
        )


def forms_of(cells, order):
    """The forms of date that these cells are written in; see `Table.date_forms`."""
    forms = set()
    for cell in cells:
        if isinstance(cell, date):
            forms.add("cell")
        elif isinstance(cell, str):
            text = squeeze(cell)
            if YEAR_LAST.match(text):
                forms.add(order_of([text]) or order or "dmy")
            elif NO_YEAR_DATE.match(text):
                forms.add("md")
            elif YEAR_FIRST.match(text):
                forms.add("ymd")
    # One cell that can only be month first tells it of the others too.
    if "mdy" in forms and order_of(cells) == "mdy":
        forms.discard("dmy")
    return forms


def order_of(cells):
    """ "dmy" or "mdy" where days above 12 prove one of them, else None."""
    found = [m for c in cells if isinstance(c, str) and (m := YEAR_LAST.match(c))]
    first = any(int(match[1]) > 12 for match in found)
    second = any(int(match[2]) > 12 for match in found)
    if first == second:
        return None
    return "dmy" if first else "mdy"


class KeyReader:
    """Cuts the note number out of a cell that holds other words too."""

    def __init__(self, pattern):
        self.pattern = re.compile(pattern)

    def __call__(self, cell):
        text = clean_code(cell)
        match = self.pattern.search(text) if text else None
        if not match:
            return None
        return match[1] if self.pattern.groups else match[0]


def are_various(cells):
    """Whether a column holds mostly different, finite numbers: no use to remember."""
    sample = cells[: 2 * SAMPLE]
    if len(set(sample)) < SAMPLE:
        return False
    return isfinite(sum(cell for cell in cells if type(cell) is float))


def at_once(kind, read_cell, cells):
    """{cell: value} for the plain cells of a column, without a call for each."""
    if kind == NUMBER:
        return numbers([cell for cell in cells if type(cell) is float]) or {}
    if read_cell in (clean_text, clean_code):
        texts = [cell for cell in cells if type(cell) is str and cell]
        return dict(zip(texts, texts, strict=True)) if is_clean(texts) else {}
    return {}


class Memo(dict):
    """Values by cell content, each read once; errors are kept as values."""

    def __init__(self, read_cell):
        super().__init__({"": None})
        self.read_cell = read_cell

    def __missing__(self, cell):
        try:
            value = self.read_cell(cell)
        except UnreadableError as error:
            value = error
        self[cell] = value
        return value


def first_filled(line):
    """The index of the first cell with content."""
    return next((i for i, cell in enumerate(line) if cell != ""), 0)


def first_text(line):
    """The first cell with content, shortened, to recognise a row by."""
    return shown(line[first_filled(line)])[:80] if line else ""
