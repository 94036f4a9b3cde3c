# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class StockWarehouse(models.Model):
    """Where returned goods wait that no order may take."""

    _name = "stock.warehouse"
    _inherit = ["stock.warehouse"]

    rd_return_location_id = fields.Many2one(
        "stock.location",
        string="Returned goods",
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
        copy=False,
        check_company=True,
        help="Where goods wait that came back and are reworked, scrapped, replaced or "
        "sent back. It lies beside the stock, so nothing there is reserved.",
    )

    def _rd_get_return_location(self):
        """Return the place of returned goods, which is made when first needed."""
        self.ensure_one()
        warehouse = self.sudo()
        if not warehouse.rd_return_location_id:
            warehouse.rd_return_location_id = (
                self.env["stock.location"]
                .sudo()
                .create(
                    {
                        "name": self.env._("Returned goods"),
                        "usage": "internal",
                        "location_id": warehouse.view_location_id.id,
                        "company_id": warehouse.company_id.id,
                    }
                )
            )
        return warehouse.rd_return_location_id.sudo(False)
