# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import random
import time
from typing import NamedTuple

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from .res_partner import BY_STATEMENT

_logger = logging.getLogger(__name__)

RETRIES = 5
READY = ("done", "left")


class Step(NamedTuple):
    """One thing to be done for each affiliate of a month."""

    code: str
    """Stable identifier, kept on ``rd.close.step``."""
    label: str
    """What a person reads."""
    sequence: int
    """Place in the month; steps run in this order for each affiliate."""
    method: str
    """Name of the method of ``rd.close``: takes the partner, returns Outcome."""


class Outcome(NamedTuple):
    """What came out of running a step once."""

    done: bool
    message: str = ""
    """One sentence: what was done, or what is waited for."""
    role: str = ""
    """Who is waited for: a role of the desk, ``affiliate``, or ``""``."""


class RdClose(models.Model):
    """The month of one company: its steps per affiliate, and whether it is closed.

    Every add-on appends its steps in ``_get_steps`` and its figures in
    ``_get_kpis`` through ``super()``. Each affiliate's steps run on their own: a
    bad one never stops the others, and a repeat changes nothing.
    """

    _name = "rd.close"
    _description = "Month-end Close"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "rd.workflow.mixin",
        "rd.approval.mixin",
    ]
    _order = "month desc, company_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    month = fields.Date(required=True, help="First day of the calendar month.")
    name = fields.Char(compute="_compute_name", store=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        copy=False,
        tracking=True,
    )
    step_ids = fields.One2many("rd.close.step", "close_id", copy=False)
    closed_date = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    step_count = fields.Integer(compute="_compute_progress")
    done_count = fields.Integer(compute="_compute_progress")
    waiting_count = fields.Integer(compute="_compute_progress")
    progress = fields.Float(
        compute="_compute_progress", help="Steps done or left open, in percent."
    )

    _month_once = models.UniqueIndex(
        "(company_id, month)", "This month of the company is already there."
    )
    _month_is_first = models.Constraint(
        "CHECK (extract(day FROM month) = 1)", "A month is named by its first day."
    )

    @api.depends("month")
    def _compute_name(self):
        for close in self:
            close.name = close.month.strftime("%Y-%m") if close.month else ""

    @api.depends("step_ids.state")
    def _compute_progress(self):
        counts = {close.id: {} for close in self}
        groups = self.env["rd.close.step"]._read_group(
            [("close_id", "in", self.ids)], ["close_id", "state"], ["__count"]
        )
        for close, state, count in groups:
            counts[close.id][state] = count
        for close in self:
            states = counts.get(close.id, {})
            total = sum(states.values())
            ready = states.get("done", 0) + states.get("left", 0)
            close.step_count = total
            close.done_count = ready
            close.waiting_count = states.get("waiting", 0) + states.get("failed", 0)
            close.progress = 100.0 * ready / total if total else 0.0

    # ------------------------------------------------------------------
    # What the add-ons append
    # ------------------------------------------------------------------
    @api.model
    def _get_steps(self):
        """Return the :class:`Step` list of a month, in any order."""
        return [
            Step("lists", self.env._("Shipping lists"), 10, "_run_step_lists"),
        ]

    def _get_company_steps(self):
        """Return those of the steps that this month's company wants."""
        self.ensure_one()
        return self._get_steps()

    def _get_kpis(self):
        """Return the month's figures as ``[(label, value, detail)]``."""
        self.ensure_one()
        return [
            (
                self.env._("Steps done"),
                f"{self.done_count}/{self.step_count}",
                self.env._("per affiliate and step, left open ones included"),
            )
        ]

    def _get_blockers(self):
        """Return the sentences why the month cannot be closed yet."""
        self.ensure_one()
        return [
            self.env._(
                "%(partner)s: %(step)s – %(message)s",
                partner=step.partner_id.name,
                step=step.label,
                message=step.message or self.env._("not run yet"),
            )
            for step in self.step_ids
            if step.state not in READY
        ]

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {"closed": ("open",)}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"closed_date", "closed_by_id"}

    @api.model
    def _get_frozen_states(self):
        return ("closed",)

    def write(self, vals):
        """Keep the month what it was once its steps are there."""
        if not self._is_internal() and {"company_id", "month"} & vals.keys():
            for close in self:
                if close.step_ids:
                    raise UserError(
                        self.env._(
                            "%(month)s is in work and stays the month of its "
                            "company; open another one instead.",
                            month=close.name,
                        )
                    )
        return super().write(vals)

    def _get_last_day(self):
        """Return the last day of the month."""
        return self._get_over_from() - relativedelta(days=1)

    def _get_over_from(self):
        """Return the first day on which the month is over."""
        self.ensure_one()
        return self.month + relativedelta(months=1)

    def _why_not(self, target):
        over = self._get_over_from()
        if target == "closed" and self.company_id._rd_today() < over:
            return self.env._(
                "%(month)s is not over yet; it can be closed from %(day)s.",
                month=self.name,
                day=format_date(self.env, over),
            )
        blockers = self._get_blockers() if target == "closed" else []
        if blockers:
            return self.env._(
                "%(month)s cannot be closed yet, %(count)s things are open:\n"
                "%(blockers)s",
                month=self.name,
                count=len(blockers),
                blockers="\n".join(blockers[:5]),
            )
        return super()._why_not(target)

    def _prepare_transition_values(self, target):
        return {"closed_date": fields.Datetime.now(), "closed_by_id": self.env.uid}

    def action_close(self):
        """Close the month for good.

        :raise UserError: before the month is over; names the first five blockers
        """
        self.check_access("write")
        self._check_desk()
        for close in self:
            left_by = close._get_left_steps().left_by_id
            if close.state == "open" and not self.env.su and self.env.user in left_by:
                close._ask_to_close()
            else:
                close._move_to("closed")
        return True

    def _get_left_steps(self):
        return self.step_ids.filtered(lambda step: step.state == "left")

    def _ask_to_close(self):
        """Let a second person close a month in which the asker left someone open.

        :raise UserError: names the first five blockers
        """
        self.ensure_one()
        if reason := self._why_not("closed"):
            raise UserError(reason)
        left = self._get_left_steps()
        names = {step.partner_id: step.left_reason for step in left}
        self._ask_approval(
            "close_left",
            self.env._(
                "Close %(month)s with %(count)s left open",
                month=self.name,
                count=len(names),
            ),
            reason="\n".join(
                f"{partner.name}: {reason or ''}" for partner, reason in names.items()
            ),
        )

    def _get_approval_involved(self, approval):
        """Whoever left an affiliate open does not close the month alone."""
        return self._get_left_steps().left_by_id

    def _approved(self, approval):
        res = super()._approved(approval)
        self._move_to("closed")
        return res

    def _check_desk(self):
        if self.env.su or self.env.user.has_group(
            "rd_sales_admin.rd_sales_admin_group_clerk"
        ):
            return
        raise UserError(self.env._("Only the sales administration desk does this."))

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------
    @api.model
    def _open_months(self, company):
        """Open every month from the company's start date to today, oldest first.

        Affiliates that joined since get their steps in the months still open.
        """
        self = company._rd_in_language(self.with_company(company))
        month = company.rd_start_date.replace(day=1)
        today = company._rd_today()
        known = self.search([("company_id", "=", company.id)])
        by_month = {close.month: close for close in known}
        closes = self.browse()
        while month <= today:
            close = by_month.get(month) or self.create(
                {"company_id": company.id, "month": month}
            )
            if close.state == "open":
                close._add_steps()
                closes |= close
            month += relativedelta(months=1)
        return closes

    def _get_partners(self):
        """Return the commercial partners settled by statement in this month."""
        self.ensure_one()
        partners = self.env["res.partner"].search(
            [
                ("rd_settlement_mode", "in", BY_STATEMENT),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            order="id",
        )
        return partners.filtered(
            lambda partner: partner.commercial_partner_id == partner
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Give every month its steps, whoever opens it."""
        closes = super().create(vals_list)
        closes._add_steps()
        return closes

    def _add_steps(self):
        """Add the steps that are missing for the affiliates of these months."""
        for close in self:
            known = {(step.partner_id.id, step.code) for step in close.step_ids}
            self.env["rd.close.step"]._as_internal().create(
                [
                    {
                        "close_id": close.id,
                        "partner_id": partner.id,
                        "code": step.code,
                        "sequence": step.sequence,
                    }
                    for partner in close._get_partners()
                    for step in close._get_company_steps()
                    if (partner.id, step.code) not in known
                ]
            )

    # ------------------------------------------------------------------
    # Running
    # ------------------------------------------------------------------
    def action_run(self):
        """Run what is due of these months for every affiliate, now.

        :raise UserError: when somebody else is running all of it at the moment
        """
        self.check_access("write")
        self._check_desk()
        opened = self.filtered(lambda record: record.state == "open")
        self._run_free(
            (close, partner)
            for close in opened.sorted(lambda record: (record.month, record.id))
            for partner in close._get_due_partners()
        )
        return True

    @api.model
    def _run_free(self, pairs):
        """Run ``(month, affiliate)`` pairs, but for what somebody else is running.

        A crowd that presses the same button would otherwise queue up, and all but
        one start over in vain.
        """
        ran = busy = 0
        for close, partner in pairs:
            if close._is_free(partner):
                close._run_partner(partner)
                ran += 1
            else:
                busy += 1
        if busy and not ran:
            raise UserError(
                self.env._(
                    "Somebody else is running this at the moment; look again in a "
                    "minute."
                )
            )

    def _is_free(self, partner):
        """Tell whether nobody holds the steps of an affiliate; hold them then."""
        self.ensure_one()
        self.env["rd.close.step"].flush_model()
        own = self.env["rd.close.step"].sudo()
        count = own.search_count(
            [("close_id", "=", self.id), ("partner_id", "=", partner.id)]
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM rd_close_step WHERE close_id = %s AND partner_id = %s "
                "FOR NO KEY UPDATE SKIP LOCKED",
                self.id,
                partner.id,
            )
        )
        return len(rows) == count

    def _get_due_partners(self):
        """Return affiliates whose cut-off is past and who still have open steps."""
        self.ensure_one()
        today = self.company_id._rd_today()
        partners = self.step_ids.filtered(
            lambda step: step.state not in READY
        ).partner_id
        return partners.filtered(
            lambda partner: partner._rd_cutoff(self.month) < today
        ).sorted("id")

    def _run_partner(self, partner):
        """Run the open steps of one affiliate in order, until one has to wait."""
        self.ensure_one()
        methods = {step.code: step.method for step in self._get_steps()}
        steps = self.step_ids.filtered(
            lambda step: step.partner_id == partner and step.state != "left"
        ).sorted(lambda step: (step.sequence, step.id))
        for step in steps:
            if step.state == "done" or step.code not in methods:
                continue
            if not step._run(methods[step.code]):
                break

    @api.model
    def _cron_run(self):
        """Open the months, collect what came and run what is due, one affiliate per
        transaction.

        Catches up after any downtime, oldest month first. An affiliate that
        fails keeps its sentence on its step and never stops the others.
        """
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        self.env["ir.cron"]._rd_run_each(companies, self._open_months)
        self._collect_due()
        if self.env["ir.cron"]._rd_get_progress().remaining:
            # Time was short for it; the run that follows goes on with it.
            return
        closes = self.search([("state", "=", "open")], order="month, company_id")
        work = [
            (close.id, partner.id)
            for close in closes
            for partner in close._get_due_partners()
        ]
        fresh, others = closes._split_by_last_run(work)
        # Who only waits for somebody and has been looked at today is looked at
        # again as time allows, but keeps the action from starting over and over.
        self.env["ir.cron"]._commit_progress(remaining=len(fresh))
        for number, (close_id, partner_id) in enumerate(fresh + others):
            self._run_in_transaction(close_id, partner_id)
            counted = 1 if number < len(fresh) else 0
            if not self.env["ir.cron"]._commit_progress(counted):
                break

    def _in_company_language(self):
        return self.company_id._rd_in_language(self)

    def _split_by_last_run(self, work):
        """Return the work not done today yet, and the rest; longest ago first."""
        last_runs = self._get_last_runs()
        todays = {
            close.id: close.company_id._rd_day_start(close.company_id._rd_today())
            for close in self
        }
        never = fields.Datetime.to_datetime("1970-01-01")
        ordered = sorted(work, key=lambda item: last_runs.get(item, never))
        fresh = [
            item for item in ordered if last_runs.get(item, never) < todays[item[0]]
        ]
        known = set(fresh)
        return fresh, [item for item in ordered if item not in known]

    def _get_last_runs(self):
        """Return ``{(close id, partner id): when it was last run}``."""
        groups = self.env["rd.close.step"]._read_group(
            [
                ("close_id", "in", self.ids),
                ("run_date", "!=", False),
                ("state", "not in", READY),
            ],
            ["close_id", "partner_id"],
            ["run_date:max"],
        )
        return {(close.id, partner.id): moment for close, partner, moment in groups}

    def _wake(self, partners=None):
        """Let the scheduled action look at affiliates (all, if none are given)
        again now: something that was waited for has come."""
        waiting = self.step_ids.filtered(
            lambda step: (
                step.state not in READY
                and (partners is None or step.partner_id in partners)
            )
        )
        waiting._as_internal().write({"run_date": False, "collected_date": False})
        self.env.ref("rd_sales_admin.ir_cron_close")._trigger()

    def _run_in_transaction(self, close_id, partner_id):
        """Run one affiliate; on a conflict with another transaction start again.

        Scheduled actions are not retried by the framework, so a conflict would
        otherwise lose the affiliate's day. One that cannot be had at all waits for
        the next run and stops nobody else.
        """
        for attempt in range(1, RETRIES + 1):
            try:
                close = self.browse(close_id)
                close = close.with_company(close.company_id)._in_company_language()
                close._run_partner(self.env["res.partner"].browse(partner_id))
                self.env.flush_all()
                return
            except psycopg2.errors.OperationalError as error:
                self.env.cr.rollback()
                self.env.invalidate_all()
                _logger.info("Close %s starts again: %s", close_id, error.pgcode)
                time.sleep(random.uniform(0.0, 0.1 * attempt))
        self._note_in_use(close_id, partner_id)

    def _note_in_use(self, close_id, partner_id):
        """Say on the affiliate's next step that somebody else was always first."""
        try:
            with self.env.cr.savepoint():
                self._record_in_use(close_id, partner_id)
        except psycopg2.errors.OperationalError:
            _logger.info("Close %s has no say on partner %s", close_id, partner_id)

    def _record_in_use(self, close_id, partner_id):
        step = self.step_ids.search(
            [
                ("close_id", "=", close_id),
                ("partner_id", "=", partner_id),
                ("state", "not in", READY),
            ],
            limit=1,
        )
        step._record(
            "failed",
            self.env._(
                "The affiliate's month was in use by somebody else all the time; it "
                "is tried again with the next run."
            ),
            "clerk",
        )

    # ------------------------------------------------------------------
    # The ground floor's own step
    # ------------------------------------------------------------------
    def _run_step_lists(self, partner):
        """Wait until no row of the affiliate's shipping lists is open any more."""
        until = partner._rd_cutoff(self.month)
        missing = self.env["rd.shipping.expected"]._get_missing(self.company_id, until)
        if missing:
            return Outcome(
                False,
                self.env._(
                    "The shipping list of %(list)s has not come (due %(due)s).",
                    list=missing[0].name,
                    due=missing[0].date_due,
                ),
                "warehouse",
            )
        rows = self.env["rd.shipping.list.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("verdict", "in", ("no_order", "missing", "new", "changed")),
                ("list_id.state", "!=", "cancelled"),
                ("date", "<=", until),
                "|",
                ("partner_id", "=", partner.id),
                "&",
                ("partner_id", "=", False),
                ("list_id.partner_id", "in", (False, partner.id)),
            ]
        )
        if rows:
            return Outcome(
                False,
                self.env._(
                    "%(count)s rows of shipping lists are open, first row %(row)s of "
                    "%(list)s: %(message)s",
                    count=len(rows),
                    row=rows[0].row,
                    list=rows[0].list_id.name,
                    message=rows[0].message or self.env._("deliveries not made yet"),
                ),
                "clerk",
            )
        return Outcome(True)

    def _touch(self, partner):
        """Write the month's row of an affiliate before anything is made for it.

        Two closers then meet on this row: the later one is refused by the
        database and starts again, seeing what the first has made.
        """
        self.env["rd.close.step"].flush_model()
        self.env.execute_query(
            SQL(
                "UPDATE rd_close_step SET attempts = attempts + 1 "
                "WHERE close_id = %s AND partner_id = %s RETURNING id",
                self.id,
                partner.id,
            )
        )
