# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import models


class StockQuant(models.Model):
    _name = "stock.quant"
    _inherit = ["stock.quant"]

    def _rd_by_owner(self):
        """Return ``{(company, owner, product, lot): quantity}`` of these quants.

        Quantities are in the unit of the product.
        """
        totals = defaultdict(float)
        for quant in self:
            key = (
                quant.company_id,
                quant.owner_id.commercial_partner_id,
                quant.product_id,
                quant.lot_id,
            )
            totals[key] += quant.quantity
        return totals
