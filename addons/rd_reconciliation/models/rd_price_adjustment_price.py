# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_round


class RdPriceAdjustmentPrice(models.Model):
    """The new price of one part, in whichever of its units it was agreed."""

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
    allowed_uom_ids = fields.Many2many(
        "uom.uom", string="Units of the part", compute="_compute_allowed_uom_ids"
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Per",
        required=True,
        ondelete="restrict",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', allowed_uom_ids)]",
        help="Unit of the new price; lines in another unit are converted.",
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

    @api.depends("product_id")
    def _compute_allowed_uom_ids(self):
        for price in self:
            part = price.product_id
            price.allowed_uom_ids = part.uom_id | part.uom_ids

    @api.depends("product_id")
    def _compute_uom_id(self):
        for price in self:
            if price.uom_id not in price.allowed_uom_ids:
                price.uom_id = price.product_id.uom_id

    @api.constrains("product_id", "uom_id")
    def _check_uom_id(self):
        for price in self:
            own = price.product_id.uom_id
            if not own._has_common_reference(price.uom_id):
                raise ValidationError(
                    self.env._(
                        "The new price of %(part)s cannot be one per %(unit)s; enter "
                        "it per %(own)s.",
                        part=price.product_id.display_name,
                        unit=price.uom_id.name,
                        own=own.name,
                    )
                )

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

    def _is_even(self, quantity, old_price, unit):
        """Tell whether quantity and both prices can be said per ``unit`` without
        rounding, taxes apart."""
        self.ensure_one()
        new_price = self.uom_id._compute_price(self.price_unit, unit)
        return not (
            round(quantity - unit.round(quantity), 6)
            or round(old_price - self._round(old_price), 6)
            or round(new_price - self._round(new_price), 6)
        )

    def _get_price_for(self, line, unit):
        """Return the new price per ``unit``, as the taxes of the line read it."""
        self.ensure_one()
        included = self.adjustment_id.tax_basis == "included"
        reads_included = any(line.tax_ids.sudo().mapped("price_include"))
        factor = 1 + line.tax_rate / 100
        price = self.uom_id._compute_price(self.price_unit, unit)
        if included and not reads_included:
            price /= factor
        elif reads_included and not included:
            price *= factor
        return self._round(price)

    def _round(self, price):
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float_round(price, precision_digits=digits)
