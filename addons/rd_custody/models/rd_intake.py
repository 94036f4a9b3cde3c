# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class RdIntake(models.Model):
    _name = "rd.intake"
    _inherit = ["rd.intake"]

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), "sample": "rd.intake.sample"}
