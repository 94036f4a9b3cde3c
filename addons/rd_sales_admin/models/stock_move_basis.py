# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from itertools import takewhile
from typing import NamedTuple

from odoo import models


class Backs(NamedTuple):
    """What became of a delivery afterwards; in the unit of the order line."""

    returned: dict
    """Quantities by return move, oldest return first."""
    lost: float = 0.0
    """What was not accepted and has ended as lost: it cannot come back as such."""


class StockMove(models.Model):
    """Which part of a delivery is due, by what the customer settles on.

    *Dispatched*: all of it, on the day it left. *Signed*: all of it, on the day the
    note was signed. *Accepted*: what was accepted, on the day of the signature; what
    was not is listed at amount 0 until it comes back, is settled as lost, delivered
    again or accepted after all. Every part of a move is told in each case.
    """

    _name = "stock.move"
    _inherit = ["stock.move"]

    def _rd_split_portion(self, portion, basis, backs, company):
        """Return the parts of one move's portion.

        :param basis: ``rd_basis`` of the customer
        :param backs: what :meth:`_rd_get_returned` answers
        """
        self.ensure_one()
        signed = (
            company._rd_local_date(self.picking_id.rd_signed_date)
            if (self.picking_id.rd_signed_date)
            else None
        )
        if portion.sign < 0:
            return self._rd_split_return(portion, basis, backs, company)
        if basis != "dispatched":
            if not signed:
                return [portion._replace(due=False)]
            portion = portion._replace(date=signed, moved_on=portion.date)
        if basis == "accepted" and not portion.zero_reason:
            return self._rd_split_accepted(portion, backs)
        return self._rd_split_confirmed(portion)

    def _rd_split_accepted(self, portion, backs):
        """Return what is accepted, what is not, and what of that came back."""
        accepted = self._rd_to_order_unit(self.rd_accepted_qty)
        border = portion.quantity - self._rd_get_gone(backs)
        parts = self._rd_split_confirmed(portion._replace(end=accepted))
        parts.append(
            portion._replace(start=accepted, end=border, zero_reason="not_accepted")
        )
        parts.append(portion._replace(start=border, due=False))
        return self._rd_without_empty(parts)

    def _rd_split_confirmed(self, portion):
        """Return the part the customer has confirmed already, and the rest."""
        if portion.zero_reason or not self.picking_id.rd_portal_date:
            return [portion]
        border = min(self._rd_to_order_unit(self.rd_confirmed_qty), portion.until)
        return self._rd_without_empty(
            [
                portion._replace(end=border, confirmed=True),
                portion._replace(start=border),
            ]
        )

    def _rd_split_return(self, portion, basis, backs, company):
        """Return a return's parts: it is due once its delivery is, and what was
        never accepted is not taken back from what is due."""
        origin = self.origin_returned_move_id
        if basis == "dispatched" or portion.zero_reason or origin not in backs:
            return [portion]
        signed_date = origin.picking_id.rd_signed_date
        if not signed_date:
            return [portion._replace(due=False)]
        day = max(portion.date, company._rd_local_date(signed_date))
        portion = portion._replace(date=day, moved_on=portion.date)
        if basis != "accepted":
            return [portion]
        border = self._rd_get_unaccepted_share(origin, backs[origin])
        parts = [
            portion._replace(end=border, due=False),
            portion._replace(start=border),
        ]
        return self._rd_without_empty(parts)

    def _rd_get_due_return(self, basis, company):
        """Return the part of one return that is due by the receipt of its delivery.

        :return: a :class:`Portion`, or None while nothing of it is due
        """
        self.ensure_one()
        backs = self.origin_returned_move_id._rd_get_backs(company)
        parts = self._rd_split_return(
            self._rd_prepare_portion(company), basis, backs, company
        )
        return next((part for part in parts if part.due), None)

    def _rd_get_backs(self, company):
        """Return what :meth:`_rd_get_returned` answers for one delivery; nothing for
        one before the company's start."""
        start = company.rd_start_date
        if start and self.date < company._rd_day_start(start):
            return {}
        returns = self.returned_move_ids.filtered(lambda move: move.state == "done")
        moves = self | returns.sorted(lambda move: (move.date, move.id))
        return moves._rd_get_returned()

    def _rd_get_gone(self, backs):
        """Return how much of what was not accepted of this delivery came back."""
        self.ensure_one()
        own = backs.get(self)
        if not own or not own.returned:
            return 0.0
        room = self._rd_get_unaccepted(own)
        return max(0.0, min(sum(own.returned.values()), room))

    def _rd_get_unaccepted(self, own):
        """Return how much of this delivery was not accepted and can still come back
        as such, in the unit of the order line."""
        self.ensure_one()
        return self._rd_to_order_unit(self.quantity - self.rd_accepted_qty) - own.lost

    def _rd_get_unaccepted_share(self, origin, own):
        """Return how much of this return takes back what was never accepted.

        Earlier returns of the same delivery come first.
        """
        earlier = takewhile(lambda one: one[0] != self, own.returned.items())
        room = origin._rd_get_unaccepted(own) - sum(size for _back, size in earlier)
        return max(0.0, min(room, own.returned[self]))

    def _rd_get_returned(self):
        """Return ``{delivery: Backs}`` of these."""
        # Deliveries of which nothing came back are named, too.
        returned = {move: {} for move in self if move.location_id.usage != "customer"}
        for move in self:
            origin = move.origin_returned_move_id
            counts = move.location_id.usage == "customer" and move.to_refund
            if counts and origin in returned:
                returned[origin][move] = move._rd_to_order_unit(move.quantity)
        back = self.browse().concat(*(move for move in returned if returned[move]))
        lost = back._rd_get_lost()
        return {
            move: Backs(parts, lost.get(move, 0.0)) for move, parts in returned.items()
        }

    def _rd_get_lost(self):
        """Return ``{delivery: quantity}`` of what was not accepted and ended as lost;
        an add-on that settles differences says it."""
        return {}

    def _rd_describe_returns(self):
        """Return the notes by which these deliveries have come back."""
        back = self.returned_move_ids.filtered(lambda move: move.state == "done")
        return ", ".join(picking._rd_get_note() for picking in back.picking_id)

    def _rd_to_order_unit(self, quantity):
        return self.product_uom._compute_quantity(
            quantity, self.sale_line_id.product_uom_id, round=False
        )

    def _rd_without_empty(self, parts):
        unit = self.sale_line_id.product_uom_id
        return [part for part in parts if unit.compare(part.until, part.start) > 0]
