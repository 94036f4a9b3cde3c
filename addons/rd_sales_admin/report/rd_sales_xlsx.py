# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from ..wizard.rd_sales_summary import EVERYTHING

WIDTHS = (16, 28, 28)


class SalesXlsx(models.AbstractModel):
    """The statistics as the office hands them on: a sheet per period, one to compare.

    Rows are class × customer × project, columns the stages of the chain; amounts are
    without tax in the company's currency.
    """

    _name = "report.rd_sales_admin.sales_xlsx"
    _description = "Sales Statistics Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write the sheets of each summary."""
        for summary in objs:
            summary.check_access("read")
            labels = dict(summary._fields["period"]._description_selection(self.env))
            for period, label in labels.items():
                self._write_period(workbook, summary, period, label)
            self._write_comparison(workbook, summary, labels)

    def _get_stages(self):
        field = self.env["rd.sales.report"]._fields["state"]
        return sorted(field._description_selection(self.env))

    def _get_money(self, workbook, summary, **common):
        decimals = summary.currency_id.decimal_places
        return self._get_formats(workbook, decimals=decimals, border=1, **common)

    def _write_head(self, sheet, summary, label, labels, heads):
        sheet.write_string(0, 0, f"{summary.display_name} – {label}", heads["title"])
        currency = self.env._(
            "Without tax, in %(currency)s", currency=summary.currency_id.name
        )
        sheet.write_string(1, 0, currency, heads["plain"])
        self._set_print_options(sheet, 3)
        self._write_row(sheet, 3, labels, [heads["header"]] * len(labels))

    # ------------------------------------------------------------------
    # One period
    # ------------------------------------------------------------------
    def _write_period(self, workbook, summary, period, label):
        sheet = workbook.add_worksheet(label[:31])
        stages = self._get_stages()
        for column in range(3 + 2 * len(stages)):
            sheet.set_column(column, column, WIDTHS[column] if column < 3 else 14)
        heads = self._get_head_formats(workbook)
        columns = [self.env._("Class"), self.env._("Customer"), self.env._("Project")]
        for _code, stage in stages:
            columns += [stage, self.env._("%(stage)s, plan", stage=stage)]
        self._write_head(sheet, summary, label, columns, heads)
        row = 4
        rows, totals = self._get_rows(summary, period, stages)
        formats = self._get_money(workbook, summary)
        kinds = [formats["text"]] * 3 + [formats["money"]] * (2 * len(stages))
        for cells in rows:
            self._write_row(sheet, row, cells, kinds)
            row += 1
        bold = self._get_money(workbook, summary, bold=True)
        kinds = [bold["text"]] * 3 + [bold["money"]] * (2 * len(stages))
        self._write_row(sheet, row, [self.env._("Total"), None, None, *totals], kinds)

    def _get_rows(self, summary, period, stages):
        """Return the rows of a period, and the totals of their figures."""
        figures = summary._get_figures(list(EVERYTHING), period)
        labels = summary._get_labels(["settlement_class"])
        groups = {key[:-1] for key in figures}
        rows = []
        for group in groups:
            cells = []
            for code, _stage in stages:
                amounts = figures.get((*group, code), {})
                cells += [amounts.get("now", 0.0), amounts.get("plan", 0.0)]
            if any(cells):
                # A name is shown to whoever may read the row, as in any list.
                names = [item.sudo().display_name or "" for item in group[1:]]
                rows.append([labels(group[0]) if group[0] else "", *names, *cells])
        rows.sort(key=lambda cells: cells[:3])
        currency = summary.currency_id
        totals = [
            currency.round(sum(cells[3 + index] for cells in rows))
            for index in range(2 * len(stages))
        ]
        return rows, totals

    # ------------------------------------------------------------------
    # Against last month, last year, plan
    # ------------------------------------------------------------------
    def _write_comparison(self, workbook, summary, periods):
        label = self.env._("Comparison")
        sheet = workbook.add_worksheet(label[:31])
        sheet.set_column(0, 1, 16)
        sheet.set_column(2, 8, 14)
        heads = self._get_head_formats(workbook)
        columns = [
            self.env._("Period"),
            self.env._("Stage"),
            self.env._("Amount"),
            self.env._("Period before"),
            self.env._("Change (%)"),
            self.env._("Last year"),
            self.env._("On last year (%)"),
            self.env._("Planned sales"),
            self.env._("Of plan (%)"),
        ]
        self._write_head(sheet, summary, label, columns, heads)
        formats = self._get_money(workbook, summary)
        kinds = [formats["text"]] * 2 + [formats["money"]] * 7
        row = 4
        for period, period_label in periods.items():
            figures = summary._get_figures([], period)
            for code, stage in self._get_stages():
                cells = self._compare(figures.get((code,), {}))
                self._write_row(sheet, row, [period_label, stage, *cells], kinds)
                row += 1

    def _compare(self, amounts):
        """Return amount, before, change, last year, change, plan, reached."""
        now, before, last_year, plan = (
            amounts.get(name, 0.0) for name in ("now", "before", "last_year", "plan")
        )
        return [
            now,
            before,
            round(100.0 * (now - before) / abs(before), 2) if before else None,
            last_year,
            round(100.0 * (now - last_year) / abs(last_year), 2) if last_year else None,
            plan,
            round(100.0 * now / plan, 2) if plan else None,
        ]
