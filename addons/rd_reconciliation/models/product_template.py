# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .product_category import _check_tax_code


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template"]

    rd_tax_code = fields.Char(
        string="Tax classification code",
        help="19 digits; empty: as the category.",
    )

    @api.constrains("rd_tax_code")
    def _check_rd_tax_code(self):
        _check_tax_code(self)

    def _rd_get_tax_code(self):
        """Return the product's own code or that of its category."""
        self.ensure_one()
        return self.rd_tax_code or self.categ_id._rd_get_tax_code()
