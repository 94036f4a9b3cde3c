# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings"]

    rd_start_date = fields.Date(related="company_id.rd_start_date", readonly=False)
    rd_tz = fields.Selection(related="company_id.rd_tz", readonly=False)
    rd_note_prices = fields.Boolean(related="company_id.rd_note_prices", readonly=False)
    rd_note_paper = fields.Selection(related="company_id.rd_note_paper", readonly=False)
    rd_list_due_days = fields.Integer(
        related="company_id.rd_list_due_days", readonly=False
    )
    rd_sales_centre_user_id = fields.Many2one(
        related="company_id.rd_sales_centre_user_id", readonly=False
    )
    rd_sheet_days = fields.Integer(related="company_id.rd_sheet_days", readonly=False)
