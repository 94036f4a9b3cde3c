# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .rd_ageing_report_matrix import ITEM_NAMES


class AgeingXlsx(models.AbstractModel):
    """The ageing as a workbook: the table, and the items behind every figure."""

    _name = "report.rd_receivables.ageing_xlsx"
    _description = "Ageing Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write the table and its items of each asked day."""
        heads = self._get_head_formats(workbook)
        for asked in objs:
            places = asked.company_id.currency_id.decimal_places
            formats = self._get_formats(workbook, places)
            paper = asked._prepare_paper()
            sheet = workbook.add_worksheet(asked.env._("Ageing"))
            self._write_matrix(sheet, paper, heads, formats)
            sheet = workbook.add_worksheet(asked.env._("Open items"))
            self._write_items(sheet, asked, paper, heads, formats)

    def _write_heads(self, sheet, paper, labels, heads):
        sheet.write_string(0, 0, paper["title"], heads["title"])
        for row, (label, value) in enumerate(paper["heads"], start=1):
            self._write_row(sheet, row, [label, value], [heads["bold"], heads["plain"]])
        row = len(paper["heads"]) + 2
        self._write_row(sheet, row, labels, [heads["header"]] * len(labels))
        self._set_print_options(sheet, row)
        return row + 1

    def _write_matrix(self, sheet, paper, heads, formats):
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(paper["columns"]), 15)
        row = self._write_heads(sheet, paper, paper["columns"], heads)
        cells = [formats["text"], *[formats["money"]] * (len(paper["columns"]) - 1)]
        rows = [*paper["matrix"]["rows"], [paper["total"], *paper["matrix"]["sums"]]]
        for number, values in enumerate(rows, start=row):
            self._write_row(sheet, number, values, cells)

    def _write_items(self, sheet, asked, paper, heads, formats):
        report = asked.env["rd.ageing.report"]
        for column, (_name, _kind, width) in enumerate(ITEM_NAMES):
            sheet.set_column(column, column, width * 1.6)
        labels = [
            report._fields[name]._description_string(asked.env)
            for name, *_rest in ITEM_NAMES
        ]
        row = self._write_heads(sheet, paper, labels, heads)
        cells = [formats[kind] for _name, kind, _width in ITEM_NAMES]
        values = report._get_items_of(asked.company_id, asked.day, asked.basis)
        for number, line in enumerate(values, start=row):
            self._write_row(sheet, number, line, cells)
