# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdPriceAdjustmentPrice(models.Model):
    """The new price of one part."""

    _name = "rd.price.adjustment.price"
    _description = "New Price"
    _inherit = ["rd.guarded.mixin"]
    _order = "adjustment_id, id"

    adjustment_id = fields.Many2one(
        "rd.price.adjustment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="adjustment_id.company_id", store=True, index=True
    )
    customer_part = fields.Char(
        string="Their part number", help="Finds the part by what they call it."
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    price_unit = fields.Float(
        string="New price", digits="Product Price", required=True, aggregator=None
    )

    _product_once = models.UniqueIndex(
        "(adjustment_id, product_id)", "Each part has one new price."
    )
    _price_positive = models.Constraint(
        "CHECK (price_unit > 0)", "A new price is more than 0."
    )

    @api.depends("customer_part", "adjustment_id.partner_id")
    def _compute_product_id(self):
        for price in self:
            if not price.customer_part:
                continue
            alias = self.env["rd.part.alias"].search(
                [
                    ("company_id", "=", price.adjustment_id.company_id.id),
                    ("partner_id", "=", price.adjustment_id.partner_id.id),
                    ("code", "=ilike", price.customer_part.strip()),
                ],
                limit=1,
            )
            price.product_id = alias.product_id or price.product_id

    @api.model_create_multi
    def create(self, vals_list):
        """Take no new price for a document that is under way."""
        prices = super().create(vals_list)
        prices._check_draft()
        return prices

    def write(self, vals):
        self._check_draft()
        res = super().write(vals)
        self._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        self._check_draft()

    def _check_draft(self):
        for price in self:
            if price.adjustment_id.state != "draft":
                raise UserError(
                    self.env._(
                        "%(adjustment)s is under way; take it back to draft first.",
                        adjustment=price.adjustment_id.name,
                    )
                )

    def _get_price_for(self, line):
        """Return the new price as the taxes of the line read it."""
        self.ensure_one()
        included = self.adjustment_id.tax_basis == "included"
        reads_included = any(line.tax_ids.sudo().mapped("price_include"))
        factor = 1 + line.tax_rate / 100
        price = self.price_unit
        if included and not reads_included:
            price /= factor
        elif reads_included and not included:
            price *= factor
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return round(price, digits)
