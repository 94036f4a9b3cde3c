# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from ..tools.intake import DATE, NUMBER, RATE

WIDTH = 20
NOTE_WIDTH = 60


class IntakeXlsx(models.AbstractModel):
    """The form of a list that is taken over: empty with an example, or to mend."""

    _name = "report.rd_sales_admin.intake_xlsx"
    _description = "Form of a List Taken Over"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write one form per list; without a list the empty form of a kind."""
        code = (data or {}).get("kind")
        if code and not objs:
            self.env["rd.intake"].check_access("create")
            kind = self.env[self.env["rd.intake"]._get_kinds()[code]]
            columns = kind._get_all_columns()
            example = [column.example for column in columns.values()]
            self._write_form(workbook, columns, [example])
            self._write_help(workbook, kind)
            return
        for intake in objs:
            rows = intake.row_ids.filtered(lambda row: row.verdict == "mend")
            kind = intake._get_kind()
            columns = {**kind._get_all_columns(), "mends": kind._get_mend_column()}
            lines = [self._get_line(columns, row) for row in rows.sorted("row")]
            self._write_form(workbook, columns, lines)

    def _get_line(self, columns, row):
        """Return the cells of a row as they were, and what is to be done about it."""
        known = {"note": row.message or "", "mends": str(row.id)}
        texts = {**(row.texts or {}), **known}
        return [texts.get(name, "") for name in columns]

    def _write_form(self, workbook, columns, lines):
        heads = self._get_head_formats(workbook)
        cell = self._get_formats(workbook)["text"]
        sheet = workbook.add_worksheet()
        for index, name in enumerate(columns):
            width = NOTE_WIDTH if name == "note" else WIDTH
            sheet.set_column(index, index, width, cell)
        labels = [column.label for column in columns.values()]
        self._set_print_options(sheet, 0)
        self._write_row(sheet, 0, labels, [heads["header"]] * len(labels))
        for number, line in enumerate(lines, start=1):
            self._write_row(sheet, number, line, [cell] * len(line))

    def _write_help(self, workbook, kind):
        """Explain each column on a sheet of its own."""
        heads = self._get_head_formats(workbook)
        cell = self._get_formats(workbook)["text"]
        sheet = workbook.add_worksheet(self.env._("How to fill it in")[:31])
        for index, width in enumerate((24, 14, 60, 40, 20)):
            sheet.set_column(index, index, width)
        sheet.write_string(0, 0, kind._get_text(), heads["plain"])
        labels = [
            self.env._("Column of the form"),
            self.env._("Fill it in"),
            self.env._("What to write"),
            self.env._("One of"),
            self.env._("For example"),
        ]
        self._write_row(sheet, 2, labels, [heads["header"]] * len(labels))
        for number, column in enumerate(kind._get_all_columns().values(), start=3):
            choices = ", ".join(str(label) for _value, label in column.choices)
            line = [
                column.label,
                self.env._("Always") if column.required else self.env._("If known"),
                self._get_help(column),
                choices,
                column.example,
            ]
            self._write_row(sheet, number, line, [cell] * len(line))

    def _get_help(self, column):
        """Return what to write, with how numbers and days are written."""
        hints = {
            NUMBER: self.env._("A number."),
            RATE: self.env._("A percentage, as 95 or 95%."),
            DATE: self.env._("A day, as 2026-03-31."),
        }
        return " ".join(filter(None, (column.help, hints.get(column.kind))))
