# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ProjectSheetXlsx(models.AbstractModel):
    """The project sales sheets, and what they brought in by month and year."""

    _name = "report.rd_sales_admin.project_sheet_xlsx"
    _description = "Project Sales Sheet Workbook"
    _inherit = ["rd.report.xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write the sheet of the projects, then the months, then the years."""
        objs.check_access("read")
        self._write_sheet(workbook, self.env._("Project sales sheet"), *self._get(objs))
        for title, step in (
            (self.env._("By month"), "month"),
            (self.env._("By year"), "year"),
        ):
            columns, rows = self._get_summary(objs, step)
            self._write_sheet(workbook, title, columns, rows)

    def _get(self, projects):
        names = (
            *("name", "partner_id", "rd_programme", "rd_yearly_qty", "rd_sop_date"),
            *("rd_quoted_price", "rd_target_price", "rd_contract_price"),
            *("rd_tooling_price", "rd_settlement", "rd_ordered", "rd_invoiced"),
            *(
                "rd_paid",
                "rd_stage",
                "rd_salesperson_id",
                "rd_missing",
                "rd_timeliness",
            ),
            *("rd_sheet_due", "rd_sheet_complete_date"),
        )
        fields = projects._fields
        columns = [
            (
                fields[name]._description_string(self.env),
                {"monetary": "money", "float": "quantity", "date": "date"}.get(
                    fields[name].type, "text"
                ),
            )
            for name in names
        ]
        labels = dict(fields["rd_timeliness"]._description_selection(self.env))
        rows = [
            [self._get_cell(project, name, labels) for name in names]
            for project in projects
        ]
        return columns, rows

    def _get_cell(self, project, name, labels):
        value = project[name]
        if project._fields[name].type == "many2one":
            return value.display_name or ""
        if name == "rd_timeliness":
            return labels.get(value, "")
        return value

    def _get_summary(self, projects, step):
        groups = self.env["rd.project.sheet.report"]._read_group(
            [("project_id", "in", projects.ids)],
            [f"date:{step}", "project_id"],
            ["ordered:sum", "invoiced:sum", "paid:sum"],
            order=f"date:{step}, project_id",
        )
        env = self.env
        columns = [
            (env._("Year") if step == "year" else env._("Month"), "text"),
            (env._("Project"), "text"),
            (env._("Ordered"), "money"),
            (env._("Invoiced"), "money"),
            (env._("Paid"), "money"),
        ]
        size = 4 if step == "year" else 7
        rows = [
            [day.isoformat()[:size] if day else "", project.name, *amounts]
            for day, project, *amounts in groups
        ]
        return columns, rows

    def _write_sheet(self, workbook, title, columns, rows):
        sheet = workbook.add_worksheet(title[:31])
        heads, formats = self._get_head_formats(workbook), self._get_formats(workbook)
        sheet.set_column(0, len(columns) - 1, 16)
        self._set_print_options(sheet, 1)
        sheet.write_string(0, 0, title, heads["title"])
        labels = [label for label, _kind in columns]
        self._write_row(sheet, 1, labels, [heads["header"]] * len(labels))
        kinds = [formats[kind] for _label, kind in columns]
        for number, row in enumerate(rows, start=2):
            self._write_row(sheet, number, row, kinds)
