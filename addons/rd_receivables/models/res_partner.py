# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

TARGETS = {"affiliate": 95.0, "outside": 100.0}
TARGET_WITHOUT_CLASS = 100.0


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner"]

    rd_collection_target = fields.Float(
        string="Collection target (%)",
        digits=(5, 2),
        compute="_compute_rd_collection_target",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Share of what falls due in a month that is to be collected in it. "
        "Follows the customer class (affiliates 95, others 100) until it is typed; "
        "another class sets it anew.",
    )

    @api.depends("rd_partner_class")
    def _compute_rd_collection_target(self):
        for partner in self:
            partner.rd_collection_target = TARGETS.get(
                partner.rd_partner_class, TARGET_WITHOUT_CLASS
            )

    @api.constrains("rd_collection_target")
    def _check_rd_collection_target(self):
        for partner in self:
            if not 0 <= partner.rd_collection_target <= 100:
                raise ValidationError(
                    self.env._(
                        "The collection target of %(partner)s must lie between 0 and "
                        "100 percent.",
                        partner=partner.display_name,
                    )
                )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "rd_collection_target"]
