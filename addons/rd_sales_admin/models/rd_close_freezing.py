# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError


class Value(NamedTuple):
    """One figure of a month that is frozen with it and compared with the next."""

    code: str
    """Stable identifier, kept in the frozen content."""
    sequence: int
    label: str
    value: object
    """A number; None: nothing to count, which is not zero."""
    unit: str = ""
    """``%``, the code of a currency, or nothing for a plain number."""
    model: str = ""
    """Whose rows the figure is made of; nothing: it has none to open."""
    domain: tuple = ()
    """Which of its rows."""


class RdClose(models.Model):
    """Closing freezes the month under a hash; only a second person reopens it."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    freeze_ids = fields.One2many(
        "rd.close.freeze", "close_id", string="Frozen", copy=False
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"freeze_ids"}

    # ------------------------------------------------------------------
    # What is frozen
    # ------------------------------------------------------------------
    def _get_values(self):
        """Return the :class:`Value` list of the month as it is now.

        Each add-on appends its own through ``super()``.
        """
        self.ensure_one()
        own = self._get_affiliates()
        left = self._get_left_steps().partner_id & own
        ready = self.step_ids.filtered(lambda step: step.state == "done")
        share = 100.0 * len(ready) / len(self.step_ids) if self.step_ids else None
        return [
            Value(
                "affiliates",
                10,
                self.env._("Affiliates"),
                len(own),
                model="res.partner",
                domain=(("id", "in", own.ids),),
            ),
            Value(
                "done",
                20,
                self.env._("Steps done"),
                share,
                "%",
                "rd.close.step",
                (("close_id", "=", self.id),),
            ),
            Value(
                "left",
                30,
                self.env._("Affiliates left open"),
                len(left),
                model="res.partner",
                domain=(("id", "in", left.ids),),
            ),
        ]

    def _get_affiliates(self):
        """Return who has steps in this month, without the company itself."""
        return self.step_ids.partner_id - self.company_id.partner_id

    def _prepare_freeze_content(self):
        """Return what is fixed when the month closes, as plain data.

        Each add-on appends its own through ``super()``.
        """
        self.ensure_one()
        values = self._get_values()
        return {
            "month": self.name,
            "company": self.company_id.name,
            "steps": [
                [step.partner_id.id, step.partner_id.name, step.code, step.state]
                + [step.left_reason or ""]
                for step in self.step_ids.sorted("id")
            ],
            "values": {value.code: [value.value, value.unit] for value in values},
            # What is counted this month may be nothing to count in the next one.
            "labels": {value.code: [value.sequence, value.label] for value in values},
            "kpis": [list(kpi) for kpi in self._get_kpis()],
            "statistics": self._get_frozen_statistics(),
        }

    def _get_frozen_statistics(self):
        """Return what happened in the calendar month, by stage, class and currency."""
        groups = self.env["rd.sales.report"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.month),
                ("date", "<=", fields.Date.end_of(self.month, "month")),
            ],
            ["state", "settlement_class", "currency_id"],
            ["amount:sum", "__count"],
        )
        return [
            [stage, kind, currency.name, round(amount or 0.0, 2), count]
            for stage, kind, currency, amount, count in groups
        ]

    def _freeze(self):
        """Fix what these months are."""
        # Who closes the month need not read all that is fixed with it.
        freezes = self.env["rd.close.freeze"].sudo()._as_internal()
        for close in self.sudo()._in_company_language():
            text = json.dumps(
                close._prepare_freeze_content(),
                ensure_ascii=False,
                sort_keys=True,
                default=str,
            )
            freezes.create(
                {
                    "close_id": close.id,
                    "revision": len(close.freeze_ids) + 1,
                    "date": close.closed_date,
                    "user_id": self.env.uid,
                    "content": text,
                    "content_hash": freezes._get_hash(text),
                }
            )

    # ------------------------------------------------------------------
    # Reopening
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {**super()._get_transitions(), "open": ("closed",)}

    def _why_not(self, target):
        """Only the last month that is closed can be opened again."""
        if target == "open":
            later = self.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("month", ">", self.month),
                    ("state", "=", "closed"),
                ],
                order="month desc",
                limit=1,
            )
            if later:
                return self.env._(
                    "%(later)s is closed already and rests on %(month)s; reopen "
                    "%(later)s first.",
                    later=later.name,
                    month=self.name,
                )
        return super()._why_not(target)

    def _prepare_transition_values(self, target):
        if target == "open":
            return {"closed_date": False, "closed_by_id": False}
        return super()._prepare_transition_values(target)

    def _after_transition(self, target):
        """Freeze what is closed once everything else has followed it."""
        res = super()._after_transition(target)
        if target == "closed":
            self._freeze()
        return res

    def action_ask_reopen(self, reason=None):
        """Ask a supervisor, other than the asker, to open closed months again.

        :raise UserError: without a reason, and where the month stays closed
        """
        self.check_access("write")
        self._check_desk()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the month is to be reopened."))
        for close in self:
            if close.state != "closed":
                raise UserError(self.env._("%(month)s is open.", month=close.name))
            if why_not := close._why_not("open"):
                raise UserError(why_not)
            close._ask_approval(
                "reopen_month",
                self.env._("Reopen %(month)s", month=close.name),
                reason=reason,
                effects=close._get_reopen_effects(),
            )
        return True

    def _get_reopen_effects(self):
        """Return what reopening does and does not, for who decides on it."""
        left = self._get_left_steps().partner_id
        return self.env._(
            "What was frozen is kept beside what is closed next. Statements that are "
            "closed stay closed; %(count)s affiliates left open go on.",
            count=len(left),
        )

    def _approved(self, approval):
        """Reopening is no closing: what follows from it is another thing."""
        if approval.kind != "reopen_month":
            return super()._approved(approval)
        return self._reopen(approval)

    def _reopen(self, approval):
        self.ensure_one()
        # Nobody writes a frozen month; a second supervisor has just agreed.
        freezes = self.sudo().freeze_ids.filtered(lambda one: not one.reopened_date)
        self._move_to("open")
        freezes._as_internal().write(
            {
                "reopened_date": fields.Datetime.now(),
                "reopened_by_id": self.env.uid,
                "reopen_reason": approval.reason,
            }
        )
        # The next one may be made before this is written else.
        freezes.flush_recordset()
        left = self._get_left_steps()
        names = ", ".join(left.partner_id.mapped("name"))
        left._as_internal().write(
            {
                "state": "todo",
                "message": False,
                "role": False,
                "left_reason": False,
                "left_by_id": False,
            }
        )
        self.message_post(
            body=self.env._(
                "Reopened: %(reason)s (asked by %(who)s). Goes on: %(names)s",
                reason=approval.reason,
                who=approval.requested_by_id.sudo().name,
                names=names or "–",
            )
        )
        self._wake(left.partner_id)

    def _refused(self, approval):
        if approval.kind == "reopen_month":
            self.message_post(
                body=self.env._(
                    "Not reopened: %(reason)s", reason=approval.answer_reason
                )
            )
        return super()._refused(approval)
