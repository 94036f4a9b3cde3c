# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product"]

    def _update_uom(self, to_uom_id):
        """Refuse another unit for what stands on a statement.

        Core relabels done deliveries: 10 units would read 10 dozens, with eleven
        dozen of them never invoiced.
        """
        # Whoever keeps products need not read statements.
        line = (
            self.env["rd.statement.line"]
            .sudo()
            .search([("product_id", "in", self.ids), ("live", "=", True)], limit=1)
        )
        if line:
            raise UserError(
                self.env._(
                    "%(product)s is on %(statement)s in %(unit)s and keeps this unit; "
                    "archive the product and create a new one.",
                    product=line.part,
                    statement=line.statement_id.name,
                    unit=line.uom_name,
                )
            )
        return super()._update_uom(to_uom_id)
