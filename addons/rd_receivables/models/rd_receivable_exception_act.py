# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .rd_receivable_exception import DECISIONS

TODO = "mail.mail_activity_data_todo"
SUPERVISOR = "rd_sales_admin.rd_sales_admin_group_supervisor"
# Who does what was decided; the owner himself where nobody is named.
DOERS = {"credit": "finance", "offset": "finance", "escalate": "supervisor"}


class RdReceivableException(models.Model):
    """What people do: decide, have it approved, and say what came of it."""

    _name = "rd.receivable.exception"
    _inherit = ["rd.receivable.exception"]

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------
    def action_accept(self):
        """Decide as it is suggested."""
        for record in self:
            record.action_decide(record.proposal)
        return True

    def action_decide(self, decision=None, note=None):
        """Decide what is done about it.

        To stop deliveries is asked of a supervisor; legal steps are decided by one.

        :param str decision: one of the suggested ways, or ``none`` to leave it
        :raise UserError: for an unknown decision, one that is not the user's to take,
            or to leave it without a reason
        """
        self.check_access("write")
        self._check_desk()
        if decision not in dict(DECISIONS):
            raise UserError(self.env._("Choose what is done about it."))
        note = (note or "").strip()
        for record in self:
            record._check_decision(decision, note)
            if decision == "stop":
                record._ask_to_stop(note)
            else:
                record._decide(decision, note)
        return True

    def _check_decision(self, decision, note):
        if self.state != "open":
            raise UserError(self._transition_refusal("decided", ("open",)))
        if decision == "none" and not note:
            raise UserError(
                self.env._("%(record)s: say why it is left.", record=self.display_name)
            )
        if decision == "legal" and not self.env.user.has_group(SUPERVISOR):
            raise UserError(
                self.env._(
                    "%(record)s: legal steps are decided by a supervisor; bring it to "
                    "him.",
                    record=self.display_name,
                )
            )

    @api.model
    def _check_desk(self):
        if self.env.su or self.env.user.has_group(
            "rd_sales_admin.rd_sales_admin_group_clerk"
        ):
            return
        raise UserError(self.env._("Only the sales administration desk does this."))

    def _prepare_decision(self, decision, note):
        return {
            "decision": decision,
            "decision_note": note or False,
            "decided_by_id": self.env.uid,
            "decided_date": fields.Datetime.now(),
        }

    def _decide(self, decision, note):
        self.ensure_one()
        self._move_to("decided", self._prepare_decision(decision, note))
        if decision == "none":
            self._finish(self.env._("Left as it is: %(note)s", note=note))
        else:
            self._schedule_doing()

    def _schedule_doing(self):
        """Give what was decided to whoever does it."""
        role = DOERS.get(self.decision)
        people = self.env["res.users"]
        if role:
            people = self.env["rd.receivable.rule"]._get_people(role, self.company_id)
        labels = dict(self._fields["decision"]._description_selection(self.env))
        self.activity_schedule(
            TODO,
            summary=self.env._(
                "%(decision)s: %(partner)s",
                decision=labels[self.decision],
                partner=self.partner_id.name,
            ),
            note=self._get_doing_note(),
            date_deadline=self.company_id._rd_days_later(
                self.company_id._rd_today(), self.rule_id.sudo().days
            ),
            user_id=(people[:1] or self.user_id or self.env.user).id,
        )

    def _get_doing_note(self):
        """Return what has to be known to do it."""
        if self.decision == "offset":
            owed = self.rule_id._get_owed_to(self.partner_id)
            return self.env._(
                "%(reason)s We owe them %(owed)s.",
                reason=self.reason,
                owed=self.company_id.currency_id.format(owed),
            )
        return self.reason

    # ------------------------------------------------------------------
    # Stopping deliveries
    # ------------------------------------------------------------------
    def _ask_to_stop(self, note):
        self._move_to("waiting", self._prepare_decision("stop", note))
        self._ask_approval(
            "delivery_stop",
            self.env._("Stop deliveries to %(partner)s", partner=self.partner_id.name),
            reason=note or self.reason,
            effects=self._get_stop_effects(),
            partner_id=self.partner_id.id,
            amount=self.amount,
            currency_id=self.currency_id.id,
        )

    def _get_stop_effects(self):
        count = len(
            self.env["rd.delivery.stop"]._get_open_pickings(
                self.company_id, self.partner_id
            )
        )
        return self.env._(
            "%(count)s open deliveries are held, and new ones too, until a supervisor "
            "approves the release.",
            count=count,
        )

    def action_take_back(self):
        """Take back the request to stop deliveries; it is to decide again."""
        self.check_access("write")
        self._check_desk()
        for record in self.filtered(lambda one: one.state == "waiting"):
            record._withdraw_approvals("delivery_stop")
            record._undecide()
        return True

    def _undecide(self):
        self._take_over_newer()
        self.sudo()._move_to(
            "open",
            {
                "decision": False,
                "decision_note": False,
                "decided_by_id": False,
                "decided_date": False,
            },
        )

    def _take_over_newer(self):
        """Take over what the rule found while this one waited for the answer.

        Two exceptions of a rule are not to decide for one customer: the newer one
        closes, and its facts are decided about here.
        """
        newer = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("code", "=", self.code),
                ("currency_id", "=", self.currency_id.id),
                ("state", "=", "open"),
            ]
        )
        if not newer:
            return
        items = newer.item_ids.filtered("live")
        values = [
            {"exception_id": self.id, **item._prepare_taken_over()} for item in items
        ]
        newer._forget(
            items,
            self.env._(
                "decided together with the one found on %s",
                format_date(self.env, self.raised_date),
            ),
        )
        # No two rows may stand for one fact, not for a moment.
        self.env.flush_all()
        items.sudo()._as_internal().create(values)
        self.sudo()._sum_up()

    def _approved(self, approval):
        res = super()._approved(approval)
        for record in self.filtered(lambda one: one.state == "waiting"):
            record.sudo()._move_to("decided")
            self.env["rd.delivery.stop"].sudo()._start(record, approval)
        return res

    def _refused(self, approval):
        res = super()._refused(approval)
        for record in self.filtered(lambda one: one.state == "waiting"):
            record._undecide()
            record.sudo().message_post(
                body=self.env._(
                    "Not approved: %(reason)s", reason=approval.answer_reason
                )
            )
        return res

    def _get_approval_involved(self, approval):
        """Whoever decided does not approve it."""
        return super()._get_approval_involved(approval) | self.decided_by_id

    # ------------------------------------------------------------------
    # The end
    # ------------------------------------------------------------------
    def action_finish(self, result=None):
        """Note what came of the decision.

        :raise UserError: without a result, or before it was decided
        """
        self.check_access("write")
        self._check_desk()
        result = (result or "").strip()
        if not result:
            raise UserError(self.env._("Say what came of it."))
        for record in self:
            record._finish(result)
        return True

    def _finish(self, result):
        self._move_to(
            "done",
            {
                "result": result,
                "done_by_id": self.env.uid,
                "done_date": self.company_id._rd_today(),
            },
        )
        self.sudo().item_ids.filtered("live")._as_internal().write({"live": False})

    def _after_transition(self, target):
        """End the reminders: whoever decides ends the owner's."""
        res = super()._after_transition(target)
        if target in ("decided", "done", "closed"):
            self.sudo().activity_ids.action_feedback()
        return res
