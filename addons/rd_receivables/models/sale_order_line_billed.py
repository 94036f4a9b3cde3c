# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .. import dues

OWING = ("out_invoice", "out_receipt")


class SaleOrderLine(models.Model):
    """Which delivery brought what each invoice of an order line bills."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line"]

    def _rd_bill_pieces(self, asked):
        """Return ``{invoice line: [stock move]}`` of the posted ones and of ``asked``.

        On one day goods come first, then invoices and credit notes by their number.
        """
        self.ensure_one()
        company = self.company_id
        papers = self.invoice_lines.filtered(
            lambda line: line.parent_state == "posted" or line == asked
        )
        events = [
            ((line.move_id.invoice_date, 1, line.move_id.id, line.id), event)
            for line in papers
            if (event := self._rd_get_billing(line))
        ]
        events += [
            ((company._rd_local_date(move.date), 0, move.date, move.id), event)
            for move, event in self._rd_get_goods()
        ]
        events.sort(key=lambda one: one[0])
        return dues.bill_pieces(event for _place, event in events)

    def _rd_get_billing(self, line):
        """Return what an invoice line or a line of a credit note is, or None."""
        if line.move_id.move_type in OWING:
            return dues.Billed(line, line._rd_get_pieces(self))
        credited = line._rd_get_credited()
        return credited and dues.Credited(credited, line._rd_get_pieces(self))

    def _rd_get_goods(self):
        """Return ``[(stock move, event)]`` of what left and what came back."""
        left, back = self._rd_get_left(), self._rd_get_left(back=True)
        return [
            *((move, dues.Left(move, self._rd_count(move))) for move in left),
            *(
                (move, dues.Back(move.origin_returned_move_id, self._rd_count(move)))
                for move in back
            ),
        ]

    def _rd_get_left(self, back=False):
        """Return the done moves to the customer, or those back from there: as Odoo
        counts them, so what is replaced without a refund is neither."""
        moves = self._get_outgoing_incoming_moves()[1 if back else 0]
        return moves.filtered(lambda one: one.state == "done")

    def _rd_count(self, move):
        """Return the quantity of a stock move in the unit of the line."""
        return move.product_uom._compute_quantity(move.quantity, self.product_uom_id)

    def _rd_is_awaited(self):
        """Tell whether more is billed than has left, and something is to leave."""
        self.ensure_one()
        outgoing = self._get_outgoing_incoming_moves()[0]
        return (
            any(move.state != "done" for move in outgoing)
            and self.product_uom_id.compare(self.qty_invoiced, self.qty_delivered) > 0
        )
