# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    """How the company asks for its money."""

    _name = "res.company"
    _inherit = ["res.company"]

    rd_promise_grace = fields.Integer(
        string="Days of grace of a promise",
        default=3,
        help="Days after the promised day before a promise counts as broken; money "
        "travels.",
    )
