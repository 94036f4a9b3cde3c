# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .rd_return import SETTLED_STATES

DISPOSITIONS = [
    ("rework", "Rework and deliver again"),
    ("scrap", "Scrap"),
    ("replace", "Replace"),
    ("credit", "Credit"),
    ("send_back", "Send back as it is"),
]
# What may lower the account of the customer
CREDITED = ("credit", "scrap")
DECIDED = frozenset({"disposition", "is_credited"})


class RdReturnLine(models.Model):
    """So much of one delivered line comes back, and what happens to it."""

    _name = "rd.return.line"
    _description = "Goods of a Return"
    _inherit = ["rd.guarded.mixin"]
    _order = "return_id desc, id"
    _check_company_auto = True

    return_id = fields.Many2one(
        "rd.return", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="return_id.partner_id", string="Customer", store=True, index=True
    )
    reason_id = fields.Many2one(
        related="return_id.reason_id", string="Reason", store=True, index=True
    )
    state = fields.Selection(related="return_id.state", store=True, index=True)
    requested_date = fields.Datetime(
        related="return_id.requested_date", string="Asked for on", store=True
    )
    move_id = fields.Many2one(
        "stock.move",
        string="Delivered line",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('state', '=', 'done'), ('location_dest_id.usage', '=', 'customer')]",
        check_company=True,
        help="Empty where it is not known with which delivery the goods came.",
    )
    picking_id = fields.Many2one(
        related="move_id.picking_id", string="Delivery", store=True, index=True
    )
    note_number = fields.Char(
        string="Delivery note",
        compute="_compute_note_number",
        store=True,
        readonly=False,
        help="Number of the note the goods came with, as far as it is known.",
    )
    sale_line_id = fields.Many2one(related="move_id.sale_line_id", string="Order line")
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    uom_id = fields.Many2one(
        "uom.uom", string="Unit", compute="_compute_uom_id", store=True, precompute=True
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    delivered_quantity = fields.Float(
        related="move_id.quantity", string="Delivered", related_sudo=True
    )
    room_quantity = fields.Float(
        string="Can still come back",
        digits="Product Unit",
        compute="_compute_room_quantity",
        help="Delivered, less what came back or is asked for elsewhere.",
    )
    finding = fields.Char(string="What was found")
    disposition = fields.Selection(DISPOSITIONS, string="Decision", index=True)
    is_credited = fields.Boolean(
        string="Credited",
        compute="_compute_is_credited",
        store=True,
        readonly=False,
        help="The goods reach the customer's statement as a return at the price they "
        "were delivered at.",
    )
    receipt_move_id = fields.Many2one(
        "stock.move",
        string="Received with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    follow_move_ids = fields.One2many(
        "stock.move", "rd_return_line_id", string="Movements", copy=False
    )
    scrap_ids = fields.One2many(
        "stock.scrap", "rd_return_line_id", string="Scrapped with", copy=False
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "What comes back is more than nothing."
    )

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------
    @api.depends("product_id", "quantity", "return_id.name")
    def _compute_display_name(self):
        for line in self:
            parts = (line.return_id.name, line.product_id.display_name)
            line.display_name = " · ".join(part for part in parts if part)

    @api.depends("move_id")
    def _compute_product_id(self):
        for line in self:
            line.product_id = line.move_id.sudo().product_id or line.product_id

    @api.depends("move_id")
    def _compute_note_number(self):
        for line in self:
            picking = line.move_id.sudo().picking_id
            line.note_number = picking.rd_note or picking.name or line.note_number

    @api.depends("move_id", "product_id")
    def _compute_uom_id(self):
        for line in self:
            line.uom_id = line.move_id.sudo().product_uom or line.product_id.uom_id

    @api.depends("move_id", "quantity")
    def _compute_room_quantity(self):
        room = self.move_id._rd_get_return_room(but=self)
        for line in self:
            line.room_quantity = room.get(line.move_id._origin, 0.0)

    @api.depends("disposition", "move_id")
    def _compute_is_credited(self):
        for line in self:
            known = line.move_id.sudo().sale_line_id
            line.is_credited = bool(known) and line.disposition in CREDITED

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"receipt_move_id"}

    @api.constrains("move_id", "quantity", "product_id")
    def _check_delivered(self):
        moves = self.sudo().move_id
        room = moves._rd_get_return_room()
        for line in self.sudo():
            if line.move_id and (reason := line._delivery_refusal(room[line.move_id])):
                raise ValidationError(reason)

    def _delivery_refusal(self, room):
        """Return why this line cannot come from its delivery, or False.

        :param room: what is left of the delivery with this line counted
        """
        move = self.move_id
        names = {
            "note": move.picking_id.rd_note or move.picking_id.name or "",
            "product": move.product_id.display_name,
            "customer": self.partner_id.name,
            "unit": move.product_uom.name,
            "asked": f"{self.quantity:g}",
            "left": f"{max(room + self.quantity, 0.0):g}",
        }
        if not move._rd_is_delivered():
            return self.env._("%(product)s was not delivered with %(note)s.", **names)
        if self.partner_id.commercial_partner_id not in move._rd_get_customers():
            return self.env._(
                "%(note)s was not delivered to %(customer)s; choose one of its "
                "deliveries.",
                **names,
            )
        if self.product_id != move.product_id:
            return self.env._(
                "Delivered with %(note)s was %(product)s; choose that product.", **names
            )
        if move.product_uom.compare(room, 0.0) < 0:
            return self.env._(
                "%(asked)s %(unit)s of %(product)s are too many: of what came with "
                "%(note)s only %(left)s %(unit)s can still come back.",
                **names,
            )
        return False

    @api.constrains("disposition", "is_credited", "move_id")
    def _check_credited(self):
        for line in self.sudo():
            names = {"product": line.product_id.display_name}
            if line.is_credited and line.disposition not in CREDITED:
                raise ValidationError(
                    self.env._(
                        "%(product)s is credited only if it is not delivered again.",
                        **names,
                    )
                )
            if line.disposition == "credit" and not line.is_credited:
                raise ValidationError(line._no_order_refusal())

    def _no_order_refusal(self):
        return self.env._(
            "Say with which delivery %(product)s came: without it there is no price to "
            "credit and no order to deliver again.",
            product=self.product_id.display_name,
        )

    def _check_open(self):
        """What is decided keeps its lines."""
        for record in self.return_id:
            if record.state in SETTLED_STATES:
                raise UserError(record._frozen_refusal())

    def _check_may_decide(self, vals):
        """Only the desk decides; taking a decision back is one as well."""
        decided = DECIDED & vals.keys()
        if any(
            line[name] != (vals[name] or False) for line in self for name in decided
        ):
            self.env["rd.return"]._check_desk()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        # judged by what they are: a decision may come from the context as well
        if any(line[name] for line in lines for name in DECIDED):
            self.env["rd.return"]._check_desk()
        lines._check_open()
        lines.move_id._rd_note_returning()
        return lines

    def write(self, vals):
        if self._is_internal():
            return super().write(vals)
        self._check_open()
        self._check_may_decide(vals)
        moves = self.move_id
        res = super().write(vals)
        if {"move_id", "quantity", "return_id"} & vals.keys():
            self._check_open()
            (moves | self.move_id)._rd_note_returning()
        return res

    def unlink(self):
        """Give back what was asked for of the deliveries."""
        self._check_open()
        moves = self.move_id
        res = super().unlink()
        moves._rd_note_returning()
        return res

    # ------------------------------------------------------------------
    # Finding the delivery
    # ------------------------------------------------------------------
    def _find_delivery(self):
        """Say from which deliveries the goods came, the newest one first.

        A line is split where one delivery does not suffice; what no delivery covers
        stays as it is.
        """
        for line in self.filtered(lambda line: not line.move_id):
            line._take_from(line._get_candidates())

    def _get_candidates(self):
        moves = self.env["stock.move"]._rd_search_delivered(
            self.return_id.company_id,
            self.return_id.partner_id,
            [("product_id", "=", self.product_id.id)],
        )
        named = moves.filtered(
            lambda move: (
                self.note_number
                and self.note_number in (move.picking_id.rd_note, move.picking_id.name)
            )
        )
        return named | moves

    def _take_from(self, moves):
        """Let this line and its copies take what the deliveries have left."""
        room = moves._rd_get_return_room()
        unit, rest = self.uom_id, self.quantity
        line = self
        for move in moves:
            here = move.product_uom._compute_quantity(room[move], unit, round=False)
            taken = min(rest, here)
            if unit.compare(taken, 0.0) <= 0:
                continue
            if not line:
                line = self.copy({"move_id": False, "quantity": rest})
            line.write(
                {
                    "move_id": move.id,
                    "quantity": unit._compute_quantity(taken, move.product_uom),
                }
            )
            rest, line = unit.round(rest - taken), self.browse()
            if unit.compare(rest, 0.0) <= 0:
                return
        if not line:
            self.copy({"move_id": False, "quantity": rest})
