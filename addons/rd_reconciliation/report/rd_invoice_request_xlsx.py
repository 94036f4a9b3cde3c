# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class InvoiceRequestXlsx(models.AbstractModel):
    """Requests as one sheet for batch entry, in the site's own column layout."""

    _name = "report.rd_reconciliation.invoice_request_xlsx"
    _description = "Batch Entry Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write one sheet per company: one row per line of each request."""
        for company in objs.company_id:
            requests = objs.filtered(
                lambda record, company=company: record.company_id == company
            )
            self._write_requests(workbook, company, requests.sorted("id"))

    def _write_requests(self, workbook, company, requests):
        columns = self.env["rd.invoice.export.column"]._ensure(company)
        formats = self._get_formats(workbook)
        heads = self._get_head_formats(workbook)
        kinds = self._get_kinds(formats)
        cells = [kinds.get(column.content, formats["text"]) for column in columns]
        sheet = workbook.add_worksheet()
        sheet.set_column(0, max(len(columns) - 1, 0), 16)
        headings = [column.name for column in columns]
        self._write_row(sheet, 0, headings, [heads["header"]] * len(columns))
        for row, line in enumerate(requests.line_ids, start=1):
            self._write_row(sheet, row, columns._get_values(line), cells)

    def _get_kinds(self, formats):
        exact = formats["quantity"]
        return {
            "line": formats["number"],
            "quantity": exact,
            "price": exact,
            "untaxed": formats["money"],
            "rate": exact,
            "tax": formats["money"],
            "total": formats["money"],
        }
