# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import math

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ..standing import COUNTED, OUTSIDE, WITH_QUANTITY, Standing, Step

BAD = ("damaged", "unsuitable")


class RdPropertyEvent(models.Model):
    """What happened to a customer's property on a day: written once, for good.

    Nobody changes or deletes an event, the administrator included. What was
    registered wrongly is put right by a further event (a count says how many
    there really are, a move says where it really is).
    """

    _name = "rd.property.event"
    _description = "Customer Property Event"
    _inherit = ["rd.property.event.mixin", "rd.guarded.mixin"]
    _order = "date desc, id desc"
    _rec_name = "kind"
    _check_company_auto = True

    property_id = fields.Many2one(index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(
        related="property_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="property_id.partner_id", string="Owner")
    kind = fields.Selection(index=True)
    holder_id = fields.Many2one(
        index="btree_not_null", ondelete="restrict", check_company=True
    )

    _standing = models.Index("(property_id, date, id)")
    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity of an event cannot be less than zero."
    )

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------
    @api.depends("property_id", "kind", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            parts = (event.property_id.name, kinds.get(event.kind), event.date)
            event.display_name = " · ".join(str(part) for part in parts if part)

    def _as_step(self):
        """Return the event as the arithmetic of the standing wants it."""
        return Step(
            self.kind,
            self.date,
            self.quantity,
            self.holder_id.id,
            self.place,
            self.condition,
            self.document,
        )

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"company_id"}

    @api.constrains("date")
    def _check_date(self):
        for event in self:
            if event.date > event.company_id._rd_today():
                raise ValidationError(
                    self.env._(
                        "%(event)s lies in the future; register it on the day it "
                        "happens.",
                        event=event.display_name,
                    )
                )

    @api.constrains("kind", "quantity")
    def _check_quantity(self):
        for event in self:
            if reason := event._quantity_refusal():
                raise ValidationError(reason)

    def _quantity_refusal(self):
        names = {"event": self.display_name}
        empty = self.uom_id.is_zero(self.quantity)
        if self.kind in COUNTED - {"count"} and empty:
            return self.env._("Say how many pieces %(event)s is about.", **names)
        if self.kind not in WITH_QUANTITY and not empty:
            return self.env._(
                "%(event)s is about everything on the card: leave the quantity empty, "
                "and give pieces that go elsewhere a card of their own.",
                **names,
            )
        return False

    @api.constrains("kind", "holder_id", "place", "condition", "note", "photo")
    def _check_told(self):
        for event in self:
            if reason := event._untold():
                raise ValidationError(reason)

    def _untold(self):
        """Return the sentence that asks for what the kind cannot do without."""
        names = {"event": self.display_name}
        home = self.company_id.partner_id
        if self.kind in OUTSIDE and self.holder_id in (self.holder_id.browse(), home):
            return self.env._(
                "Say who outside has it from now on (%(event)s).", **names
            )
        if self.kind in ("move", "issue") and not (self.holder_id or self.place):
            return self.env._("Say where it is from now on (%(event)s).", **names)
        if self.kind == "verify" and self.condition in (False, "unchecked"):
            return self.env._(
                "Say in what condition it was found (%(event)s).", **names
            )
        if self.kind == "damage" and self.condition not in BAD:
            return self.env._(
                "Say whether it is damaged or unsuitable (%(event)s).", **names
            )
        # a register that was kept elsewhere says when, and shows no photo
        if self.kind == "mark" and not self.photo and not self._is_internal():
            return self.env._("Take a photo of the mark (%(event)s).", **names)
        if self.kind in ("damage", "lose", "dispose") and not (self.note or "").strip():
            return self.env._("Say what happened and why (%(event)s).", **names)
        return False

    @api.constrains("property_id", "kind", "date", "quantity")
    def _check_history(self):
        """Replay the cards: no step may rest on pieces that were not there.

        An event dated in the past is judged with everything registered after it.
        """
        cards = self.property_id
        steps = cards._get_steps()
        for card in cards:
            if not card.active:
                raise ValidationError(
                    self.env._(
                        "%(card)s is archived; restore it before registering events.",
                        card=card.display_name,
                    )
                )
            self._replay(card, steps[card.id])

    @api.model
    def _replay(self, card, steps):
        standing = Standing()
        for step in steps:
            if problem := standing.why_not(step):
                raise ValidationError(
                    self._history_refusal(card, step, standing, problem)
                )
            card._apply(standing, step)

    @api.model
    def _history_refusal(self, card, step, standing, problem):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        names = {
            "card": card.display_name,
            "date": step.date,
            "kind": kinds[step.kind],
            "quantity": step.quantity,
            "held": standing.quantity,
            "unit": card.uom_id.name,
        }
        sentences = {
            "away": self.env._(
                "%(card)s was outside on %(date)s: bring it back before receiving "
                "more, or open another card for what came now.",
                **names,
            ),
            "unreceived": self.env._(
                "“%(kind)s” on %(date)s is refused: %(card)s had not been received "
                "yet.",
                **names,
            ),
            "nothing": self.env._(
                "“%(kind)s” on %(date)s is refused: nothing of %(card)s was held.",
                **names,
            ),
            "short": self.env._(
                "“%(kind)s” of %(quantity)s %(unit)s on %(date)s is refused: only "
                "%(held)s %(unit)s of %(card)s were held.",
                **names,
            ),
        }
        return sentences[problem]

    @api.model
    def _check_number(self, quantity):
        """Refuse what cannot even be stored, before the database does."""
        digits = self._fields["quantity"].get_digits(self.env)[1]
        if not math.isfinite(quantity) or float_compare(quantity, 0, digits) < 0:
            raise ValidationError(
                self.env._("The quantity of an event must be a number of zero or more.")
            )

    # ------------------------------------------------------------------
    # CRUD: append only
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_number(vals.get("quantity") or 0.0)
        return super().create(vals_list)

    def write(self, vals):
        if self:
            raise UserError(self._append_only())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._append_only())

    def _append_only(self):
        return self.env._(
            "An event of a customer's property is never changed or deleted "
            "(%(event)s); put it right with a further event.",
            event=self._describe(),
        )
