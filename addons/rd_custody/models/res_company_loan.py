# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company"]

    rd_loan_days = fields.Integer(
        string="Lend for (days)",
        default=7,
        help="Days after which what is borrowed is due back, unless said otherwise.",
    )
    rd_loan_grace_days = fields.Integer(
        string="Escalate loans after (working days)",
        default=2,
        help="Working days after the due day until the supervisors are told.",
    )

    _rd_loan_days_positive = models.Constraint(
        "CHECK ((rd_loan_days IS NULL OR rd_loan_days >= 0) "
        "AND (rd_loan_grace_days IS NULL OR rd_loan_grace_days >= 0))",
        "The days of loans cannot be less than zero.",
    )
