# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdPropertyRegister(models.TransientModel):
    _name = "rd.property.register"
    _inherit = ["rd.property.register"]

    def _prepare_event_values(self):
        values = super()._prepare_event_values()
        return {**values, "consent": self.consent} if self.consent else values
