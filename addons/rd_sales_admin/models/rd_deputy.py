# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

CLERK = "rd_sales_admin.rd_sales_admin_group_clerk"
SALESPERSON = "rd_sales_admin.rd_sales_admin_group_salesperson"
SUPERVISOR = "rd_sales_admin.rd_sales_admin_group_supervisor"
OPEN_VERDICTS = ("no_order", "missing", "new", "changed")


class Queue(NamedTuple):
    """One kind of open work of the desk."""

    code: str
    """Stable identifier."""
    sequence: int
    """Place in the day: lower comes first."""
    label: str
    """What a person reads above the tasks."""
    advice: str
    """What to do with each of them, in one sentence."""
    model: str
    domain: list
    date_field: str = ""
    """Field of the model by which the work is due."""
    note_field: str = ""
    """Field of the model that says more than the general advice."""


class Span(NamedTuple):
    """When and where one handing-over gives rights: ``start`` ≤ now < ``end``."""

    deputy_id: int
    company_id: int
    start: object
    end: object


class RdDeputy(models.Model):
    """Who sits in for whom at the desk, from one day to another.

    While it is handed over and the company's calendar is between the two days, the
    deputy has the clerk's rights in this company. Nothing else has to run for that
    to begin or to end: see ``res.users._rd_get_deputy_spans``. No record changes its
    owner, so what is left is the clerk's own again on the day after.
    """

    _name = "rd.deputy"
    _description = "Deputy"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "date_from desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Clerk",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        tracking=True,
        help="Whose work is handed over.",
    )
    deputy_id = fields.Many2one("res.users", required=True, index=True, tracking=True)
    date_from = fields.Date(
        string="First day",
        required=True,
        default=lambda self: self.env.company._rd_today(),
        tracking=True,
    )
    date_to = fields.Date(
        string="Last day",
        required=True,
        default=lambda self: self.env.company._rd_today(),
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("given", "Handed over"),
            ("revoked", "Taken back"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    in_force = fields.Boolean(
        compute="_compute_in_force", help="Handed over, and today is one of the days."
    )
    can_give = fields.Boolean(compute="_compute_can_give")
    note = fields.Text(
        string="What to know", help="What the deputy should know beside the list."
    )
    revoked_date = fields.Datetime(string="Taken back on", readonly=True, copy=False)
    act_ids = fields.One2many(
        "rd.deputy.act", "handover_id", string="Done for the clerk"
    )
    act_count = fields.Integer(compute="_compute_act_count")

    _days_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The last day is not before the first one."
    )
    _someone_else = models.Constraint(
        "CHECK (user_id <> deputy_id)", "Nobody is his own deputy."
    )
    _in_force_idx = models.Index("(deputy_id, date_to) WHERE state = 'given'")

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("user_id.name", "deputy_id.name")
    def _compute_display_name(self):
        for item in self:
            item.display_name = self.env._(
                "%(deputy)s for %(clerk)s",
                deputy=item.deputy_id.name or "",
                clerk=item.user_id.name or "",
            )

    @api.depends("state", "date_from", "date_to", "company_id")
    def _compute_in_force(self):
        for item in self:
            today = item.company_id._rd_today() if item.company_id else None
            item.in_force = bool(
                today
                and item.state == "given"
                and item.date_from <= today <= item.date_to
            )

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_can_give(self):
        for item in self:
            item.can_give = not item._why_not_give()

    def _compute_act_count(self):
        groups = self.env["rd.deputy.act"]._read_group(
            [("handover_id", "in", self.ids)], ["handover_id"], ["__count"]
        )
        counts = {item.id: count for item, count in groups}
        for item in self:
            item.act_count = counts.get(item.id, 0)

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.constrains("deputy_id", "user_id", "company_id")
    def _check_people(self):
        for item in self:
            deputy, clerk = item.deputy_id, item.user_id
            if not clerk._rd_has_own_group(CLERK):
                problem = self.env._(
                    "%(user)s is no clerk of the desk.", user=clerk.name
                )
            elif not (
                deputy._rd_has_own_group(SALESPERSON) or deputy._rd_has_own_group(CLERK)
            ):
                problem = self.env._(
                    "%(user)s cannot be a deputy: only an internal salesperson or "
                    "another clerk can.",
                    user=deputy.name,
                )
            elif item.company_id.id not in deputy._get_company_ids():
                problem = self.env._(
                    "%(user)s does not work in %(company)s.",
                    user=deputy.name,
                    company=item.company_id.name,
                )
            else:
                continue
            raise ValidationError(problem)

    @api.constrains("user_id", "company_id", "date_from", "date_to", "state")
    def _check_only_one(self):
        """One deputy per clerk and day, so that each piece of work has one person."""
        for item in self.filtered(lambda record: record.state == "given"):
            other = self.search(
                [
                    ("id", "!=", item.id),
                    ("company_id", "=", item.company_id.id),
                    ("user_id", "=", item.user_id.id),
                    ("state", "=", "given"),
                    ("date_from", "<=", item.date_to),
                    ("date_to", ">=", item.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(clerk)s already has %(deputy)s as deputy from %(first)s to "
                        "%(last)s; take that back first.",
                        clerk=item.user_id.name,
                        first=other.date_from,
                        last=other.date_to,
                        deputy=other.deputy_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {"given": ("draft",), "revoked": ("draft", "given")}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"revoked_date", "act_ids"}

    @api.model
    def _get_frozen_states(self):
        return ("given", "revoked")

    def _check_frozen(self, names):
        """Say it in the words of this record: it is no closed month."""
        frozen = self.filtered(lambda item: item.state in self._get_frozen_states())
        if frozen and set(names) - self._get_open_fields():
            raise UserError(
                self.env._(
                    "%(record)s has been handed over and stays as it is; take it back "
                    "and hand over anew.",
                    record=frozen[0].display_name,
                )
            )

    def _why_not_give(self):
        """Return why the present user may not hand this over, or False.

        Rights that are only lent do not count: a deputy hands nothing on.
        """
        self.ensure_one()
        user = self.env.user
        if self.env.su or user._rd_has_own_group(SUPERVISOR):
            return False
        if user == self.user_id and user._rd_has_own_group(CLERK):
            return False
        return self.env._(
            "Only %(clerk)s or a supervisor hands over this work.",
            clerk=self.user_id.name,
        )

    def _why_not(self, target):
        """A day in the past gives nothing any more."""
        if target == "given" and self.date_to < self.company_id._rd_today():
            return self.env._(
                "%(record)s ends on %(day)s, which is past; choose a later last day.",
                record=self.display_name,
                day=self.date_to,
            )
        return super()._why_not(target)

    def action_give(self):
        """Hand the work over: the deputy has the clerk's rights on the days named.

        :raise UserError: when neither the clerk himself nor a supervisor asks
        """
        self.check_access("write")
        for item in self:
            if reason := item._why_not_give():
                raise UserError(reason)
            if item._move_to("given"):
                item._tell_deputy()
        return True

    def action_revoke(self):
        """Take the work back; the lent rights end at this moment.

        :raise UserError: when neither the clerk, the deputy nor a supervisor asks
        """
        self.check_access("read")
        for item in self:
            if self.env.user != item.deputy_id and (reason := item._why_not_give()):
                raise UserError(reason)
            item._revoke()
        return True

    def _revoke(self):
        # The deputy gives back what he may not write.
        self.sudo()._move_to("revoked", {"revoked_date": fields.Datetime.now()})

    def _tell_deputy(self):
        self.message_post(
            body=self.env._(
                "You sit in for %(clerk)s from %(first)s to %(last)s. “Month → Today's "
                "list” shows what is to be done, in order.",
                clerk=self.user_id.name,
                first=self.date_from,
                last=self.date_to,
            ),
            partner_ids=self.deputy_id.partner_id.ids,
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody prepare the handing-over of somebody else's work."""
        items = super().create(vals_list)
        items._check_preparer()
        items._forget_spans()
        return items

    def write(self, vals):
        """Forget who has which rights: it may just have changed."""
        self._check_preparer()
        res = super().write(vals)
        self._check_preparer()
        self._forget_spans()
        return res

    def unlink(self):
        """Forget who has which rights."""
        self._check_preparer()
        self._forget_spans()
        return super().unlink()

    def _check_preparer(self):
        for item in self:
            if not item._is_internal() and (reason := item._why_not_give()):
                raise UserError(reason)

    # ------------------------------------------------------------------
    # Who has which rights when
    # ------------------------------------------------------------------
    @api.model
    @tools.ormcache()
    def _get_spans(self):
        """Return ``{user id: (Span, …)}`` of all that is handed over.

        The moments are kept, not who is deputy now: so the answer stays right
        while time goes by, and needs nothing to be run at midnight.
        """
        spans = {}
        for item in self.sudo().search([("state", "=", "given")]):
            company = item.company_id
            spans.setdefault(item.deputy_id.id, []).append(
                Span(
                    item.id,
                    company.id,
                    company._rd_day_start(item.date_from),
                    company._rd_day_end(item.date_to),
                )
            )
        return {user: tuple(items) for user, items in spans.items()}

    @api.model
    @tools.ormcache()
    def _get_lent_group_ids(self):
        """Return the groups a deputy has for the time: the clerk's, never more."""
        return tuple(self.env.ref(CLERK).sudo().all_implied_ids._ids)

    @api.model
    def _forget_spans(self):
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        # What another thread read meanwhile, from before this commit, goes as well.
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    # ------------------------------------------------------------------
    # The list
    # ------------------------------------------------------------------
    def _get_queues(self):
        """Return the :class:`Queue` list of the clerk's open work, in any order.

        Each add-on appends its own through ``super()``.
        """
        self.ensure_one()
        return [
            *self._get_queues_of_goods(),
            *self._get_queues_of_month(),
            *self._get_queues_of_plan(),
        ]

    def _get_queues_of_month(self):
        company = ("company_id", "=", self.company_id.id)
        return [
            Queue(
                "activities",
                10,
                self.env._("Activities of the clerk"),
                self.env._("Do what the activity says and mark it done."),
                "mail.activity",
                [("user_id", "=", self.user_id.id)],
                "date_deadline",
                "summary",
            ),
            Queue(
                "close",
                80,
                self.env._("Steps of the month"),
                self.env._("Clear what the step waits for, then run it again."),
                "rd.close.step",
                [
                    company,
                    ("close_id.state", "=", "open"),
                    ("state", "in", ("waiting", "failed")),
                    ("role", "in", ("clerk", False)),
                ],
                "",
                "message",
            ),
            Queue(
                "approvals",
                90,
                self.env._("Approvals that wait"),
                self.env._(
                    "A supervisor answers; remind him if it holds up the month."
                ),
                "rd.approval",
                [company, ("state", "=", "waiting")],
                "requested_date",
                "name",
            ),
        ]

    def _get_queues_of_plan(self):
        company = ("company_id", "=", self.company_id.id)
        return [
            Queue(
                "work",
                85,
                self.env._("Tasks of the work plan"),
                self.env._("Do it, note where one sees it, and press “Done”."),
                "rd.work.item",
                [
                    company,
                    ("user_id", "=", self.user_id.id),
                    ("state", "in", ("proposed", "planned")),
                ],
                "date_due",
            ),
            Queue(
                "reports",
                86,
                self.env._("Reports to hand in"),
                self.env._("Make it and hand it in by its day."),
                "rd.report.due",
                [
                    company,
                    ("user_id", "=", self.user_id.id),
                    ("state", "=", "due"),
                    ("date_to", "<", self.company_id._rd_today()),
                ],
                "date_due",
            ),
        ]

    def _get_queues_of_goods(self):
        company = ("company_id", "=", self.company_id.id)
        by_hand = self.env["sale.order.line"]._rd_find_unbilled_by_hand(self.company_id)
        reached = ("id", "in", [line.order_id.id for line in by_hand])
        return [
            Queue(
                "reached_by_hand",
                48,
                self.env._("Milestones reached by hand that nothing bills"),
                self.env._(
                    "Have it taken back in its project and hand it over: the next "
                    "statement invoices it."
                ),
                "sale.order",
                [reached],
                "date_order",
            ),
            Queue(
                "lists_missing",
                20,
                self.env._("Shipping lists that have not come"),
                self.env._("Call the warehouse, or hand in the list."),
                "rd.shipping.expected",
                [company, ("late", "=", True)],
                "date_due",
            ),
            Queue(
                "lists_open",
                30,
                self.env._("Shipping lists with open rows"),
                self.env._("Find the order of each open row, or answer its question."),
                "rd.shipping.list",
                [
                    company,
                    ("state", "in", ("draft", "checked", "applied")),
                    "|",
                    ("state", "=", "draft"),
                    ("line_ids.verdict", "in", OPEN_VERDICTS),
                ],
                "date_to",
            ),
            Queue(
                "receipts",
                40,
                self.env._("Deliveries without a signed note"),
                self.env._("Get the signed note and record it."),
                "stock.picking",
                [
                    company,
                    ("rd_receipt_state", "=", "waiting"),
                    ("partner_id.commercial_partner_id.rd_basis", "!=", "dispatched"),
                ],
                "date_done",
            ),
        ]

    def action_open_today(self):
        """Open today's list of everybody for whom the present user sits in."""
        return self.env["rd.deputy.task"].action_open_today()

    def action_open_acts(self):
        """Open what was done for the clerk."""
        self.ensure_one()
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "rd_sales_admin.rd_deputy_act_action"
            ),
            "domain": [("handover_id", "=", self.id)],
        }
