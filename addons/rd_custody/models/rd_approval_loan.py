# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdApproval(models.Model):
    _name = "rd.approval"
    _inherit = ["rd.approval"]

    kind = fields.Selection(
        selection_add=[("custody_loan", "Loan of a sealed or customer's sample")],
        ondelete={"custody_loan": "cascade"},
    )
