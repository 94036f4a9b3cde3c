# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models

from odoo.addons.rd_sales_admin.models.rd_guarded_mixin import GUARD

# Where the goods wait that may not be taken for an order
SET_ASIDE = ("rework", "scrap", "replace", "send_back")
# What goes to the customer once more, without charge
AGAIN = ("rework", "replace", "send_back")


class RdReturn(models.Model):
    """What a return moves in stock."""

    _name = "rd.return"
    _inherit = ["rd.return"]

    picking_ids = fields.One2many(
        "stock.picking", "rd_return_id", string="Transfers", copy=False
    )
    picking_count = fields.Integer(compute="_compute_picking_count")

    @api.depends("picking_ids")
    def _compute_picking_count(self):
        counts = dict(
            self.env["stock.picking"]
            .sudo()
            ._read_group(
                [("rd_return_id", "in", self.ids)], ["rd_return_id"], ["__count"]
            )
        )
        for record in self:
            record.picking_count = counts.get(record._origin, 0)

    def _why_not(self, target):
        if target == "settled":
            for line in self.line_ids:
                if reason := line._why_not_settle():
                    return reason
        if target == "closed":
            waiting = self.sudo().picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            )
            if waiting:
                return self.env._(
                    "%(record)s is not at its end: %(transfers)s are still open.",
                    record=self.display_name,
                    transfers=", ".join(waiting.mapped("name")),
                )
        return super()._why_not(target)

    def action_open_transfers(self):
        """Open the transfers of this return."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "name": self.display_name,
            "view_mode": "list,form",
            "domain": [("rd_return_id", "=", self.id)],
        }


class RdReturnLine(models.Model):
    """What the decision on a line does in stock.

    Everything comes in by Odoo's own return of its delivery. Only what is credited
    lowers the delivered quantity; the rest, and what is delivered again for it,
    counts for nothing on either side, so that it stands on the statement at 0.
    """

    _name = "rd.return.line"
    _inherit = ["rd.return.line"]

    def _why_not_settle(self):
        names = {"product": self.product_id.display_name}
        if not self.disposition:
            return self.env._("Decide what happens to %(product)s.", **names)
        if self.disposition in ("credit", "replace") and not self.sale_line_id:
            return self._no_order_refusal()
        owner = self.move_id.move_line_ids.owner_id[:1] - self.company_id.partner_id
        if self.disposition == "replace" and owner:
            # whatever we would send in its place is ours, or another piece of his
            return self.env._(
                "%(product)s belongs to %(owner)s, so nothing replaces it; rework it, "
                "send it back, or scrap it by a release.",
                owner=owner.display_name,
                **names,
            )
        return False

    def _settle(self):
        """Receive the goods and do what was decided for each line."""
        for picking in self.move_id.picking_id:
            self.filtered(
                lambda line, own=picking: line.move_id.picking_id == own
            )._receive(picking)
        self.filtered(lambda line: not line.move_id)._receive_without_delivery()
        for line in self.filtered(lambda line: line.disposition == "scrap"):
            line._scrap()
        again = self.filtered(lambda line: line.disposition in AGAIN)
        for picking_type in again._get_warehouses().out_type_id:
            again.filtered(
                lambda line, own=picking_type: line._get_warehouse().out_type_id == own
            )._deliver_again()

    # ------------------------------------------------------------------
    # Coming in
    # ------------------------------------------------------------------
    def _receive(self, picking):
        """Take the goods of one delivery back with one return transfer."""
        wizard = self.env["stock.return.picking"].create(
            {
                "picking_id": picking.id,
                "product_return_moves": [
                    Command.create(line._prepare_return()) for line in self
                ],
            }
        )
        # Odoo makes moves there that name our lines: no person writes that.
        picking = wizard.with_context(rd_guard=GUARD)._create_return()
        self._finish_receipt(picking.with_env(self.env))

    def _prepare_return(self):
        return {
            "product_id": self.product_id.id,
            "move_id": self.move_id.id,
            "quantity": self.quantity,
            "to_refund": self.is_credited,
            "rd_return_line_id": self.id,
        }

    def _receive_without_delivery(self):
        """Take in what no delivery is known of: one transfer for all of it."""
        if not self:
            return
        record = self.return_id
        warehouse = self._get_warehouse()
        out_type = warehouse.out_type_id
        customer = record.partner_id.property_stock_customer
        aside = warehouse._rd_get_return_location()
        picking = self._create_picking(
            out_type.return_picking_type_id or warehouse.in_type_id, customer, aside
        )
        for line in self:
            line._create_move(picking)
        picking.action_confirm()
        self._finish_receipt(picking)

    def _finish_receipt(self, picking):
        """Let the transfer be done, and know which move brought which line."""
        record = self.return_id
        picking._as_internal().write({"rd_return_id": record.id})
        picking.rd_note = record.name
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
            owner = move.origin_returned_move_id.move_line_ids.owner_id
            if len(owner) == 1:
                move.move_line_ids.owner_id = owner
            move.rd_return_line_id._as_internal().write({"receipt_move_id": move.id})
        picking._action_done()

    # ------------------------------------------------------------------
    # What happens then
    # ------------------------------------------------------------------
    def _scrap(self):
        scraps = self.env["stock.scrap"]._as_internal()
        for item in self.receipt_move_id.move_line_ids:
            scrap = scraps.create(self._prepare_scrap(item))
            # the key is for the link to the line alone: what follows is Odoo's
            scrap.with_env(self.env).do_scrap()

    def _prepare_scrap(self, item):
        return {
            "product_id": item.product_id.id,
            "product_uom_id": item.product_uom_id.id,
            "scrap_qty": item.quantity,
            "location_id": item.location_dest_id.id,
            "lot_id": item.lot_id.id,
            "owner_id": item.owner_id.id,
            "company_id": self.company_id.id,
            "origin": self.return_id.name,
            "rd_return_line_id": self.id,
        }

    def _deliver_again(self):
        """Prepare what goes out again from one warehouse, a transfer per start."""
        warehouse = self._get_warehouse()
        aside = warehouse._rd_get_return_location()
        stock = warehouse.lot_stock_id
        reworked = self.filtered(lambda line: line.disposition == "rework")
        before = reworked._prepare_transfer(warehouse.int_type_id, aside, stock)
        replaced = self.filtered(lambda line: line.disposition == "replace")
        (reworked | replaced)._prepare_transfer(
            warehouse.out_type_id, stock, None, before
        )
        self.filtered(lambda line: line.disposition == "send_back")._prepare_transfer(
            warehouse.out_type_id, aside, None
        )

    def _prepare_transfer(self, picking_type, source, target, before=None):
        """Prepare a transfer of these lines for somebody to do.

        :param target: None for the customer
        :param before: moves that have to be done first
        :return: the new moves
        """
        moves = self.env["stock.move"]
        if not self:
            return moves
        outward = not target
        target = target or self._get_customer().property_stock_customer
        picking = self._create_picking(picking_type, source, target)
        for line in self:
            first = (before or moves).filtered(
                lambda move, own=line: move.rd_return_line_id == own
            )
            moves |= line._create_move(picking, outward, first)
        picking.action_confirm()
        for line in self:
            line._reserve(
                moves.filtered(lambda move, own=line: move.rd_return_line_id == own),
                outward,
            )
        return moves

    def _create_picking(self, picking_type, source, target):
        customer = self._get_customer()
        record = self.return_id
        picking = self.env["stock.picking"].create(
            {
                "partner_id": customer.id,
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "origin": record.name,
                "company_id": record.company_id.id,
            }
        )
        picking._as_internal().write({"rd_return_id": record.id})
        return picking

    def _create_move(self, picking, *arguments):
        """Create a move that names this line: no person writes that."""
        moves = self.env["stock.move"]._as_internal()
        return moves.create(self._prepare_move(picking, *arguments)).with_env(self.env)

    def _prepare_move(self, picking, outward=False, before=None):
        """Return the values of a move that is never settled."""
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "product_uom": self.uom_id.id,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "company_id": picking.company_id.id,
            "warehouse_id": picking.picking_type_id.warehouse_id.id,
            "procure_method": "make_to_order" if before else "make_to_stock",
            "move_orig_ids": [Command.set(before.ids if before else [])],
            "origin_returned_move_id": outward and self.receipt_move_id.id,
            "sale_line_id": outward and self.sale_line_id.id,
            "to_refund": False,
            "rd_return_line_id": self.id,
        }

    def _reserve(self, move, outward):
        """Reserve what goes out; what belongs to somebody else is released first."""
        owner = self._get_owner()
        if owner and outward:
            self._release(owner)
        move._action_assign()

    def _reserve_owned(self, move):
        """Put on the transfer what Odoo leaves aside: the goods of their owner.

        What goes through the house first is there once that is done.
        """
        owner = self._get_owner()
        before = move.move_orig_ids.filtered(lambda one: one.state != "done")
        if not owner or before or move.move_line_ids:
            return
        self.env["stock.move.line"].create(
            {
                "move_id": move.id,
                "picking_id": move.picking_id.id,
                "product_id": move.product_id.id,
                "product_uom_id": move.product_uom.id,
                "quantity": move.product_uom_qty,
                "location_id": move.location_id.id,
                "location_dest_id": move.location_dest_id.id,
                "lot_id": self.receipt_move_id.move_line_ids.lot_id[:1].id,
                "owner_id": owner.id,
            }
        )

    def _release(self, owner):
        """Its owner gets it back: so much of his stock may leave for that."""
        items = self.receipt_move_id.move_line_ids
        card = (
            self.env["rd.property"]
            .sudo()
            ._get_stock_card(
                self.company_id,
                owner.commercial_partner_id,
                self.product_id,
                items.lot_id[:1],
            )
        )
        release = self.env["rd.property.release"].create(
            {
                "property_id": card.id,
                "kind": "return",
                "quantity": self.uom_id._compute_quantity(self.quantity, card.uom_id),
                "reason": self.return_id.name,
            }
        )
        release.action_release()

    # ------------------------------------------------------------------
    # Whose and where
    # ------------------------------------------------------------------
    def _get_owner(self):
        """Return whose goods came back; nobody where they are ours."""
        owners = self.receipt_move_id.move_line_ids.owner_id
        return owners[:1] - self.company_id.partner_id

    def _get_customer(self):
        """Return where the goods came from."""
        return self.move_id.picking_id[:1].partner_id or self.return_id.partner_id

    def _get_warehouse(self):
        """Return the warehouse the goods go to."""
        return self._get_warehouses()[:1]

    def _get_warehouses(self):
        known = self.move_id.picking_type_id.warehouse_id
        if known and all(line.move_id for line in self):
            return known
        first = self.env["stock.warehouse"].search(
            [("company_id", "=", self.return_id.company_id.id)], limit=1
        )
        return known | first
