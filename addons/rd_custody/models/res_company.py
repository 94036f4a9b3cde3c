# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company"]

    rd_property_keep_years = fields.Integer(
        string="Keep incidents (years)",
        default=10,
        help="Years after its closing for which an incident of customer property and "
        "its papers are kept.",
    )

    _rd_property_keep_years_positive = models.Constraint(
        "CHECK (rd_property_keep_years IS NULL OR rd_property_keep_years >= 0)",
        "The years of keeping incidents cannot be less than zero.",
    )
