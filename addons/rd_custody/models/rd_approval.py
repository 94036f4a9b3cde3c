# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdApproval(models.Model):
    _inherit = "rd.approval"

    kind = fields.Selection(
        selection_add=[("custody_release", "Disposal or loss of customer's stock")],
        ondelete={"custody_release": "cascade"},
    )
