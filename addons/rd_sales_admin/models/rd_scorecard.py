# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json
import logging
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class Figure(NamedTuple):
    """What came out of counting one measure for one month."""

    numerator: float
    denominator: float
    """Nothing due is 0: the figure then is n/a, never 100 %."""
    model: str = ""
    ids: tuple = ()
    """The rows that are counted, to be opened."""
    against: tuple = ()
    """Those of them that count against us."""
    values: dict | None = None
    """Where the figure is a mean: what each row brings to it. Those that miss the
    target count against us."""

    @classmethod
    def of_rows(cls, right, rows):
        """Return the figure of how many rows are right; the others count against us."""
        wrong = rows - right
        ids, against = tuple(rows.ids), tuple(wrong.ids)
        return cls(len(rows) - len(wrong), len(rows), rows._name, ids, against)

    @classmethod
    def of_mean(cls, rows, values):
        """Return the mean of ``{row: value}``."""
        by_id = {row.id: value for row, value in values.items()}
        ids = tuple(rows.ids)
        return cls(sum(by_id.values()), len(rows), rows._name, ids, (), by_id)


class RdScorecard(models.Model):
    """How the post did in one month of one company, measure by measure.

    Add-ons bring measures as data and count them in ``_measure_<code>``, which
    returns a :class:`Figure` of the month. Counted anew every day until the month
    is closed; then frozen with a hash.
    """

    _name = "rd.scorecard"
    _description = "Scorecard"
    _inherit = ["mail.thread", "rd.workflow.mixin"]
    _order = "month desc, company_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        required=True,
        default=lambda self: (
            self.env.company._rd_today().replace(day=1) - relativedelta(months=1)
        ),
    )
    name = fields.Char(compute="_compute_name", store=True)
    state = fields.Selection(
        [("draft", "Running"), ("frozen", "Frozen")],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("rd.scorecard.line", "scorecard_id", copy=False)
    counted_date = fields.Datetime(string="Counted on", readonly=True, copy=False)
    content_hash = fields.Char(string="Hash", readonly=True, copy=False)
    is_demo = fields.Boolean(
        string="Demo figures",
        readonly=True,
        copy=False,
        help="Entered with the demo company, not counted.",
    )
    reached_count = fields.Integer(string="On target", compute="_compute_counts")
    missed_count = fields.Integer(string="Missed", compute="_compute_counts")
    summary = fields.Char(compute="_compute_counts")

    _month_once = models.UniqueIndex(
        "(company_id, month)", "The scorecard of this month is already there."
    )
    _month_is_first = models.Constraint(
        "CHECK (extract(day FROM month) = 1)", "A month is named by its first day."
    )

    @api.depends("month")
    def _compute_name(self):
        for card in self:
            card.name = card.month.strftime("%Y-%m") if card.month else ""

    @api.depends_context("lang")
    @api.depends("line_ids.result")
    def _compute_counts(self):
        groups = self.env["rd.scorecard.line"]._read_group(
            [("scorecard_id", "in", self.ids)],
            ["scorecard_id", "result"],
            ["__count"],
        )
        counts = {(card.id, result): count for card, result, count in groups}
        for card in self:
            card.reached_count = counts.get((card.id, "reached"), 0)
            card.missed_count = counts.get((card.id, "missed"), 0)
            card.summary = self.env._(
                "%(reached)s of %(all)s targets reached",
                reached=card.reached_count,
                all=card.reached_count + card.missed_count,
            )

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {"frozen": ("draft",), "draft": ("frozen",)}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "line_ids",
            "counted_date",
            "content_hash",
            "is_demo",
        }

    @api.model
    def _get_frozen_states(self):
        return ("frozen",)

    def write(self, vals):
        """Keep a counted scorecard that of its month."""
        if not self._is_internal() and {"company_id", "month"} & vals.keys():
            if any(card.counted_date for card in self):
                raise UserError(
                    self.env._("A scorecard stays that of its month; make another.")
                )
        return super().write(vals)

    def action_count(self):
        """Count the month anew.

        :raise UserError: when the month is closed and its scorecard frozen
        """
        self.check_access("write")
        for card in self:
            if card.state != "draft":
                raise UserError(
                    self.env._(
                        "The scorecard of %(month)s was frozen when the month was "
                        "closed; what came later counts in the month it came in.",
                        month=card.name,
                    )
                )
            card._count()
        return True

    def _count(self):
        """Write one line per measure that is switched on."""
        self.ensure_one()
        # Figures stand on rows of every add-on, of which whoever reads the scorecard
        # sees only what is his; the right to the scorecard itself was asked before.
        card = self.sudo().with_company(self.company_id)
        measures = (
            self.env["rd.scorecard.measure"].sudo().search([("active", "=", True)])
        )
        lines = card.line_ids.grouped("measure_id")
        for measure in measures:
            values = card._prepare_line(measure)
            if measure in lines:
                lines.pop(measure)._as_internal().write(values)
            else:
                card.env["rd.scorecard.line"]._as_internal().create(
                    {"scorecard_id": card.id, "measure_id": measure.id, **values}
                )
        for line in lines.values():
            line._as_internal().unlink()
        card._as_internal().write({"counted_date": fields.Datetime.now()})

    def _prepare_line(self, measure):
        figure = getattr(self, f"_measure_{measure.code}")()
        return {
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "res_model": figure.model,
            "row_ids": list(figure.ids),
            "against_ids": self._get_against(figure, measure),
            "unit": measure.unit,
            "better": measure.better,
            "has_target": measure.has_target,
            "target": measure.target,
        }

    @api.model
    def _get_against(self, figure, measure):
        """Return the rows that count against us: named, or worse than the target."""
        if not figure.values or not measure.has_target:
            return list(figure.against)
        return [
            row
            for row in figure.ids
            if row in figure.values and not measure._is_reached(figure.values[row])
        ]

    def _freeze(self):
        """Count for the last time, fix the content by its hash, and freeze."""
        for card in self.filtered(lambda one: one.state == "draft"):
            card._count()
            card._move_to("frozen", {"content_hash": card._get_content_hash()})
            card._tell()

    def _get_content_hash(self):
        """Return the SHA-256 of company, month and figures, in a fixed order."""
        self.ensure_one()
        lines = sorted(
            [
                line.measure_id.code,
                f"{line.numerator:.6f}",
                f"{line.denominator:.6f}",
                f"{line.target:.2f}" if line.has_target else "",
                *sorted(line.row_ids or []),
                # What was frozen before these were kept keeps its hash.
                *(["against", *sorted(line.against_ids)] if line.against_ids else []),
            ]
            for line in self.sudo().line_ids
        )
        content = [self.company_id.id, self.month.isoformat(), lines]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------
    def _tell(self):
        """Send the frozen scorecard to the supervisors, as a paper and a workbook."""
        self.ensure_one()
        card = self.sudo()
        for lang, partners in card._get_readers().grouped("lang").items():
            record = card.with_context(lang=lang)
            book, _kind = record.env["ir.actions.report"]._render_xlsx(
                "rd_sales_admin.scorecard_xlsx", record.ids, {}
            )
            record.message_notify(
                partner_ids=partners.ids,
                subject=record.env._("Scorecard %(month)s", month=record.name),
                body=record.env["ir.qweb"]._render(
                    "rd_sales_admin.rd_scorecard_mail", {"card": record}
                ),
                attachments=[
                    *record._make_paper(),
                    (f"{record.name}.xlsx", book),
                ],
            )

    def _make_paper(self):
        """Return the paper as an attachment; no month stays open for want of it."""
        try:
            paper, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "rd_sales_admin.report_scorecard", self.ids
            )
        except UserError as error:
            _logger.info("%s goes out without its paper: %s", self.name, error)
            return []
        return [(f"{self.name}.pdf", paper)]

    def _get_readers(self):
        group = self.env.ref("rd_sales_admin.rd_sales_admin_group_supervisor")
        users = group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        )
        return users.partner_id

    @api.model
    def _cron_count(self):
        """Count the months that are not closed yet, each in its own transaction."""
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        crons = self.env["ir.cron"]
        crons._rd_run_each(companies, self._ensure_open)
        found = crons._rd_find_each(companies, self._get_open)
        crons._rd_run_each(self.union(*found.values()), lambda card: card._count())

    @api.model
    def _ensure_open(self, company):
        """Make the missing scorecards of a company's open months up to today; return
        all that run."""
        self = company._rd_in_language(self)
        known = self.search([("company_id", "=", company.id)])
        missing = self._get_open_months(company) - set(known.mapped("month"))
        self.create(
            [{"company_id": company.id, "month": month} for month in sorted(missing)]
        )
        return self._get_open(company)

    @api.model
    def _get_open(self, company):
        """Return the running scorecards of a company's open months up to today."""
        running = self.search(
            [("company_id", "=", company.id), ("state", "=", "draft")]
        )
        months = self._get_open_months(company)
        return running.filtered(lambda card: card.month in months)

    @api.model
    def _get_open_months(self, company):
        closes = self.env["rd.close"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "open"),
                ("month", "<=", company._rd_today()),
            ]
        )
        return set(closes.mapped("month"))

    # ------------------------------------------------------------------
    # The month
    # ------------------------------------------------------------------
    def _get_days(self):
        """Return (first, last) day of the month on the company's calendar."""
        self.ensure_one()
        last = self.month + relativedelta(months=1, days=-1)
        return self.month, last

    def _get_moments(self):
        """Return (start, end): naive UTC, the end not included."""
        self.ensure_one()
        after = self.month + relativedelta(months=1)
        company = self.company_id
        return company._rd_day_start(self.month), company._rd_day_start(after)

    def _count_working_days(self, first, last):
        """Return how many working days lie after first up to last."""
        self.ensure_one()
        worked = self.company_id._rd_get_working_days()
        return sum(
            worked.is_worked(first + relativedelta(days=number))
            for number in range(1, (last - first).days + 1)
        )
