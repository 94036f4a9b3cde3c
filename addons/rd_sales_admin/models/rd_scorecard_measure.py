# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

DIGITS = 2
UNITS = [
    ("percent", "Percent"),
    ("days", "Days"),
    ("stars", "Marks (1–5)"),
    ("count", "A number"),
]
TOPICS = [
    ("collection", "Collections"),
    ("shipping", "Shipping lists"),
    ("statement", "Statements"),
    ("invoice", "Invoices"),
    ("contract", "Prices and contracts"),
    ("order", "Orders and handover"),
    ("property", "Customers' property"),
    ("desk", "The desk itself"),
]


def is_reached(value, target, better):
    """Tell whether a value is as good as its target, to two decimals."""
    order = float_compare(value, target, precision_digits=DIGITS)
    return order >= 0 if better == "up" else order <= 0


class RdScorecardMeasure(models.Model):
    """What the post is measured by: formula, unit and target (考核指标).

    Each add-on brings its own as data. The figure itself comes from the method
    ``_measure_<code>`` of ``rd.scorecard``; a person sets the target and may
    switch a measure off.
    """

    _name = "rd.scorecard.measure"
    _description = "Measure of the Scorecard"
    _order = "sequence, id"

    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, translate=True)
    formula = fields.Char(required=True, translate=True)
    topic = fields.Selection(TOPICS, required=True, default="desk")
    unit = fields.Selection(UNITS, required=True, default="percent")
    better = fields.Selection(
        [("up", "The higher the better"), ("down", "The lower the better")],
        required=True,
        default="up",
    )
    has_target = fields.Boolean(
        default=True, help="Without a target the figure is only shown."
    )
    target = fields.Float(
        digits=(16, 2), help="Percent, days, marks or a number, as the unit says."
    )
    sequence = fields.Integer(default=100)
    active = fields.Boolean(
        default=True, help="One that is switched off is left out of later scorecards."
    )

    _code_once = models.UniqueIndex("(code)", "This measure is already there.")

    def _is_reached(self, value):
        """Tell whether a value is as good as the target."""
        return is_reached(value, self.target, self.better)

    def write(self, vals):
        """Let people change targets, never what a figure is.

        :raise UserError: when code, unit or direction is written
        """
        # The add-ons' data is loaded as superuser.
        if not self.env.su and {"code", "unit", "better"} & vals.keys():
            raise UserError(
                self.env._(
                    "What %(measure)s counts belongs to the product; change its "
                    "target, or switch it off.",
                    measure=self[:1].name,
                )
            )
        return super().write(vals)
