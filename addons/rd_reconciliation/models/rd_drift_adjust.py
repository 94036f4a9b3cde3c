# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .rd_price_adjustment import INVOICED


class RdDrift(models.Model):
    """A price agreed later than it was invoiced leads to a price adjustment."""

    _name = "rd.drift"
    _inherit = ["rd.drift"]

    is_adjustable = fields.Boolean(compute="_compute_is_adjustable")

    @api.depends("kind", "state", "statement_id.state")
    def _compute_is_adjustable(self):
        for drift in self:
            drift.is_adjustable = (
                drift.kind == "price"
                and drift.state == "open"
                and drift.statement_id.state in INVOICED
            )

    def action_adjust_price(self):
        """Make the price adjustments that these late facts ask for, and open them.

        They are drafts, filled in: the prices of one affiliate that count from the
        same day make one. What the same price of the order has changed elsewhere
        comes along, from its first delivery on; an adjustment that is being made
        already is opened instead of a second one.

        :raise UserError: names what was not invoiced, or has no price by now
        """
        adjustments = self.env["rd.price.adjustment"]
        adjustments._check_desk()
        self._check_adjustable()
        groups, reasons, first = defaultdict(dict), {}, {}
        for drift in (self | self._get_same_price()).sorted(
            lambda one: (one.line_id._get_delivery_day(), one.id)
        ):
            *key, says, day = drift._prepare_new_price()
            key = (*key, first.setdefault(says, day))
            groups[key].setdefault(drift.line_id.product_id, drift._get_new_price())
            reasons.setdefault(key, drift._get_reason(says))
        for key, prices in groups.items():
            adjustments |= adjustments._get_in_work(key, prices) or adjustments._open(
                key, prices, reasons[key]
            )
        return adjustments._get_made_action()

    def _check_adjustable(self):
        for drift in self:
            if not (drift.is_adjustable and drift._get_new_price()):
                raise UserError(
                    self.env._(
                        "%(fact)s: only a price that has changed after it was invoiced "
                        "is adjusted.",
                        fact=drift.display_name,
                    )
                )

    def _get_same_price(self):
        """Return the other late facts that one change of a price has made."""
        found = self.search(
            [
                ("kind", "=", "price"),
                ("state", "=", "open"),
                ("sale_line_id", "in", self.sale_line_id.ids),
            ]
        )
        return found.filtered(lambda one: one.is_adjustable and one._get_new_price())

    def _get_new_price(self):
        return self.line_id._get_price_now()[0]

    def _prepare_new_price(self):
        """Return what an adjustment is grouped by: company, affiliate, currency and
        tax basis, the record that says the price, and the day it counts from."""
        self.ensure_one()
        line = self.line_id
        _price, says = line._get_price_now()
        included = any(line.tax_ids.sudo().mapped("price_include"))
        by_contract = says._name == "rd.contract.price"
        return (
            self.company_id,
            self.partner_id,
            line.currency_id,
            "included" if included else "excluded",
            says,
            says.valid_from if by_contract else line._get_delivery_day(),
        )

    def _get_reason(self, says):
        by_contract = says._name == "rd.contract.price"
        source = says.contract_id if by_contract else says.order_id
        return self.env._("Price by %(document)s", document=source.display_name)


class RdPriceAdjustment(models.Model):
    _name = "rd.price.adjustment"
    _inherit = ["rd.price.adjustment"]

    @api.model
    def _open(self, key, prices, reason):
        """Make the draft of one group of late facts, its invoiced lines listed.

        :param key: company, affiliate, currency, tax basis and first day
        :param prices: ``{part: new price}``
        """
        company, partner, currency, basis, day = key
        made = self.with_company(company).create(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "currency_id": currency.id,
                "tax_basis": basis,
                "valid_from": day,
                "reason": reason,
                "price_ids": [
                    Command.create({"product_id": product.id, "price_unit": price})
                    for product, price in prices.items()
                ],
            }
        )
        if made._prepare_lines():
            made.action_list()
        return made

    @api.model
    def _get_in_work(self, key, prices):
        """Return the adjustment not approved yet that holds these prices, if any."""
        company, partner, currency, basis, day = key
        found = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("currency_id", "=", currency.id),
                ("tax_basis", "=", basis),
                ("valid_from", "<=", day),
                ("state", "in", ("draft", "waiting")),
                ("price_ids.product_id", "in", [product.id for product in prices]),
            ]
        )
        digits = self.env["decimal.precision"].precision_get("Product Price")
        wanted = {(part, round(price, digits)) for part, price in prices.items()}
        for one in found:
            rows = one.price_ids
            if wanted <= {
                (row.product_id, round(row.price_unit, digits)) for row in rows
            }:
                return one
        return self.browse()

    def _get_made_action(self):
        """Open the one that was made, or all of them as a list."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_price_adjustment_action"
        )
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}
