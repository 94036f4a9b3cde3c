# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import models


class StatementXlsx(models.AbstractModel):
    """The statement as a workbook: the paper's figures, one column per value."""

    _name = "report.rd_reconciliation.statement_xlsx"
    _description = "Statement Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write one sheet per statement."""
        for statement in objs:
            self._write_statement(workbook, statement)

    def _write_statement(self, workbook, statement):
        values = statement._prepare_print_data()
        decimals = statement.currency_id.decimal_places
        columns = self._flatten_columns(values["columns"])
        columns += values["record"]._get_answer_columns()
        values["columns"] = columns
        heads = self._get_head_formats(workbook)
        sheet = workbook.add_worksheet(self._get_sheet_name(statement))
        for index, column in enumerate(columns):
            hidden = {"hidden": column.get("hidden", False)}
            sheet.set_column(index, index, column["width"] * 0.6 + 1, None, hidden)
        row = self._write_heads(sheet, values, heads)
        self._set_print_options(sheet, row)
        self._write_labels(sheet, row, columns, heads["header"])
        row = self._write_groups(
            sheet,
            row + 1,
            values,
            self._get_formats(workbook, decimals, border=1),
            self._get_formats(workbook, decimals, border=1, bold=True),
        )
        row = self._write_carried(
            sheet, row + 1, values, heads, self._get_formats(workbook, border=1)
        )
        if values["account"]:
            row = self._write_account(
                sheet,
                row + 1,
                values["account"],
                heads,
                self._get_formats(workbook, decimals, border=1),
            )
        self._write_foot(sheet, row + 1, values, heads)

    def _get_sheet_name(self, statement):
        """Return a name that Excel accepts; duplicates are numbered by report_xlsx."""
        return re.sub(r"[\[\]:*?/\\]|^'|'$", "-", statement.name or "-")[:31]

    def _flatten_columns(self, columns):
        """Give what stands below another value on paper a column of its own."""
        flat = []
        for column in columns:
            flat.append(column)
            if column["below"]:
                flat.append(column["below"])
        return flat

    # ------------------------------------------------------------------
    # Parts of the sheet, from top to bottom; each returns the next row
    # ------------------------------------------------------------------
    def _write_heads(self, sheet, values, formats):
        title = (
            f"{values['title']} ({values['mark']})"
            if values["mark"]
            else values["title"]
        )
        sheet.write_string(0, 0, title, formats["title"])
        row = 1
        for label, value in values["heads"]:
            sheet.write_string(row, 0, label, formats["plain"])
            sheet.write_string(row, 2, value or "", formats["plain"])
            row += 1
        for label, amount in values["balances"]:
            sheet.write_string(row, 0, label, formats["plain"])
            sheet.write_number(row, 2, amount, formats["plain"])
            row += 1
        return row + 1

    def _write_labels(self, sheet, row, columns, cell_format):
        labels = [column["label"] for column in columns]
        self._write_row(sheet, row, labels, [cell_format] * len(labels))

    def _write_groups(self, sheet, row, values, formats, bold):
        """Write the list with its sub-totals and the total."""
        columns, labels = values["columns"], values["labels"]
        for group in values["groups"]:
            self._write_sums(sheet, row, columns, group["label"], {}, bold)
            row = self._write_plants(sheet, row + 1, values, group, formats, bold)
            if len(values["groups"]) > 1:
                sums = group["sums"]
                self._write_sums(sheet, row, columns, labels["subtotal"], sums, bold)
                row += 1
        self._write_sums(sheet, row, columns, labels["total"], values["total"], bold)
        return row + 1

    def _write_plants(self, sheet, row, values, group, formats, bold):
        """Write the rows of a class, with a sub-total per plant where several are."""
        columns, label = values["columns"], values["labels"]["subtotal"]
        if not group["parts"]:
            return self._write_rows(sheet, row, columns, group["rows"], formats)
        for part in group["parts"]:
            row = self._write_rows(sheet, row, columns, part["rows"], formats)
            text = f"{label}: {part['label']}"
            self._write_sums(sheet, row, columns, text, part["sums"], bold)
            row += 1
        return row

    def _write_rows(self, sheet, row, columns, rows, formats):
        keys = [column["key"] for column in columns]
        cell_formats = [self._get_cell_format(column, formats) for column in columns]
        for index, values in enumerate(rows, start=row):
            self._write_row(sheet, index, [values[key] for key in keys], cell_formats)
        return row + len(rows)

    def _write_sums(self, sheet, row, columns, label, sums, formats):
        values = [sums.get(column["key"]) for column in columns]
        cell_formats = [self._get_cell_format(column, formats) for column in columns]
        self._write_row(
            sheet, row, [label, *values[1:]], [formats["text"], *cell_formats[1:]]
        )

    def _get_cell_format(self, column, formats):
        return formats.get(column["kind"], formats["text"])

    def _write_carried(self, sheet, row, values, heads, formats):
        """Write the list of what goes to the next month, if anything does."""
        carried = values["carried"]
        if not carried["rows"]:
            return row
        columns = self._flatten_columns(carried["columns"])
        sheet.write_string(row, 0, values["labels"]["carried"], heads["bold"])
        self._write_labels(sheet, row + 1, columns, heads["header"])
        return self._write_rows(sheet, row + 2, columns, carried["rows"], formats) + 1

    def _write_account(self, sheet, row, account, heads, formats):
        """Write the balances of both sides and the proof; return the next row."""
        sheet.write_string(row, 0, account["title"], heads["bold"])
        lines = [(account["heads"], heads["header"])]
        lines += [(cells, None) for cells in account["balances"]]
        for side in account["sides"]:
            lines.append(([side["label"]], heads["bold"]))
            lines += [(cells, None) for cells in [*side["rows"], side["total"]]]
        for index, (cells, cell_format) in enumerate(lines, start=row + 1):
            label, *figures = cells
            sheet.write_string(index, 0, label, cell_format or heads["plain"])
            for column, figure in enumerate(figures, start=3):
                self._write_figure(sheet, index, column, figure, cell_format, formats)
        row += len(lines) + 1
        sheet.write_string(row, 0, account["verdict"], heads["bold"])
        return row + 1

    def _write_figure(self, sheet, row, column, figure, cell_format, formats):
        if isinstance(figure, str):
            sheet.write_string(row, column, figure, cell_format)
        elif figure is not None:
            sheet.write_number(row, column, figure, formats["money"])

    def _write_foot(self, sheet, row, values, formats):
        """Write the total in words, the stamp blocks and the notes."""
        label, text = values["words"]
        sheet.write_string(row, 0, label, formats["plain"])
        sheet.write_string(row, 3, text, formats["bold"])
        for line in self._prepare_foot(values):
            row += 2
            sheet.write_string(row, 0, line, formats["plain"])

    def _prepare_foot(self, values):
        """Return the stamp blocks and the notes, one text each."""
        labels, blank = values["labels"], "________________"
        signs = "    ".join(f"{labels[key]}: {blank}" for key in ("signature", "date"))
        return [
            *(f"{role}: {name}    {signs}" for role, name in values["stamps"]),
            *(f"{index}. {text}" for index, text in enumerate(values["remarks"], 1)),
        ]
