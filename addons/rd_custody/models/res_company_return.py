# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company"]

    rd_return_days = fields.Integer(
        string="Answer returns within (working days)",
        default=3,
        help="Working days after which a customer who asked for a return is answered.",
    )

    _rd_return_days_positive = models.Constraint(
        "CHECK (rd_return_days IS NULL OR rd_return_days >= 0)",
        "The days of answering returns cannot be less than zero.",
    )
