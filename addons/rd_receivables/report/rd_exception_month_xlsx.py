# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Date

from ..models.rd_exception_month import NAMES


class ExceptionMonthXlsx(models.AbstractModel):
    """The exceptions of a month as a workbook: figures as numbers, days as days."""

    _name = "report.rd_receivables.exceptions_xlsx"
    _description = "Exception Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write one sheet per month."""
        heads = self._get_head_formats(workbook)
        for record in objs:
            places = record.company_id.currency_id.decimal_places
            formats = self._get_formats(workbook, places)
            sheet = workbook.add_worksheet(f"{record.name} {record.company_id.id}")
            self._write_month(sheet, record, heads, formats)

    def _write_month(self, sheet, record, heads, formats):
        data = record._prepare_print_data()
        for column, (_name, _kind, width) in enumerate(NAMES):
            sheet.set_column(column, column, width * 1.6)
        sheet.write_string(0, 0, data["title"], heads["title"])
        row = 1
        for label, value in data["heads"]:
            self._write_row(sheet, row, [label, value], [heads["bold"], heads["plain"]])
            row += 1
        sheet.write_string(row, 0, data["summary"], heads["plain"])
        row += 2
        labels = [label for label, *_rest in data["columns"]]
        self._write_row(sheet, row, labels, [heads["header"]] * len(labels))
        self._set_print_options(sheet, row)
        cells = [formats[kind] for _name, kind, _width in NAMES]
        for number, values in enumerate(record._get_values(), start=row + 1):
            self._write_row(sheet, number, self._read_days(values), cells)

    def _read_days(self, values):
        return [
            Date.to_date(value) if kind == "date" else value
            for value, (_name, kind, _width) in zip(values, NAMES, strict=True)
        ]
