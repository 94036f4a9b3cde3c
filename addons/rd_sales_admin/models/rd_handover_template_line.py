# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

from .rd_handover_template import HANDOVER_CLASSES, OWNERSHIPS


class RdHandoverTemplateLine(models.Model):
    """One line that a template proposes."""

    _name = "rd.handover.template.line"
    _description = "Handover Template Line"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "rd.handover.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    handover_class = fields.Selection(
        HANDOVER_CLASSES, string="Class", required=True, default="document"
    )
    name = fields.Char(string="Name and specification", required=True, translate=True)
    qty_due = fields.Float(
        string="Due quantity", digits="Product Unit", required=True, default=1.0
    )
    ownership = fields.Selection(OWNERSHIPS, default="customer", required=True)
    priced = fields.Boolean(help="Has a price of its own in the contract.")

    _quantity_positive = models.Constraint(
        "CHECK (qty_due > 0)", "What is due is more than 0."
    )

    def _prepare_line(self):
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "handover_class": self.handover_class,
            "name": self.name,
            "qty_due": self.qty_due,
            "ownership": self.ownership,
            "priced": self.priced,
        }
