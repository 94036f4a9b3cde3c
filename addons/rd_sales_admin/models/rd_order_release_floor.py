# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii
from datetime import date

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .rd_order_progress import DELAY_REASONS, PROGRESS_STAGES
from .rd_order_release import CLERK
from .rd_order_release_remind import OPEN_STATES

SHOWN = 200
MOST_BYTES = 10 * 1024 * 1024


class RdOrderRelease(models.Model):
    """The floor's page: what a department has in hand, and several answers at once."""

    _name = "rd.order.release"
    _inherit = ["rd.order.release"]

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    @api.model
    def _get_floor_domain(self):
        """Return the domain of what departments have in hand."""
        return Domain("state", "in", OPEN_STATES) & (
            Domain("order_stage", "=", False)
            | Domain("order_stage", "not in", ("shipped", "settled"))
        )

    @api.model
    def get_floor_page(self, release_ids=None):
        """Return what the page shows: the orders in hand, those without news first.

        :param list release_ids: only these, where the desk enters a call
        """
        domain = self._get_floor_domain()
        if release_ids:
            domain &= Domain("id", "in", release_ids)
        releases = self.search(domain, order="wanted_date, id", limit=SHOWN)
        selection = self._fields["stage"]._description_selection(self.env)
        progress = self.env["rd.order.progress"]
        reasons = progress._fields["reason"]._description_selection(self.env)
        return {
            "is_desk": self.env.user.has_group(CLERK),
            "today": self.env.company._rd_today().isoformat(),
            "stages": selection,
            "reasons": reasons,
            "orders": [one._prepare_floor_order() for one in releases._floor_sorted()],
        }

    def _floor_sorted(self):
        """Unanswered slips first, then the longest without news."""
        return self.sorted(
            lambda one: (
                one.state != "sent",
                one.last_news or one.released_date or one.create_date,
                one.wanted_date,
                one.id,
            )
        )

    def _prepare_floor_order(self):
        news = self.last_news and self.company_id._rd_local_date(self.last_news)
        return {
            "id": self.id,
            "name": self.name,
            "partner": self.partner_id.name or "",
            "department": self.department_id.name,
            "state": self.state,
            "stage": self.stage or False,
            "wanted": self.wanted_date and self.wanted_date.isoformat(),
            "promised": self.promised_date and self.promised_date.isoformat(),
            "news": news and news.isoformat(),
            "standing": self.attention,
            "why": self.attention_note or "",
            "note": self.note or "",
            "lines": [
                {
                    "id": line.id,
                    "part": line.part or "",
                    "name": line.name,
                    "quantity": line.quantity,
                    "unit": line.unit or "",
                }
                for line in self.line_ids
            ],
            "drawings": [
                {"id": item.id, "name": item.name} for item in self.drawing_ids
            ],
        }

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------
    @api.model
    def answer_floor(self, answers, said_by=None):
        """Take several answers at once, all or none, and return the page anew.

        :param list answers: dicts of ``id`` and what is told: ``stage``,
            ``promised_date``, ``reason`` (of delay), ``news``, ``photo`` (name and
            base64 data), or ``refuse`` with the reason in words
        :param str said_by: who told it on the phone, where the desk enters it
        :raise UserError: naming the order whose answer does not do
        """
        for answer in answers if isinstance(answers, list) else []:
            release = self.browse(self._get_answer_id(answer)).exists()
            if not release:
                raise UserError(
                    self.env._(
                        "An order of this page no longer exists; open the page again."
                    )
                )
            release._check_may_answer()
            release._check_said_by(said_by)
            release._take_answer(answer, said_by)
        return self.get_floor_page()

    @api.model
    def _get_answer_id(self, answer):
        given = answer.get("id") if isinstance(answer, dict) else None
        if type(given) is not int:
            raise UserError(self.env._("An answer names no order."))
        return given

    def _check_said_by(self, said_by):
        """The desk speaks for a department only by the name of who told it."""
        people = self.department_id.sudo()._get_people()
        if self.env.user not in people and not (said_by or "").strip():
            raise UserError(
                self.env._(
                    "Say who of %(department)s told it on the phone.",
                    department=self.department_id.sudo().name,
                )
            )

    def action_accept(self, promised_date, reason=None, said_by=None):
        """Accept slips with a date.

        :raise UserError: without a date, or with a late one and no reason
        """
        answer = {"promised_date": promised_date, "reason": reason}
        return self._answer_each(answer, said_by)

    def action_refuse(self, reason, said_by=None):
        """Refuse slips; they go back to the desk with the reason."""
        return self._answer_each({"refuse": reason}, said_by)

    def _answer_each(self, answer, said_by):
        self._check_may_answer()
        for release in self:
            release._check_said_by(said_by)
            release._take_answer(answer, said_by)
        return True

    def _take_answer(self, answer, said_by=None):
        """Check one answer and write it down, whoever's right it is to give it."""
        self.ensure_one()
        if self.state not in (*OPEN_STATES, "ready"):
            raise UserError(
                self.env._(
                    "%(slip)s is not in hand any more (%(state)s).",
                    slip=self.name,
                    state=dict(self._fields["state"]._description_selection(self.env))[
                        self.state
                    ],
                )
            )
        # The check of who may answer came first; the row itself is the desk's.
        release = self.sudo()
        if "refuse" in answer and answer["refuse"] is not False:
            return release._refuse(answer["refuse"], said_by)
        values = release._read_answer(answer)
        release._write_answer(values, said_by)
        return release._tell_desk(values)

    def _refuse(self, reason, said_by):
        text = reason.strip() if isinstance(reason, str) else ""
        if not text:
            raise UserError(self.env._("Say why %(slip)s is refused.", slip=self.name))
        now = fields.Datetime.now()
        answered = {"answered_date": now, "answered_by_id": self.env.uid}
        self._move_to("refused", {**answered, "refusal": text})
        self._add_progress({"news": text}, said_by)
        desk = self.released_by_id or self.order_id.user_id
        self._plan(desk, self.env._("%(slip)s is refused", slip=self.name))

    def _read_answer(self, answer):
        """Return the values of an answer, each of them checked.

        :raise UserError: one sentence that names the slip
        """
        stage, reason = answer.get("stage") or False, answer.get("reason") or False
        if stage not in (False, *dict(PROGRESS_STAGES)):
            raise UserError(self.env._("%s: this stage is not known.", self.name))
        if reason not in (False, *dict(DELAY_REASONS)):
            raise UserError(self.env._("%s: this reason is not known.", self.name))
        values = {
            "stage": stage or self.stage or False,
            "promised_date": self._read_date(answer.get("promised_date")),
            "reason": reason,
            "news": str(answer.get("news") or "").strip()[:500] or False,
            "photo": answer.get("photo"),
        }
        self._check_answer(values)
        return values

    def _read_date(self, value):
        if not value:
            return self.promised_date
        try:
            return fields.Date.to_date(value)
        except (TypeError, ValueError):
            raise UserError(
                self.env._("%(slip)s: “%(day)s” is no date.", slip=self.name, day=value)
            ) from None

    def _check_answer(self, values):
        promised, ready = values["promised_date"], values["stage"] == "ready"
        if ready:
            return
        if not promised:
            raise UserError(
                self.env._("%(slip)s: say when it will be ready.", slip=self.name)
            )
        moved = promised != self.promised_date
        if moved and promised < self.company_id._rd_today():
            raise UserError(
                self.env._("%(slip)s: the promised date is past.", slip=self.name)
            )
        limits = [day for day in (self.wanted_date, self.promised_date) if day]
        if moved and any(promised > day for day in limits) and not values["reason"]:
            raise UserError(
                self.env._(
                    "%(slip)s: say why it will be later than %(day)s.",
                    slip=self.name,
                    day=min(limits),
                )
            )

    def _write_answer(self, values, said_by):
        now = fields.Datetime.now()
        before = self.promised_date
        written = {
            "stage": values["stage"],
            "promised_date": values["promised_date"],
            "last_news": now,
        }
        if self.state == "sent":
            written |= {"answered_date": now, "answered_by_id": self.env.uid}
        target = "ready" if values["stage"] == "ready" else "accepted"
        # Back from ready it is in hand again, and stays so until it is ready anew.
        ready = target == "ready" and self.company_id._rd_today()
        written["ready_date"] = ready
        if self.state == target:
            self._as_internal().write(written)
        else:
            self._move_to(target, written)
        self._add_progress({**values, "previous_date": before}, said_by)

    def _add_progress(self, values, said_by):
        values = dict(values)
        photo = values.pop("photo", None)
        told = said_by if said_by and said_by != self.env.user.name else False
        record = (
            self.env["rd.order.progress"]
            ._as_internal()
            .create(
                {
                    **values,
                    "release_id": self.id,
                    "date": fields.Datetime.now(),
                    "user_id": self.env.uid,
                    "said_by": told,
                }
            )
        )
        if photo:
            record.write({"photo_ids": [Command.set(self._keep_photo(photo, record))]})
        return record

    def _keep_photo(self, photo, record):
        """Return the id of the attachment made of what a phone sent.

        :raise UserError: when it is no picture or too large
        """
        try:
            data = base64.b64decode(photo["data"], validate=True)
        except (KeyError, TypeError, ValueError, binascii.Error):
            data = b""
        attachment = self.env["ir.attachment"]
        kind = attachment._compute_mimetype({"raw": data}) if data else ""
        if not kind.startswith("image/") or kind.startswith("image/svg"):
            raise UserError(
                self.env._("%(slip)s: the photo is no picture.", slip=self.name)
            )
        if len(data) > MOST_BYTES:
            raise UserError(
                self.env._("%(slip)s: the photo is too large.", slip=self.name)
            )
        made = attachment.create(
            {
                "name": str(photo.get("name") or "photo.jpg")[:100],
                "raw": data,
                "mimetype": kind,
                "res_model": record._name,
                "res_id": record.id,
            }
        )
        return made.ids

    def _tell_desk(self, values):
        """Wake the desk where a promise slips behind what the customer wants."""
        late = self.wanted_date and values["promised_date"]
        if late and values["promised_date"] > self.wanted_date:
            desk = self.released_by_id or self.order_id.user_id
            summary = self.env._(
                "%(slip)s will be late: tell %(partner)s",
                slip=self.name,
                partner=self.partner_id.name,
            )
            if desk and summary not in self.activity_ids.mapped("summary"):
                self._plan(desk, summary)

    # ------------------------------------------------------------------
    # The daily mail
    # ------------------------------------------------------------------
    @api.model
    def _cron_daily_mail(self):
        """Write one mail to each person who has orders in hand, once a working day.

        Each is a transaction of its own: a bad one stops no other. Who works for two
        companies gets one mail with the orders of both.
        """
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        crons = self.env["ir.cron"]
        hands = crons._rd_find_each(companies, self._find_in_hand)
        mine, days = {}, {}
        for company, orders in hands.items():
            for user, some in orders.items():
                mine[user] = mine.get(user, self.browse()) | some
                days[user] = max(days.get(user, date.min), company._rd_today())
        due = self.env["res.users"].union(
            *(user for user in mine if user.rd_floor_mailed != days[user])
        )
        crons._rd_run_each(
            due, lambda user: self._mail_person(user, mine[user], days[user])
        )

    @api.model
    def _find_in_hand(self, company):
        """Return ``{user: orders}`` of the company's working day; nothing on others."""
        if not company._rd_is_working_day(company._rd_today()):
            return {}
        releases = self.search(
            self._get_floor_domain() & Domain("company_id", "=", company.id)
        )
        mine = {}
        for release in releases:
            for user in release.department_id._get_people():
                if user.active and user.email:
                    mine[user] = mine.get(user, self.browse()) | release
        return mine

    @api.model
    def _mail_person(self, user, orders, today):
        self.env["mail.mail"].create(self._prepare_daily_mail(user, orders))
        user.rd_floor_mailed = today

    @api.model
    def _prepare_daily_mail(self, user, orders):
        orders = orders.with_context(lang=user.lang or self.env.lang)
        env = orders.env
        unanswered = len(orders.filtered(lambda one: one.state == "sent"))
        return {
            "subject": env._("%(count)s orders in hand", count=len(orders)),
            "body_html": env["ir.qweb"]._render(
                "rd_sales_admin.floor_mail",
                {
                    "user": user,
                    "orders": orders._floor_sorted()[:20],
                    "count": len(orders),
                    "unanswered": unanswered,
                    "url": f"{self.get_base_url()}/odoo/floor",
                },
            ),
            "email_from": orders.company_id[:1].email_formatted or user.email_formatted,
            "recipient_ids": [Command.link(user.partner_id.id)],
            "auto_delete": True,
        }
