# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# A confirmation that nobody answers lapses after this time.
HOURS = 72
# The red letter is asked for and not made.
OPEN = ("pending", "confirming", "lapsed")
# What is known of a confirmation.
NO_CONFIRMATION = dict.fromkeys(
    ("red_confirmation", "red_started", "red_deadline"), False
)


class RdFapiao(models.Model):
    """Taking a tax invoice back by a red-letter invoice.

    Once the customer has booked it, either side starts a confirmation and the
    other side confirms it within 72 hours, or it lapses. It may be opened once more,
    or the seller makes the red letter without it. What was asked for can be withdrawn.
    """

    _name = "rd.fapiao"
    _inherit = ["rd.fapiao"]

    red_state = fields.Selection(
        [
            ("pending", "To be red-lettered"),
            ("confirming", "Confirmation open"),
            ("lapsed", "Confirmation lapsed"),
            ("done", "Red-lettered"),
        ],
        string="Red letter",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
    )
    red_reason = fields.Char(readonly=True, copy=False)
    red_move_id = fields.Many2one(
        "account.move",
        string="Asked for by",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    red_confirmation = fields.Char(
        string="Confirmation number", readonly=True, copy=False
    )
    red_started = fields.Datetime(
        string="Confirmation opened", readonly=True, copy=False
    )
    red_deadline = fields.Datetime(
        string="Confirmation lapses", readonly=True, copy=False
    )
    red_number = fields.Char(string="Red-letter number", readonly=True, copy=False)
    red_date = fields.Date(string="Red-lettered on", readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "red_state",
            "red_reason",
            "red_move_id",
            "red_confirmation",
            "red_started",
            "red_deadline",
            "red_number",
            "red_date",
        }

    def _ask_red(self, reason, credit=None):
        """Ask for the red-letter invoice of tax invoices that stand.

        :param credit: the credit note that asks for it
        """
        for item in self.sudo().filtered(
            lambda one: one._stands() and not one._is_red_asked()
        ):
            item._as_internal().write(item._prepare_asked(reason, credit))
            item.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=(item.user_id or self.env.user).id,
                summary=self.env._(
                    "Red-letter %(number)s: %(reason)s",
                    number=item.number,
                    reason=reason,
                ),
            )

    @api.model
    def _prepare_asked(self, reason, credit=None):
        return {
            "red_state": "pending",
            "red_reason": reason,
            "red_move_id": credit.id if credit else False,
            **NO_CONFIRMATION,
        }

    def _is_red_asked(self):
        """Tell whether a red letter is asked for or its confirmation is open."""
        self.ensure_one()
        return self.red_state in ("pending", "confirming")

    def action_red(self, reason=None):
        """Ask for the red-letter invoice of these tax invoices.

        :raise UserError: without a reason, or when one was never issued
        """
        self._check_role("clerk", "finance")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the tax invoice is taken back."))
        for item in self:
            if not item._stands():
                sources = self._get_transitions()["red"]
                raise UserError(item._transition_refusal("red", sources))
            if not item._is_red_asked():
                item._as_internal().write(item._prepare_asked(reason))
        return True

    def action_red_withdraw(self, reason=None):
        """Note that these tax invoices are not red-lettered after all: the customer
        refused, or it was asked for by mistake. They count on as they did.

        :raise UserError: without a reason, where none is asked for, or when somebody
            else than finance withdraws what finance has opened in the tax system
        """
        self._check_role("clerk", "finance")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the red letter is withdrawn."))
        for item in self:
            item._check_red(*OPEN)
            if item.red_state != "pending":
                item._check_role("finance")
            item._withdraw_red(reason)
        return True

    def _withdraw_red(self, reason):
        """Ask for the red letter no longer, and keep why."""
        for item in self:
            item.message_post(
                body=self.env._(
                    "Red letter withdrawn: %(reason)s (it was asked for: %(asked)s)",
                    reason=reason,
                    asked=item.red_reason or "",
                )
            )
        self._as_internal().write(
            {
                "red_state": False,
                "red_reason": False,
                "red_move_id": False,
                **NO_CONFIRMATION,
            }
        )
        self._forget_fault()
        self.activity_unlink(["mail.mail_activity_data_todo"])

    @api.model
    def _search_asked_by(self, credits_):
        """Return what these credit notes ask the red letter of."""
        return self.search(
            [("red_move_id", "in", credits_.ids), ("red_state", "in", OPEN)]
        )

    def _drop_red(self):
        """Withdraw what a credit note asked for that is taken back; finance is told
        where the tax system still waits for the customer's answer."""
        for item in self:
            number, open_there = item.red_confirmation, item.red_state == "confirming"
            item._withdraw_red(
                self.env._("%(credit)s is taken back", credit=item.red_reason)
            )
            if open_there:
                item.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=self.env.uid,
                    summary=self.env._(
                        "Withdraw the confirmation %(number)s in the tax system, too.",
                        number=number or "",
                    ),
                )

    def action_red_confirm(self, number=None, moment=None):
        """Note that the confirmation was opened; it lapses after 72 hours.

        :param moment: when it was opened in the tax system (UTC), now if not said
        :raise UserError: when that is to come, or was before the tax invoice
        """
        self._check_role("finance")
        for item in self:
            item._check_red("pending", "lapsed")
            started = item._check_moment(moment)
            item._as_internal().write(
                {
                    "red_state": "confirming",
                    "red_confirmation": (number or "").strip() or False,
                    "red_started": started,
                    "red_deadline": started + timedelta(hours=HOURS),
                }
            )
        return True

    def _check_moment(self, moment):
        """Return the moment, now if none is given; refuse one that cannot be."""
        self.ensure_one()
        now = fields.Datetime.now()
        try:
            moment = fields.Datetime.to_datetime(moment) or now
        except ValueError:
            moment = None
        day = moment and self.company_id._rd_local_date(moment)
        first = self._get_day_taken_back()
        if not day or moment > now or (first and day < first):
            raise UserError(
                self.env._(
                    "%(record)s: say when the confirmation was opened, between "
                    "%(first)s and now.",
                    record=self.display_name,
                    first=first,
                )
            )
        return moment

    def action_red_done(self, number=None, day=None):
        """Note the red-letter invoice; the tax invoice no longer counts.

        An invoice that the customer has not booked needs no confirmation, and where
        one has lapsed the seller may have made the red letter without it.

        :param day: the date of the red-letter invoice, now if not said
        :raise UserError: without its number, on a day that cannot be, or when the
            confirmation had lapsed by then
        """
        self._check_role("finance")
        number = (number or "").strip()
        for item in self:
            item._check_red(*OPEN)
            item._check_confirmed(day)
            if not number:
                raise UserError(
                    self.env._(
                        "%(record)s: enter the number of the red-letter invoice.",
                        record=item.display_name,
                    )
                )
            item._move_to(
                "red",
                {
                    "red_state": "done",
                    "red_number": number,
                    "red_date": item._check_day(day, item.date),
                },
            )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _check_confirmed(self, day):
        """Refuse a red letter whose confirmation is not open, or was not that day."""
        self.ensure_one()
        if self._is_booked() and self.red_state == "pending":
            raise UserError(
                self.env._(
                    "%(record)s is booked by the customer; open the confirmation "
                    "first.",
                    record=self.display_name,
                )
            )
        if self._is_lapsed(day):
            raise UserError(
                self.env._(
                    "The confirmation for %(record)s has lapsed after 72 hours; "
                    "open a new one, or enter the earlier day of the red letter.",
                    record=self.display_name,
                )
            )

    def _is_booked(self):
        """Tell whether the customer has booked what is taken back."""
        self.ensure_one()
        return self.state == "booked"

    def _get_day_taken_back(self):
        """Return the day of what is taken back."""
        self.ensure_one()
        return self.date

    def _get_red_name(self):
        """Return by which number people know what is taken back."""
        self.ensure_one()
        return self.number or ""

    def _check_red(self, *states):
        """Refuse where the red letter is at another point."""
        self.ensure_one()
        if self.red_state not in states:
            labels = dict(self._fields["red_state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(record)s: the red letter is at “%(state)s”; this follows on: "
                    "%(states)s.",
                    record=self.display_name,
                    state=labels.get(self.red_state, self.env._("not asked for")),
                    states=", ".join(labels[state] for state in states),
                )
            )

    def _is_lapsed(self, day=None):
        """Tell whether an open confirmation had lapsed on that day, or has by now.

        The hour of a red letter is not known: on the last day it was in time.
        """
        if self.red_state != "confirming" or not self.red_deadline:
            return False
        if day := self._as_day(day):
            return day > self.company_id._rd_local_date(self.red_deadline)
        return self.red_deadline <= fields.Datetime.now()

    @api.model
    def _cron_lapse(self):
        """Let confirmations lapse that nobody answered within 72 hours.

        Each is a transaction of its own: a bad one stops no other.
        """
        late = self.search(
            [
                ("red_state", "=", "confirming"),
                ("red_deadline", "<=", fields.Datetime.now()),
            ]
        )
        self.env["ir.cron"]._rd_run_each(late, lambda item: item._lapse())

    def _lapse(self):
        """Let the confirmation lapse, unless it was answered meanwhile."""
        self.ensure_one()
        if self.red_state != "confirming":
            return
        self._as_internal().write({"red_state": "lapsed"})
        lang = self.company_id.partner_id.lang or self.env.lang
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=(self.user_id or self.env.user).id,
            summary=self.with_context(lang=lang).env._(
                "The red-letter confirmation for %(number)s has lapsed.",
                number=self._get_red_name(),
            ),
        )
