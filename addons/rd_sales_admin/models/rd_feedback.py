# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.flags import flag_search

ANSWER_WITHIN = timedelta(days=3)
TODO = "mail.mail_activity_data_todo"


class RdFeedback(models.Model):
    """What a customer said: about which record, by when he gets an answer, what
    he was answered."""

    _name = "rd.feedback"
    _description = "Customer Feedback"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "date_due, id"
    _check_company_auto = True

    name = fields.Char(string="In short", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    said_by = fields.Char(string="Said by")
    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("question", "Question"),
            ("wish", "Wish"),
            ("praise", "Praise"),
        ],
        default="complaint",
        required=True,
        tracking=True,
    )
    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("mail", "E-mail or messenger"),
            ("fax", "Fax or letter"),
            ("visit", "Visit"),
            ("portal", "Portal"),
        ],
        default="phone",
        required=True,
    )
    date = fields.Date(
        string="Received on",
        required=True,
        default=lambda self: self.env.company._rd_today(),
    )
    description = fields.Text(string="What he said")
    reference = fields.Reference(
        selection="_selection_reference", string="About", index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="To be answered by",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    date_due = fields.Date(
        string="Answer due",
        required=True,
        tracking=True,
        default=lambda self: self.env.company._rd_today() + ANSWER_WITHIN,
    )
    answer = fields.Text(readonly=True, copy=False, tracking=True)
    answered_date = fields.Date(readonly=True, copy=False)
    closed_date = fields.Date(readonly=True, copy=False)
    reminded_date = fields.Date(readonly=True, copy=False)
    escalated_date = fields.Date(readonly=True, copy=False)
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    state = fields.Selection(
        [("open", "To be answered"), ("answered", "Answered"), ("closed", "Closed")],
        default="open",
        required=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )

    _waiting = models.Index("(date_due) WHERE state = 'open'")

    @api.model
    def _selection_reference(self):
        """Return the models of the suite, and those of Odoo that it works with."""
        core = ("sale.order", "stock.picking", "account.move", "project.project")
        models_ = (
            self.env["ir.model"]
            .sudo()
            .search(
                [
                    ("transient", "=", False),
                    ("is_mail_thread", "=", True),
                    "|",
                    ("model", "in", core),
                    ("model", "=like", "rd.%"),
                ]
            )
        )
        return [
            (one.model, one.name)
            for one in models_
            if one.model in self.env and not self.env[one.model]._abstract
        ]

    @api.depends("date_due", "state")
    def _compute_is_overdue(self):
        for record in self:
            today = (record.company_id or self.env.company)._rd_today()
            record.is_overdue = (
                record.state == "open" and bool(record.date_due)
            ) and record.date_due < today

    @api.model
    @flag_search
    def _search_is_overdue(self):
        past = self.env["res.company"]._rd_compare_today("date_due", "<")
        return past & fields.Domain("state", "=", "open")

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "answered": ("open",),
            "closed": ("answered",),
            "open": ("answered", "closed"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("answer", "answered_date", "closed_date"),
            *("reminded_date", "escalated_date"),
        }

    @api.model
    def _get_frozen_states(self):
        return ("closed",)

    def _transition_values(self, target):
        today = self.company_id._rd_today()
        return {
            "answered": {"answered_date": today},
            "closed": {"closed_date": today},
            "open": {"closed_date": False, "answered_date": False},
        }[target]

    def _prepare_transition_values(self, target):
        extra = super()._prepare_transition_values(target)
        return {**extra, **self._transition_values(target)}

    def action_answer(self, reason=None):
        """Note what the customer was answered.

        :raise UserError: without words
        """
        self.check_access("write")
        text = reason.strip() if isinstance(reason, str) else ""
        for record in self:
            if not text:
                raise UserError(
                    self.env._("Note what %s was answered.", record.partner_id.name)
                )
            record._move_to("answered", {"answer": text})
        return True

    def action_close(self):
        """Close what was answered to the customer's content."""
        self.check_access("write")
        self._move_to("closed")
        return True

    def action_reopen(self):
        """Open again what was not answered well."""
        self.check_access("write")
        self._move_to("open", {"reminded_date": False, "escalated_date": False})
        return True

    def _after_transition(self, target):
        if target != "open":
            planned = self.sudo().filtered("activity_ids")
            planned.activity_feedback([TODO])
        return super()._after_transition(target)

    # ------------------------------------------------------------------
    # Reminding
    # ------------------------------------------------------------------
    @api.model
    def _cron_remind(self):
        """Remind on the day the answer is due; tell a supervisor two days later."""
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        crons = self.env["ir.cron"]
        for company, due in crons._rd_find_each(companies, self._find_due).items():
            today = company._rd_today()
            crons._rd_run_each(due, lambda record, today=today: record._remind(today))

    @api.model
    def _find_due(self, company):
        """Return what is to be answered by today, in the company's language."""
        lang = company.partner_id.lang or self.env.lang
        return self.with_context(lang=lang).search(
            [
                *(("company_id", "=", company.id), ("state", "=", "open")),
                ("date_due", "<=", company._rd_today()),
                ("escalated_date", "=", False),
            ]
        )

    def _remind(self, today):
        summary = self.env._(
            "Answer %(partner)s: %(what)s",
            partner=self.partner_id.name,
            what=self.name,
        )
        if not self.reminded_date:
            self._as_internal().write({"reminded_date": today})
            self._plan(self.user_id, summary, today)
        elif (today - self.date_due).days >= 2:
            self._as_internal().write({"escalated_date": today})
            self._plan(self.company_id._rd_get_supervisors()[:1], summary, today)

    def _plan(self, user, summary, today):
        if user:
            self.activity_schedule(
                TODO, date_deadline=today, summary=summary, user_id=user.id
            )
