# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class RdReturn(models.Model):
    """From which deliveries the goods come back."""

    _name = "rd.return"
    _inherit = ["rd.return"]

    delivery_id = fields.Many2one(
        "stock.picking",
        string="Add a delivery",
        store=False,
        domain="[('state', '=', 'done'), ('picking_type_code', '=', 'outgoing'), "
        "('company_id', '=', company_id)]",
        help="Adds what can still come back of it; choose as many as you like.",
    )
    unknown_count = fields.Integer(compute="_compute_unknown_count")

    @api.depends("line_ids.move_id")
    def _compute_unknown_count(self):
        for record in self:
            lines = record.line_ids
            record.unknown_count = len(lines.filtered(lambda line: not line.move_id))

    @api.model
    def default_get(self, fields):
        """Start with everything that can come back of the delivery named."""
        values = super().default_get(fields)
        picking = self.env["stock.picking"].browse(
            self.env.context.get("rd_return_of") or []
        )
        if picking and "line_ids" in fields:
            picking.check_access("read")
            values.update(self._prepare_of_delivery(picking))
        return values

    @api.model
    def _prepare_of_delivery(self, picking):
        """Return the values of a return of one delivery.

        :raise UserError: when nothing of it can come back
        """
        moves = picking.sudo().move_ids.filtered(lambda move: move._rd_is_delivered())
        lines = self._prepare_lines(moves)
        if not lines:
            raise UserError(
                self.env._(
                    "Nothing of %(note)s can still come back.",
                    note=picking.rd_note or picking.name,
                )
            )
        return {
            "company_id": picking.company_id.id,
            "partner_id": moves._rd_get_customers()[:1].id,
            "line_ids": [Command.create(vals) for vals in lines],
        }

    @api.model
    def _prepare_lines(self, moves, but=()):
        """Return values of one line for each delivered line with something left."""
        room = moves._rd_get_return_room()
        return [
            {"move_id": move.id, "product_id": move.product_id.id, "quantity": left}
            for move, left in room.items()
            if move not in but and move.product_uom.compare(left, 0.0) > 0
        ]

    @api.onchange("delivery_id")
    def _onchange_delivery_id(self):
        """Add the lines of the delivery chosen, and let another one be chosen."""
        picking, self.delivery_id = self.delivery_id._origin, False
        if not picking:
            return
        moves = picking.sudo().move_ids.filtered(lambda move: move._rd_is_delivered())
        known = self.line_ids.move_id._origin
        if not self.partner_id:
            self.partner_id = moves._rd_get_customers()[:1]
        self.line_ids = [
            Command.create(vals) for vals in self._prepare_lines(moves, known)
        ]

    def action_find_deliveries(self):
        """Find the deliveries of the goods that came without a paper, newest first."""
        self.check_access("write")
        for record in self:
            record.line_ids._find_delivery()
        return True
