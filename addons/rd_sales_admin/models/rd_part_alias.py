# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..ledger.clean import clean_key


class RdPartAlias(models.Model):
    """How a customer writes one of our parts, and in which unit he counts it."""

    _name = "rd.part.alias"
    _description = "Part Alias"
    _inherit = ["mail.thread", "rd.guarded.mixin"]
    _order = "partner_id, code"
    _rec_name = "code"
    _rec_names_search = ["code", "product_id"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    code = fields.Char(string="Their code", required=True, tracking=True)
    code_clean = fields.Char(
        string="Code as compared", compute="_compute_code_clean", store=True
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    factor = fields.Float(
        string="Unit factor",
        default=1.0,
        digits=(16, 6),
        tracking=True,
        help="Our quantity for one of theirs: 1000 where they count in thousands.",
    )
    source = fields.Selection(
        selection=[("typed", "Typed"), ("learned", "Learned from a match")],
        default="typed",
        required=True,
        readonly=True,
    )
    active = fields.Boolean(default=True, tracking=True)

    _code_unique = models.UniqueIndex(
        "(company_id, partner_id, code_clean) WHERE active IS TRUE",
        "This customer's code already stands for a part; archive the old alias first.",
    )

    @api.depends("code")
    def _compute_code_clean(self):
        for alias in self:
            alias.code_clean = clean_key(alias.code or "")

    @api.constrains("factor")
    def _check_factor(self):
        for alias in self:
            if alias.factor <= 0:
                raise ValidationError(
                    self.env._(
                        "The unit factor of %(code)s must be greater than zero.",
                        code=alias.code,
                    )
                )

    @api.model
    def _get_codes(self, company, partner):
        """Return ``{cleaned code: (product, factor)}`` of a customer."""
        aliases = self.search(
            [("company_id", "=", company.id), ("partner_id", "=", partner.id)]
        )
        return {alias.code_clean: (alias.product_id, alias.factor) for alias in aliases}
