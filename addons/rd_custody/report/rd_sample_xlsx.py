# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

WIDTHS = (12, 30, 24, 22, 18, 12, 10, 12, 12, 18, 12, 20, 12)
KINDS = (
    *("text", "text", "text", "text", "text", "text"),
    *("quantity", "date", "date", "text", "text", "text", "date"),
)
LOAN_WIDTHS = (12, 12, 30, 20, 26, 12, 12, 16, 12, 18, 30)
LOAN_KINDS = (
    *("text", "text", "text", "text", "text"),
    *("date", "date", "text", "date", "text", "text"),
)


class SampleXlsx(models.AbstractModel):
    """Sample register and its loans, in the columns that auditors expect."""

    _name = "report.rd_custody.sample_xlsx"
    _description = "Sample Register Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write the register on one sheet and the loans on another."""
        samples = objs.filtered(lambda card: card.kind == "sample")
        self._write_sheet(
            workbook,
            self.env._("Sample register"),
            samples._get_register_labels(),
            samples._get_register_rows(),
            (WIDTHS, KINDS),
        )
        self._write_sheet(
            workbook,
            self.env._("Loans"),
            self._get_loan_labels(),
            self._get_loan_rows(samples),
            (LOAN_WIDTHS, LOAN_KINDS),
        )

    def _write_sheet(self, workbook, title, labels, rows, layout):
        widths, kinds = layout
        page = workbook.add_worksheet(title)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        heads = self._get_head_formats(workbook)
        page.write_string(0, 0, title, heads["title"])
        self._set_print_options(page, 1)
        self._write_row(page, 1, labels, [heads["header"]] * len(labels))
        formats = self._get_formats(workbook, border=1)
        for row, cells in enumerate(rows, 2):
            self._write_row(page, row, cells, [formats[kind] for kind in kinds])

    def _get_loan_labels(self):
        env = self.env
        return (
            env._("Loan"),
            env._("Sample no."),
            env._("Name"),
            env._("Borrowed by"),
            env._("What for"),
            env._("Lent on"),
            env._("Due back"),
            env._("Approved by"),
            env._("Brought back on"),
            env._("Came back"),
            env._("Remarks"),
        )

    def _get_loan_rows(self, samples):
        lines = self.env["rd.loan.line"].search(
            [("property_id", "in", samples.ids), ("lent_date", "!=", False)],
            order="lent_date, id",
        )
        outcomes = dict(lines._fields["outcome"]._description_selection(self.env))
        # A name is shown to whoever may read the row, as in any list.
        return [
            (
                line.loan_id.name,
                line.property_id.name,
                line.property_id.description,
                line.borrower_id.name or "",
                line.purpose or "",
                line.lent_date,
                line.date_due,
                line.loan_id.approved_by_id.name or "",
                line.back_date or None,
                outcomes.get(line.outcome, ""),
                line.back_note or "",
            )
            for line in lines.sudo()
        ]
