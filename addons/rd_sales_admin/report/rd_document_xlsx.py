# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class DocumentIndexXlsx(models.AbstractModel):
    """The master index as a workbook."""

    _name = "report.rd_sales_admin.document_index_xlsx"
    _description = "Master Index Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]


class DocumentPlaceXlsx(models.AbstractModel):
    """The index of a box as a workbook."""

    _name = "report.rd_sales_admin.document_place_xlsx"
    _description = "Box Index Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]


class DocumentDestructionXlsx(models.AbstractModel):
    """The protocol of a destruction as a workbook."""

    _name = "report.rd_sales_admin.document_destruction_xlsx"
    _description = "Destruction Protocol Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]
