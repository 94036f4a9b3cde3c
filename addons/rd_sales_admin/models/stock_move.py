# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .rd_settlement_source import KIND_DELIVERY, Portion


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = ["stock.move", "rd.settlement.source"]

    rd_shipping_line_id = fields.Many2one(
        "rd.shipping.list.line",
        string="Shipping list row",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
    )

    _rd_done_sale_idx = models.Index(
        "(company_id, date) WHERE state = 'done' AND sale_line_id IS NOT NULL"
    )

    @api.model
    def _rd_get_portions(self, company, partner, until):
        """Return deliveries to and returns from the customer, oldest first.

        A move counts from the company's start date on. A return without "update
        quantities" is offered with the reason ``no_refund``: it is listed at
        amount 0. So is what belongs to an order line that is never settled. What
        part of a move is due, and since when, depends on the customer's basis.
        """
        lines = super()._rd_get_portions(company, partner, until)
        for name in ("stock.move", "sale.order.line", "sale.order", "res.partner"):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            self._query_settlement_moves(company, partner, until)
        )
        moves = self.browse(row[0] for row in rows)
        basis = partner.rd_basis or "dispatched"
        backs = moves._rd_get_returned() if basis != "dispatched" else {}
        for move in moves:
            portion = move._rd_prepare_portion(company)
            lines += move._rd_split_portion(portion, basis, backs, company)
        return lines

    @api.model
    def _query_settlement_moves(self, company, partner, until):
        """Select done moves between us and a customer's location for the orders
        of one invoiced partner, oldest first (one query per affiliate)."""
        start = company.rd_start_date or fields.Date.to_date("1900-01-01")
        return SQL(
            """
            SELECT move.id
              FROM stock_move move
              JOIN sale_order_line line ON line.id = move.sale_line_id
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN res_partner invoiced ON invoiced.id = sale.partner_invoice_id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE move.state = 'done'
               AND move.company_id = %(company)s
               AND move.date >= %(start)s
               AND move.date < %(end)s
               AND invoiced.commercial_partner_id = %(partner)s
               AND (source.usage = 'customer') != (target.usage = 'customer')
               AND line.rd_settlement_way IN ('deliveries', 'none')
               AND move.product_id = line.product_id
               AND move.quantity > 0
             ORDER BY move.date, move.id
            """,
            company=company.id,
            start=company._rd_day_start(start),
            end=company._rd_day_end(until),
            partner=partner.id,
        )

    def _rd_prepare_portion(self, company):
        """Return the :class:`Portion` of one done move."""
        self.ensure_one()
        line = self.sale_line_id
        is_return = self.location_id.usage == "customer"
        return Portion(
            kind=KIND_DELIVERY,
            res_id=self.id,
            sale_line_id=line.id,
            quantity=self.product_uom._compute_quantity(
                self.quantity, line.product_uom_id, round=False
            ),
            sign=-1 if is_return else 1,
            date=company._rd_local_date(self.date),
            note=self.picking_id.rd_note or self.picking_id.name or "",
            zero_reason=self._rd_zero_reason(is_return),
        )

    def _rd_zero_reason(self, is_return):
        """Return why the move is listed at amount 0, as a code, or ``""``."""
        if self.sale_line_id.rd_settlement_way == "none":
            return "not_settled"
        if is_return and not self.to_refund:
            return "no_refund"
        if not is_return and self.origin_returned_move_id and not self.to_refund:
            return "no_refund"
        return ""
