# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime

from odoo import models

# What a cell of a spreadsheet can hold; a longer text would be left out.
CELL_LIMIT = 32767

# What xlsxwriter may not make of a text that somebody typed.
SAFE_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

FONT = {"font_size": 10, "valign": "vcenter"}


class RdReportXlsx(models.AbstractModel):
    """Spreadsheet reports of the suite: user text stays text, memory stays low.

    Rows must be written from top to bottom and each from left to right; merged
    cells and column widths come before the rows they stand in.
    """

    _name = "rd.report.xlsx"
    _description = "Spreadsheet Report of the Desk"
    _inherit = ["report.report_xlsx.abstract"]

    def get_workbook_options(self):
        """Return options under which no text becomes a formula or a link."""
        return {**super().get_workbook_options(), **SAFE_OPTIONS}

    # ------------------------------------------------------------------
    # Formats
    # ------------------------------------------------------------------
    def _get_formats(self, workbook, decimals=2, **common):
        """Return the formats of a list by kind of cell.

        :param int decimals: decimal places of amounts
        :param common: further properties of all of them (bold, border, …)
        """
        base = {**FONT, **common}
        money = "#,##0" + ("." + "0" * decimals if decimals else "")
        properties = {
            "text": {"num_format": "@", "text_wrap": True},
            "number": {"num_format": "0", "align": "center"},
            "date": {"num_format": "yyyy-mm-dd", "align": "center"},
            "quantity": {"num_format": "General"},
            "price": {"num_format": money + "####"},
            "rate": {"num_format": 'General"%"'},
            "money": {"num_format": money},
        }
        return {
            kind: workbook.add_format({**base, **values})
            for kind, values in properties.items()
        }

    def _get_head_formats(self, workbook):
        """Return the formats around a list: title, heads, column headers."""
        plain = {**FONT, "num_format": "@"}
        return {
            "title": workbook.add_format({**plain, "bold": True, "font_size": 15}),
            "plain": workbook.add_format(plain),
            "bold": workbook.add_format({**plain, "bold": True}),
            "header": workbook.add_format(
                {
                    **plain,
                    "bold": True,
                    "border": 1,
                    "bg_color": "#ECECEC",
                    "align": "center",
                    "text_wrap": True,
                }
            ),
        }

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    def _write_row(self, sheet, row, values, formats, column=0):
        """Write one row; the type of each value says what its cell is.

        :param values: text, numbers, dates; None and False leave the cell empty
        :param formats: one format per value
        """
        text, number = sheet.write_string, sheet.write_number
        for value, cell_format in zip(values, formats, strict=True):
            kind = type(value)
            if kind is str:
                text(row, column, value[:CELL_LIMIT], cell_format)
            elif kind is float or kind is int:
                number(row, column, value, cell_format)
            elif kind is date or kind is datetime:
                sheet.write_datetime(row, column, value, cell_format)
            else:
                sheet.write_blank(row, column, None, cell_format)
            column += 1

    def _set_print_options(self, sheet, header_row, landscape=True):
        """Let the sheet print like the paper: A4, header repeated, pages numbered."""
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(header_row)
        sheet.freeze_panes(header_row + 1, 0)
        sheet.set_footer("&R&P / &N")
