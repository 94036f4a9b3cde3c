# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, formatLang

from .rd_scorecard_measure import DIGITS, UNITS, is_reached


class RdScorecardLine(models.Model):
    """One figure of a month, as it was counted, with its target of then."""

    _name = "rd.scorecard.line"
    _description = "Figure of the Scorecard"
    _inherit = ["rd.guarded.mixin"]
    _order = "month desc, company_id, sequence, id"
    _rec_name = "measure_id"

    scorecard_id = fields.Many2one(
        "rd.scorecard", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="scorecard_id.company_id", store=True, index=True
    )
    month = fields.Date(related="scorecard_id.month", store=True, index=True)
    state = fields.Selection(related="scorecard_id.state")
    is_demo = fields.Boolean(related="scorecard_id.is_demo")
    origin = fields.Selection(
        [("counted", "Counted"), ("demo", "Demo figures")],
        compute="_compute_origin",
        store=True,
        help="Only what was counted has rows to open.",
    )
    measure_id = fields.Many2one(
        "rd.scorecard.measure",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(related="measure_id.sequence", store=True)
    topic = fields.Selection(related="measure_id.topic", store=True)
    formula = fields.Char(related="measure_id.formula")
    unit = fields.Selection(UNITS, required=True)
    better = fields.Char()
    has_target = fields.Boolean()
    target = fields.Float(string="Target value", digits=(16, DIGITS), aggregator=None)
    numerator = fields.Float(digits=(16, DIGITS), aggregator=None)
    denominator = fields.Float(digits=(16, DIGITS), aggregator=None)
    value = fields.Float(
        digits=(16, DIGITS),
        compute="_compute_value",
        store=True,
        aggregator="avg",
        help="Percent, days, marks or a number, as the unit says.",
    )
    result = fields.Selection(
        [
            ("reached", "On target"),
            ("missed", "Missed"),
            ("shown", "No target"),
            ("none", "n/a"),
        ],
        compute="_compute_value",
        store=True,
    )
    value_text = fields.Char(string="Figure", compute="_compute_texts")
    target_text = fields.Char(string="Target", compute="_compute_texts")
    before_text = fields.Char(string="Month before", compute="_compute_texts")
    of_text = fields.Char(string="Part / whole", compute="_compute_texts")
    res_model = fields.Char()
    row_ids = fields.Json()
    against_ids = fields.Json()
    against_count = fields.Integer(
        string="Against us",
        compute="_compute_against_count",
        help="How many of the rows count against us.",
    )

    _measure_once = models.UniqueIndex(
        "(scorecard_id, measure_id)", "The measure is already on this scorecard."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.depends("scorecard_id.is_demo")
    def _compute_origin(self):
        for line in self:
            line.origin = "demo" if line.scorecard_id.is_demo else "counted"

    @api.depends("numerator", "denominator", "unit", "target", "has_target", "better")
    def _compute_value(self):
        for line in self:
            none = line._is_none()
            factor = 100.0 if line.unit == "percent" else 1.0
            line.value = (
                0.0 if none else round(factor * line.numerator / line.denominator, 6)
            )
            line.result = "none" if none else line._get_result()

    def _is_none(self):
        return float_compare(self.denominator, 0.0, precision_digits=6) == 0

    def _get_result(self):
        if not self.has_target:
            return "shown"
        reached = is_reached(self.value, self.target, self.better)
        return "reached" if reached else "missed"

    @api.depends("against_ids")
    def _compute_against_count(self):
        for line in self:
            line.against_count = len(line.against_ids or [])

    @api.depends_context("lang")
    @api.depends("value", "result", "target", "numerator", "denominator")
    def _compute_texts(self):
        before = self._get_lines_before()
        for line in self:
            line.value_text = line._format(line.value, line.result == "none")
            line.target_text = (
                line._format(line.target) if line.has_target else self.env._("none")
            )
            earlier = before.get((line.company_id, line.month, line.measure_id))
            line.before_text = (
                earlier._format(earlier.value, earlier.result == "none")
                if earlier
                else ""
            )
            line.of_text = (
                ""
                if line.result == "none"
                else f"{line._number(line.numerator)} / "
                f"{line._number(line.denominator)}"
            )

    def _get_lines_before(self):
        """Return the lines of the months before, keyed by the month after them."""
        months = {
            line.month - relativedelta(months=1) for line in self if line.month
        } - set(self.mapped("month"))
        found = self | self.search(
            [
                ("month", "in", list(months)),
                ("company_id", "in", self.company_id.ids),
                ("measure_id", "in", self.measure_id.ids),
            ]
        )
        return {
            (line.company_id, line.month + relativedelta(months=1), line.measure_id): (
                line
            )
            for line in found
            if line.month
        }

    def _number(self, value):
        text = formatLang(self.env, value, digits=DIGITS)
        whole = float_compare(value, round(value), precision_digits=DIGITS) == 0
        return formatLang(self.env, value, digits=0) if whole else text

    def _format(self, value, none=False):
        """Return a figure with its unit, or n/a."""
        if none:
            return self.env._("n/a")
        if self.unit == "percent":
            return f"{formatLang(self.env, value, digits=1)} %"
        if self.unit == "days":
            days = formatLang(self.env, value, digits=1)
            return self.env._("%(days)s days", days=days)
        return formatLang(self.env, value, digits=1)

    # ------------------------------------------------------------------
    # The trend of a demo company
    # ------------------------------------------------------------------
    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._has_demo()) if view_type == "graph" else key

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Part in the trend what was entered with the demo company from what was
        counted; who has nothing of it reads no more than the measures' names."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "graph" and self._has_demo():
            [place] = arch.xpath("//field[@name='measure_id']")
            place.addnext(arch.makeelement("field", {"name": "origin"}))
        return arch, view

    @api.model
    def _has_demo(self):
        cards = self.env["rd.scorecard"]
        return cards.has_access("read") and bool(
            cards.search_count([("is_demo", "=", True)], limit=1)
        )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def action_view_rows(self):
        """Open the rows the figure counts, as they were counted.

        :raise UserError: when nothing was due, or nothing was counted
        """
        self.ensure_one()
        self.check_access("read")
        if self.is_demo:
            raise UserError(
                self.env._(
                    "%(measure)s of %(month)s was entered with the demo company, not "
                    "counted; it has no rows.",
                    measure=self.measure_id.name,
                    month=self.scorecard_id.name,
                )
            )
        if not self.res_model or not self.row_ids:
            raise UserError(
                self.env._(
                    "%(measure)s: nothing was due in %(month)s.",
                    measure=self.measure_id.name,
                    month=self.scorecard_id.name,
                )
            )
        return self._open_rows(self.measure_id.name, self.row_ids)

    def action_view_against(self):
        """Open those of the rows that count against us.

        :raise UserError: when none does
        """
        self.ensure_one()
        self.check_access("read")
        if not self.res_model or not self.against_ids:
            raise UserError(
                self.env._(
                    "%(measure)s: nothing counts against us in %(month)s.",
                    measure=self.measure_id.name,
                    month=self.scorecard_id.name,
                )
            )
        name = self.env._(
            "%(measure)s: what counts against us", measure=self.measure_id.name
        )
        return self._open_rows(name, self.against_ids)

    def _open_rows(self, name, ids):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self.res_model,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", ids)],
        }

    def action_view_trend(self):
        """Open the figure's last twelve months as a line."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_sales_admin.rd_scorecard_line_action"
        )
        # the web client prefers the second one for the title
        action["name"] = action["display_name"] = self.measure_id.name
        action["domain"] = [
            ("measure_id", "=", self.measure_id.id),
            ("company_id", "=", self.company_id.id),
            ("month", ">", self.month - relativedelta(months=12)),
            ("month", "<=", self.month),
            ("result", "!=", "none"),
        ]
        action["context"] = {}
        # an address of its own would forget the figure
        action.pop("path", None)
        return action
