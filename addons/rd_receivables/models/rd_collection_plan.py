# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import calendar
import hashlib
import json
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .. import dues

FROZEN = ("approved", "closed")


class RdCollectionPlan(models.Model):
    """What a company plans to collect in a calendar month.

    draft → submitted → approved → closed. With the approval the baseline (lines,
    dates, amounts) is frozen for ever; what changes later stands beside it.
    """

    _name = "rd.collection.plan"
    _description = "Collection Plan"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "rd.workflow.mixin",
        "rd.approval.mixin",
    ]
    _order = "month desc, company_id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="First day of the calendar month.",
    )
    name = fields.Char(compute="_compute_name", store=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("closed", "Closed"),
        ],
        default="draft",
        required=True,
        copy=False,
        index=True,
        tracking=True,
    )
    snapshot_date = fields.Date(
        string="Open items as of",
        readonly=True,
        copy=False,
        help="The plan was made from what was open at the end of this day.",
    )
    line_ids = fields.One2many("rd.collection.plan.line", "plan_id", copy=False)
    change_ids = fields.One2many(
        "rd.collection.plan.change", "plan_id", string="Changes since", copy=False
    )
    submitted_by_id = fields.Many2one(
        "res.users", string="Submitted by", readonly=True, copy=False
    )
    submitted_date = fields.Datetime(string="Submitted on", readonly=True, copy=False)
    edited_by_ids = fields.Many2many(
        "res.users",
        "rd_collection_plan_editor_rel",
        "plan_id",
        "user_id",
        string="Changed by",
        readonly=True,
        copy=False,
        help="Who has changed what is planned; they do not approve the plan.",
    )
    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, copy=False
    )
    approved_date = fields.Datetime(string="Approved on", readonly=True, copy=False)
    baseline_hash = fields.Char(readonly=True, copy=False)
    is_baseline_intact = fields.Boolean(
        string="Baseline as approved",
        compute="_compute_is_baseline_intact",
        help="Whether the baseline still has the fingerprint taken at the approval.",
    )
    planned_amount = fields.Monetary(
        string="Planned", compute="_compute_planned", store=True
    )
    line_count = fields.Integer(string="Items", compute="_compute_planned", store=True)
    note = fields.Text()

    _month_once = models.UniqueIndex(
        "(company_id, month)", "The collection plan of this month is already there."
    )
    _month_is_first = models.Constraint(
        "CHECK (extract(day FROM month) = 1)", "A month is named by its first day."
    )

    @api.model
    def _default_month(self):
        return self.env.company._rd_today().replace(day=1) + relativedelta(months=1)

    @api.depends("month")
    def _compute_name(self):
        for plan in self:
            plan.name = plan.month.strftime("%Y-%m") if plan.month else ""

    @api.depends("line_ids.planned_amount")
    def _compute_planned(self):
        groups = self.env["rd.collection.plan.line"]._read_group(
            [("plan_id", "in", self.ids)],
            ["plan_id"],
            ["planned_amount:sum", "__count"],
        )
        found = {plan.id: sums for plan, *sums in groups}
        for plan in self:
            plan.planned_amount, plan.line_count = found.get(plan.id, (0, 0))

    def _get_period(self):
        """Return the first and the last day of the month."""
        self.ensure_one()
        last = calendar.monthrange(self.month.year, self.month.month)[1]
        return self.month, self.month.replace(day=last)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "draft": ("submitted",),
            "submitted": ("draft",),
            "approved": ("submitted",),
            "closed": ("approved",),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "snapshot_date",
            "submitted_by_id",
            "submitted_date",
            "edited_by_ids",
            "approved_by_id",
            "approved_date",
            "baseline_hash",
            "planned_amount",
            "line_count",
            "change_ids",
        }

    @api.model
    def _get_frozen_states(self):
        return FROZEN

    def _check_frozen(self, names):
        """Say what is still possible, once the baseline is approved."""
        if not (set(names) - self._get_open_fields()):
            return
        for plan in self.filtered(lambda one: one.state in FROZEN):
            raise UserError(plan._frozen_sentence())

    def _frozen_sentence(self):
        return self.env._(
            "The collection plan of %(month)s is approved and its baseline stays as it "
            "is; note a change on the line instead.",
            month=self.name,
        )

    def write(self, vals):
        """Keep the month of a plan that has lines."""
        if not self._is_internal() and {"company_id", "month"} & vals.keys():
            for plan in self.filtered("line_ids"):
                raise UserError(
                    self.env._(
                        "The plan of %(month)s has lines and stays the plan of its "
                        "month; make another one instead.",
                        month=plan.name,
                    )
                )
        return super().write(vals)

    def copy_data(self, default=None):
        """Refuse: a month has one plan, and a baseline is not made by copying."""
        raise UserError(
            self.env._("A collection plan is proposed from the open items, not copied.")
        )

    def _check_desk(self):
        if self.env.su or self.env.user.has_group(
            "rd_sales_admin.rd_sales_admin_group_clerk"
        ):
            return
        raise UserError(self.env._("Only the sales administration desk does this."))

    # ------------------------------------------------------------------
    # Proposing
    # ------------------------------------------------------------------
    def action_propose(self):
        """Propose the lines from what is open now; typed plans of a line stay.

        :raise UserError: when the plan is not a draft any more
        """
        self.check_access("write")
        self._check_desk()
        for plan in self:
            if plan.state in FROZEN:
                raise UserError(plan._frozen_sentence())
            if plan.state != "draft":
                raise UserError(
                    self.env._(
                        "The plan of %(month)s is submitted; take it back before it is "
                        "proposed anew.",
                        month=plan.name,
                    )
                )
            plan._propose()
        return True

    def _propose(self, day=None):
        """Make one line per open item, as of the end of ``day``.

        :param date day: today, or the eve of the month once the month has begun
        """
        self.ensure_one()
        first = self._get_period()[0]
        today = self.company_id._rd_today()
        day = day or min(today, first - timedelta(days=1))
        self.env["account.move"]._rd_get_waiting(self.company_id)._rd_follow_anchor()
        values = self._prepare_lines(day)
        kept = {line.item_id: line for line in self.line_ids}
        for vals in values:
            line = kept.pop(vals["item_id"], None)
            if line:
                line._as_internal().write(line._keep_typed(vals))
        known = set(self.line_ids.mapped("item_id"))
        gone = self.env["rd.collection.plan.line"].browse(
            line.id for line in kept.values()
        )
        gone._as_internal().unlink()
        self.env["rd.collection.plan.line"]._as_internal().create(
            [vals for vals in values if vals["item_id"] not in known]
        )
        self._as_internal().write({"snapshot_date": day})

    def _prepare_lines(self, day):
        """Return the values of the lines: all that is open at the end of ``day``."""
        self.ensure_one()
        reader = self.env["rd.receivable.reader"]
        debts = reader._read_debts(self.company_id, day, since=day)
        items = self.env["account.move.line"].sudo().browse(debts)
        items.fetch(["move_id", "partner_id", "account_id", "name"])
        promises = self._get_promises(items)
        values = []
        for item in items:
            debt, partials = debts[item.id]
            opening = dues.residual(debt, partials, day)
            if opening > 0:
                vals = self._prepare_line(item, debt, opening, promises)
                vals["proposed_date"] = vals["planned_date"]
                vals["proposed_amount"] = vals["planned_amount"]
                values.append(vals)
        return values

    def _prepare_line(self, item, debt, opening, promises):
        move, partner = item.move_id, item.partner_id.commercial_partner_id
        promised = promises.get(item.id)
        kind = self._get_kind(item, debt, promised)
        planned = promised or (self._plan_day(debt.due), float(opening))
        is_planned = bool(planned[0])
        return {
            "plan_id": self.id,
            "item_id": item.id,
            "item_name": move.name or item.name or "",
            "partner_id": partner.id,
            "partner_name": partner.name or "",
            "partner_class": partner.rd_partner_class,
            "user_id": (move.invoice_user_id or partner.user_id).id,
            "document_date": move.invoice_date or item.date,
            "due_date": debt.due,
            "waits_for": move.rd_due_waits_for or (item.rd_waits_stage and "stage"),
            "kind": kind,
            "item_amount": float(debt.amount),
            "opening_amount": float(opening),
            "planned_date": planned[0],
            "planned_amount": planned[1] if is_planned else 0,
            "target": partner.rd_collection_target if partner else 100,
        }

    def _get_kind(self, item, debt, promised):
        """Return why the item stands on the plan."""
        first, last = self._get_period()
        if promised:
            return "promise"
        if not debt.due:
            return self._get_due_kind(item) if item.rd_waits_stage else "waits"
        if debt.due < first:
            return "overdue"
        if debt.due > last:
            return "later"
        return self._get_due_kind(item)

    def _get_due_kind(self, item):
        """Return ``due``, or ``stage`` or ``retention`` of a contract.

        A retention is one until it is released, and in the month it is due.
        """
        stage = item.rd_due_stage_id
        if not stage:
            return "due"
        return "retention" if stage.due_trigger == "warranty_end" else "stage"

    def _plan_day(self, due):
        """Return the day money is planned for: its due day, overdue in the middle."""
        first, last = self._get_period()
        if not due or due > last:
            return False
        return max(due, first) if due >= first else first + timedelta(days=14)

    def _get_promises(self, items):
        """Return ``{journal item id: (day, amount)}`` of promises to pay.

        :param items: journal items, in company currency
        """
        return {}

    @api.model
    def _cron_propose(self):
        """Propose the plan of the next month on the configured day, once.

        It does not wait for the old month to be closed, and catches up after a day
        on which nothing ran. A plan that somebody works on is left alone. Each company
        is a transaction of its own.
        """
        companies = self.env["res.company"].search(
            [("rd_start_date", "!=", False), ("rd_plan_day", ">", 0)]
        )
        self.env["ir.cron"]._rd_run_each(companies, self._propose_next)

    @api.model
    def _propose_next(self, company):
        """Propose the next month of one company, once its day has come; before that
        day the present month, where nothing ran when it was to be proposed."""
        today = company._rd_today()
        month = today.replace(day=1)
        if today >= self._get_plan_day(company, month):
            month += relativedelta(months=1)
        elif not self._is_missed(company, month):
            return
        if not self.search_count(
            [("company_id", "=", company.id), ("month", "=", month)], limit=1
        ):
            company._rd_in_language(self)._propose_for(company, month)

    @api.model
    def _get_plan_day(self, company, month):
        """Return the day of this month on which the next one is proposed."""
        last = calendar.monthrange(month.year, month.month)[1]
        return month.replace(day=min(company.rd_plan_day, last))

    @api.model
    def _is_missed(self, company, month):
        """Tell whether this month was to be proposed and nothing ran: there are plans
        of months before, or the last run was before its day."""
        day = self._get_plan_day(company, month - relativedelta(months=1))
        if company.rd_start_date > day:
            return False
        last = self.env.context.get("lastcall")
        if last and company._rd_local_date(last) < day:
            return True
        return bool(
            self.search_count(
                [("company_id", "=", company.id), ("month", "<", month)], limit=1
            )
        )

    @api.model
    def _propose_for(self, company, month):
        plan = self.with_company(company).create(
            {"company_id": company.id, "month": month}
        )
        plan._propose()
        # Whoever submits a plan does not approve it: a supervisor only without a clerk.
        users = company._rd_get_clerks() or company._rd_get_supervisors()
        plan.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._(
                "Collection plan of %(month)s: look through and submit",
                month=plan.name,
            ),
            user_id=(users[:1] or self.env.user).id,
        )
        return plan

    # ------------------------------------------------------------------
    # Submitting and approving
    # ------------------------------------------------------------------
    def action_submit(self):
        """Ask a second person to approve the plan.

        :raise UserError: for a plan without lines, or approved already
        """
        self.check_access("write")
        self._check_desk()
        for plan in self:
            if plan.state in FROZEN:
                raise UserError(plan._approved_sentence())
            if not plan.line_ids:
                raise UserError(
                    self.env._(
                        "The plan of %(month)s has no lines; propose them first.",
                        month=plan.name,
                    )
                )
            plan._move_to(
                "submitted",
                {
                    "submitted_by_id": self.env.uid,
                    "submitted_date": fields.Datetime.now(),
                },
            )
            plan.activity_unlink(["mail.mail_activity_data_todo"])
            plan._ask_approval(
                "collection_plan",
                self.env._("Collection plan of %(month)s", month=plan.name),
                amount=plan.planned_amount,
                currency_id=plan.currency_id.id,
            )
        return True

    def action_take_back(self):
        """Take a submitted plan back to draft."""
        self.check_access("write")
        self._check_desk()
        for plan in self:
            plan._move_to("draft")
            plan._withdraw_approvals("collection_plan")
        return True

    def action_approve(self):
        """Approve the submitted plan as a second person: its baseline is frozen.

        :raise UserError: when it is approved already, not submitted, or for whom
            had a hand in it
        """
        self.check_access("read")
        for plan in self:
            if plan.state in FROZEN:
                raise UserError(plan._approved_sentence())
            waiting = plan._get_waiting("collection_plan")
            if plan.state != "submitted" or not waiting:
                raise UserError(
                    self.env._(
                        "The plan of %(month)s has to be submitted before it is "
                        "approved.",
                        month=plan.name,
                    )
                )
            waiting.with_user(self.env.user).action_approve()
        return True

    def _approved_sentence(self):
        return self.env._(
            "The collection plan of %(month)s was approved by %(user)s on %(day)s; it "
            "is approved once.",
            month=self.name,
            user=self.approved_by_id.name,
            day=self.company_id._rd_local_date(self.approved_date),
        )

    def _approved(self, approval):
        res = super()._approved(approval)
        for plan in self:
            plan._move_to(
                "approved",
                {
                    "approved_by_id": self.env.uid,
                    "approved_date": fields.Datetime.now(),
                    "baseline_hash": plan._get_baseline_hash(),
                },
            )
        return res

    def _refused(self, approval):
        res = super()._refused(approval)
        for plan in self:
            plan._move_to("draft")
            plan.message_post(
                body=self.env._(
                    "Not approved: %(reason)s", reason=approval.answer_reason
                )
            )
        return res

    def _get_approval_involved(self, approval):
        """Whoever submitted the plan, or changed a line of it, does not approve it."""
        own = self.submitted_by_id | self.edited_by_ids
        return super()._get_approval_involved(approval) | own

    def _note_editor(self):
        """Remember that the user had a hand in these plans."""
        for plan in self.filtered(lambda one: self.env.user not in one.edited_by_ids):
            # Only the link of its own hand, whoever writes a line of the plan.
            plan.sudo()._as_internal().write(
                {"edited_by_ids": [Command.link(self.env.uid)]}
            )

    # ------------------------------------------------------------------
    # Baseline
    # ------------------------------------------------------------------
    def _get_baseline_hash(self):
        """Return the fingerprint of what was approved, from the database itself."""
        self.ensure_one()
        rows = [line._get_baseline_row() for line in self.line_ids.sorted("item_id")]
        head = [self.month, self.company_id.id, self.snapshot_date]
        text = json.dumps([head, rows], default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @api.depends("baseline_hash", "line_ids")
    def _compute_is_baseline_intact(self):
        for plan in self:
            plan.is_baseline_intact = (
                not plan.baseline_hash
                or plan.baseline_hash == plan._get_baseline_hash()
            )
