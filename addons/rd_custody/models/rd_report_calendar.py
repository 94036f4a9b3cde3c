# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdReportCalendar(models.Model):
    """The frozen register of the month is a report that is made here."""

    _name = "rd.report.calendar"
    _inherit = ["rd.report.calendar"]

    kind = fields.Selection(
        selection_add=[("register", "Register of customers' property"), ("other",)],
        ondelete={"register": "set default"},
    )
