# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

TODO = "mail.mail_activity_data_todo"


class RdStatement(models.Model):
    """What follows when the other side says nothing.

    After some working days a supervisor is told. Silence agrees to nothing, except
    where a contract says so by a clause that is entered with the affiliate.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    silence_date = fields.Date(
        string="Silence escalated",
        readonly=True,
        copy=False,
        help="Day on which a supervisor was told that nothing has been answered.",
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"silence_date"}

    @api.model
    def _cron_silence(self):
        """Escalate and, by contract only, take silence as agreement; each statement
        is a transaction of its own."""
        silent = self.search(
            [
                ("company_id.rd_start_date", "!=", False),
                ("state", "=", "sent"),
                ("sent_date", "!=", False),
                ("confirmed_date", "=", False),
                ("partner_id.rd_settlement_mode", "=", "statement_confirm"),
            ]
        )
        due = silent.filtered(lambda statement: statement._get_silence_step())
        self.env["ir.cron"]._rd_run_each(
            due, lambda statement: statement._follow_silence()
        )

    def _follow_silence(self):
        """Do what silence asks for by now, in the language of the company."""
        company = self.company_id
        statement = self.with_company(company).with_context(
            lang=company.partner_id.lang or self.env.lang
        )
        step = statement._get_silence_step()
        if step == "deemed":
            statement._deem_agreed()
        elif step == "long":
            statement._escalate_silence()

    def _get_silence_step(self):
        """Return what is due: ``deemed`` by the contract, ``long`` silent, or None.

        Somebody may have answered since the statement was looked for.
        """
        self.ensure_one()
        if self.state != "sent" or self.confirmed_date or self._has_any_answer():
            return None
        if self._is_deemed():
            return "deemed"
        return "long" if self._is_long_silent() else None

    def _has_any_answer(self):
        """Tell whether they have answered a line of this revision or handed in their
        ledger since the statement was last taken back."""
        self.ensure_one()
        taken = self.revision_ids.filtered(lambda row: row.event == "taken_back")
        last = max(taken.mapped("date"), default=None)
        return any(
            answer.revision == self.revision for answer in self.answer_ids
        ) or any(not last or ledger.read_date > last for ledger in self.ledger_ids)

    def _fix_revision(self):
        """With each revision that goes out, the clocks of silence begin anew."""
        before = {statement: statement.revision for statement in self}
        res = super()._fix_revision()
        for statement, revision in before.items():
            if statement.revision != revision:
                statement._as_internal().write({"silence_date": False})
        return res

    def _days_silent_are_over(self, days):
        """Tell whether more than ``days`` working days have passed since sending."""
        self.ensure_one()
        sent = self.company_id._rd_local_date(self.sent_date)
        last = self.company_id._rd_days_later(sent, days)
        return self.company_id._rd_today() > last

    def _is_deemed(self):
        clause = self.partner_id.commercial_partner_id
        return bool(
            (clause.rd_deemed_clause or "").strip()
            and clause.rd_deemed_days > 0
            and self._days_silent_are_over(clause.rd_deemed_days)
        )

    def _deem_agreed(self):
        """Confirm by the clause, and say so where everybody can read it."""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        note = self.env._(
            "Nothing was answered within %(days)s working days: agreed by %(clause)s.",
            days=partner.rd_deemed_days,
            clause=partner.rd_deemed_clause,
        )
        source = self._prepare_answer_source("deemed", partner.name)
        try:
            with self.env.cr.savepoint():
                self._take_confirmation(source, note)
        except UserError as error:
            # What has changed since it was sent was not silently agreed to.
            note = str(error)
            self._escalate_silence()
            if note in map(html2plaintext, self.message_ids.mapped("body")):
                # Said on the first day; tomorrow it is still so.
                return
        self.message_post(body=note)

    def _is_long_silent(self):
        return not self.silence_date and self._days_silent_are_over(
            self.company_id.rd_silence_days
        )

    def _escalate_silence(self):
        """Tell a supervisor, once, that an affiliate does not answer."""
        self.ensure_one()
        supervisors = self.env["rd.difference"]._get_supervisors(self.company_id)
        supervisor = supervisors[:1]
        if self.silence_date or not supervisor:
            return
        today = self.company_id._rd_today()
        self._as_internal().write({"silence_date": today})
        self.activity_schedule(
            TODO,
            date_deadline=today,
            user_id=supervisor.id,
            summary=self.env._(
                "%(partner)s has not answered since %(day)s",
                partner=self.partner_id.name,
                day=self.company_id._rd_local_date(self.sent_date),
            ),
        )
