# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RegisterXlsx(models.AbstractModel):
    """The register of a day as a workbook."""

    _name = "report.rd_custody.register_xlsx"
    _description = "Customer Property Register Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]


class MonthXlsx(models.AbstractModel):
    """The frozen register of a month as a workbook."""

    _name = "report.rd_custody.month_xlsx"
    _description = "Frozen Register Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]


class LetterXlsx(models.AbstractModel):
    """The letter that asks an owner to confirm, as a workbook."""

    _name = "report.rd_custody.letter_xlsx"
    _description = "Confirmation Letter Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]
