# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# What takes a second person: the owner loses it
FOUR_EYES = ("dispose", "lose")


class RdPropertyRelease(models.Model):
    """Permission that so much of a customer's stock may leave, and for what.

    Stock of an owner stays where it is until a release names quantity and purpose.
    Disposal and loss need a supervisor.
    """

    _name = "rd.property.release"
    _description = "Release of Customer Stock"
    _inherit = ["rd.workflow.mixin", "rd.approval.mixin", "mail.thread"]
    _order = "id desc"
    _rec_name = "kind"
    _check_company_auto = True

    property_id = fields.Many2one(
        "rd.property",
        string="Card",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("product_id", "!=", False)],
        check_company=True,
    )
    company_id = fields.Many2one(
        related="property_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="property_id.partner_id", string="Owner")
    product_id = fields.Many2one(related="property_id.product_id")
    uom_id = fields.Many2one(related="property_id.uom_id", string="Unit")
    held_quantity = fields.Float(
        related="property_id.quantity", string="Held at present"
    )
    kind = fields.Selection(
        [
            ("return", "Goes back to the owner"),
            ("use", "Used for the owner's order"),
            ("dispose", "Disposed of"),
            ("lose", "Lost"),
        ],
        string="Purpose",
        required=True,
        default="return",
    )
    quantity = fields.Float(digits="Product Unit", required=True)
    taken_quantity = fields.Float(
        string="Gone", digits="Product Unit", readonly=True, copy=False
    )
    reason = fields.Text(string="Why, with whose word")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waits for approval"),
            ("open", "Released"),
            ("done", "Gone"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )
    picking_ids = fields.Many2many(
        "stock.picking", string="Transfers", compute="_compute_picking_ids"
    )
    event_ids = fields.One2many("rd.property.event", "release_id", string="Events")

    _taken_within = models.Constraint(
        "CHECK (taken_quantity >= 0 AND taken_quantity <= quantity AND quantity > 0)",
        "A release names a quantity above zero, and no more than it names can go.",
    )

    @api.depends("kind", "quantity", "property_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for release in self:
            release.display_name = (
                f"{release.property_id.name or ''} · {kinds.get(release.kind, '')}"
            )

    def _compute_picking_ids(self):
        pickings = self.env["stock.picking"].search(
            [("rd_release_id", "in", self.ids)], order="id"
        )
        for release in self:
            release.picking_ids = pickings.filtered(
                lambda picking, release=release: picking.rd_release_id == release
            )

    @api.model
    def _get_transitions(self):
        return {
            "waiting": ("draft",),
            "open": ("draft", "waiting"),
            "draft": ("waiting",),
            "done": ("open",),
            "cancelled": ("draft", "waiting", "open"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"taken_quantity", "company_id"}

    @api.model
    def _get_frozen_states(self):
        return ("waiting", "open", "done", "cancelled")

    def _frozen_refusal(self):
        return self.env._(
            "%(release)s is released or waits for it and does not change any more; "
            "take it back and make another one.",
            release=self.display_name,
        )

    def _why_not(self, target):
        if target not in ("waiting", "open"):
            return super()._why_not(target)
        unit = self.uom_id
        names = {
            "card": self.property_id.display_name,
            "held": self.held_quantity,
            "unit": unit.name,
        }
        open_quantity = sum(
            release.quantity - release.taken_quantity
            for release in self.property_id.release_ids - self
            if release.state == "open"
        )
        if unit.compare(self.quantity + open_quantity, self.held_quantity) > 0:
            return self.env._(
                "Only %(held)s %(unit)s of %(card)s are held, and %(open)s of them are "
                "released already.",
                open=open_quantity,
                **names,
            )
        if self.kind in FOUR_EYES and not (self.reason or "").strip():
            return self.env._("Say why (%(card)s).", **names)
        return super()._why_not(target)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_release(self):
        """Release it, or ask a supervisor where the owner would lose it.

        :raise UserError: above what is held, or without a reason
        """
        self.check_access("write")
        for release in self:
            if release.kind in FOUR_EYES:
                release._move_to("waiting")
                release._ask_approval(
                    "custody_release",
                    release.display_name,
                    reason=release.reason,
                    partner_id=release.partner_id.id,
                )
            else:
                release._move_to("open")
        return True

    def action_cancel(self):
        """Take the release back; what has gone has gone."""
        self.check_access("write")
        for release in self:
            target = "done" if release.taken_quantity else "cancelled"
            release._withdraw_approvals()
            release._move_to(target)
        return True

    def _approved(self, approval):
        res = super()._approved(approval)
        self._move_to("open")
        return res

    def _refused(self, approval):
        res = super()._refused(approval)
        self._move_to("draft")
        return res

    def action_prepare_transfer(self):
        """Make the transfer that takes the goods out, ready to be validated.

        While one is still open a repeat shows that one.

        :raise UserError: when the release is not open
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "open":
            raise UserError(
                self.env._(
                    "%(release)s is not released yet.", release=self.display_name
                )
            )
        pickings = self.env["stock.picking"].search(
            [("rd_release_id", "=", self.id), ("state", "not in", ("done", "cancel"))]
        )
        if pickings:
            return self._show_pickings(pickings)
        for quant, quantity in self._get_parts():
            pickings |= self._get_picking(pickings, quant, quantity)
        return self._show_pickings(pickings)

    def _get_parts(self):
        """Return ``[(quant, quantity)]`` of what leaves, the oldest first.

        What goes with the transfer of another release is left where it lies.
        """
        going = self._get_going()
        left = self.quantity - self.taken_quantity
        parts = []
        for quant in self.property_id._get_stock_quants():
            place = (quant.location_id, quant.package_id, quant.owner_id)
            part = min(left, quant.quantity - going[place])
            if self.uom_id.compare(part, 0) > 0:
                parts.append((quant, part))
                left -= part
        return parts

    def _get_going(self):
        """Return ``{(place, package, owner): quantity}`` on transfers not yet done."""
        lines = self.env["stock.move.line"].search(
            [
                ("picking_id.rd_release_id.property_id", "=", self.property_id.id),
                ("state", "not in", ("done", "cancel")),
            ]
        )
        going = defaultdict(float)
        for line in lines:
            place = (line.location_id, line.package_id, line.owner_id)
            going[place] += line.quantity_product_uom
        return going

    def _get_picking(self, pickings, quant, quantity):
        """Put what lies at one place on the transfer of its warehouse."""
        warehouse = quant.warehouse_id or self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )
        kind = warehouse.out_type_id
        picking = pickings.filtered(lambda one: one.picking_type_id == kind)
        if not picking:
            values = self._prepare_picking(kind)
            picking = pickings._as_internal().create(values).with_env(self.env)
        self.env["stock.move.line"].create(
            {
                "picking_id": picking.id,
                "product_id": self.product_id.id,
                "product_uom_id": self.uom_id.id,
                "quantity": quantity,
                "location_id": quant.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
                "lot_id": quant.lot_id.id,
                "package_id": quant.package_id.id,
                "owner_id": quant.owner_id.id,
            }
        )
        return picking

    def _prepare_picking(self, kind):
        destination = self._get_destination()
        return {
            "picking_type_id": kind.id,
            "location_id": kind.default_location_src_id.id,
            "location_dest_id": destination.id,
            "partner_id": self.partner_id.id,
            "origin": self.property_id.name,
            "rd_release_id": self.id,
            "move_ids": [Command.clear()],
        }

    def _get_destination(self):
        """Return the location that stands for the purpose."""
        if self.kind == "return":
            return self.partner_id.property_stock_customer
        usage = "production" if self.kind == "use" else "inventory"
        domain = [
            ("usage", "=", usage),
            ("company_id", "in", (False, self.company_id.id)),
        ]
        return self.env["stock.location"].search(domain, order="company_id", limit=1)

    def _show_pickings(self, pickings):
        action = {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "name": self.display_name,
        }
        if len(pickings) == 1:
            return {**action, "res_id": pickings.id, "view_mode": "form"}
        return {
            **action,
            "view_mode": "list,form",
            "domain": [("id", "in", pickings.ids)],
        }

    # ------------------------------------------------------------------
    # Taking
    # ------------------------------------------------------------------
    def _take(self, quantity):
        """Count what has gone; two at a time cannot both take the last piece."""
        taken = self.uom_id.round(self.taken_quantity + quantity)
        self._as_internal().write({"taken_quantity": taken})
        if self.uom_id.compare(taken, self.quantity) == 0:
            self._move_to("done")
