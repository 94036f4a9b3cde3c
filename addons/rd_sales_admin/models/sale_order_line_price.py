# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pricing import deviates

# What follows from contracts and approvals alone
AGREED = (
    *("rd_approved_price", "rd_price_approved", "rd_price_id"),
    *("rd_agreed_price", "rd_price_quantity"),
)


class SaleOrderLine(models.Model):
    """The agreed price of an order line, where it comes from and what deviates."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line"]

    rd_price_ids = fields.Many2many(
        "rd.contract.price",
        compute="_compute_rd_price_ids",
        compute_sudo=True,
        string="Prices in force",
    )
    rd_price_id = fields.Many2one(
        "rd.contract.price",
        string="Agreed by",
        compute="_compute_rd_price_id",
        compute_sudo=True,
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    rd_agreed_price = fields.Float(
        string="Agreed price",
        digits="Product Price",
        compute="_compute_rd_price_id",
        compute_sudo=True,
        store=True,
        precompute=True,
        copy=False,
        aggregator=None,
        help="As agreed when the line was priced, in its unit and tax.",
    )
    rd_price_quantity = fields.Float(
        string="Priced for",
        digits="Product Unit",
        compute="_compute_rd_price_id",
        compute_sudo=True,
        store=True,
        precompute=True,
        copy=False,
        help="Quantity for which the price was agreed; a later change of the "
        "quantity does not change it.",
    )
    rd_price_source = fields.Char(
        string="Price from", compute="_compute_rd_price_source", compute_sudo=True
    )
    rd_expected_price = fields.Float(
        string="Price in force",
        digits="Product Price",
        compute="_compute_rd_price_state",
        compute_sudo=True,
        aggregator=None,
        help="What the contracts say for the quantity as it is now.",
    )
    rd_price_state = fields.Selection(
        [
            ("none", "Not agreed by a contract"),
            ("agreed", "As agreed"),
            ("deviates", "Deviates"),
            ("approved", "Deviation approved"),
        ],
        string="Price check",
        compute="_compute_rd_price_state",
        compute_sudo=True,
    )
    rd_approved_price = fields.Float(
        string="Approved price",
        digits="Product Price",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Net price that a second person approved in spite of the contract.",
    )
    rd_price_approved = fields.Boolean(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        # a default in the context is a value as well
        for vals in [self.default_get(list(AGREED)), *vals_list]:
            self._rd_check_approval_values(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._rd_check_approval_values(vals)
        return super().write(vals)

    @api.model
    def _rd_check_approval_values(self, vals):
        if not self.env["rd.contract"]._is_internal() and any(
            vals.get(name) for name in AGREED
        ):
            raise UserError(
                self.env._(
                    "The agreed price comes from the contract, and an approval from "
                    "the approvals list; neither is typed on the order."
                )
            )

    # ------------------------------------------------------------------
    # Finding and stamping
    # ------------------------------------------------------------------
    @api.depends(
        *("product_id", "order_id.rd_contract_id", "order_id.partner_invoice_id"),
        *("order_id.currency_id", "order_id.company_id"),
    )
    def _compute_rd_price_ids(self):
        """Find the prices in force with one query for all lines."""
        partners = self.order_id.partner_invoice_id.commercial_partner_id
        prices = self.env["rd.contract.price"].search_fetch(
            [
                ("live", "=", True),
                ("partner_id", "in", partners.ids),
                ("product_id", "in", self.product_id.ids),
            ],
            ["company_id", "partner_id", "product_id", "currency_id", "contract_id"],
        )
        if not prices:
            self.rd_price_ids = prices
            return
        by_key = prices.grouped(
            lambda one: (one.company_id, one.partner_id, one.product_id)
        )
        for line in self:
            order = line.order_id
            partner = order.partner_invoice_id.commercial_partner_id
            key = (order.company_id, partner._origin, line.product_id._origin)
            found = by_key.get(key, prices.browse()).filtered(
                lambda one, order=order: one.currency_id == order.currency_id
            )
            line.rd_price_ids = found

    @api.depends(
        *("product_id", "product_uom_id", "tax_ids", "order_id.rd_contract_id"),
        *("order_id.partner_invoice_id", "order_id.currency_id"),
    )
    def _compute_rd_price_id(self):
        """Stamp the price that is agreed for the quantity; not on its change."""
        for line in self:
            if line.qty_invoiced or line.is_downpayment or line._rd_keeps_price():
                line.rd_price_id = line._origin.rd_price_id
                line.rd_agreed_price = line._origin.rd_agreed_price
                line.rd_price_quantity = line._origin.rd_price_quantity
                continue
            line._rd_stamp()

    def _rd_keeps_price(self):
        """Tell whether a form shows a saved line of which only the quantity differs."""
        saved = self._origin
        return (
            not self.id
            and bool(saved)
            and all(
                self[name]._origin == saved[name]
                for name in ("product_id", "product_uom_id", "tax_ids", "currency_id")
            )
        )

    def _rd_stamp(self):
        """Write down price, source and quantity that hold now."""
        self.ensure_one()
        price = self._rd_find_price(self._rd_get_price_day(), self.product_uom_qty)
        self.update(
            {
                "rd_price_id": price.id,
                "rd_price_quantity": self.product_uom_qty,
                "rd_agreed_price": price._convert(self.product_uom_id, self.tax_ids)
                if price
                else 0.0,
            }
        )

    def _rd_get_price_day(self):
        order = self.order_id
        moment = order.date_order or fields.Datetime.now()
        return (order.company_id or self.env.company)._rd_local_date(moment)

    def _rd_find_price(self, day, quantity):
        """Return the contract price for ``quantity`` in the line's unit on ``day``."""
        self.ensure_one()
        line = self.sudo()
        if not line.rd_price_ids or line.display_type or not line.product_uom_id:
            return line.env["rd.contract.price"]
        own = line.product_uom_id._compute_quantity(
            quantity, line.product_id.uom_id, round=False
        )
        return line.rd_price_ids._origin._pick(day, round(own, 6))

    def _reset_price_unit(self):
        """Put the agreed price on the line where a contract has one."""
        res = super()._reset_price_unit()
        if not self._origin.id:
            self.sudo()._rd_stamp()
        if self.sudo().rd_price_id:
            price = self.rd_agreed_price
            self.update({"price_unit": price, "technical_price_unit": price})
        return res

    @api.depends("rd_price_id")
    def _compute_rd_price_source(self):
        for line in self:
            line.rd_price_source = line.rd_price_id.contract_id.display_name or False

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------
    @api.depends(
        *("rd_price_ids", "price_unit", "discount", "product_uom_qty", "tax_ids"),
        *("order_id.date_order", "rd_approved_price", "rd_price_approved"),
    )
    def _compute_rd_price_state(self):
        priced = self.filtered("rd_price_ids")
        free = self - priced
        free.rd_expected_price = 0.0
        free.rd_price_state = "none"
        for line in priced:
            price = line._rd_find_price(line._rd_get_price_day(), line.product_uom_qty)
            expected = (
                price._convert(line.product_uom_id, line.tax_ids) if price else 0.0
            )
            line.rd_expected_price = expected
            if not price:
                line.rd_price_state = "none"
            elif not line._rd_deviates(line._rd_get_net_price(), expected):
                line.rd_price_state = "agreed"
            elif line.rd_price_approved and not line._rd_differs(
                line.rd_approved_price, line._rd_get_net_price()
            ):
                line.rd_price_state = "approved"
            else:
                line.rd_price_state = "deviates"

    def _rd_get_net_price(self):
        """Return the unit price after discount."""
        self.ensure_one()
        return self.price_unit * (1 - (self.discount or 0.0) / 100)

    def _rd_deviates(self, found, expected):
        company = self.order_id.company_id or self.env.company
        return deviates(
            Decimal(str(found)),
            Decimal(str(expected)),
            Decimal(str(company.rd_price_tolerance)),
            self.env["decimal.precision"].precision_get("Product Price"),
        )

    def _rd_differs(self, one, other):
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return bool(round(one - other, digits))

    def _rd_get_agreed_price(self, day):
        """Return the price of the contract that is valid on the day of delivery.

        A deviation that was approved counts as the order says it; one that was not
        is no agreed price. An order that took its price from a contract follows it
        where another one is agreed later. The step is that of the quantity it was
        agreed for.
        """
        self.ensure_one()
        state = self.rd_price_state
        follows = state != "approved" and self._rd_follows_contract()
        if state == "deviates" and not follows:
            return False, ""
        if state == "agreed" or follows:
            unit, price = self._rd_get_contract_price(day)
            if price:
                return unit, self.env._(
                    "Contract %(contract)s", contract=price.contract_id.display_name
                )
        return super()._rd_get_agreed_price(day)

    def _rd_follows_contract(self):
        """Tell whether the line bears the price that its contract gave it, and that
        price has been replaced since."""
        self.ensure_one()
        if not self.rd_price_id or self.rd_price_id.sudo().live:
            return False
        return not self._rd_deviates(self._rd_get_net_price(), self.rd_agreed_price)

    def _rd_get_contract_price(self, day):
        """Return ``(unit price before discount, price of the contract)`` for a
        delivery on ``day``; 0 and an empty record where no contract says one."""
        self.ensure_one()
        price = self._rd_find_price(day, self.rd_price_quantity or self.product_uom_qty)
        unit = price._convert(self.product_uom_id, self.tax_ids) if price else 0.0
        if self.discount and self.discount < 100:
            unit = unit / (1 - self.discount / 100)
        return unit, price

    def action_rd_take_price(self):
        """Take the price in force for the quantity as it is now.

        :raise UserError: when something of the line is invoiced already
        """
        self.check_access("write")
        for line in self:
            if line._rd_is_billed():
                raise UserError(
                    self.env._(
                        "%(line)s has been invoiced in part already; its price stays.",
                        line=line.display_name,
                    )
                )
            line._rd_take_price()
        return True

    def _rd_take_price(self):
        line = self.sudo().with_context(
            rd_guard=self.env["rd.contract"]._as_internal().env.context["rd_guard"]
        )
        line._rd_stamp()
        if line.rd_price_id:
            price = line.rd_agreed_price
            self.write(
                {"price_unit": price, "technical_price_unit": price, "discount": 0.0}
            )
