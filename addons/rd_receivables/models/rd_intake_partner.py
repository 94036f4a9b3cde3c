# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.tools.intake import RATE

from .rd_due_terms_mixin import LONGEST_GRACE


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
                words="账期起算|账期起算日|付款起算|起算点",
            ),
            "rd_due_grace_days": column(
                "res.partner", "rd_due_grace_days", "15", words="宽限期|宽限期天数"
            ),
            "rd_collection_target": column(
                "res.partner",
                "rd_collection_target",
                "95",
                kind=RATE,
                words="Collection target|回款目标|回款率目标|目标回款率|收款目标",
            ),
        }

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "rd_due_grace_days": (0, LONGEST_GRACE),
            "rd_collection_target": (0, 100),
        }
