# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import float_is_zero

from .product_category import SETTLEMENT_CLASSES


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line"]

    rd_settlement_class = fields.Selection(
        selection=SETTLEMENT_CLASSES,
        string="Settlement class",
        compute="_compute_rd_settlement_class",
        store=True,
        readonly=False,
        precompute=True,
    )
    rd_settlement_way = fields.Selection(
        selection=[
            ("deliveries", "Deliveries"),
            ("handover", "Handover"),
            ("stages", "Stages"),
            ("none", "Not settled (free, sample, warranty)"),
        ],
        string="Way of settlement",
        compute="_compute_rd_settlement_way",
        store=True,
        readonly=False,
        precompute=True,
        help="The one way in which this line is invoiced.",
    )
    rd_customer_line = fields.Char(
        string="Their order line",
        help="Line number of the customer's own order.",
    )
    rd_settled_short = fields.Float(
        string="Settled short",
        digits="Product Unit",
        compute="_compute_rd_settled_short",
        help="Delivered quantity that will never be invoiced because it was lost "
        "at the customer and settled so; in the unit of the line.",
    )

    @api.depends("product_id.categ_id.rd_settlement_class")
    def _compute_rd_settlement_class(self):
        for line in self:
            line.rd_settlement_class = (
                line.product_id.categ_id.rd_settlement_class or "other"
            )

    @api.depends("product_id.type", "display_type", "is_downpayment")
    def _compute_rd_settlement_way(self):
        for line in self:
            if line.display_type or line.is_downpayment or not line.product_id:
                line.rd_settlement_way = False
            elif line.product_id.type == "service":
                line.rd_settlement_way = "handover"
            else:
                line.rd_settlement_way = "deliveries"

    def _compute_rd_settled_short(self):
        """No quantity is settled short until a reconciliation says so."""
        self.rd_settled_short = 0.0

    def _rd_is_delivered(self):
        """Tell whether all that was ordered has been delivered."""
        self.ensure_one()
        missing = self.product_uom_qty - self.qty_delivered
        return self.product_uom_id.compare(missing, 0.0) <= 0

    def _rd_describe_goods(self):
        """Return part and quantity in one short text."""
        self.ensure_one()
        part = self.product_id.default_code or self.product_id.name or self.name
        return f"{part} × {self.product_uom_qty:g}"

    def _rd_is_settled_by_statement(self):
        self.ensure_one()
        return (
            self.rd_settlement_way == "deliveries"
            and self.order_id._rd_settles_by_statement()
        )

    @api.depends(
        "rd_settlement_way",
        "rd_settled_short",
        "order_id.partner_invoice_id.commercial_partner_id.rd_settlement_mode",
    )
    def _compute_qty_to_invoice(self):
        """Count what was delivered, whatever the product's invoicing policy.

        For goods settled by statement Odoo's "to invoice" is what is still open
        in the chain: delivered − invoiced − settled short.
        """
        res = super()._compute_qty_to_invoice()
        for line in self:
            if line.state == "sale" and line._rd_is_settled_by_statement():
                line.qty_to_invoice = (
                    line.qty_delivered - line.qty_invoiced - line.rd_settled_short
                )
        return res

    def _rd_is_priced(self):
        """Tell whether the line has a price; that of a screw may be below a cent."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return not float_is_zero(self.price_unit, precision_digits=digits)

    def _rd_get_agreed_price(self, day):
        """Return ``(unit price, source)`` agreed for a delivery on ``day``.

        The price is in the currency and unit of the order line, before its
        discount; ``(False, "")`` where no price was agreed.
        """
        self.ensure_one()
        if not self._rd_is_priced():
            return False, ""
        source = self.env._("Order %(order)s", order=self.order_id.name)
        return self.price_unit, source
