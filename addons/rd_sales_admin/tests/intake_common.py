# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

import xlsxwriter


def as_workbook(*sheets):
    """Return the content of a workbook of sheets, each a list of rows."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        for rows in sheets:
            sheet = workbook.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return data.getvalue()


class IntakeCases:
    """Handing lists in, for the tests of each kind."""

    def _hand_in(self, kind, head, *rows, user=None, filename="list.csv", data=None):
        """Return a list that was read and checked; rows as in a text file."""
        text = "\n".join((head, *rows, ""))
        record = (
            self.env["rd.intake"]
            .with_user(user or self.clerk)
            .create(
                {
                    "kind": kind,
                    "company_id": self.company.id,
                    "file": base64.b64encode(data or text.encode()),
                    "filename": filename,
                }
            )
        )
        record.action_check()
        return record

    def _verdicts(self, record):
        return record.row_ids.sorted("row").mapped("verdict")

    def _message(self, record, row):
        return record.row_ids.filtered(lambda one: one.row == row).message or ""

    def _get_form(self, kind=None, record=None, user=None):
        """Return the workbook that is downloaded: the empty form, or rows to mend."""
        report = self.env["ir.actions.report"].with_user(user or self.clerk)
        name = "rd_sales_admin.intake_xlsx"
        if record:
            return report._render_xlsx(name, record.ids, data={})[0]
        return report._render_xlsx(name, None, data={"kind": kind})[0]
