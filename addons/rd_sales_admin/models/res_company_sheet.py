# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    """Whom to ask, and when a sheet has to be complete."""

    _name = "res.company"
    _inherit = ["res.company"]

    rd_sales_centre_user_id = fields.Many2one(
        "res.users",
        string="At the sales centre",
        help="Asked for the sales sheets of projects without a salesperson.",
    )
    rd_sheet_days = fields.Integer(
        string="Sales sheet complete after (working days)",
        default=5,
        help="Working days after a project was made by which its sheet is complete.",
    )
