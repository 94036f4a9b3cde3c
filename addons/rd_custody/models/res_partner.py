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
