# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib
import json
import logging
from collections import defaultdict

import psycopg2
from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import dues

_logger = logging.getLogger(__name__)

TODO = "mail.mail_activity_data_todo"
CALL = "mail.mail_activity_data_call"


class RdChaseRunLine(models.Model):
    """One customer in a run: what it is asked, or why it is held back."""

    _name = "rd.chase.run.line"
    _description = "Customer in a Chasing Run"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.guarded.mixin"]
    _order = "run_id desc, state, amount_overdue desc, id"
    _rec_name = "partner_id"

    run_id = fields.Many2one(
        "rd.chase.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    run_state = fields.Selection(related="run_id.state", string="State of the run")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    level_id = fields.Many2one("rd.chase.level", required=True, ondelete="restrict")
    way = fields.Selection(related="level_id.way")
    item_ids = fields.Many2many(
        "account.move.line", "rd_chase_run_item_rel", "line_id", "item_id"
    )
    item_names = fields.Char(string="Items", compute="_compute_item_names")
    amount = fields.Monetary(string="Asked for")
    amount_overdue = fields.Monetary(string="Overdue")
    days_overdue = fields.Integer(string="Oldest (days)", aggregator="max")
    state = fields.Selection(
        [
            ("ready", "To be asked"),
            ("held", "Held back"),
            ("skipped", "Left out"),
            ("done", "Asked"),
            ("failed", "Could not be asked"),
        ],
        required=True,
        default="ready",
        index=True,
    )
    reason_codes = fields.Char()
    reason = fields.Text(string="Why", compute="_compute_reason")
    kept_reason = fields.Text(readonly=True)
    is_handed = fields.Boolean(string="Handed to its owner")
    told = fields.Json(help="Which reasons stand in the reminder of which user.")
    sending_ids = fields.One2many("rd.chase.sending", "line_id", string="Sent")

    _partner_once = models.UniqueIndex(
        "(run_id, partner_id)", "This customer already stands in the run."
    )

    @api.depends("item_ids")
    def _compute_item_names(self):
        for line in self:
            moves = line.sudo().item_ids.move_id
            line.item_names = ", ".join(name for name in moves.mapped("name") if name)

    @api.depends("reason_codes", "state", "kept_reason")
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            if line.kept_reason or line.state != "held":
                line.reason = line.kept_reason
            else:
                line.reason = "\n".join(text for text, _who in line._get_reasons())

    def _get_reasons(self):
        """Return ``[(sentence, owner)]`` of what holds the message back."""
        self.ensure_one()
        guard = self.env["rd.chase.guard"].sudo()
        return [
            guard._describe(
                reason, self.company_id, self.sudo().partner_id, self.sudo().item_ids
            )
            for reason in self._get_codes()
        ]

    def _get_codes(self):
        return [code for code in (self.reason_codes or "").split(",") if code]

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            name
            for name in self._get_stored_names()
            if not name.startswith(("message_", "activity_", "my_activity"))
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        if not self._is_internal():
            raise UserError(
                self.env._("A customer is left out of the run, not deleted.")
            )

    def copy_data(self, default=None):
        """Refuse: a customer stands in a run once."""
        raise UserError(self.env._("A customer stands in a run once."))

    def _check_desk(self):
        self.check_access("write")
        self.env["rd.promise"]._check_desk()

    def _check_draft(self):
        self._check_desk()
        for line in self.filtered(lambda one: one.run_id.state != "draft"):
            raise UserError(
                self.env._(
                    "%(partner)s: the run has left the desk.",
                    partner=line.partner_id.name,
                )
            )

    def action_skip(self):
        """Leave customers out of this run; one that could not be asked, too."""
        failed = self.filtered(lambda line: line.state == "failed")
        failed._check_desk()
        (self - failed)._check_draft()
        todo = self.filtered(lambda line: line.state in ("ready", "failed"))
        todo._as_internal().write({"state": "skipped"})
        failed._end_reminders()
        return True

    def action_try_again(self):
        """Ask customers once more who could not be asked.

        :raise UserError: when a newer run asks them
        """
        self._check_desk()
        for line in self.filtered(lambda one: one.state == "failed"):
            refusal = line.run_id._why_closed()
            if refusal:
                raise UserError(refusal)
            line._end_reminders()
            line._as_internal().write({"state": "ready", "kept_reason": False})
            line._work_off()
        return True

    def action_take_in(self):
        """Ask customers after all that were left out."""
        self._check_draft()
        todo = self.filtered(lambda line: line.state == "skipped")
        todo._as_internal().write({"state": "ready"})
        for line in todo.filtered("reason_codes"):
            line._as_internal().write({"state": "held"})
        return True

    def _end_reminders(self):
        """Let the reminders of what could not be asked end, whoever's they are."""
        self.sudo().activity_ids.action_feedback()

    # ------------------------------------------------------------------
    # Working off
    # ------------------------------------------------------------------
    def _work_off_each(self):
        """Work off these customers now; who cannot be asked is noted with its reason.

        :raise UserError: where not one of those to be asked can be: what is missing
            is not the customer's then, and the run stays dry
        """
        ready = self.filtered(lambda line: line.state == "ready")
        errors = {line: line._work_off_alone() for line in self}
        told = [errors[line] for line in ready if isinstance(errors[line], UserError)]
        if ready and len(told) == len(ready):
            raise told[0]

    def _work_off(self):
        """Ask the customer, or hand the reason to its owner; a repeat does nothing.

        The facts are read once more: who has paid or promised since the dry run gets
        no message.
        """
        self.ensure_one()
        line = self.sudo()
        line._claim()
        # In a run that is over only one that is tried again waits.
        if (
            line.run_id.state not in ("sending", "sent")
            or line not in line.run_id._get_waiting_lines()
        ):
            return
        company = line.company_id
        # A scheduled action speaks no language: owners read the company's.
        lang = self.env.context.get("lang") or company.partner_id.lang
        line = line.with_company(company).with_context(lang=lang)
        line._look_again()
        if line.state == "held":
            line._hand_over()
        elif line.state == "ready":
            line._ask()
        line.run_id._finish()

    def _work_off_alone(self):
        """Work the customer off; where that fails, undo what it did and note it.

        :return: what it failed by, or None
        """
        try:
            with self.env.cr.savepoint():
                self._work_off()
        except psycopg2.errors.OperationalError:
            # A conflict with somebody else: the whole request is tried again.
            raise
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.exception("%s could not be asked", self)
            self._note_failure(error)
            return error
        return None

    def _claim(self):
        """Write the row, so that two that work it off meet here (see statements)."""
        self.env.execute_query(
            SQL(
                "UPDATE rd_chase_run_line SET run_id = run_id WHERE id = %s "
                "RETURNING id",
                self.id,
            )
        )
        self.invalidate_recordset(["state", "is_handed"])

    def _note_failure(self, error):
        """Note that the customer could not be asked and tell who sent the run.

        The run goes on without it, so that the next one can be prepared.
        """
        self.ensure_one()
        line = self.sudo()
        lang = line.run_id.user_id.lang or line.company_id.partner_id.lang
        line = line.with_company(line.company_id).with_context(lang=lang)
        line._as_internal().write(
            {
                "state": "failed",
                "kept_reason": self.with_context(lang=lang)._get_failure(error),
            }
        )
        line.activity_schedule(
            TODO,
            date_deadline=line.company_id._rd_today(),
            user_id=line.run_id.user_id.id,
            summary=line.kept_reason,
        )
        line.run_id._finish()

    def _get_failure(self, error):
        if isinstance(error, UserError):
            return self.env._(
                "%(partner)s could not be asked: %(why)s Try again, or leave it out.",
                partner=self.partner_id.name,
                why=_end_sentence(str(error)),
            )
        return self.env._(
            "%(partner)s could not be asked, by a fault that stands in the log of the "
            "server. Try again, or leave it out.",
            partner=self.partner_id.name,
        )

    def _look_again(self):
        """Bring items, amount and the guard's answer up to date."""
        guard = self.env["rd.chase.guard"]
        accounts = guard._read_accounts(self.company_id, self.partner_id)
        account, _items = accounts.get(self.partner_id, (None, None))
        debts = [
            debt
            for debt in (account.debts if account else ())
            if debt.ref in self.item_ids.ids
        ]
        if not debts:
            # Paid meanwhile, all of it.
            self._as_internal().write({"state": "skipped"})
            return
        refs = {debt.ref for debt in debts}
        today = self.company_id._rd_today()
        reasons = dues.holds(account, refs, today, self.way)
        self._as_internal().write(
            {
                "item_ids": [Command.set(sorted(refs))],
                "amount": float(sum(debt.residual for debt in debts)),
                "amount_overdue": float(
                    sum(debt.residual for debt in debts if debt.days > 0)
                ),
                "state": "held" if reasons else "ready",
                "reason_codes": ",".join(reasons) or False,
            }
        )

    def _hand_over(self):
        """Tell those who can clear what holds the message back.

        Each owner gets one reminder with all that is his; what he was told in an
        earlier run and has not done yet is not told again.
        """
        reasons = self._get_reasons()
        self._as_internal().write(
            {
                "kept_reason": "\n".join(text for text, _who in reasons),
                "is_handed": True,
            }
        )
        told = {}
        for owner, found in self._get_reasons_by_owner(reasons).items():
            known = self._get_told(owner)
            fresh = {code: text for code, text in found.items() if code not in known}
            if fresh:
                told[str(owner.id)] = list(fresh)
                self._remind(owner, list(fresh.values()))
        self._as_internal().write({"told": told})

    def _get_reasons_by_owner(self, reasons):
        """Return ``{owner: {code: sentence}}``, without what clears itself: a promise
        whose day will come."""
        found = defaultdict(dict)
        for code, (text, who) in zip(self._get_codes(), reasons, strict=True):
            if code != dues.chasing.PROMISE:
                owner = who[:1] or self.partner_id.user_id or self.run_id.user_id
                found[owner][code] = text
        return found

    def _remind(self, owner, texts):
        first, *others = texts
        summary = first
        if others:
            summary = self.env._(
                "%(first)s And %(count)s more.", first=first, count=len(others)
            )
        self.activity_schedule(
            TODO,
            date_deadline=self.company_id._rd_today(),
            user_id=owner.id,
            summary=summary,
            note=Markup("<br/>").join(texts) if others else False,
        )

    def _get_told(self, owner):
        """Return the reasons that stand in a reminder this owner has not ended."""
        lines = self._find_lines_of_partner()
        reminders = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", lines.ids),
                ("user_id", "=", owner.id),
                ("automated", "=", True),
            ]
        )
        told = set()
        for line in lines.browse(reminders.mapped("res_id")):
            told.update((line.told or {}).get(str(owner.id), ()))
        return told

    def _find_lines_of_partner(self):
        return self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "held"),
            ]
        )

    def _ask(self):
        """Write the row of what is asked, then do it in the same transaction."""
        sending = (
            self.env["rd.chase.sending"]._as_internal().create(self._prepare_sending())
        )
        # The unique index speaks before anything is rendered.
        self.env.flush_all()
        getattr(self, f"_ask_by_{self.way}")(sending)
        self._as_internal().write({"state": "done"})

    def _prepare_sending(self):
        data = self._prepare_letter()
        text = json.dumps(data["values"], default=str, ensure_ascii=False)
        return {
            "run_id": self.run_id.id,
            "line_id": self.id,
            "partner_id": self.partner_id.id,
            "level_id": self.level_id.id,
            "way": self.way,
            "email": ", ".join(self._get_contacts().mapped("email_normalized")),
            "lang": self._get_lang(),
            "amount": self.amount,
            "item_ids": [Command.set(self.item_ids.ids)],
            "content_hash": hashlib.sha256(text.encode()).hexdigest(),
            "day": self.company_id._rd_today(),
            "user_id": (self.run_id.sent_by_id or self.env.user).id,
        }

    def _get_contacts(self):
        return self.partner_id._rd_get_statement_contacts().filtered("email_normalized")

    def _get_lang(self):
        """Return the customer's language, or the company's where it is not there."""
        installed = dict(self.env["res.lang"].get_installed())
        own = self.partner_id.lang
        return own if own in installed else self.company_id.partner_id.lang

    def _ask_by_email(self, sending):
        lang = sending.lang
        template = self.env.ref("rd_receivables.mail_template_chase").sudo()
        mail_id = template.with_context(lang=lang).send_mail(
            self.id,
            email_values={
                "email_to": ",".join(self._get_contacts().mapped("email_formatted")),
                "recipient_ids": [],
                "auto_delete": False,
                "attachment_ids": self._make_papers(sending).ids,
            },
        )
        sending._as_internal().write({"mail_id": mail_id})

    def _ask_by_letter(self, sending):
        self._make_papers(sending)
        self._tell_owner(
            TODO,
            self.env._("Print and post the letter to %s", self.partner_id.name),
        )

    def _ask_by_phone(self, _sending):
        self._tell_owner(
            CALL,
            self.env._(
                "Call %(partner)s: %(amount)s overdue",
                partner=self.partner_id.name,
                amount=self.currency_id.format(self.amount_overdue),
            ),
        )

    def _ask_by_activity(self, _sending):
        self._tell_owner(
            TODO,
            self.env._(
                "%(level)s: %(partner)s, %(amount)s overdue",
                level=self.level_id.name,
                partner=self.partner_id.name,
                amount=self.currency_id.format(self.amount_overdue),
            ),
        )

    def _tell_owner(self, kind, summary):
        owner = self.partner_id.user_id or self.run_id.user_id
        self.activity_schedule(
            kind,
            date_deadline=self.company_id._rd_today(),
            user_id=owner.id,
            summary=summary,
        )

    def _make_papers(self, sending):
        """Return letter and workbook as attachments that stay as they were sent."""
        line = self.with_context(lang=sending.lang)
        reports = self.env["ir.actions.report"].sudo().with_context(lang=sending.lang)
        name = line._get_report_base_filename()
        pdf, _kind = reports._render_qweb_pdf("rd_receivables.report_chase", self.ids)
        book, _kind = reports._render_xlsx("rd_receivables.chase_xlsx", self.ids, {})
        return self.env["ir.attachment"].create(
            [
                {
                    "name": f"{name}.{suffix}",
                    "datas": base64.b64encode(content),
                    "res_model": sending._name,
                    "res_id": sending.id,
                }
                for suffix, content in (("pdf", pdf), ("xlsx", book))
            ]
        )

    def action_open_sent(self):
        """Open the message with its papers, as it was sent."""
        self.ensure_one()
        self.check_access("read")
        return self.sending_ids[:1]._get_records_action()


def _end_sentence(text):
    """Return a text with its full stop, which one in Chinese has already."""
    text = text.strip()
    return text if text.endswith(tuple(".!?。！？")) else f"{text}."
