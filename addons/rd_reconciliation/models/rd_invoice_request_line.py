# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models

from .. import invoicing

# What the tax system lets a line's tax differ from amount × rate.
TAX_TOLERANCE = 0.06


class RdInvoiceRequestLine(models.Model):
    """One printed line: what was agreed of one part at one price and tax."""

    _name = "rd.invoice.request.line"
    _description = "Line of an Invoice Request"
    _inherit = ["rd.guarded.mixin"]
    _order = "request_id, sequence, id"

    request_id = fields.Many2one(
        "rd.invoice.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    currency_id = fields.Many2one(related="request_id.currency_id", store=True)
    sequence = fields.Integer(readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    tax_code = fields.Char(string="Tax classification code", readonly=True)
    name = fields.Char(string="Goods", required=True, readonly=True)
    specification = fields.Char(readonly=True)
    uom_name = fields.Char(string="Unit", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    price_unit = fields.Float(
        string="Unit price (tax excluded)",
        digits=(16, invoicing.price.MOST_DECIMALS),
        readonly=True,
        aggregator=None,
        help="With as many decimals as it takes for quantity × price to give the "
        "agreed amount to the cent.",
    )
    price_decimals = fields.Integer(readonly=True, aggregator=None)
    price_text = fields.Char(string="Price as written", compute="_compute_price_text")
    tax_rate = fields.Float(
        string="Tax rate (%)", digits=(5, 2), readonly=True, aggregator=None
    )
    amount_untaxed = fields.Monetary(readonly=True)
    amount_tax = fields.Monetary(readonly=True)
    amount_total = fields.Monetary(readonly=True)
    note = fields.Char(readonly=True)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.depends("price_unit", "price_decimals")
    def _compute_price_text(self):
        for line in self:
            line.price_text = f"{line.price_unit:.{max(line.price_decimals, 2)}f}"

    def _get_tax_system_figures(self):
        """Return unit price, untaxed amount, tax and total for the tax system.

        It writes in the company's currency: a line in another one is converted at
        the rate of its invoice, and the price follows from the amount.
        """
        self.ensure_one()
        request = self.request_id
        own = request.company_id.currency_id
        if self.currency_id == own:
            price, untaxed, tax = self.price_unit, self.amount_untaxed, self.amount_tax
        else:
            untaxed, tax = (
                request._convert_to_own(amount)
                for amount in (self.amount_untaxed, self.amount_tax)
            )
            price = 0.0
            if self.quantity:
                price = invoicing.unit_price(
                    *(Decimal(str(n)) for n in (self.quantity, untaxed, own.rounding))
                ).value
        return {
            "price": float(price),
            "untaxed": untaxed,
            "tax": tax,
            "total": own.round(untaxed + tax),
        }

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------
    @api.model
    def _prepare_lines(self, move):
        """Return the values of an invoice's lines, summed by part, price and tax."""
        groups = defaultdict(self.env["account.move.line"].browse)
        items = move.invoice_line_ids.filtered(
            lambda item: item.display_type == "product"
        )
        for item in items.sorted(lambda item: (item.sequence, item.id)):
            groups[self._get_article(item)] |= item
        sign = -1 if move.move_type == "out_refund" else 1
        values = [self._prepare_line(move, group, sign) for group in groups.values()]
        # What came and went back at one price leaves nothing to be invoiced.
        values = [line for line in values if line["quantity"] or line["amount_untaxed"]]
        for sequence, line in enumerate(values, start=1):
            line["sequence"] = sequence
        return values

    @api.model
    def _get_article(self, item):
        return (
            self._get_part(item).id or item.name,
            item.product_uom_id.id,
            item.price_unit,
            item.discount,
            tuple(item.tax_ids.ids),
        )

    @api.model
    def _get_part(self, item):
        """Return the part that was agreed: where no goods leave the stock the invoice
        line names none, but the tax invoice names what was sold all the same."""
        return item.rd_statement_line_id.product_id or item.product_id

    @api.model
    def _prepare_line(self, move, items, sign):
        first = items[0]
        part = self._get_part(first)
        agreed = items.rd_statement_line_id
        untaxed, tax = self._sum_amounts(move, items, sign)
        unit = first.product_uom_id
        quantity = sign * sum(items.mapped("quantity"))
        if unit and unit.is_zero(quantity):
            quantity = 0.0
        rates = [item.amount for item in first.tax_ids if item.amount_type == "percent"]
        values = {
            "product_id": part.id,
            "tax_code": part.product_tmpl_id._rd_get_tax_code() if part else "",
            "name": agreed[:1].product_name or part.name or first.name,
            "specification": agreed[:1].customer_part or part.default_code,
            "uom_name": agreed[:1].uom_name or unit.name,
            "quantity": quantity,
            "tax_rate": sum(rates),
            "amount_untaxed": untaxed,
            "amount_tax": tax,
            "amount_total": move.currency_id.round(untaxed + tax),
        }
        values.update(self._prepare_price(values, move, sign))
        return values

    @api.model
    def _sum_amounts(self, move, items, sign):
        """Return untaxed amount and tax as agreed; of what was not on a statement,
        as Odoo shows it."""
        untaxed = tax = 0.0
        for item in items:
            agreed = item.rd_statement_line_id
            untaxed += agreed.amount_untaxed if agreed else sign * item.price_subtotal
            tax += (
                agreed.amount_tax
                if agreed
                else sign * (item.price_total - item.price_subtotal)
            )
        return move.currency_id.round(untaxed), move.currency_id.round(tax)

    @api.model
    def _prepare_price(self, values, move, sign):
        """Return the unit price, and what has to be said about the line."""
        currency = move.currency_id
        notes = []
        price = invoicing.Price(Decimal(0), 2, True)
        if values["quantity"]:
            price = invoicing.unit_price(
                Decimal(str(values["quantity"])),
                Decimal(str(values["amount_untaxed"])),
                Decimal(str(currency.rounding)),
            )
        if not price.exact or not values["quantity"]:
            notes.append(
                self.env._(
                    "no unit price of ten decimals gives the amount; the amount counts"
                )
            )
        if sign * values["amount_untaxed"] < 0:
            notes.append(self.env._("negative: enter it as a discount line"))
        computed = values["amount_untaxed"] * values["tax_rate"] / 100
        if abs(values["amount_tax"] - computed) > TAX_TOLERANCE:
            notes.append(
                self.env._("the tax is not amount × rate; it is as agreed by lines")
            )
        return {
            "price_unit": float(price.value),
            "price_decimals": price.decimals,
            "note": "; ".join(notes) or False,
        }
