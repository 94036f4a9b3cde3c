# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

SIGNS = {"out_invoice": 1, "out_receipt": 1, "out_refund": -1}


class AccountMoveLine(models.Model):
    """Which delivered pieces an invoice line bills, where no statement says it."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    def _rd_get_shipped(self, order_line):
        """Return the stock moves that brought the pieces this line bills.

        :param order_line: one of its order lines
        :return: all that left, where the goods are not counted as the order counts
            them (a kit, say)
        """
        self.ensure_one()
        left = order_line.move_ids.filtered(
            lambda one: one.state == "done" and one.location_dest_usage != "internal"
        ).sorted(lambda one: (one.date, one.id))
        if left.product_id - order_line.product_id or self.quantity <= 0:
            return left
        unit = order_line.product_uom_id
        first = order_line._rd_get_billed_before(self.move_id)
        last = first + self._rd_get_pieces(order_line)
        found, start = left.browse(), 0.0
        for one in left:
            end = start + one.product_uom._compute_quantity(one.quantity, unit)
            if unit.compare(end, first) > 0 and unit.compare(start, last) < 0:
                found |= one
            start = end
        return found

    def _rd_get_pieces(self, order_line):
        """Return the quantity in the unit of the order line."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.quantity, order_line.product_uom_id
        )
