# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdPropertyChecklist(models.Model):
    """What is looked at when property of a kind comes in."""

    _name = "rd.property.checklist"
    _description = "Verification Checklist"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the checklist of every company."
    )
    kind = fields.Selection(
        selection=lambda self: self.env["rd.property"]._fields["kind"].selection,
        required=True,
        index=True,
    )
    line_ids = fields.One2many("rd.property.checklist.line", "checklist_id", copy=True)

    _once = models.UniqueIndex(
        "(kind, COALESCE(company_id, 0)) WHERE active IS TRUE",
        "There is a checklist for this kind already; add the points to that one.",
    )

    @api.model
    def _get_points(self, company):
        """Return ``{kind: lines}`` of a company; its own list goes before the
        common one."""
        lists = self.sudo().search([("company_id", "in", (False, company.id))])
        points = {}
        for checklist in lists.sorted(lambda one: bool(one.company_id)):
            points[checklist.kind] = checklist.line_ids
        return points
