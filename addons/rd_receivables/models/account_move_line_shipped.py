# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AccountMoveLine(models.Model):
    """Which delivered pieces an invoice line bills, where no statement says it."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    def _rd_get_shipped(self, order_line):
        """Return the stock moves that brought the pieces this line bills.

        :param order_line: one of its order lines
        :return: all that left, where the goods are not counted as the order counts
            them (a kit, say); nothing, where the pieces are still to leave
        """
        self.ensure_one()
        done = order_line.move_ids.filtered(
            lambda one: one.state == "done" and one.location_dest_usage != "internal"
        )
        if done.product_id - order_line.product_id or self.quantity <= 0:
            return done
        found = order_line._rd_bill_pieces(self).get(self, [])
        if found or order_line._rd_is_awaited():
            return done.browse(one.id for one in found)
        return self._rd_get_last_shipped(order_line)

    def _rd_get_last_shipped(self, order_line):
        """Return the last delivery by the day of the invoice, else the last one: no
        event is to come for what was billed beyond what left."""
        company = self.company_id
        left = order_line._rd_get_left().sorted(lambda one: (one.date, one.id))
        known = left.filtered(
            lambda one: company._rd_local_date(one.date) <= self.move_id.invoice_date
        )
        return (known or left)[-1:]

    def _rd_get_pieces(self, order_line):
        """Return the quantity in the unit of the order line."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.quantity, order_line.product_uom_id
        )

    def _rd_get_credited(self):
        """Return the invoice line whose pieces this line of a credit note takes back;
        none where it lowers their price."""
        self.ensure_one()
        price = (self.price_unit, self.discount)
        return self.move_id.reversed_entry_id.invoice_line_ids.filtered(
            lambda line: (
                line.sale_line_ids & self.sale_line_ids
                and (line.price_unit, line.discount) == price
            )
        )[:1]
