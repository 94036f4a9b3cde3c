# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ScorecardXlsx(models.AbstractModel):
    """The scorecard as a workbook."""

    _name = "report.rd_sales_admin.scorecard_xlsx"
    _description = "Scorecard Workbook"
    _inherit = ["report.rd_sales_admin.paper_xlsx"]
