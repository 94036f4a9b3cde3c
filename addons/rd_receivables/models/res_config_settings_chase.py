# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings"]

    rd_promise_grace = fields.Integer(
        related="company_id.rd_promise_grace", readonly=False
    )
    rd_chase_weight_amount = fields.Integer(
        related="company_id.rd_chase_weight_amount", readonly=False
    )
    rd_chase_weight_age = fields.Integer(
        related="company_id.rd_chase_weight_age", readonly=False
    )
    rd_chase_weight_broken = fields.Integer(
        related="company_id.rd_chase_weight_broken", readonly=False
    )
    rd_chase_weight_target = fields.Integer(
        related="company_id.rd_chase_weight_target", readonly=False
    )
    rd_chase_pause_days = fields.Integer(
        related="company_id.rd_chase_pause_days", readonly=False
    )
    rd_chase_by_itself = fields.Boolean(
        related="company_id.rd_chase_by_itself", readonly=False
    )
