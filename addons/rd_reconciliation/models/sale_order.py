# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import float_compare


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order"]

    def _rd_get_due_down_payments(self):
        """Return the lines of invoiced down payments that the goods have reached.

        A down payment is given back whole, as soon as the invoices of the order's
        goods come to at least as much; until then it stays with the order.
        """
        due = self.env["sale.order.line"]
        paid = due.search(
            [
                ("order_id", "in", self.ids),
                ("is_downpayment", "=", True),
                ("display_type", "=", False),
            ]
        ).filtered(
            lambda line: (
                float_compare(line.qty_invoiced, 0, precision_digits=2) > 0
                and "posted" in line.invoice_lines.mapped("parent_state")
            )
        )
        # Most orders have none: only of the others the invoices are read.
        for order, deposits in paid.grouped("order_id").items():
            lines = order.order_line.filtered(lambda line: not line.display_type)
            goods = lines.filtered(lambda line: not line.is_downpayment)
            invoiced = sum(goods.mapped("untaxed_amount_invoiced")) + sum(
                order._rd_get_drafted(goods)
            )
            given_back = sum(
                item.price_subtotal
                for item in lines.invoice_lines
                if item.is_downpayment
                and item.move_id.move_type == "out_refund"
                and item.parent_state != "cancel"
            )
            for line in deposits:
                amount = line.price_unit * line.qty_invoiced
                if order.currency_id.compare_amounts(invoiced - given_back, amount) < 0:
                    continue
                given_back += amount
                due |= line
        return due

    def _rd_get_drafted(self, lines):
        """Return the amounts of these lines on drafts, credit notes subtracted."""
        return [
            -item.price_subtotal
            if item.move_id.move_type == "out_refund"
            else item.price_subtotal
            for item in lines.invoice_lines
            if item.parent_state == "draft"
        ]
