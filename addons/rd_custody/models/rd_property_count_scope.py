# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdPropertyCountScope(models.AbstractModel):
    """What a count is about: everything at home, or what the words narrow it to."""

    _name = "rd.property.count.scope"
    _description = "Scope of a Count"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    place = fields.Char(
        help="Count what lies at places whose name contains this; empty: everywhere."
    )
    partner_id = fields.Many2one(
        "res.partner", string="Owner", index="btree_not_null", ondelete="restrict"
    )
    kind = fields.Selection(
        selection=lambda self: self.env["rd.property"]._fields["kind"].selection
    )
    user_id = fields.Many2one(
        "res.users",
        string="Counted by",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
    )

    def _get_card_domain(self):
        """Return the domain of the cards in scope that should be in the house."""
        self.ensure_one()
        domain = [("company_id", "=", self.company_id.id), ("state", "=", "held")]
        if self.place:
            domain.append(("place", "ilike", self.place))
        if self.partner_id:
            domain.append(("partner_id", "=", self.partner_id.id))
        if self.kind:
            domain.append(("kind", "=", self.kind))
        return domain
