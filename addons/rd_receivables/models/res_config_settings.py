# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings"]

    rd_plan_day = fields.Integer(related="company_id.rd_plan_day", readonly=False)
    rd_plan_due_days = fields.Integer(
        related="company_id.rd_plan_due_days", readonly=False
    )
    rd_ageing_buckets = fields.Char(
        related="company_id.rd_ageing_buckets", readonly=False
    )
    rd_bill_bank_counts = fields.Selection(
        related="company_id.rd_bill_bank_counts", readonly=False
    )
    rd_bill_commercial_counts = fields.Selection(
        related="company_id.rd_bill_commercial_counts", readonly=False
    )
    rd_close_waits_for_plan = fields.Boolean(
        related="company_id.rd_close_waits_for_plan", readonly=False
    )
