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
            data = line._prepare_letter()
            formats = {
                digits: self._get_formats(workbook, digits)
                for digits in {*data["digits"], line.currency_id.decimal_places}
            }
            self._write_letter(sheet, data, heads, formats)

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
        for values, digits in zip(data["values"], data["digits"], strict=True):
            row += 1
            cells = [formats[digits][kind] for _label, kind, _w, _summed in columns]
            self._write_row(sheet, row, values, cells)
        for total in data["totals"]:
            row += 1
            self._write_total(sheet, row, total, columns, formats[total["digits"]])

    def _write_total(self, sheet, row, total, columns, formats):
        kinds = [formats["money" if column[3] else "text"] for column in columns]
        self._write_row(sheet, row, total["values"], kinds)
