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
        same day make one.

        :raise UserError: names what was not invoiced, or has no price by now
        """
        adjustments = self.env["rd.price.adjustment"]
        adjustments._check_desk()
        groups = defaultdict(dict)
        reasons = {}
        for drift in self:
            key, product, price, unit, reason = drift._prepare_new_price()
            known = groups[key].get(product)
            # Of two units the larger one says the price with less rounding.
            if not known or unit.factor > known[1].factor:
                groups[key][product] = price, unit
            reasons.setdefault(key, reason)
        for key, prices in groups.items():
            company, partner, currency, basis, day = key
            adjustments += adjustments.with_company(company).create(
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "currency_id": currency.id,
                    "tax_basis": basis,
                    "valid_from": day,
                    "reason": reasons[key],
                    "price_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": price,
                                "uom_id": unit.id,
                            }
                        )
                        for product, (price, unit) in prices.items()
                    ],
                }
            )
        return adjustments._get_made_action()

    def _prepare_new_price(self):
        """Return what an adjustment is grouped by, the part, its new price, the unit of
        that and why."""
        self.ensure_one()
        line = self.line_id
        price, says = line._get_price_now()
        if not self.is_adjustable or not price:
            raise UserError(
                self.env._(
                    "%(fact)s: only a price that has changed after it was invoiced is "
                    "adjusted.",
                    fact=self.display_name,
                )
            )
        included = any(line.tax_ids.sudo().mapped("price_include"))
        by_contract = says._name == "rd.contract.price"
        key = (
            self.company_id,
            self.partner_id,
            line.currency_id,
            "included" if included else "excluded",
            says.valid_from if by_contract else line._get_delivery_day(),
        )
        source = says.contract_id if by_contract else says.order_id
        reason = self.env._("Price by %(document)s", document=source.display_name)
        return key, line.product_id, price, line._get_unit(), reason


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
