# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_property_event_mixin import CONDITIONS

BAD = ("damaged", "unsuitable")
COUNTED = ("counted_quantity", "condition", "photo", "note")
RECOUNTED = ("recounted_quantity",)


class RdPropertyCountLine(models.Model):
    """One card in a count: how many there should be, and how many were seen."""

    _name = "rd.property.count.line"
    _description = "Card in a Count"
    _inherit = ["rd.guarded.mixin"]
    _order = "is_counted, place, property_id, id"
    _rec_name = "property_id"
    _check_company_auto = True

    count_id = fields.Many2one(
        "rd.property.count", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="count_id.company_id", store=True, index=True)
    count_state = fields.Selection(related="count_id.state")
    property_id = fields.Many2one(
        "rd.property", string="Card", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="property_id.partner_id", string="Owner")
    place = fields.Char(related="property_id.place", store=True)
    uom_id = fields.Many2one(related="property_id.uom_id", string="Unit")
    expected_quantity = fields.Float(string="Should be", digits="Product Unit")
    counted_quantity = fields.Float(string="Seen", digits="Product Unit")
    is_counted = fields.Boolean(string="Looked at", default=False)
    counted_by_id = fields.Many2one("res.users", string="Seen by")
    counted_date = fields.Datetime(string="Seen on")
    recounted_quantity = fields.Float(string="Seen again", digits="Product Unit")
    is_recounted = fields.Boolean(string="Counted twice", default=False)
    recounted_by_id = fields.Many2one("res.users", string="Seen again by")
    condition = fields.Selection(CONDITIONS)
    photo = fields.Image(max_width=1920, max_height=1920)
    note = fields.Char(string="Remarks")
    is_stray = fields.Boolean(
        string="Not on the list", help="Found here although it should be elsewhere."
    )
    differs = fields.Boolean(compute="_compute_differs", store=True)
    event_id = fields.Many2one("rd.property.event", ondelete="restrict")

    _once = models.UniqueIndex(
        "(count_id, property_id)", "This card is on the list of the count already."
    )

    @api.depends(
        "is_counted",
        "counted_quantity",
        "is_recounted",
        "recounted_quantity",
        "expected_quantity",
    )
    def _compute_differs(self):
        for line in self:
            line.differs = line.is_counted and bool(
                line.uom_id.compare(line._get_found(), line.expected_quantity)
            )

    def _get_found(self):
        """Return how many there are, by the last look at them."""
        return self.recounted_quantity if self.is_recounted else self.counted_quantity

    @api.model
    def _get_guarded_fields(self):
        return self._get_stored_names() - {*COUNTED, *RECOUNTED}

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------
    def write(self, vals):
        if self._is_internal():
            return super().write(vals)
        for line in self:
            line._check_open(vals)
            super(RdPropertyCountLine, line).write(vals)
            line._note_look(vals)
        return True

    def _check_open(self, vals):
        state = self.count_id.state
        names = {"card": self.property_id.display_name, "count": self.count_id.name}
        if set(vals) & set(COUNTED) and state != "counting":
            raise UserError(
                self.env._("%(card)s is not being counted in %(count)s now.", **names)
            )
        if set(vals) & set(RECOUNTED) and state != "review":
            raise UserError(
                self.env._(
                    "%(card)s is counted again while %(count)s waits to be signed off.",
                    **names,
                )
            )
        for name in ("counted_quantity", "recounted_quantity"):
            if name in vals and self.uom_id.compare(vals[name] or 0.0, 0) < 0:
                raise UserError(
                    self.env._("%(card)s cannot be less than zero.", **names)
                )

    def _note_look(self, vals):
        """Write down who looked, and when."""
        values = {}
        if "counted_quantity" in vals:
            values = {
                "is_counted": True,
                "counted_by_id": self.env.uid,
                "counted_date": fields.Datetime.now(),
            }
        elif "recounted_quantity" in vals:
            values = {"is_recounted": True, "recounted_by_id": self.env.uid}
        if values:
            self._as_internal().write(values)

    def action_all_there(self):
        """One tap: all of it is there, as it should be."""
        for line in self:
            line.write({"counted_quantity": line.expected_quantity})
        return True

    def action_missing(self):
        """One tap: nothing of it is there."""
        for line in self:
            line.write({"counted_quantity": 0.0})
        return True

    def action_damaged(self):
        """One tap: all of it is there, and damaged; the words may follow."""
        for line in self:
            line.write(
                {"counted_quantity": line.expected_quantity, "condition": "damaged"}
            )
        return True

    # ------------------------------------------------------------------
    # Signing off
    # ------------------------------------------------------------------
    def _why_not_sign_off(self):
        names = {"card": self.property_id.display_name}
        if not self.differs and not self.is_stray:
            return False
        if self.differs and not self.is_recounted:
            return self.env._("%(card)s differs: it is counted a second time.", **names)
        if self.differs and self.property_id.product_id:
            return self.env._(
                "%(card)s lies in the warehouse as stock: release what is gone, or "
                "count it in stock, before this is signed off.",
                **names,
            )
        return False

    def _write_events(self):
        """Write what was found on the cards: each look, and each damage."""
        events = self.env["rd.property.event"]
        for line in self:
            card = line.property_id
            if card.product_id:
                continue
            event = events.create(line._prepare_event("count", line._get_found()))
            line._as_internal().write({"event_id": event.id})
            if line.condition in BAD and card.quantity:
                events.create(line._prepare_event("damage", 0.0))

    def _prepare_event(self, kind, quantity):
        count = self.count_id
        return {
            "property_id": self.property_id.id,
            "kind": kind,
            "date": count.company_id._rd_local_date(self.counted_date),
            "quantity": quantity,
            "condition": self.condition,
            "document": count.name,
            "note": self.note or count.name,
        }
