# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner"]

    rd_damage_hours = fields.Integer(
        string="Report loss or damage within (hours)",
        default=24,
        help="Hours from discovery within which this owner is told that its property "
        "was lost or damaged.",
    )
    rd_unsuitable_hours = fields.Integer(
        string="Report unsuitability within (hours)",
        default=48,
        help="Hours from discovery within which this owner is told that its property "
        "turned out unfit for use.",
    )

    rd_property_rhythm = fields.Selection(
        [
            ("quarter", "Every quarter"),
            ("half", "Every half year"),
            ("year", "Every year"),
        ],
        string="Confirms its property",
        help="How often this owner is asked to confirm what we keep for it.",
    )
    rd_property_letter_next = fields.Date(
        string="Next letter on",
        compute="_compute_rd_property_letter_next",
        store=True,
        readonly=False,
    )

    @api.depends("rd_property_rhythm")
    def _compute_rd_property_letter_next(self):
        """Begin with today; from then on the letters move the day."""
        for partner in self:
            if not partner.rd_property_rhythm:
                partner.rd_property_letter_next = False
            elif not partner.rd_property_letter_next:
                partner.rd_property_letter_next = self.env.company._rd_today()

    @api.constrains("rd_damage_hours", "rd_unsuitable_hours")
    def _check_rd_incident_hours(self):
        for partner in self:
            if partner.rd_damage_hours <= 0 or partner.rd_unsuitable_hours <= 0:
                raise ValidationError(
                    self.env._(
                        "The hours for telling %(partner)s have to be more than zero.",
                        partner=partner.name,
                    )
                )
