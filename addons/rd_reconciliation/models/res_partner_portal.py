# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.rd_sales_admin.tools.roles import DESK

PORTAL_ROLES = [
    ("purchasing", "Purchasing, quantities only"),
    ("purchasing_amounts", "Purchasing, with amounts"),
    ("finance", "Finance, confirms and signs"),
]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner"]

    rd_portal_role = fields.Selection(
        PORTAL_ROLES,
        string="On the portal",
        copy=False,
        tracking=True,
        groups=DESK,
        help="What this person does for the affiliate on the portal; empty: sees no "
        "statement and no delivery there.",
    )
    rd_deemed_clause = fields.Char(
        string="Clause on silence",
        copy=False,
        tracking=True,
        groups=DESK,
        help="Contract and clause by which a statement counts as agreed when nothing "
        "is answered; empty: silence never agrees.",
    )
    rd_deemed_days = fields.Integer(
        string="Silent working days",
        copy=False,
        tracking=True,
        groups=DESK,
        help="Working days after sending, by that clause.",
    )

    @api.constrains("rd_deemed_clause", "rd_deemed_days")
    def _check_rd_deemed(self):
        for partner in self:
            # A clause is checked whoever has entered it.
            partner = partner.sudo()
            clause = (partner.rd_deemed_clause or "").strip()
            if partner.rd_deemed_days < 0 or bool(clause) != bool(
                partner.rd_deemed_days
            ):
                raise ValidationError(
                    self.env._(
                        "A clause on silence of %(partner)s needs its text and its "
                        "working days, both.",
                        partner=partner.name,
                    )
                )

    def write(self, vals):
        res = super().write(vals)
        if "rd_portal_role" in vals or "parent_id" in vals:
            # What a portal user may see is kept with the rules of the registry.
            self.env.registry.clear_cache()
        return res
