# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdPropertyChecklistLine(models.Model):
    """One point of a checklist."""

    _name = "rd.property.checklist.line"
    _description = "Point of a Checklist"
    _order = "checklist_id, sequence, id"

    checklist_id = fields.Many2one(
        "rd.property.checklist", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="checklist_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="What is looked at", required=True, translate=True)
    is_mandatory = fields.Boolean(
        string="A must",
        default=True,
        help="Without an answer to it the property is not verified.",
    )
    needs_photo = fields.Boolean(
        string="With a photo", help="Answered only once there is a photo."
    )
