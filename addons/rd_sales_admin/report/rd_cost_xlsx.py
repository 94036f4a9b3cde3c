# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

WIDTHS = (28, 28, 16, 14, 14, 14, 14, 14, 14, 12, 60)


class CostXlsx(models.AbstractModel):
    """The cost sheet for finance: project, contract, class, costs, invoiced."""

    _name = "report.rd_sales_admin.cost_xlsx"
    _description = "Cost Sheet Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write one sheet per month."""
        for sheet in objs:
            sheet.check_access("read")
            page = workbook.add_worksheet(sheet.name)
            for column, width in enumerate(WIDTHS):
                page.set_column(column, column, width)
            self._write_head(page, sheet, self._get_head_formats(workbook))
            self._write_body(workbook, page, sheet)

    def _write_head(self, page, sheet, heads):
        title = self.env._(
            "Cost sheet %(company)s %(month)s",
            company=sheet.company_id.name,
            month=sheet.name,
        )
        page.write_string(0, 0, title, heads["title"])
        note = self.env._(
            "Without tax, in %(currency)s. Hash: %(hash)s",
            currency=sheet.currency_id.name,
            hash=sheet.content_hash or self.env._("not frozen yet"),
        )
        page.write_string(1, 0, note, heads["plain"])
        names = ("project_id", "contract_id", "settlement_class", *self._get_names())
        labels = [
            sheet.line_ids._fields[name]._description_string(self.env)
            for name in (*names, "missing_count", "missing_note")
        ]
        self._set_print_options(page, 3)
        self._write_row(page, 3, labels, [heads["header"]] * len(labels))

    def _get_names(self):
        return ("goods", "bills", "analytic", "cost", "invoiced", "margin")

    def _write_body(self, workbook, page, sheet):
        decimals = sheet.currency_id.decimal_places
        formats = self._get_formats(workbook, decimals=decimals, border=1)
        bold = self._get_formats(workbook, decimals=decimals, border=1, bold=True)
        kinds = ("text", "text", "text", *("money",) * 6, "number", "text")
        field = sheet.line_ids._fields["settlement_class"]
        classes = dict(field._description_selection(self.env))
        row = 4
        for line in sheet.line_ids:
            cells = [
                # A name is shown to whoever may read the row, as in any list.
                line.project_id.sudo().display_name or "",
                line.contract_id.sudo().display_name or "",
                classes[line.settlement_class],
                *(line[name] for name in self._get_names()),
                line.missing_count,
                line.missing_note or "",
            ]
            self._write_row(page, row, cells, [formats[kind] for kind in kinds])
            row += 1
        totals = [sum(sheet.line_ids.mapped(name)) for name in self._get_names()]
        cells = [self.env._("Total"), "", "", *totals, sheet.missing_count, ""]
        self._write_row(page, row, cells, [bold[kind] for kind in kinds])
