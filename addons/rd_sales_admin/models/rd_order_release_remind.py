# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

TODO = "mail.mail_activity_data_todo"
OPEN_STATES = ("sent", "accepted")
ATTENTIONS = [("late", "Late"), ("risk", "At risk"), ("fine", "On time")]


class RdOrderRelease(models.Model):
    """What is late, what will be, and who is asked about it."""

    _name = "rd.order.release"
    _inherit = ["rd.order.release"]

    last_news = fields.Datetime(string="Last news", readonly=True, copy=False)
    news_due = fields.Date(
        string="News due",
        compute="_compute_news_due",
        store=True,
        help="From then on the silence itself is a risk.",
    )
    attention = fields.Selection(
        ATTENTIONS,
        string="Standing",
        compute="_compute_attention",
        search="_search_attention",
    )
    attention_note = fields.Char(string="Why", compute="_compute_attention")
    reminded_date = fields.Datetime(readonly=True, copy=False)
    escalated_date = fields.Datetime(readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        names = {"last_news", "news_due", "reminded_date", "escalated_date"}
        return super()._get_guarded_fields() | names

    @api.depends("last_news", "answered_date", "state", "department_id.quiet_days")
    def _compute_news_due(self):
        for release in self:
            since = release.last_news or release.answered_date
            release.news_due = (
                release.state == "accepted"
                and since
                and release.company_id._rd_local_date(since)
                + timedelta(days=release.department_id.quiet_days)
            )

    @api.depends(
        *("state", "order_stage", "wanted_date", "promised_date"),
        *("news_due", "answer_due"),
    )
    @api.depends_context("lang")
    def _compute_attention(self):
        now = fields.Datetime.now()
        for release in self:
            today = (release.company_id or self.env.company)._rd_today()
            release.attention, release.attention_note = release._judge(now, today)

    def _judge(self, now, today):
        """Return (standing, sentence); the first that applies is told."""
        env = self.env
        if self.state not in OPEN_STATES or self.order_stage in ("shipped", "settled"):
            return "fine", False
        wanted, promised = self.wanted_date, self.promised_date
        if wanted and wanted < today:
            days = (today - wanted).days
            return "late", env._("Wanted %(days)s days ago.", days=days)
        if promised and promised < today:
            return "risk", env._("Promised for %(day)s and not ready.", day=promised)
        if promised and wanted and promised > wanted:
            days = (promised - wanted).days
            return "risk", env._("Promised %(days)s days too late.", days=days)
        if self.state == "sent" and self.answer_due and self.answer_due < now:
            return "risk", env._("Not answered by the department.")
        if self.news_due and self.news_due < today:
            return "risk", env._("No news since %(day)s.", day=self._get_last_day())
        return "fine", False

    def _get_last_day(self):
        moment = self.last_news or self.answered_date
        return self.company_id._rd_local_date(moment)

    @api.model
    def _search_attention(self, operator, value):
        if operator != "in":
            return NotImplemented
        compare, now = self.env["res.company"]._rd_compare_today, fields.Datetime.now()
        moving = Domain("state", "in", OPEN_STATES) & (
            Domain("order_stage", "=", False)
            | Domain("order_stage", "not in", ("shipped", "settled"))
        )
        late = moving & compare("wanted_date", "<")
        threatened = moving & Domain.OR(
            [
                compare("promised_date", "<"),
                Domain.custom(to_sql=self._query_promised_too_late),
                Domain("state", "=", "sent") & Domain("answer_due", "<", now),
                compare("news_due", "<"),
            ]
        )
        risk = threatened & ~late
        places = {"late": late, "risk": risk, "fine": ~late & ~risk}
        return Domain.OR(places[key] for key in value if key in places)

    @api.model
    def _query_promised_too_late(self, model, alias, query):
        """Compare two columns of one row, which a domain cannot."""
        return SQL(
            "%s > %s",
            model._field_to_sql(alias, "promised_date", query),
            model._field_to_sql(alias, "wanted_date", query),
        )

    # ------------------------------------------------------------------
    # Reminding
    # ------------------------------------------------------------------
    @api.model
    def _cron_remind(self):
        """Remind of unanswered slips after one working day; escalate after two."""
        now = fields.Datetime.now()
        due = self.search(
            [
                *(("state", "=", "sent"), ("answer_due", "<=", now)),
                ("escalated_date", "=", False),
            ]
        )
        self.env["ir.cron"]._rd_run_each(
            due, lambda release: release._remind_or_escalate(now)
        )

    def _remind_or_escalate(self, now):
        company = self.company_id
        release = self.with_context(lang=company.partner_id.lang or self.env.lang)
        if not release.reminded_date:
            release._remind_department(now)
        elif company._rd_add_working_days(release.answer_due, 1) <= now:
            release._escalate(now)

    def _remind_department(self, now):
        self._as_internal().write({"reminded_date": now})
        self._post_to_department(
            self.env._(
                "%(slip)s was to be answered by %(due)s: accept it with a date or "
                "refuse it with a reason.",
                slip=self.name,
                due=self.company_id._rd_local_date(self.answer_due),
            )
        )
        people = self.department_id._get_people()
        self._plan(people[:1], self.env._("Answer %s", self.name))

    def _escalate(self, now):
        self._as_internal().write({"escalated_date": now})
        summary = self.env._(
            "%(department)s does not answer %(slip)s",
            department=self.department_id.name,
            slip=self.name,
        )
        self._plan(self.company_id._rd_get_supervisors()[:1], summary)

    def _plan(self, user, summary):
        """Plan a to-do; whoever answers the slip later finishes it."""
        if user:
            self.activity_schedule(
                TODO,
                date_deadline=self.company_id._rd_today(),
                summary=summary,
                user_id=user.id,
            )
