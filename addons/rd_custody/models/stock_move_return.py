# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .rd_return import DEAD_STATES


class StockMove(models.Model):
    """What can still come back of a delivery."""

    _name = "stock.move"
    _inherit = ["stock.move"]

    rd_return_line_id = fields.Many2one(
        "rd.return.line",
        string="Line of the return",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="set null",
    )
    rd_return_quantity = fields.Float(
        string="Asked to come back",
        digits="Product Unit",
        copy=False,
        readonly=True,
        help="Sum of the lines of returns. Whoever asks for a piece writes it here, so "
        "two at a time cannot both ask for the last one.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "rd_return_line_id",
            "rd_return_quantity",
        }

    def _action_assign(self, force_qty=False):
        """Reserve for its owner what came back and goes on: he is known here."""
        res = super()._action_assign(force_qty=force_qty)
        waiting = self.filtered(lambda move: move.state in ("confirmed", "waiting"))
        # Whoever moves goods need not be one who reads returns.
        for move in waiting.sudo().filtered("rd_return_line_id"):
            move.rd_return_line_id._reserve_owned(move)
        return res

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        """Two lines of a return with different decisions stay two moves."""
        names = super()._prepare_merge_moves_distinct_fields()
        return [*names, "rd_return_line_id"]

    def _rd_is_delivered(self):
        """Tell whether this move brought goods to a customer."""
        return (
            self.state == "done"
            and self.location_dest_id.usage == "customer"
            and self.location_id.usage != "customer"
        )

    def _rd_get_customers(self):
        """Return for whom these moves are: ordered, invoiced and delivered to."""
        orders = self.sale_line_id.order_id
        partners = orders.partner_invoice_id | orders.partner_id
        partners |= self.picking_id.partner_id
        return partners.commercial_partner_id

    def _rd_get_return_room(self, but=None):
        """Return ``{move: quantity}`` that can still come back, in the move's unit.

        What is asked for in other returns counts as gone, and so does what came back
        or is about to without one of ours.

        :param but: lines of returns that are not counted
        """
        moves = self._origin.sudo()
        room = {move: move.quantity for move in moves}
        domain = [
            ("move_id", "in", moves.ids),
            ("receipt_move_id", "=", False),
            ("state", "not in", DEAD_STATES),
        ]
        if but:
            domain.append(("id", "not in", but._origin.ids))
        lines = self.env["rd.return.line"].sudo()
        for move, asked in lines._read_group(domain, ["move_id"], ["quantity:sum"]):
            room[move] -= asked
        for move, gone in moves._rd_get_come_back().items():
            room[move] -= gone
        return {move.sudo(False): left for move, left in room.items()}

    def _rd_get_come_back(self):
        """Return ``{delivery: quantity}`` that moves brought back or will bring."""
        backs = self.search_fetch(
            [
                ("origin_returned_move_id", "in", self.ids),
                ("state", "!=", "cancel"),
                ("location_id.usage", "=", "customer"),
            ],
            ["origin_returned_move_id", "quantity", "product_uom_qty", "product_uom"],
        )
        gone = {}
        for back in backs:
            origin = back.origin_returned_move_id
            size = back.quantity if back.state == "done" else back.product_uom_qty
            size = back.product_uom._compute_quantity(
                size, origin.product_uom, round=False
            )
            gone[origin] = gone.get(origin, 0.0) + size
        return gone

    @api.model
    def _rd_search_delivered(self, company, partner, domain=(), limit=200):
        """Return what was delivered to a customer, the newest first."""
        commercial = partner.commercial_partner_id.id
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "done"),
                ("location_dest_id.usage", "=", "customer"),
                ("location_id.usage", "!=", "customer"),
                ("quantity", ">", 0),
                "|",
                (
                    "sale_line_id.order_id.partner_invoice_id.commercial_partner_id",
                    "=",
                    commercial,
                ),
                "&",
                ("sale_line_id", "=", False),
                ("picking_id.partner_id.commercial_partner_id", "=", commercial),
                *domain,
            ],
            order="date desc, id desc",
            limit=limit,
        )

    def _rd_note_returning(self):
        """Write down how much of these deliveries is asked to come back."""
        moves = self.sudo()._as_internal()
        sums = dict(
            self.env["rd.return.line"]
            .sudo()
            ._read_group(
                [("move_id", "in", self.ids), ("state", "not in", DEAD_STATES)],
                ["move_id"],
                ["quantity:sum"],
            )
        )
        for move in moves:
            move.rd_return_quantity = sums.get(move, 0.0)
