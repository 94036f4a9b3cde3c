# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class RdClose(models.Model):
    """The month hands its statements in, as one workbook."""

    _name = "rd.close"
    _inherit = ["rd.close", "rd.report.source.mixin"]

    def _get_report_kind(self):
        return "statements"

    def _get_report_period(self):
        return self.company_id, self.month, fields.Date.end_of(self.month, "month")

    def _get_report_name(self):
        statements = self.env["rd.statement"].search(
            [("close_id", "=", self.id), ("state", "!=", "cancelled")],
            order="partner_id, id",
        )
        if not statements:
            raise UserError(
                self.env._("%(month)s has no statement yet.", month=self.name)
            )
        return "rd_reconciliation.statement_xlsx", statements
