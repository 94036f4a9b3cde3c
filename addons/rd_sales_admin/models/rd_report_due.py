# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from functools import cache

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.flags import flag_search


class RdReportDue(models.Model):
    """One report of one period: due when, handed in when, right the first time?

    Timeliness of a month = reports handed in by their day ÷ reports due in the month.
    Accuracy of a month = reports right at the first time ÷ reports handed in; a report
    counts in the month it was due, one that is corrected after that month's close
    counts, as wrong, in the month of the correction.
    """

    _name = "rd.report.due"
    _description = "Report of a Period"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "date_due desc, calendar_id, id"
    _check_company_auto = True

    calendar_id = fields.Many2one(
        "rd.report.calendar",
        string="Report",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    kind = fields.Selection(related="calendar_id.kind", store=True)
    recipient = fields.Char(related="calendar_id.recipient")
    way = fields.Selection(related="calendar_id.way")
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    date_from = fields.Date(string="First day", required=True)
    date_to = fields.Date(string="Last day", required=True)
    date_due = fields.Date(string="Due", required=True, index=True)
    month = fields.Date(
        compute="_compute_month",
        store=True,
        index=True,
        help="First day of the month in which the report is due.",
    )
    state = fields.Selection(
        [("due", "Due"), ("handed", "Handed in")],
        required=True,
        default="due",
        copy=False,
        index=True,
        tracking=True,
    )
    version_ids = fields.One2many("rd.report.version", "due_id", copy=False)
    version_count = fields.Integer(
        string="Times handed in", compute="_compute_figures", store=True
    )
    handed_date = fields.Date(
        string="Handed in on",
        compute="_compute_figures",
        store=True,
        help="The first time.",
    )
    timely = fields.Boolean(
        string="In time", compute="_compute_figures", store=True, aggregator=None
    )
    timeliness = fields.Float(
        string="Timeliness (%)",
        compute="_compute_figures",
        store=True,
        aggregator="avg",
        help="Handed in by their day ÷ due, in percent; empty while nothing is due.",
    )
    accuracy = fields.Float(
        string="Accuracy (%)",
        compute="_compute_figures",
        store=True,
        aggregator="avg",
        help="Right at the first time ÷ handed in, in percent; empty while nothing was "
        "handed in.",
    )
    accuracy_month = fields.Date(
        readonly=True, copy=False, help="The month in which the report counts."
    )
    corrected_month = fields.Date(
        string="Corrected in",
        readonly=True,
        copy=False,
        help="The month in which the correction counts.",
    )
    late = fields.Boolean(
        compute="_compute_late", search="_search_late", help="Due and not handed in."
    )
    reminded_date = fields.Date(readonly=True, copy=False)
    escalated_date = fields.Date(readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(calendar_id, date_from)", "The report of this period is already there."
    )
    _days_in_order = models.Constraint(
        "CHECK (date_from <= date_to AND date_to < date_due)",
        "A report is due after its period.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("calendar_id.name", "calendar_id.rhythm", "date_from")
    def _compute_name(self):
        for due in self:
            day, rhythm = due.date_from, due.calendar_id.rhythm
            due.name = f"{due.calendar_id.name or ''} {_name_period(day, rhythm)}"

    @api.depends("date_due")
    def _compute_month(self):
        for due in self:
            due.month = due.date_due and due.date_due.replace(day=1)

    @api.depends("version_ids.date", "date_due", "company_id")
    def _compute_figures(self):
        for due in self:
            versions = due.version_ids.sorted("number")
            due.version_count = len(versions)
            first = versions[:1].date
            due.handed_date = first and due.company_id._rd_local_date(first)
            due.timely = bool(first) and due.handed_date <= due.date_due
            due.timeliness = 100.0 if due.timely else 0.0
            due.accuracy = 100.0 if due.version_count == 1 else 0.0

    @api.depends("state", "date_due", "company_id")
    def _compute_late(self):
        for due in self:
            due.late = due.state == "due" and due.date_due < due.company_id._rd_today()

    @api.model
    @flag_search
    def _search_late(self):
        past = self.env["res.company"]._rd_compare_today("date_due", "<")
        return past & Domain("state", "=", "due")

    def _read_group_select(self, aggregate_spec, query):
        """Read the two figures of a group over what counts in each of them."""
        name = aggregate_spec.split(":")[0]
        if aggregate_spec not in ("timeliness:avg", "accuracy:avg"):
            return super()._read_group_select(aggregate_spec, query)
        handed = SQL("%s = 'handed'", self._field_to_sql(self._table, "state", query))
        due = SQL(
            "(%s OR %s < %s)",
            handed,
            self._field_to_sql(self._table, "date_due", query),
            self.env["res.company"]._rd_query_today(
                self._field_to_sql(self._table, "company_id", query)
            ),
        )
        return SQL(
            "AVG(%s) FILTER (WHERE %s)",
            self._field_to_sql(self._table, name, query),
            due if name == "timeliness" else handed,
        )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {"handed": ("due",)}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("calendar_id", "company_id", "date_from", "date_to", "date_due"),
            *("version_ids", "accuracy_month", "corrected_month", "reminded_date"),
            "escalated_date",
        }

    def _after_transition(self, target):
        planned = self.sudo().filtered("activity_ids")
        planned.activity_feedback(["mail.mail_activity_data_todo"])
        return super()._after_transition(target)

    # ------------------------------------------------------------------
    # What is due
    # ------------------------------------------------------------------
    @api.model
    def _ensure(self, company):
        """Make the company's rows up to today's periods; return the new ones."""
        # Nobody enters a row: it follows from the calendar.
        self = self.sudo()
        calendars = self.env["rd.report.calendar"].search(
            [("company_id", "=", company.id)]
        )
        known = {
            (due.calendar_id.id, due.date_from)
            for due in self.search([("calendar_id", "in", calendars.ids)])
        }
        days = cache(company._rd_get_month_days)
        today = company._rd_today()
        values = [
            row
            for calendar in calendars
            for row in calendar._prepare_dues(today, known, days)
        ]
        return self._as_internal().create(values)

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------
    @api.model
    def _get_timeliness(self, company, month):
        """Return ``(reports handed in by their day, reports due, domain)``.

        What is due later than today counts once it is handed in.
        """
        due = Domain("date_due", "<", company._rd_today())
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("month", "=", month.replace(day=1))
            & (due | Domain("state", "=", "handed"))
        )
        timely = self.search_count(domain & Domain("timely", "=", True))
        return timely, self.search_count(domain), list(domain)

    @api.model
    def _get_accuracy(self, company, month):
        """Return ``(reports right at the first time, reports handed in, domain)``.

        Those corrected in the month after their own was closed are among the latter.
        """
        month = month.replace(day=1)
        corrected = Domain("corrected_month", "=", month)
        domain = Domain("company_id", "=", company.id) & (
            Domain("accuracy_month", "=", month) | corrected
        )
        # Nothing is not equal to a month; the domain has to say so.
        wrong = self.search_count(domain & corrected)
        total = self.search_count(domain)
        return total - wrong, total, list(domain)


def _name_period(day, rhythm):
    """Return how people call a period: 2026-10, 2026 Q4, 2026 H2, 2026."""
    return {
        "1": f"{day:%Y-%m}",
        "3": f"{day.year} Q{(day.month + 2) // 3}",
        "6": f"{day.year} H{(day.month + 5) // 6}",
    }.get(rhythm, f"{day.year}")
