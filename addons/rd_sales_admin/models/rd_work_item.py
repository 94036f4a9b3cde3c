# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.flags import flag_search
from .rd_deputy import SUPERVISOR

RESULTS = [("met", "Met"), ("partly", "Partly met"), ("missed", "Not met")]
# The share of its weight that a task done on time counts with.
SHARES = {"met": 1.0, "partly": 0.5, "missed": 0.0}
OPEN = ("proposed", "planned")
# What a supervisor has approved; he alone changes it afterwards.
PLAN = {"name", "user_id", "date_due", "weight", "source", "asked_by_id"}


class RdWorkItem(models.Model):
    """One task of a month's work plan: routine, or asked for in between.

    The clerk plans and does, the supervisor approves and says how it went; nobody
    does both for a task of his own. What is not done when its month is over goes
    into the next one, and stands in both.

    Achievement of a month = Σ weight of what was done on time (half of it where the
    result is “partly met”, none where it is “not met”) ÷ Σ weight of what was due.
    Only what a supervisor approved counts.
    """

    _name = "rd.work.item"
    _description = "Task of the Work Plan"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "date_due, id"
    _check_company_auto = True

    name = fields.Char(string="Task", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        compute="_compute_month",
        store=True,
        index=True,
        help="First day of the month in which the task is due.",
    )
    source = fields.Selection(
        [("routine", "Routine of the month"), ("adhoc", "Asked for in between")],
        required=True,
        default="adhoc",
        tracking=True,
    )
    template_id = fields.Many2one(
        "rd.work.template",
        string="Routine",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        default=lambda self: self._get_default_owner(),
        domain="[('share', '=', False)]",
        tracking=True,
    )
    asked_by_id = fields.Many2one(
        "res.users",
        string="Asked by",
        default=lambda self: self._get_default_asker(),
        domain="[('share', '=', False)]",
    )
    date_due = fields.Date(
        string="Due",
        required=True,
        tracking=True,
        default=lambda self: self.env.company._rd_days_later(
            self.env.company._rd_today(), 2
        ),
    )
    weight = fields.Float(required=True, default=1.0, tracking=True, aggregator="sum")
    note = fields.Text(string="More about it")
    evidence_hint = fields.Char(string="What shows it")
    evidence = fields.Text(help="Where one sees that it was done.")
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "rd_work_item_evidence_rel",
        "item_id",
        "attachment_id",
        string="Files",
        copy=False,
    )
    state = fields.Selection(
        [
            ("proposed", "To be approved"),
            ("planned", "Planned"),
            ("done", "Done"),
            ("checked", "Checked"),
            ("carried", "Carried over"),
            ("dropped", "Dropped"),
        ],
        required=True,
        default="proposed",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    done_date = fields.Date(string="Done on", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    result = fields.Selection(RESULTS, readonly=True, copy=False, tracking=True)
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    carried_from_id = fields.Many2one(
        "rd.work.item", readonly=True, copy=False, ondelete="restrict"
    )
    carried_count = fields.Integer(
        string="Times carried over", readonly=True, copy=False, aggregator=None
    )
    first_date_due = fields.Date(string="First due", readonly=True, copy=False)
    frozen = fields.Boolean(
        readonly=True, copy=False, help="The month is closed; the task stays as it was."
    )
    late = fields.Boolean(
        compute="_compute_late", search="_search_late", help="Due and not done."
    )
    points = fields.Float(
        string="Counts",
        compute="_compute_points",
        store=True,
        help="The weight if done on time; half of it if partly met, none if not met.",
    )
    achievement = fields.Float(
        string="Achievement (%)",
        compute="_compute_points",
        store=True,
        aggregator="avg",
        help="Σ weight done on time × result ÷ Σ weight due, in percent; empty while "
        "nothing is due.",
    )
    can_plan = fields.Boolean(compute="_compute_can_plan")

    _routine_once = models.UniqueIndex(
        "(template_id, month) WHERE template_id IS NOT NULL",
        "This routine is already in the month's plan.",
    )
    _carried_once = models.UniqueIndex(
        "(carried_from_id) WHERE carried_from_id IS NOT NULL",
        "This task has already been carried over.",
    )
    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "A task without weight does not count; give it one."
    )

    # ------------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------------
    @api.model
    def _get_default_owner(self):
        """Return who does what is entered now: the clerk, also for a supervisor."""
        user = self.env.user._rd_get_responsible()
        if not user._rd_has_own_group(SUPERVISOR):
            return user
        return self.env.company._rd_get_clerks()[:1] or user

    @api.model
    def _get_default_asker(self):
        user = self.env.user
        return user if user._rd_has_own_group(SUPERVISOR) else False

    @api.depends("date_due")
    def _compute_month(self):
        for item in self:
            item.month = item.date_due and item.date_due.replace(day=1)

    @api.depends("state", "date_due", "company_id")
    def _compute_late(self):
        for item in self:
            today = (item.company_id or self.env.company)._rd_today()
            item.late = bool(
                item.state in OPEN and item.date_due and item.date_due < today
            )

    @api.model
    @flag_search
    def _search_late(self):
        past = self.env["res.company"]._rd_compare_today("date_due", "<")
        return past & Domain("state", "in", OPEN)

    @api.depends("state", "done_date", "date_due", "weight", "result")
    def _compute_points(self):
        for item in self:
            on_time = item.done_date and item.done_date <= item.date_due
            share = SHARES[item.result or "met"] if on_time else 0.0
            item.points = item.weight * share
            item.achievement = 100.0 * share

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_can_plan(self):
        for item in self:
            item.can_plan = not item._why_not_judge()

    def _read_group_select(self, aggregate_spec, query):
        """Read the achievement of a group as its formula says, not as a mean."""
        if aggregate_spec != "achievement:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0 * SUM(%(points)s) FILTER (WHERE %(counted)s)"
            " / NULLIF(SUM(%(weight)s) FILTER (WHERE %(counted)s), 0)",
            points=self._field_to_sql(self._table, "points", query),
            weight=self._field_to_sql(self._table, "weight", query),
            counted=self._query_counted(query),
        )

    def _query_counted(self, query):
        """Return the condition under which a row counts: approved, and due or done."""
        names = ("approved_by_id", "state", "date_due", "done_date")
        columns = {name: self._field_to_sql(self._table, name, query) for name in names}
        return SQL(
            "%(approved_by_id)s IS NOT NULL AND %(state)s <> 'dropped'"
            " AND (%(date_due)s <= %(today)s OR %(done_date)s IS NOT NULL"
            " OR %(state)s = 'carried')",
            today=self.env["res.company"]._rd_query_today(
                self._field_to_sql(self._table, "company_id", query)
            ),
            **columns,
        )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "proposed": ("done",),
            "planned": ("proposed", "done"),
            "done": OPEN,
            "checked": ("done",),
            "carried": OPEN,
            "dropped": OPEN,
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("template_id", "approved_by_id", "done_date", "done_by_id", "result"),
            *("checked_by_id", "carried_from_id", "carried_count", "first_date_due"),
            *("frozen", "evidence_hint"),
        }

    @api.model
    def _get_frozen_states(self):
        return ("checked", "carried", "dropped")

    def _frozen_refusal(self):
        return self.env._(
            "%(task)s is settled and stays as it was; enter a new task instead.",
            task=self.display_name,
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Take a supervisor's task for somebody else as approved."""
        items = super().create(vals_list)
        items._check_months()
        items._claim_files()
        if not items._is_internal():
            own = self.env.user._rd_has_own_group(SUPERVISOR)
            given = items.filtered(lambda item: own and item.user_id != self.env.user)
            given._move_to("planned", {"approved_by_id": self.env.uid})
        return items

    def write(self, vals):
        """Keep what was approved to the supervisor, and closed months closed."""
        if self._is_internal():
            return super().write(vals)
        if set(vals) - self._get_open_fields():
            self._check_months()
        if changed := PLAN & vals.keys():
            self._check_plan(changed)
        res = super().write(vals)
        if "date_due" in vals:
            self._check_months()
        if "evidence_ids" in vals:
            self._claim_files()
        return res

    def _claim_files(self):
        """Let whoever reads the task read the files just given with it."""
        for item in self:
            self.env["ir.attachment"]._rd_give_to(item, "evidence_ids")

    def _check_plan(self, names):
        for item in self.filtered(lambda one: one.state not in ("proposed",)):
            label = self._fields[min(names)]._description_string(self.env)
            if item.state != "planned":
                raise UserError(
                    self.env._(
                        "%(task)s is done; “%(field)s” stays as it was planned.",
                        task=item.display_name,
                        field=label,
                    )
                )
            if item._why_not_judge():
                raise UserError(
                    self.env._(
                        "%(task)s is approved; only a supervisor other than its owner "
                        "changes “%(field)s”.",
                        task=item.display_name,
                        field=label,
                    )
                )

    def _check_months(self):
        """Refuse what would change the plan of a closed month.

        :raise UserError: names the month
        """
        closes = self.env["rd.close"].sudo()
        closed = closes.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("month", "in", list(set(self.mapped("month")))),
                ("state", "=", "closed"),
            ]
        )
        known = {(close.company_id, close.month) for close in closed}
        for item in self:
            if item.frozen or (item.company_id, item.month) in known:
                raise UserError(
                    self.env._(
                        "%(task)s: %(month)s is closed and its plan stays as it was; "
                        "choose a due date in an open month.",
                        task=item.display_name,
                        month=item.month.strftime("%Y-%m"),
                    )
                )

    def _why_not_judge(self):
        """Return why the present user may not approve or score this task, or False.

        Rights that are only lent do not count.
        """
        self.ensure_one()
        user = self.env.user
        if not user._rd_has_own_group(SUPERVISOR):
            return self.env._(
                "Only a supervisor approves and scores %s.", self.display_name
            )
        if user in (self.user_id, self.done_by_id):
            return self.env._(
                "Nobody approves or scores his own task; another supervisor looks at "
                "%s.",
                self.display_name,
            )
        return False

    def _move_to(self, target, values=None):
        """A closed month stays as it was."""
        if not self._is_internal():
            self.filtered(lambda item: item.state != target)._check_months()
        return super()._move_to(target, values)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def _check_judge(self):
        self.check_access("write")
        for item in self:
            if reason := item._why_not_judge():
                raise UserError(reason)

    def action_approve(self):
        """Approve these tasks as the plan of their month.

        :raise UserError: when no supervisor asks, or the owner himself
        """
        self._check_judge()
        values = {"approved_by_id": self.env.uid}
        done = self.filtered(lambda item: item.state == "done")
        done._check_months()
        done.filtered(lambda item: not item.approved_by_id)._as_internal().write(values)
        (self - done)._move_to("planned", values)
        return True

    def action_done(self):
        """Say that the tasks are done, today by the company's clock.

        :raise UserError: when neither the owner, his deputy nor a supervisor asks
        """
        self.check_access("write")
        for item in self:
            item._check_doer()
            item._move_to(
                "done",
                {
                    "done_date": item.company_id._rd_today(),
                    "done_by_id": self.env.uid,
                },
            )
        return True

    def _check_doer(self):
        user, owner = self.env.user, self.user_id
        if (
            self.env.su
            or user == owner
            or owner in user.rd_sits_in_for_ids
            or user._rd_has_own_group(SUPERVISOR)
        ):
            return
        raise UserError(
            self.env._(
                "%(task)s is a task of %(owner)s; he or his deputy says that it is "
                "done.",
                task=self.display_name,
                owner=owner.sudo().name,
            )
        )

    def action_check(self, result=None):
        """Say how the tasks went; they count by it from then on.

        :param str result: ``met``, ``partly`` or ``missed``
        :raise UserError: when no supervisor asks, or one of those who did it
        """
        self._check_judge()
        if result not in SHARES:
            raise UserError(self.env._("Say whether the task was met, partly or not."))
        for item in self:
            values = {"result": result, "checked_by_id": self.env.uid}
            if not item.approved_by_id:
                values["approved_by_id"] = self.env.uid
            item._move_to("checked", values)
        return True

    def action_met(self):
        """Check: the task was done as asked."""
        return self.action_check("met")

    def action_partly(self):
        """Check: the task was done in part, and counts half."""
        return self.action_check("partly")

    def action_missed(self):
        """Check: the task was not done as asked, and counts nothing."""
        return self.action_check("missed")

    def action_reopen(self):
        """Take back that a task is done, as long as nobody has checked it."""
        self.check_access("write")
        for item in self:
            item._move_to(
                "planned" if item.approved_by_id else "proposed",
                {"done_date": False, "done_by_id": False},
            )
        return True

    def action_drop(self):
        """Take the tasks out of the plan: they no longer count.

        :raise UserError: when no supervisor asks, or the owner himself
        """
        self._check_judge()
        self._move_to("dropped")
        return True
