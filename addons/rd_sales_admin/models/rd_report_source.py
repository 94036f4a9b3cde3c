# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import models


class RdCostSheet(models.Model):
    """The cost sheet of the month is a report of the calendar."""

    _name = "rd.cost.sheet"
    _inherit = ["rd.cost.sheet", "rd.report.source.mixin"]

    def _get_report_kind(self):
        return "cost"

    def _get_report_period(self):
        last = self.month + relativedelta(months=1, days=-1)
        return self.company_id, self.month, last

    def _get_report_name(self):
        return "rd_sales_admin.cost_xlsx", self
