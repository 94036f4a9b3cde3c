# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings"]

    rd_loan_days = fields.Integer(related="company_id.rd_loan_days", readonly=False)
    rd_loan_grace_days = fields.Integer(
        related="company_id.rd_loan_grace_days", readonly=False
    )
