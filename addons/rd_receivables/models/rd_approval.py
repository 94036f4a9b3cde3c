# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdApproval(models.Model):
    """What receivables ask for."""

    _name = "rd.approval"
    _inherit = ["rd.approval"]

    kind = fields.Selection(
        selection_add=[("collection_plan", "Collection plan of a month")],
        ondelete={"collection_plan": "cascade"},
    )
