# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdOpeningLine(models.Model):
    """What of it the customer has not agreed for some periods already."""

    _name = "rd.opening.line"
    _inherit = ["rd.opening.line"]

    carried_quantity = fields.Float(
        string="In dispute",
        digits="Product Unit",
        readonly=True,
        help="Part of the quantity that was carried over before the first day.",
    )
    carried_periods = fields.Integer(
        string="Carried for (periods)",
        readonly=True,
        aggregator="max",
        help="In how many statements it was left open before the first day.",
    )
    carried_reason = fields.Char(string="What is in dispute", readonly=True)

    _carried_positive = models.Constraint(
        "CHECK (carried_quantity >= 0 AND carried_periods >= 0)",
        "What is in dispute cannot be below zero.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("carried_quantity", "carried_periods", "carried_reason"),
        }
