# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class RdSettlementSource(models.AbstractModel):
    """Accepted handovers feed statements beside deliveries."""

    _name = "rd.settlement.source"
    _inherit = ["rd.settlement.source"]

    @api.model
    def _rd_get_sources(self):
        return [*super()._rd_get_sources(), "rd.handover"]
