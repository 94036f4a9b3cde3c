# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

TODO = "mail.mail_activity_data_todo"
PATIENCE = timedelta(days=2)


class RdReportDue(models.Model):
    """Handing in, handing in again, and being reminded."""

    _name = "rd.report.due"
    _inherit = ["rd.report.due"]

    def action_hand_in(self, files=None, reason=None):
        """Keep the files as what was handed in now; again only with a reason.

        :param files: ``[{"name", "data"}]``, base64
        :param str reason: what was wrong; needed from the second time on
        :raise UserError: without a readable file, or again without a reason
        """
        self.check_access("write")
        papers = self.env["rd.document"]._decode_files(files or [])
        for due in self:
            due._hand_in(papers, reason)
        return True

    def _hand_in(self, papers, reason=None):
        """Keep ``[(name, bytes)]`` as the next version; return it."""
        self.ensure_one()
        reason = reason.strip() if isinstance(reason, str) else ""
        if self.version_ids and not reason:
            raise UserError(
                self.env._(
                    "%(report)s was handed in on %(day)s; say what is corrected.",
                    report=self.name,
                    day=self.handed_date,
                )
            )
        # Two who hand in at once must not both be the first.
        self.lock_for_update()
        month = self._get_counting_month()
        again = bool(self.version_ids)
        version = self.env["rd.report.version"]._keep(self, papers, reason)
        if not again:
            self._move_to("handed", {"accuracy_month": month})
        elif not self.corrected_month:
            self._as_internal().write({"corrected_month": month})
        version._send()
        return version

    def _get_counting_month(self):
        """Return the month in which what happens today counts: the report's own
        until that is closed, then the present one."""
        closes = self.env["rd.close"].sudo()
        closed = closes.search_count(
            [
                *(("company_id", "=", self.company_id.id), ("month", "=", self.month)),
                ("state", "=", "closed"),
            ]
        )
        return self.company_id._rd_today().replace(day=1) if closed else self.month

    def action_open_hand_in(self):
        """Open the small form in which the files are handed in."""
        self.ensure_one()
        self.check_access("write")
        return self.env["rd.report.hand.in"]._open(self)

    # ------------------------------------------------------------------
    # Reminding
    # ------------------------------------------------------------------
    @api.model
    def _cron_remind(self):
        """Make the rows of each company, then remind of what is due."""
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        crons = self.env["ir.cron"]
        crons._rd_run_each(companies, self._ensure)
        for due in crons._rd_find_each(companies, self._find_due).values():
            crons._rd_run_each(due, type(self)._remind)

    @api.model
    def _find_due(self, company):
        """Return of what somebody is to be reminded, in the company's language."""
        lang = company.partner_id.lang or self.env.lang
        return self.with_context(lang=lang).search(
            [
                *(("company_id", "=", company.id), ("state", "=", "due")),
                ("date_due", "<=", company._rd_today()),
                ("escalated_date", "=", False),
            ],
            order="date_due, id",
        )

    def _remind(self):
        """Remind the owner on the day, a supervisor two days later; once each."""
        self.ensure_one()
        today = self.company_id._rd_today()
        summary = self.env._(
            "Hand in: %(report)s, to %(to)s", report=self.name, to=self.recipient
        )
        if not self.reminded_date:
            self._as_internal().write({"reminded_date": today})
            self._plan(self.user_id, summary)
        elif not self.escalated_date and self.date_due + PATIENCE <= today:
            self._as_internal().write({"escalated_date": today})
            self._plan(self.company_id._rd_get_supervisors()[:1], summary)

    def _plan(self, user, summary):
        if user:
            self.activity_schedule(
                TODO, date_deadline=self.date_due, summary=summary, user_id=user.id
            )

    @api.model
    def _find(self, company, kind, first, last):
        """Return the rows of a kind of report for exactly this period, those not
        handed in yet first."""
        self._ensure(company)
        found = self.search(
            [
                *(("company_id", "=", company.id), ("kind", "=", kind)),
                *(("date_from", "=", first), ("date_to", "=", last)),
            ]
        )
        return found.sorted(lambda due: (due.state != "due", due.date_due, due.id))
