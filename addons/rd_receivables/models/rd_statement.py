# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdStatement(models.Model):
    """The day of agreement, from which payment terms may be counted."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    agreed_date = fields.Date(string="Agreed on", readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"agreed_date"}

    def _prepare_transition_values(self, target):
        values = super()._prepare_transition_values(target)
        # Back from "invoiced" it stays agreed since the day it was agreed.
        if target == "agreed" and self.state != "invoiced":
            values["agreed_date"] = self.company_id._rd_today()
        return values
