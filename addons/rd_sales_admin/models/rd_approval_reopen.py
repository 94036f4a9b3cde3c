# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdApproval(models.Model):
    """Reopening a closed month is asked for, too."""

    _name = "rd.approval"
    _inherit = ["rd.approval"]

    kind = fields.Selection(
        selection_add=[("reopen_month", "Reopen a closed month")],
        ondelete={"reopen_month": "cascade"},
    )
