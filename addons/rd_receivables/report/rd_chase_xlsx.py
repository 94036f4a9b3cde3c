# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import models


class ChaseXlsx(models.AbstractModel):
    """What a customer is asked for as a workbook, figures as numbers."""

    _name = "report.rd_receivables.chase_xlsx"
    _description = "Open Items Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write one sheet per customer."""
        heads = self._get_head_formats(workbook)
        for line in objs:
            line.check_access("read")
            name = re.sub(r"[\[\]:*?/\\']", "-", line.partner_id.name or "-")
            sheet = workbook.add_worksheet(f"{line.id} {name}"[:31])
            formats = self._get_formats(workbook, line.currency_id.decimal_places)
            self._write_letter(sheet, line._prepare_letter(), heads, formats)

    def _write_letter(self, sheet, data, heads, formats):
        columns = data["columns"]
        for number, (_label, _kind, width, _summed) in enumerate(columns):
            sheet.set_column(number, number, width)
        sheet.write_string(0, 0, data["title"], heads["title"])
        row = 1
        for label, value in [*data["heads"], *data["bank"]]:
            self._write_row(sheet, row, [label, value], [heads["bold"], heads["plain"]])
            row += 1
        row += 1
        labels = [label for label, *_rest in columns]
        self._write_row(sheet, row, labels, [heads["header"]] * len(labels))
        self._set_print_options(sheet, row)
        cells = [formats[kind] for _label, kind, _width, _summed in columns]
        for values in data["values"]:
            row += 1
            self._write_row(sheet, row, values, cells)
        self._write_totals(sheet, row + 1, data, formats)

    def _write_totals(self, sheet, row, data, formats):
        columns = data["columns"]
        sums = [
            sum(line[number] for line in data["values"]) if summed else None
            for number, (_label, _kind, _width, summed) in enumerate(columns)
        ]
        sums[0] = data["total"]
        kinds = [formats["money" if column[3] else "text"] for column in columns]
        self._write_row(sheet, row, sums, kinds)
