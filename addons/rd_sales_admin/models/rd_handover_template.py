# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from .sale_order import ORDER_KINDS

HANDOVER_CLASSES = [
    ("tooling", "Tooling"),
    ("document", "Documents"),
    ("accessory", "Accessories"),
    ("material", "Materials"),
    ("gauge", "Gauges"),
    ("equipment", "Equipment"),
    ("spare", "Spare parts"),
    ("issue", "Open issues"),
]
OWNERSHIPS = [
    ("ours", "Ours"),
    ("customer", "Customer"),
    ("third", "Third party"),
]


class RdHandoverTemplate(models.Model):
    """What belongs to a handover of one kind, to start a list from."""

    _name = "rd.handover.template"
    _description = "Handover Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for every company."
    )
    order_kind = fields.Selection(
        ORDER_KINDS,
        help="Proposed for orders of this kind; empty: for none by itself.",
    )
    line_ids = fields.One2many(
        "rd.handover.template.line", "template_id", string="Lines", copy=True
    )

    def _prepare_lines(self):
        """Return the values of the handover lines that this template proposes."""
        return [line._prepare_line() for line in self.line_ids]
