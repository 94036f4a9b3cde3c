# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import models


class PaperXlsx(models.AbstractModel):
    """Delivery notes and shipment lists as workbooks: the paper's own figures."""

    _name = "report.rd_sales_admin.paper_xlsx"
    _description = "Workbook of Goods"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write one sheet per record."""
        for record in objs:
            self._write_paper(workbook, record._rd_prepare_paper())

    def _write_paper(self, workbook, values):
        columns = values["columns"]
        heads = self._get_head_formats(workbook)
        name = re.sub(r"[\[\]:*?/\\]|^'|'$", "-", values["record"].display_name or "-")
        sheet = workbook.add_worksheet(name[:31])
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column["width"] * 0.6 + 1)
        row = self._write_heads(sheet, values, heads)
        self._set_print_options(sheet, row, landscape=values["landscape"])
        labels = [column["label"] for column in columns]
        self._write_row(sheet, row, labels, [heads["header"]] * len(labels))
        row = self._write_lines(sheet, row + 1, workbook, values)
        self._write_foot(sheet, row + 1, values, heads)

    def _write_heads(self, sheet, values, formats):
        title = values["title"]
        if values["mark"]:
            title = f"{title} ({values['mark']})"
        sheet.write_string(0, 0, f"{values['company']} {title}", formats["title"])
        for row, (label, value) in enumerate(values["heads"], start=1):
            sheet.write_string(row, 0, label, formats["plain"])
            sheet.write_string(row, 2, value or "", formats["plain"])
        return len(values["heads"]) + 2

    def _write_lines(self, sheet, row, workbook, values):
        """Write rows and totals; return the next row."""
        columns = values["columns"]
        keys = [column["key"] for column in columns]
        for bold, rows in ((False, values["rows"]), (True, self._get_totals(values))):
            formats = self._get_formats(workbook, border=1, bold=bold)
            kinds = [formats.get(column["kind"], formats["text"]) for column in columns]
            for item in rows:
                cells = [item.get(key) for key in keys]
                if bold:
                    cells[0], kinds[0] = item["label"], formats["text"]
                self._write_row(sheet, row, cells, kinds)
                row += 1
        return row

    def _get_totals(self, values):
        return values["totals"]

    def _write_foot(self, sheet, row, values, formats):
        blank = "____________"
        signs = "    ".join(f"{label}: {blank}" for label in values["signs"])
        for line in (signs, *values["remarks"]):
            sheet.write_string(row, 0, line, formats["plain"])
            row += 2


class NoteXlsx(models.AbstractModel):
    """The delivery note as a workbook."""

    _name = "report.rd_sales_admin.delivery_note_xlsx"
    _description = "Delivery Note Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]


class ShipmentXlsx(models.AbstractModel):
    """The shipment list of a warehouse's list as a workbook."""

    _name = "report.rd_sales_admin.shipping_list_xlsx"
    _description = "Shipping List Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]


class MonthXlsx(models.AbstractModel):
    """The shipment list of a customer and a period as a workbook."""

    _name = "report.rd_sales_admin.shipment_month_xlsx"
    _description = "Shipment List Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]
