# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.rd_sales_admin.models.rd_settlement_source import (
    KIND_ADJUSTMENT,
    KIND_DELIVERY,
    KIND_HANDOVER,
)

from .rd_statement_line_late import get_root


class RdStatementLine(models.Model):
    """The price of a line after what was agreed later."""

    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    def _get_adjustments(self):
        """Return ``{line: its approved adjustments, oldest first}``."""
        # A return is priced by the desk's code, whoever validates it.
        found = defaultdict(self.env["rd.price.adjustment.line"].browse)
        adjusted = (
            self.env["rd.price.adjustment.line"]
            .sudo()
            .search(
                [("statement_line_id", "in", self.ids), ("state", "=", "approved")],
                order="step",
            )
        )
        for item in adjusted:
            found[item.statement_line_id] |= item.sudo(False)
        return found

    def _get_effective_price(self):
        price = super()._get_effective_price()
        adjusted = self._get_adjustments().get(self)
        return adjusted.sudo()[-1:]._get_new_price() if adjusted else price

    def _prepare_new_price(self, price, adjusted):
        """Return quantity, old and new price of the line, all in one unit.

        That is its own, or another one that was agreed in, where a price does not
        come out even per unit of the line: to the cent is in the unit agreed.

        :param price: the ``rd.price.adjustment.price`` of its part
        :param adjusted: its approved adjustments until now, oldest first, or none
        """
        self.ensure_one()
        own, old, agreed = self._get_unit(), self.price_unit, price.uom_id
        if adjusted:
            old = adjusted.sudo()[-1:]._get_new_price()
            agreed |= adjusted.sudo().uom_id
        found = [
            (
                unit,
                own._compute_quantity(self.quantity, unit, round=False),
                own._compute_price(old, unit),
            )
            for unit in own | agreed
        ]
        unit, quantity, old = next(
            (one for one in found if price._is_even(*one[1:], one[0])), found[0]
        )
        return {
            "uom_id": unit.id,
            "quantity": quantity,
            "old_price": old,
            "new_price": price._get_price_for(self, unit),
        }

    @api.model
    def _get_changed(self, company, partner=None, statement=None):
        """Look as well at adjusted lines whose price may have been agreed anew."""
        lines = super()._get_changed(company, partner, statement)
        rows = self.env.execute_query(self._query_adjusted(company, partner, statement))
        return lines | self.browse(row[0] for row in rows)

    @api.model
    def _query_adjusted(self, company, partner, statement):
        """Select live adjusted lines of which the order line, or a contract's price of
        the part, was written after they were listed."""
        limits = self._query_limits(company, partner, statement)
        # An hour more: the price may have been written while the lines were listed.
        return SQL(
            """
            SELECT DISTINCT line.id
              FROM rd_price_adjustment_line item
              JOIN rd_statement_line line ON line.id = item.statement_line_id
              JOIN sale_order_line sold ON sold.id = line.sale_line_id
              JOIN res_partner payer ON payer.id = line.partner_id
             WHERE item.state = 'approved' AND line.live AND %(limits)s
               AND line.source_kind IN %(kinds)s
               AND (sold.write_date >= item.create_date - INTERVAL '1 hour'
                    OR EXISTS (
                       SELECT FROM rd_contract_price price
                        WHERE price.product_id = line.product_id
                          AND price.company_id = line.company_id
                          AND price.currency_id = line.currency_id
                          AND price.partner_id = payer.commercial_partner_id
                          AND price.write_date >= item.create_date - INTERVAL '1 hour'))
             ORDER BY line.id
            """,
            kinds=(KIND_DELIVERY, KIND_HANDOVER),
            limits=limits,
        )

    def _get_stated_price(self, price, adjusted):
        """Hold an adjusted line against what it was adjusted to.

        Where order and contract say what they said then, nothing has changed: an
        adjustment may have been entered for a price that neither of them knows.
        """
        if not adjusted:
            return super()._get_stated_price(price, adjusted)
        last = adjusted.sudo()[-1:]
        billed = last._get_new_price()
        digits = self.env["decimal.precision"].precision_get("Product Price")
        known = not round(price - last.agreed_price, 6)
        return price if known or not round(price - billed, digits) else billed

    def _get_delivery_day(self):
        """Return the day of the delivery, for a return that of what it takes back."""
        self.ensure_one()
        if not self.move_id.origin_returned_move_id:
            return super()._get_delivery_day()
        root = get_root(self.move_id.sudo())
        return self.company_id._rd_local_date(root.date)

    def _prepare_invoice_line(self, sequence, sign):
        """Keep the part off an adjustment: no goods leave the stock with it."""
        values = super()._prepare_invoice_line(sequence, sign)
        if self.source_kind == KIND_ADJUSTMENT:
            accounts = self.product_id.product_tmpl_id.get_product_accounts(
                self._get_fiscal_position()
            )
            values.update(product_id=False, account_id=accounts["income"].id)
        return values

    def _get_invoiced_product(self):
        product = super()._get_invoiced_product()
        return product.browse() if self.source_kind == KIND_ADJUSTMENT else product

    def _prepare_invoice_label(self):
        label = super()._prepare_invoice_label()
        return f"{label} / {self.late_reason}" if self.late_reason else label
