# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# A confirmation that nobody answers lapses after this time.
HOURS = 72


class RdFapiao(models.Model):
    """Taking a tax invoice back by a red-letter invoice.

    Once the customer has booked it, either side starts a confirmation and the
    other side confirms it within 72 hours, or it lapses.
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
            "red_confirmation",
            "red_started",
            "red_deadline",
            "red_number",
            "red_date",
        }

    def _ask_red(self, reason):
        """Ask for the red-letter invoice of tax invoices that stand."""
        for item in self.sudo().filtered(
            lambda one: one._stands() and not one._is_red_asked()
        ):
            item._as_internal().write({"red_state": "pending", "red_reason": reason})
            item.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=(item.user_id or self.env.user).id,
                summary=self.env._(
                    "Red-letter %(number)s: %(reason)s",
                    number=item.number,
                    reason=reason,
                ),
            )

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
                item._as_internal().write(
                    {"red_state": "pending", "red_reason": reason}
                )
        return True

    def action_red_confirm(self, number=None):
        """Note that the confirmation was opened; it lapses after 72 hours."""
        self._check_role("finance")
        now = fields.Datetime.now()
        for item in self:
            item._check_red("pending", "lapsed")
            item._as_internal().write(
                {
                    "red_state": "confirming",
                    "red_confirmation": (number or "").strip() or False,
                    "red_started": now,
                    "red_deadline": now + timedelta(hours=HOURS),
                }
            )
        return True

    def action_red_done(self, number=None):
        """Note the red-letter invoice; the tax invoice no longer counts.

        An invoice that the customer has not booked needs no confirmation.

        :raise UserError: without its number, or when the confirmation has lapsed
        """
        self._check_role("finance")
        number = (number or "").strip()
        for item in self:
            item._check_red("pending", "confirming")
            if item.state == "booked" and item.red_state != "confirming":
                raise UserError(
                    self.env._(
                        "%(record)s is booked by the customer; open the confirmation "
                        "first.",
                        record=item.display_name,
                    )
                )
            if item._is_lapsed():
                raise UserError(
                    self.env._(
                        "The confirmation for %(record)s has lapsed after 72 hours; "
                        "open a new one.",
                        record=item.display_name,
                    )
                )
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
                    "red_date": item.company_id._rd_today(),
                },
            )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

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

    def _is_lapsed(self):
        return bool(self.red_deadline and self.red_deadline <= fields.Datetime.now())

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
                number=self.number,
            ),
        )
