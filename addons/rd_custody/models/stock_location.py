# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class StockLocation(models.Model):
    _name = "stock.location"
    _inherit = ["stock.location"]

    def _rd_is_guarded(self):
        """Tell whether what belongs to others is guarded at this place.

        What is under way between warehouses has none of its own: it is guarded where
        the company guards any.
        """
        self.ensure_one()
        if self.usage not in ("internal", "transit"):
            return False
        warehouse = self.sudo().warehouse_id
        if warehouse:
            return warehouse.rd_owner_guard
        domain = [
            ("company_id", "=", self.company_id.id),
            ("rd_owner_guard", "=", True),
        ]
        return bool(self.env["stock.warehouse"].sudo().search_count(domain, limit=1))
