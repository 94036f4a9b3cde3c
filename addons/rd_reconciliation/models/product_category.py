# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

TAX_CODE = re.compile(r"\d{19}")


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category"]

    rd_tax_code = fields.Char(
        string="Tax classification code",
        help="19 digits of the tax authority's list; categories below and products "
        "without one of their own take it from here.",
    )

    @api.constrains("rd_tax_code")
    def _check_rd_tax_code(self):
        _check_tax_code(self)

    def _rd_get_tax_code(self):
        """Return the code of the nearest category that has one, or an empty text."""
        category = self
        while category and not category.rd_tax_code:
            category = category.parent_id
        return category.rd_tax_code or ""


def _check_tax_code(records):
    for record in records:
        if record.rd_tax_code and not TAX_CODE.fullmatch(record.rd_tax_code):
            raise ValidationError(
                record.env._(
                    "The tax classification code of %(record)s has 19 digits; "
                    "“%(code)s” is something else.",
                    record=record.display_name,
                    code=record.rd_tax_code,
                )
            )
