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
    adjustment_ids = fields.Many2many(
        "rd.price.adjustment", string="Price adjustments", copy=False
    )

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
        same day make one, those of an order another. A part with two new prices
        makes two. What is under way already is opened again.

        :raise UserError: names what was not invoiced, or has no price by now
        """
        adjustments = self.env["rd.price.adjustment"]
        adjustments._check_desk()
        adjustments |= self._get_under_way()
        for facts in self._get_to_adjust()._group_by_document():
            values = facts._prepare_adjustment()
            made = adjustments.with_company(facts.company_id).create(values)
            made._as_internal().write({"drift_ids": [Command.set(facts.ids)]})
            adjustments += made
        return adjustments._get_made_action()

    def _get_under_way(self):
        """Return the adjustments of these facts that nobody has decided on yet."""
        return self.adjustment_ids.filtered(
            lambda one: one.state in ("draft", "waiting")
        )

    def _get_to_adjust(self):
        """Return these facts and those that say the same of other lines, apart from
        what is under way: one agreement changes the price of many deliveries."""
        asked = {drift._get_new_price() for drift in self}
        others = self.search(
            [
                ("kind", "=", "price"),
                ("state", "=", "open"),
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("statement_id.state", "in", INVOICED),
            ]
        )
        same = others.filtered(
            lambda drift: drift._has_new_price() and drift._get_new_price() in asked
        )
        return (self | same).filtered(lambda drift: not drift._get_under_way())

    def _group_by_document(self):
        """Return the facts that make one adjustment each, as a list.

        There a part has one new price: lines of two steps of a contract, or of two
        orders, may have got different ones.
        """
        known, groups = defaultdict(list), defaultdict(self.browse)
        for drift in self.sorted("id"):
            key, part = drift._get_document_key(), drift.line_id.product_id
            price = drift._get_new_price()[-1]
            if price not in known[key, part]:
                known[key, part].append(price)
            groups[key, known[key, part].index(price)] |= drift
        return list(groups.values())

    def _has_new_price(self):
        self.ensure_one()
        return self.is_adjustable and bool(self.line_id._get_price_now()[0])

    def _get_new_price(self):
        """Return ``(record that says it, part, currency, new price)``, the price per
        unit of the part.

        :raise UserError: when there is nothing to adjust
        """
        self.ensure_one()
        if not self._has_new_price():
            raise UserError(
                self.env._(
                    "%(fact)s: only a price that has changed after it was invoiced is "
                    "adjusted.",
                    fact=self.display_name,
                )
            )
        line = self.line_id
        part = line.product_id
        price, says = line._get_price_now()
        price = line._get_unit()._compute_price(price, part.uom_id)
        return says, part, line.currency_id, round(price, 6)

    def _get_document_key(self):
        """Return what an adjustment is grouped by: a contract says from which day its
        price counts, an order which deliveries are concerned."""
        self.ensure_one()
        line = self.line_id
        included = any(line.tax_ids.sudo().mapped("price_include"))
        _price, says = line._get_price_now()
        return (
            self.company_id,
            self.partner_id,
            line.currency_id,
            "included" if included else "excluded",
            says.valid_from if says._name == "rd.contract.price" else says.order_id,
        )

    def _prepare_adjustment(self):
        """Return the values of the adjustment of facts that make one."""
        company, partner, currency, basis, since = self[0]._get_document_key()
        _price, says = self[0].line_id._get_price_now()
        if says._name == "rd.contract.price":
            source = says.contract_id
        else:
            source = says.order_id
            since = min(drift.line_id._get_delivery_day() for drift in self)
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "currency_id": currency.id,
            "tax_basis": basis,
            "valid_from": since,
            "reason": self.env._("Price by %(document)s", document=source.display_name),
            "price_ids": [Command.create(values) for values in self._prepare_prices()],
        }

    def _prepare_prices(self):
        """Return the values of one new price for each part."""
        prices = {}
        for drift in self:
            line = drift.line_id
            unit, known = line._get_unit(), prices.get(line.product_id)
            # Of two units the larger one says the price with less rounding.
            if not known or unit.factor > known[1].factor:
                prices[line.product_id] = line._get_price_now()[0], unit
        return [
            {"product_id": part.id, "price_unit": price, "uom_id": unit.id}
            for part, (price, unit) in prices.items()
        ]


class RdPriceAdjustment(models.Model):
    _name = "rd.price.adjustment"
    _inherit = ["rd.price.adjustment"]

    def _get_made_action(self):
        """Open the one that was made, or all of them as a list."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_price_adjustment_action"
        )
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}
