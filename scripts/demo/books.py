# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Pages of cells to real files: xlsx, xls, or csv as Chinese offices save it."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
import xlwt

_MADE = datetime(2026, 1, 1)  # the same bytes on every run
_SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass
class Page:
    """One sheet: rows of cells, and merged ranges counted from 0."""

    name: str
    rows: list = field(default_factory=list)
    merged: list = field(default_factory=list)  # (top, left, bottom, right)

    def title(self, text, width):
        """Add a row whose one text runs over all columns."""
        self.merged.append((len(self.rows), 0, len(self.rows), width - 1))
        self.rows.append([text])

    def add(self, *rows):
        """Add rows of cells."""
        self.rows += rows


def xlsx(pages):
    """Return the bytes of a workbook."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _SAFE)
    book.set_properties({"created": _MADE})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    head = book.add_format({"bold": True, "align": "center", "valign": "vcenter"})
    for page in pages:
        sheet = book.add_worksheet(page.name)
        sheet.set_column(0, 20, 15)
        for row, cells in enumerate(page.rows):
            for column, cell in enumerate(cells):
                _write_xlsx(sheet, row, column, cell, day)
        for top, left, bottom, right in page.merged:
            sheet.merge_range(top, left, bottom, right, page.rows[top][left], head)
    book.close()
    return target.getvalue()


def _write_xlsx(sheet, row, column, cell, day):
    if isinstance(cell, date):
        sheet.write_datetime(
            row, column, datetime.combine(cell, datetime.min.time()), day
        )
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif cell is not None:
        sheet.write_number(row, column, float(cell))


def xls(pages):
    """Return the bytes of a workbook in the format of before 2007."""
    target = io.BytesIO()
    book = xlwt.Workbook(encoding="utf-8")
    for page in pages:
        sheet = book.add_sheet(page.name)
        covered = {
            (row, column)
            for top, left, bottom, right in page.merged
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        for top, left, bottom, right in page.merged:
            sheet.write_merge(top, bottom, left, right, page.rows[top][left])
        for row, cells in enumerate(page.rows):
            for column, cell in enumerate(cells):
                if cell is not None and (row, column) not in covered:
                    sheet.write(row, column, _plain(cell))
    book.save(target)
    return target.getvalue()


def gb18030(pages):
    """Return the bytes of a comma-separated file in the old Chinese encoding."""
    target = io.StringIO()
    writer = csv.writer(target)
    for page in pages:
        for cells in page.rows:
            writer.writerow(["" if cell is None else str(cell) for cell in cells])
    return target.getvalue().encode("gb18030")


def _plain(cell):
    return float(cell) if isinstance(cell, Decimal) else cell
