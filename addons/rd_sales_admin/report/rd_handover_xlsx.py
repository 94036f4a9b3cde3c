# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class HandoverXlsx(models.AbstractModel):
    """The handover list as a workbook: the paper's own figures."""

    _name = "report.rd_sales_admin.handover_xlsx"
    _description = "Handover List Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]


class HandoverCertificateXlsx(models.AbstractModel):
    """The acceptance certificate as a workbook."""

    _name = "report.rd_sales_admin.handover_certificate_xlsx"
    _description = "Acceptance Certificate Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]

    def generate_xlsx_report(self, workbook, data, objs):
        """Write one sheet per handover."""
        for record in objs:
            self._write_paper(workbook, record._rd_prepare_certificate())
