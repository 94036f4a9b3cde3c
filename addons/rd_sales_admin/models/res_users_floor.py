# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResUsers(models.Model):
    """The day on which somebody got his one mail about orders in hand."""

    _name = "res.users"
    _inherit = ["res.users"]

    rd_floor_mailed = fields.Date(
        string="Last mail of orders in hand",
        readonly=True,
        copy=False,
        groups="base.group_system",
    )
