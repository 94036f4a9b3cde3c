# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

KEYS = {
    "class": "settlement_class",
    "partner": "partner_id",
    "project": "project_id",
    "contract": "contract_id",
}
EVERYTHING = ("settlement_class", "partner_id", "project_id")


class RdSalesSummary(models.TransientModel):
    """A month, its year to date and its year, against last month, last year and plan.

    The figures are sums of ``rd.sales.report`` as the present user may read it, and
    every one of them opens the rows it is the sum of.
    """

    _name = "rd.sales.summary"
    _description = "Sales Summary"
    _inherit = ["rd.report.source.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        default=lambda self: (
            self.env.company._rd_today().replace(day=1) - relativedelta(months=1)
        ),
        help="Any day of the month.",
    )
    period = fields.Selection(
        [("month", "Month"), ("to_date", "Year to date"), ("year", "Year")],
        default="month",
        required=True,
    )
    by = fields.Selection(
        [
            ("all", "All together"),
            ("class", "Class"),
            ("partner", "Customer"),
            ("project", "Project"),
            ("contract", "Contract"),
        ],
        string="One row per",
        default="all",
        required=True,
    )
    line_ids = fields.One2many("rd.sales.summary.line", "summary_id")

    @api.depends("company_id", "month")
    def _compute_display_name(self):
        for summary in self:
            month = summary.month.strftime("%Y-%m") if summary.month else ""
            summary.display_name = self.env._(
                "Sales statistics %(company)s %(month)s",
                company=summary.company_id.name or "",
                month=month,
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Fill the lines at once."""
        summaries = super().create(vals_list)
        summaries._fill()
        return summaries

    def write(self, vals):
        """Fill the lines anew when something else is asked for."""
        res = super().write(vals)
        if {"company_id", "month", "period", "by"} & vals.keys():
            self._fill()
        return res

    def _fill(self):
        for summary in self:
            lines = [fields.Command.create(line) for line in summary._prepare_lines()]
            summary.line_ids = [fields.Command.clear(), *lines]

    @api.model
    def action_open_summary(self):
        """Open last month's figures."""
        summary = self.create({})
        return {**summary._get_records_action(), "name": self.env._("Month and plan")}

    def action_show(self):
        """Show what is asked for: saving has filled the lines already."""
        self.check_access("read")
        return True

    # ------------------------------------------------------------------
    # Handing in
    # ------------------------------------------------------------------
    def _get_report_kind(self):
        return "statistics"

    def _get_report_period(self):
        """The month, or the whole year; a year to date is handed in as its month."""
        period = "year" if self.period == "year" else "month"
        first, after = self._get_spans(period)["now"]
        return self.company_id, first, after - relativedelta(days=1)

    def _get_report_name(self):
        return "rd_sales_admin.sales_xlsx", self

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------
    def _get_spans(self, period=None):
        """Return ``{column: (first day, first day after)}`` of a period.

        ``now`` is the period itself, ``last_year`` the same one a year before and
        ``before`` last month's, or the year before for more than a month.
        """
        self.ensure_one()
        period = period or self.period
        month = self.month.replace(day=1)
        first = month if period == "month" else month.replace(month=1)
        after = month + relativedelta(months=1)
        if period == "year":
            after = first + relativedelta(years=1)
        step = relativedelta(months=1) if period == "month" else relativedelta(years=1)
        year = relativedelta(years=1)
        return {
            "now": (first, after),
            "before": (first - step, after - step),
            "last_year": (first - year, after - year),
        }

    def _get_domain(self, span):
        first, after = span
        return [
            ("company_id", "=", self.company_id.id),
            ("date", ">=", first),
            ("date", "<", after),
        ]

    def _get_sums(self, span, keys):
        """Return ``{(*keys, state): (amount, plan)}`` of a span, by one query."""
        groups = self.env["rd.sales.report"]._read_group(
            self._get_domain(span),
            [*keys, "state"],
            ["amount:sum", "amount_plan:sum"],
        )
        return {tuple(group[:-2]): group[-2:] for group in groups}

    def _get_figures(self, keys, period=None):
        """Return ``{(*keys, state): {column: amount}}`` with now, before, last_year
        and plan, in the company's currency."""
        spans = self._get_spans(period)
        sums = {name: self._get_sums(span, keys) for name, span in spans.items()}
        found = {key for values in sums.values() for key in values}
        currency = self.company_id.currency_id
        figures = {}
        for key in found:
            figures[key] = {
                name: currency.round(values.get(key, (0.0, 0.0))[0] or 0.0)
                for name, values in sums.items()
            }
            plan = sums["now"].get(key, (0.0, 0.0))[1]
            figures[key]["plan"] = currency.round(plan or 0.0)
        return figures

    def _prepare_lines(self):
        """Return values of the lines, in the order of what they are grouped by."""
        keys = [KEYS[self.by]] if self.by != "all" else []
        figures = self._get_figures(keys)
        labels = self._get_labels(keys)
        lines = []
        for key, amounts in figures.items():
            *group, state = key
            value = group[0] if group else False
            lines.append(
                {
                    "name": labels(value) if group else self.env._("All together"),
                    "state": state,
                    "key_value": getattr(value, "id", value) or False,
                    **{f"amount_{name}": amount for name, amount in amounts.items()},
                }
            )
        return sorted(lines, key=lambda line: (line["name"], line["state"]))

    def _get_labels(self, keys):
        """Return a function from a value of the group to what a person reads."""
        none = self.env._("None")
        if keys != ["settlement_class"]:
            # A name is shown to whoever may read the row, as in any list.
            return lambda value: (value and value.sudo().display_name) or none
        field = self.env["rd.sales.report"]._fields["settlement_class"]
        labels = dict(field._description_selection(self.env))
        return lambda value: labels.get(value, none)

    def action_open_rows(self):
        """Open the rows of the period as pivot, graph and list."""
        self.ensure_one()
        return self._prepare_rows_action(self._get_domain(self._get_spans()["now"]))

    def _prepare_rows_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_sales_admin.rd_sales_report_action"
        )
        return {**action, "domain": domain, "context": {}}
