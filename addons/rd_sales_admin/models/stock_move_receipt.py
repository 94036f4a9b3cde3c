# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class StockMove(models.Model):
    """What the customer took of a delivered line.

    Kept is what was *not* plainly accepted; the rest was. So a note signed without
    remarks needs no figure at all.
    """

    _name = "stock.move"
    _inherit = ["stock.move", "rd.guarded.mixin"]

    rd_short_qty = fields.Float(
        string="Short",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="On the note but not in the parcel, in the unit of the move.",
    )
    rd_rejected_qty = fields.Float(
        string="Rejected",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Received and refused, in the unit of the move.",
    )
    rd_conceded_qty = fields.Float(
        string="Accepted by concession",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Not as agreed but taken all the same: it counts as accepted.",
    )
    rd_signed_qty = fields.Float(
        string="On the signed note",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What was delivered when the receipt was recorded, in the unit of the "
        "move; 0 when that is not known.",
    )
    rd_accepted_qty = fields.Float(
        string="Accepted",
        digits="Product Unit",
        compute="_compute_rd_accepted_qty",
        help="What was signed for less short and rejected, in the unit of the move; "
        "what was accepted by concession is in it. A delivery corrected downwards "
        "later loses first what was not accepted.",
    )
    rd_confirmed_qty = fields.Float(
        string="Confirmed by the customer",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What a user of the customer confirmed on the portal as received.",
    )

    _rd_receipt_not_negative = models.Constraint(
        "CHECK (COALESCE(rd_short_qty, 0) >= 0 AND COALESCE(rd_rejected_qty, 0) >= 0 "
        "AND COALESCE(rd_conceded_qty, 0) >= 0 "
        "AND COALESCE(rd_confirmed_qty, 0) >= 0)",
        "A receipt counts nothing below 0.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "rd_short_qty",
            "rd_rejected_qty",
            "rd_conceded_qty",
            "rd_confirmed_qty",
            "rd_signed_qty",
            "rd_shipping_line_id",
        }

    @api.depends(
        "quantity",
        "rd_short_qty",
        "rd_rejected_qty",
        "rd_signed_qty",
        "picking_id.rd_signed_date",
    )
    def _compute_rd_accepted_qty(self):
        for move in self:
            signed = bool(move.picking_id.rd_signed_date)
            move.rd_accepted_qty = move._rd_get_taken_qty() if signed else 0.0

    def _rd_get_taken_qty(self):
        """Return what the customer took by the figures of the note.

        Taken is what he signed for. When the delivery is corrected downwards
        afterwards, what he did not accept goes first: it was our count that was
        wrong, not his signature.
        """
        self.ensure_one()
        signed = self.rd_signed_qty or self.quantity
        lacking = self.rd_short_qty + self.rd_rejected_qty
        lacking -= max(0.0, signed - self.quantity)
        return max(0.0, self.quantity - max(0.0, lacking))

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    def _rd_write_receipt(self, quantities):
        """Keep ``{move id: {"short", "rejected", "conceded"}}`` of these moves.

        A move that is not named was accepted in full.

        :return: one sentence per move whose figures have changed
        :raise UserError: when they do not fit what was delivered
        """
        changes = []
        for move in self:
            given = quantities.get(move.id) or {}
            values = {
                f"rd_{name}_qty": move.product_uom.round(given.get(name) or 0.0)
                for name in ("short", "rejected", "conceded")
            }
            move._rd_check_receipt(values)
            if move.product_uom.compare(move.rd_signed_qty, move.quantity):
                move._as_internal().write({"rd_signed_qty": move.quantity})
            if any(move.product_uom.compare(move[k], v) for k, v in values.items()):
                before = move._rd_describe_receipt()
                move._as_internal().write(values)
                changes.append(f"{before} → {move._rd_describe_receipt()}")
        return changes

    def _rd_concede(self, quantity, order_line, from_rejected=None):
        """Let that much of what was not accepted count as accepted by concession.

        :param float quantity: in the unit of the order line; below 0 takes a
            concession back
        :param float from_rejected: how much of it was rejected and not short, in the
            unit of the move; left out, what was rejected goes first
        :return: how much of it was rejected, for taking it back
        """
        self.ensure_one()
        more = order_line.product_uom_id._compute_quantity(
            quantity, self.product_uom, round=False
        )
        if from_rejected is None:
            from_rejected = min(more, self.rd_rejected_qty)
        self._as_internal().write(
            {
                "rd_rejected_qty": self.rd_rejected_qty - from_rejected,
                "rd_short_qty": self.rd_short_qty - (more - from_rejected),
                "rd_conceded_qty": self.rd_conceded_qty + more,
            }
        )
        self.picking_id.message_post(
            body=self.env._("Receipt: %s", self._rd_describe_receipt())
        )
        return from_rejected

    def _rd_check_receipt(self, values):
        """Refuse figures below 0 or above what was delivered."""
        unit = self.product_uom
        total = sum(values.values())
        below = any(unit.compare(value, 0.0) < 0 for value in values.values())
        if below or unit.compare(total, self.quantity) > 0:
            raise UserError(
                self.env._(
                    "%(quantity)s of %(part)s were delivered with %(note)s; short, "
                    "rejected and conceded must lie between 0 and that together.",
                    quantity=f"{self.quantity:g}",
                    part=self.product_id.display_name,
                    note=self.picking_id._rd_get_note(),
                )
            )

    def _rd_describe_receipt(self):
        """Return part and figures of the receipt as one short text."""
        return self.env._(
            "%(part)s: accepted %(accepted)s, short %(short)s, rejected %(rejected)s, "
            "of it by concession %(conceded)s",
            part=self.product_id.default_code or self.product_id.name,
            accepted=f"{self._rd_get_taken_qty():g}",
            short=f"{self.rd_short_qty:g}",
            rejected=f"{self.rd_rejected_qty:g}",
            conceded=f"{self.rd_conceded_qty:g}",
        )
