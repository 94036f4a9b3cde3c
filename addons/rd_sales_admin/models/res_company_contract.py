# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    """Rules for contracts and prices."""

    _name = "res.company"
    _inherit = ["res.company"]

    rd_price_tolerance = fields.Float(
        string="Price tolerance (%)",
        digits=(5, 2),
        help="How far a price may lie off the agreed one without an approval.",
    )
    rd_contract_notice_days = fields.Integer(
        string="Warn of contracts that end",
        default=30,
        help="Days before the end of a contract at which its responsible is told.",
    )

    _rd_price_tolerance_range = models.Constraint(
        "CHECK (rd_price_tolerance BETWEEN 0 AND 100)",
        "The price tolerance lies between 0 and 100 percent.",
    )
