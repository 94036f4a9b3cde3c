# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ..standing import CARRIES, WITH_QUANTITY

SAID = (
    "property_id",
    "kind",
    "date",
    "quantity",
    "holder_id",
    "place",
    "condition",
    "document",
    "photo",
    "note",
)


class RdPropertyRegister(models.TransientModel):
    """The short form that registers an event.

    The web client saves a valid form when its tab is closed. An event stays for
    good, so it is made by the button alone and never by such a save.
    """

    _name = "rd.property.register"
    _description = "Register Customer Property Event"
    _inherit = ["rd.property.event.mixin"]

    property_id = fields.Many2one(ondelete="cascade")
    holder_id = fields.Many2one(ondelete="cascade")
    event_id = fields.Many2one("rd.property.event", readonly=True, ondelete="cascade")

    @api.onchange("kind", "property_id")
    def _onchange_kind(self):
        """Propose what is most likely, so that one tap is often enough."""
        held = self.property_id.quantity if self.kind in WITH_QUANTITY else 0.0
        self.quantity = {"receive": 1.0, "damage": 0.0}.get(self.kind, held)
        self.condition = "damaged" if self.kind == "damage" else False
        if self.kind not in CARRIES:
            self.holder_id = False
            self.place = False

    def action_register(self):
        """Make the event; pressing twice makes it once."""
        self.ensure_one()
        if not self.event_id:
            events = self.env["rd.property.event"]
            self.event_id = events.create(self._prepare_event_values())
        return {"type": "ir.actions.act_window_close"}

    def _prepare_event_values(self):
        """Return the values of the event that the form speaks of."""
        return self._convert_to_write({name: self[name] for name in SAID})
