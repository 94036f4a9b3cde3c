# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

SENDABLE = ("draft", "sent", "disputed")
TEMPLATES = {
    "statement": "rd_reconciliation.mail_template_statement",
    "reminder": "rd_reconciliation.mail_template_statement_reminder",
    "ledger": "rd_reconciliation.mail_template_statement_ledger",
}


class RdStatement(models.Model):
    """Sending by e-mail, and reminding."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    sending_ids = fields.One2many(
        "rd.statement.sending", "statement_id", string="Sent", copy=False
    )
    called_revision = fields.Integer(
        readonly=True,
        copy=False,
        help="Revision for which the responsible was told to call the affiliate.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"sending_ids", "called_revision"}

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------
    def _prepare_sending(self):
        """Return who gets the statement: ``[(contact, language, why not)]``.

        ``why not`` is the sentence what is missing, or False.
        """
        self.ensure_one()
        installed = dict(self.env["res.lang"].get_installed())
        contacts = self.partner_id._rd_get_statement_contacts()
        return [
            (contact, self._get_mail_lang(installed), self._why_not_send(contact))
            for contact in contacts
        ]

    def _get_mail_lang(self, installed):
        """Return the affiliate's language, or the company's where it is not there."""
        lang = self.partner_id.lang
        return lang if lang in installed else self.company_id.partner_id.lang

    def _why_not_send(self, contact):
        """Return why nothing goes to this contact, or False."""
        self.ensure_one()
        if not contact.email_normalized:
            return self.env._(
                "%(contact)s has no valid e-mail address.", contact=contact.display_name
            )
        if early := self._why_too_early():
            return early
        if self.state not in SENDABLE:
            labels = dict(self._fields["state"]._description_selection(self.env))
            return self.env._(
                "%(statement)s is “%(state)s”.",
                statement=self.name,
                state=labels[self.state],
            )
        if not self._lines():
            return self.env._("%(statement)s has no lines.", statement=self.name)
        known = self.state != "draft" and self._was_sent(contact, "statement", 0)
        if known and not self._has_changed_since_sent():
            return self.env._(
                "Revision %(revision)s has already gone to %(contact)s.",
                revision=self.revision,
                contact=contact.display_name,
            )
        return False

    def _was_sent(self, contact, kind, turn):
        return bool(
            self.sending_ids.filtered(
                lambda one: (
                    one.contact_id == contact
                    and one.revision == self.revision
                    and one.kind == kind
                    and one.turn == turn
                )
            )
        )

    def action_send_mail(self):
        """Send the statements by e-mail to whom they concern; a repeat sends none.

        A draft becomes a revision by it, and so does what has changed since it was
        sent. What lacks something is refused.

        :raise UserError: names what is missing
        """
        self._check_desk()
        for statement in self:
            # A second click starts again here and finds that all has been sent.
            statement._claim()
            rows = statement._prepare_sending()
            ready = [contact for contact, _lang, why_not in rows if not why_not]
            if not ready and not any(
                statement._was_sent(contact, "statement", 0) for contact, *_rest in rows
            ):
                raise UserError(rows[0][2])
            if statement.state == "draft" or (
                ready and statement._has_changed_since_sent()
            ):
                statement.action_send()
            for contact in ready:
                statement._queue_mail(contact, "statement")
        return True

    def _queue_mail(self, contact, kind, turn=0):
        """Write the row, then queue its mail in the same transaction."""
        self.ensure_one()
        if self._was_sent(contact, kind, turn):
            return
        lang = self._get_mail_lang(dict(self.env["res.lang"].get_installed()))
        # The desk sends what it stated, whoever may write to whom.
        sending = (
            self.env["rd.statement.sending"]
            .sudo()
            ._as_internal()
            .create(
                {
                    "statement_id": self.id,
                    "revision": self.revision,
                    "content_hash": self.content_hash,
                    "contact_id": contact.id,
                    "email": contact.email_normalized,
                    "kind": kind,
                    "turn": turn,
                    "lang": lang,
                    "user_id": self.env.uid,
                }
            )
        )
        # The unique index speaks before anything is rendered.
        self.env.flush_all()
        template = self.env.ref(TEMPLATES[kind]).sudo().with_context(lang=lang)
        values = {
            "email_to": contact.email_formatted,
            "recipient_ids": [],
            "auto_delete": False,
            "attachment_ids": self.sudo()._make_mail_attachments(lang).ids,
        }
        if not template.reply_to:
            values["reply_to"] = self._get_answer_address()
        sending.write({"mail_id": template.send_mail(self.id, email_values=values)})

    def _get_answer_address(self):
        """Return the address whose mail lands on the statement; where the company
        receives none, that of its responsible.

        A template without one would leave it to the sender's own.
        """
        self.ensure_one()
        statement = self.sudo()
        person = statement.user_id or self.env.user
        found = statement._notify_get_reply_to(default=person.email_formatted)
        return found[self.id]

    def _make_mail_attachments(self, lang):
        """Return paper and workbook of the statement as attachments."""
        self.ensure_one()
        statement = self.with_context(lang=lang)
        reports = self.env["ir.actions.report"].with_context(lang=lang)
        name = statement._get_report_base_filename()
        pdf, _kind = reports._render_qweb_pdf(
            "rd_reconciliation.report_statement", self.ids
        )
        book, _kind = reports._render_xlsx(
            "rd_reconciliation.statement_xlsx", self.ids, {}
        )
        return self.env["ir.attachment"].create(
            [
                {
                    "name": f"{name}.{suffix}",
                    "datas": base64.b64encode(content),
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for suffix, content in (("pdf", pdf), ("xlsx", book))
            ]
        )

    # ------------------------------------------------------------------
    # Reminding
    # ------------------------------------------------------------------
    @api.model
    def _cron_remind(self):
        """Remind who has not answered; each statement is a transaction of its own."""
        waiting = self.search(
            [("state", "=", "sent"), ("company_id.rd_start_date", "!=", False)]
        )
        due = waiting.filtered(lambda statement: statement._get_due_turn())
        self.env["ir.cron"]._rd_run_each(
            due, lambda one: one.with_company(one.company_id)._remind()
        )

    def _get_due_turn(self):
        """Return which reminder is due by now (1, 2, …), 0 for none.

        The clock starts with the sending, not before the cut-off has passed.
        """
        self.ensure_one()
        company = self.company_id
        days, times = company.rd_remind_days, company.rd_remind_times
        if (
            days <= 0
            or not self.sent_date
            or self.confirmed_date
            or self._has_any_answer()
            or self.partner_id.rd_settlement_mode != "statement_confirm"
        ):
            return 0
        sent = company._rd_local_date(self.sent_date)
        worked = company._rd_get_working_days()
        past = [
            turn
            for turn in range(1, times + 2)
            if worked.later(max(sent, self.date_to), days * turn) < company._rd_today()
        ]
        turn = max(past, default=0)
        return turn if turn > self._get_last_turn() else 0

    def _get_last_turn(self):
        if self.called_revision == self.revision:
            return self.company_id.rd_remind_times + 1
        own = self.sending_ids.filtered(
            lambda one: one.revision == self.revision and one.kind != "statement"
        )
        return max(own.mapped("turn"), default=0)

    def _remind(self):
        """Send the reminder that is due, or tell the responsible to call."""
        self.ensure_one()
        turn = self._get_due_turn()
        if not turn:
            return
        contacts = self.partner_id._rd_get_statement_contacts().filtered(
            "email_normalized"
        )
        if turn > self.company_id.rd_remind_times or not contacts:
            self._tell_to_call()
            return
        kind = "ledger" if self._get_ledger_profile() else "reminder"
        for contact in contacts:
            self._queue_mail(contact, kind, turn)

    def _tell_to_call(self):
        self._as_internal().write({"called_revision": self.revision})
        self.activity_schedule(
            "mail.mail_activity_data_call",
            summary=self.env._(
                "%(partner)s has not answered %(statement)s",
                partner=self.partner_id.name,
                statement=self.name,
            ),
            user_id=self.user_id.id or self.env.uid,
        )
