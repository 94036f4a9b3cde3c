# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RdPropertyEventMixin(models.AbstractModel):
    _name = "rd.property.event.mixin"
    _inherit = ["rd.property.event.mixin"]

    consent = fields.Char(
        string="Owner's consent",
        help="Who of the owner agreed to the disposal, and when.",
    )


class RdPropertyEvent(models.Model):
    """A customer's sample is disposed of only with its owner's consent."""

    _name = "rd.property.event"
    _inherit = ["rd.property.event"]

    @api.constrains("kind", "consent", "property_id")
    def _check_consent(self):
        for event in self:
            card = event.property_id
            if event.kind != "dispose" or card.kind != "sample" or card.is_own:
                continue
            if not (event.consent or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(card)s belongs to %(owner)s: say who there agreed to its "
                        "disposal, and when.",
                        card=card.display_name,
                        owner=card.partner_id.name,
                    )
                )
