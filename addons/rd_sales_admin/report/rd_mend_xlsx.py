# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

WIDTHS = (8, 12, 18, 20, 28, 12, 8, 70)
KINDS = ("number", "date", "text", "text", "text", "quantity", "text", "text")


class MendXlsx(models.AbstractModel):
    """The rows of a shipping list that wait for the warehouse, as a workbook."""

    _name = "report.rd_sales_admin.mend_xlsx"
    _description = "Rows to Mend Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write one sheet per list, and what was left out below."""
        heads = self._get_head_formats(workbook)
        formats = self._get_formats(workbook, border=1)
        for shipping_list in objs:
            sheet = workbook.add_worksheet()
            for index, width in enumerate(WIDTHS):
                sheet.set_column(index, index, width)
            labels, rows = shipping_list._prepare_mend_rows()
            title = shipping_list._get_verdict_sentence()
            sheet.write_string(0, 0, title, heads["plain"])
            self._set_print_options(sheet, 2)
            self._write_row(sheet, 2, labels, [heads["header"]] * len(labels))
            for index, row in enumerate(rows, start=3):
                self._write_row(sheet, index, row, [formats[kind] for kind in KINDS])
            self._write_skipped(sheet, len(rows) + 4, shipping_list, heads)

    def _write_skipped(self, sheet, row, shipping_list, heads):
        if not shipping_list.rows_skipped:
            return
        sheet.write_string(row, 0, self.env._("Rows left out"), heads["bold"])
        for text in (shipping_list.skipped_note or "").splitlines():
            row += 1
            sheet.write_string(row, 0, text, heads["plain"])
