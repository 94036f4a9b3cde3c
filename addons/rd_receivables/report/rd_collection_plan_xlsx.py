# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CollectionPlanXlsx(models.AbstractModel):
    """The plan of a month as a workbook: one sheet each, figures as numbers."""

    _name = "report.rd_receivables.collection_plan_xlsx"
    _description = "Collection Plan Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write one sheet per plan."""
        heads = self._get_head_formats(workbook)
        for plan in objs.sorted(lambda plan: (plan.month, plan.id)):
            sheet = workbook.add_worksheet(f"{plan.name} {plan.company_id.id}")
            formats = self._get_formats(workbook, plan.currency_id.decimal_places)
            self._write_plan(sheet, plan, heads, formats)

    def _write_plan(self, sheet, plan, heads, formats):
        data = plan._prepare_print_data()
        columns = data["columns"]
        for number, (_label, _kind, width, _summed) in enumerate(columns):
            sheet.set_column(number, number, width * 1.6)
        row = self._write_heads(sheet, data, heads)
        labels = [label for label, *_rest in columns]
        self._write_row(sheet, row, labels, [heads["header"]] * len(labels))
        self._set_print_options(sheet, row)
        cells = [formats[kind] for _label, kind, _width, _summed in columns]
        values = plan._get_print_values()
        for line in values:
            row += 1
            self._write_row(sheet, row, line, cells)
        self._write_totals(sheet, row + 1, data, values, formats)

    def _write_heads(self, sheet, data, heads):
        """Write what stands above the list; return the row of its headers."""
        sheet.write_string(0, 0, data["title"], heads["title"])
        row = 1
        for label, value in data["heads"]:
            self._write_row(sheet, row, [label, value], [heads["bold"], heads["plain"]])
            row += 1
        for label, rate, formula in data["rates"]:
            self._write_row(
                sheet,
                row,
                [label, rate, formula],
                [heads["bold"], heads["plain"], heads["plain"]],
            )
            row += 1
        return row + 1

    def _write_totals(self, sheet, row, data, values, formats):
        columns = data["columns"]
        sums = [
            sum(line[number] or 0 for line in values) if summed else None
            for number, (_label, _kind, _width, summed) in enumerate(columns)
        ]
        sums[0] = data["total"]
        kinds = [formats["money" if column[3] else "text"] for column in columns]
        self._write_row(sheet, row, sums, kinds)
