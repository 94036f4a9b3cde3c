# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings"]

    rd_price_tolerance = fields.Float(
        related="company_id.rd_price_tolerance", digits=(5, 2), readonly=False
    )
    rd_contract_notice_days = fields.Integer(
        related="company_id.rd_contract_notice_days", readonly=False
    )
