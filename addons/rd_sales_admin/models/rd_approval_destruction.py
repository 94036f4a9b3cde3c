# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdApproval(models.Model):
    """What filing asks for."""

    _name = "rd.approval"
    _inherit = ["rd.approval"]

    kind = fields.Selection(
        selection_add=[("destroy", "Destroy papers no longer to be kept")],
        ondelete={"destroy": "cascade"},
    )
