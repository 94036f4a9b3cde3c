# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

DAYS = ("agreed_date", "invoiced_date")


class RdStatement(models.Model):
    """The days on which a statement was agreed and invoiced: terms of payment and what
    is measured count from them."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    agreed_date = fields.Date(string="Agreed on", readonly=True, copy=False)
    invoiced_date = fields.Date(string="Invoiced on", readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | set(DAYS)

    def _prepare_transition_values(self, target):
        """Note the company's day; back from an invoice that was cancelled a statement
        stays agreed since the day it was agreed, taken back it has no day."""
        values = super()._prepare_transition_values(target)
        today = self.company_id._rd_today()
        if target == "agreed":
            agreed = self.agreed_date if self.state == "invoiced" else today
            return {**values, "agreed_date": agreed, "invoiced_date": False}
        if target == "invoiced":
            return {**values, "invoiced_date": today}
        if target == "draft":
            return {**values, **dict.fromkeys(DAYS, False)}
        return values
