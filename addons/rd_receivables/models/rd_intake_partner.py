# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .res_partner_due import LONGEST_GRACE


class RdIntakePartner(models.AbstractModel):
    """When a customer's money is due, and how much of it is to come."""

    _name = "rd.intake.partner"
    _inherit = ["rd.intake.partner"]

    @api.model
    def _get_columns(self):
        column = self._field_column
        return {
            **super()._get_columns(),
            "rd_due_anchor": column(
                "res.partner",
                "rd_due_anchor",
                self._get_choice("invoice", "rd_due_anchor"),
            ),
            "rd_due_grace_days": column("res.partner", "rd_due_grace_days", "15"),
            "rd_collection_target": column("res.partner", "rd_collection_target", "95"),
        }

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "rd_due_grace_days": (0, LONGEST_GRACE),
            "rd_collection_target": (0, 100),
        }
