# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..ledger.clean import clean_key
from ..pricing import Agreed, convert, first_overlap, pick


def overlap_message(env, diagnostics):
    """Return which price stands in the way, read from what the database says."""
    detail = (diagnostics and diagnostics.message_detail) or ""
    keys = re.findall(r"\[(\d+),\d+\)", detail.split("conflicts with")[0])
    days = re.findall(r"\d{4}-\d\d-\d\d", detail.split("conflicts with")[-1])
    part = env["product.product"].browse(int(keys[-1]) if keys else []).exists()
    return env._(
        "%(part)s already has a price from %(day)s on for the same quantity and days; "
        "end that one first.",
        part=part.display_name or "",
        day=days[0] if days else "",
    )


class RdContractPrice(models.Model):
    """The agreed price of one part from a quantity on, for some time.

    It counts from the signature of its contract on; the days of validity say for
    which deliveries.
    """

    _name = "rd.contract.price"
    _description = "Agreed Price"
    _inherit = ["rd.contract.part.mixin"]
    _order = "contract_id, product_id, min_quantity, valid_from, id"
    _rec_name = "product_id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "rd.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    partner_id = fields.Many2one(
        related="contract_id.partner_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id", store=True)
    contract_state = fields.Selection(related="contract_id.state")
    customer_code = fields.Char(
        string="Their part number",
        compute="_compute_customer_code",
        inverse="_inverse_customer_code",
        help="Type the customer's number and the part is found by it.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    min_quantity = fields.Float(
        string="From quantity", digits="Product Unit", default=0.0, required=True
    )
    price = fields.Float(
        string="Agreed price", digits="Product Price", required=True, aggregator=None
    )
    tax_included = fields.Boolean(
        string="Tax included", help="Whether the agreed price includes the tax."
    )
    valid_from = fields.Date(
        required=True, default=lambda self: self.env.company._rd_today()
    )
    valid_to = fields.Date(string="Valid until")
    live = fields.Boolean(
        string="In force",
        readonly=True,
        copy=False,
        help="Whether its contract is signed and not replaced.",
    )

    _price_positive = models.Constraint(
        "CHECK (price > 0 AND min_quantity >= 0)",
        "An agreed price is more than 0, from a quantity of 0 or more.",
    )
    _days_in_order = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from <= valid_to)",
        "A price cannot end before it begins; correct “Valid until”.",
    )
    # Ranges of integers, so that no extension of the database is needed.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(contract_id, contract_id, '[]') WITH &&, "
        "int4range(product_id, product_id, '[]') WITH &&, "
        "numrange(min_quantity, min_quantity, '[]') WITH &&, "
        "daterange(valid_from, valid_to, '[]') WITH &&)",
        overlap_message,
    )
    _no_overlap_in_force = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(company_id, company_id, '[]') WITH &&, "
        "int4range(partner_id, partner_id, '[]') WITH &&, "
        "int4range(currency_id, currency_id, '[]') WITH &&, "
        "int4range(product_id, product_id, '[]') WITH &&, "
        "numrange(min_quantity, min_quantity, '[]') WITH &&, "
        "daterange(valid_from, valid_to, '[]') WITH &&) WHERE (live)",
        overlap_message,
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"live"}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("customer_code") and not vals.get("product_id"):
                contract = self.env["rd.contract"].browse(vals.get("contract_id"))
                product = self._find_product(contract, vals["customer_code"])
                vals["product_id"] = product.id
            # The code shown is the one of the alias.
            vals.pop("customer_code", None)
        prices = super().create(vals_list)
        self.env["sale.order.line"].invalidate_model(["rd_price_ids"])
        return prices

    def write(self, vals):
        vals.pop("customer_code", None)
        res = super().write(vals)
        self.env["sale.order.line"].invalidate_model(["rd_price_ids"])
        return res

    # ------------------------------------------------------------------
    # Their part number
    # ------------------------------------------------------------------
    @api.depends("product_id", "partner_id", "company_id")
    def _compute_customer_code(self):
        aliases = self.env["rd.part.alias"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("product_id", "in", self.product_id.ids),
            ],
            order="source desc, id",
        )
        codes = {
            (alias.company_id, alias.partner_id, alias.product_id): alias.code
            for alias in aliases
        }
        for price in self:
            price.customer_code = codes.get(
                (price.company_id, price.partner_id, price.product_id), False
            )

    def _inverse_customer_code(self):
        """The number is that of the alias; a new one is typed there."""

    @api.onchange("customer_code")
    def _onchange_customer_code(self):
        if self.customer_code and self.contract_id.partner_id:
            self.product_id = self._find_product(self.contract_id, self.customer_code)

    @api.model
    def _find_product(self, contract, code):
        """Return the part that the customer calls ``code``.

        :raise ValidationError: when no alias says so
        """
        alias = self.env["rd.part.alias"].search(
            [
                ("company_id", "=", contract.company_id.id),
                ("partner_id", "=", contract.partner_id._origin.id),
                ("code_clean", "=", clean_key(code)),
            ],
            limit=1,
        )
        if not alias:
            raise ValidationError(
                self.env._(
                    "%(partner)s has no part %(code)s; enter it as a part alias first.",
                    partner=contract.partner_id.display_name,
                    code=code,
                )
            )
        return alias.product_id

    # ------------------------------------------------------------------
    # Overlaps
    # ------------------------------------------------------------------
    def _check_in_force(self):
        """Refuse what another contract in force has a price for, naming that one.

        The database refuses it too, and prices that overlap within a contract.
        """
        others = self.search(
            [
                ("live", "=", True),
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("product_id", "in", self.product_id.ids),
            ]
        )
        groups = (others | self).grouped(
            lambda one: (
                one.company_id,
                one.partner_id,
                one.currency_id,
                one.product_id,
            )
        )
        for prices in groups.values():
            pair = first_overlap([price._as_agreed() for price in prices])
            if pair:
                own, other = pair[0].ref, pair[1].ref
                if own not in self:
                    own, other = other, own
                raise UserError(own._overlap_refusal(other))

    def _overlap_refusal(self, other):
        self.ensure_one()
        return self.env._(
            "%(part)s already has a price of %(contract)s from %(day)s on for the "
            "same quantity; end that one first.",
            part=self.product_id.display_name,
            contract=other.contract_id.display_name,
            day=other.valid_from,
        )

    def _take_force(self):
        """Let the prices of a signed contract count; an open end is the contract's."""
        for price in self:
            end = price.valid_to or price.contract_id.date_to
            price._as_internal().write({"valid_to": end})
        self._check_in_force()
        self._as_internal().write({"live": True})

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def _as_agreed(self):
        """Return the price as the pure package reads it."""
        self.ensure_one()
        return Agreed(
            ref=self,
            minimum=Decimal(str(self.min_quantity)),
            amount=Decimal(str(self.price)),
            start=self.valid_from,
            end=self.valid_to or None,
        )

    def _pick(self, day, quantity):
        """Return the one of these prices that holds; none is an empty record.

        :param quantity: in the part's own unit
        """
        found = pick(
            [price._as_agreed() for price in self], day, Decimal(str(quantity))
        )
        return found.ref if found else self.browse()

    def _convert(self, unit, taxes):
        """Return the price per ``unit``, with or without tax as ``taxes`` read it."""
        self.ensure_one()
        rate = sum(
            Decimal(str(tax.amount)) for tax in taxes if tax.amount_type == "percent"
        )
        digits = self.env["decimal.precision"].precision_get("Product Price")
        price = self.product_id.uom_id._compute_price(self.price, unit)
        wanted = any(tax.price_include for tax in taxes)
        return float(
            convert(
                Decimal(str(price)), self.tax_included, wanted, Decimal(rate), digits
            )
        )

    def _prepare_content(self):
        """Return what the customer signs of the price, as plain text."""
        self.ensure_one()
        return [
            self.product_id.id,
            f"{self.min_quantity:.6f}",
            f"{self.price:.6f}",
            str(self.tax_included),
            str(self.valid_from),
            str(self.valid_to or ""),
        ]
