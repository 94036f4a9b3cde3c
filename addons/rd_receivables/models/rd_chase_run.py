# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .. import dues

# So many customers are asked while the person waits; more by the scheduled action.
AT_ONCE = 10


class RdChaseRun(models.Model):
    """Asking all customers of a company for what is due, once: dry first, then sent.

    draft → sending → sent. Each customer gets one message with all its items; whom
    the guard holds back gets none, and the reason goes to its owner instead.
    """

    _name = "rd.chase.run"
    _description = "Chasing Run"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        readonly=True,
        default=lambda self: self.env.company._rd_today(),
        help="Day for which the items and their levels were looked at.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user._rd_get_responsible(),
        index=True,
    )
    state = fields.Selection(
        [
            ("draft", "Dry run"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("rd.chase.run.line", "run_id", copy=False)
    ready_count = fields.Integer(string="To be asked", compute="_compute_counts")
    held_count = fields.Integer(string="Held back", compute="_compute_counts")
    done_count = fields.Integer(string="Asked", compute="_compute_counts")
    failed_count = fields.Integer(string="Not asked", compute="_compute_counts")
    sent_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    sent_date = fields.Datetime(string="Sent on", readonly=True, copy=False)

    _draft_once = models.UniqueIndex(
        "(company_id) WHERE state IN ('draft', 'sending')",
        "A chasing run of this company is open already; send or cancel it first.",
    )

    @api.depends("date")
    def _compute_name(self):
        for run in self:
            run.name = fields.Date.to_string(run.date) or ""

    @api.depends("line_ids.state")
    def _compute_counts(self):
        groups = self.env["rd.chase.run.line"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            run.ready_count = counts.get((run.id, "ready"), 0)
            run.held_count = counts.get((run.id, "held"), 0)
            run.done_count = counts.get((run.id, "done"), 0)
            run.failed_count = counts.get((run.id, "failed"), 0)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "sending": ("draft",),
            "sent": ("sending",),
            "cancelled": ("draft", "sending"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "date",
            "line_ids",
            "sent_by_id",
            "sent_date",
        }

    @api.model
    def _get_frozen_states(self):
        return ("sending", "sent", "cancelled")

    def _why_not(self, target):
        if target == "cancelled" and self.done_count:
            return self.env._(
                "The run of %(day)s has asked %(count)s customers already and stays "
                "on record.",
                day=format_date(self.env, self.date),
                count=self.done_count,
            )
        return super()._why_not(target)

    def copy_data(self, default=None):
        """Refuse: who is asked is found anew each time."""
        raise UserError(self.env._("A chasing run is prepared anew, not copied."))

    # ------------------------------------------------------------------
    # Dry run
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Prepare the dry run at once: nothing leaves by it."""
        self.env["rd.promise"]._check_desk()
        # The index looks at what the database knows of the run before.
        self.flush_model(["state"])
        runs = super().create(vals_list)
        for run in runs:
            run._prepare()
        return runs

    @api.model
    def action_open_draft(self):
        """Open the dry run of the company, looked at anew; a new one if there is none.

        :raise UserError: while a run is still being sent
        """
        self.check_access("create")
        self.env["rd.promise"]._check_desk()
        run = self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "in", ("draft", "sending")),
            ],
            limit=1,
        )
        if run.state == "draft":
            run._prepare()
        return (run or self.create({}))._get_records_action()

    def action_prepare(self):
        """Look anew at what is due and who is held back; nothing leaves.

        :raise UserError: once the run is being sent
        """
        self.check_access("write")
        self.env["rd.promise"]._check_desk()
        for run in self:
            if run.state != "draft":
                raise UserError(
                    self.env._(
                        "The run of %(day)s has left the desk; make another one.",
                        day=format_date(self.env, run.date),
                    )
                )
            run._prepare()
        return True

    def _prepare(self):
        self.ensure_one()
        self._as_internal().write({"date": self.company_id._rd_today()})
        skipped = self.line_ids.filtered(lambda line: line.state == "skipped")
        partners = skipped.partner_id
        self.line_ids.sudo()._as_internal().unlink()
        lines = self.env["rd.chase.run.line"].sudo()._as_internal()
        made = lines.create(self._prepare_lines())
        made.filtered(lambda line: line.partner_id in partners).write(
            {"state": "skipped"}
        )

    def _prepare_lines(self):
        """Return the values of a line for each customer that is to be asked now."""
        levels = self.env["rd.chase.level"]._ensure(self.company_id)
        steps = [(level.days, level.id) for level in levels]
        partners = self._find_partners(min((days for days, _key in steps), default=0))
        accounts = self.env["rd.chase.guard"]._read_accounts(self.company_id, partners)
        asked = self._read_asked(accounts)
        paused = self._find_paused(partners)
        values = []
        for partner, (account, _items) in accounts.items():
            level = self._get_level(account, steps, asked)
            if level and partner.id not in paused:
                vals = self._prepare_line(partner, account, steps, level)
                values.append(vals)
        return values

    def _find_partners(self, days):
        """Return the customers with an item that has reached the first level."""
        last = fields.Date.subtract(self.date, days=days)
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "!=", False),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("amount_residual", ">", 0),
                    "|",
                    ("date_maturity", "<=", last),
                    "&",
                    ("date_maturity", "=", False),
                    ("date", "<=", last),
                    ("move_id.rd_due_waits_for", "=", False),
                    ("rd_waits_stage", "=", False),
                ],
                ["partner_id"],
            )
        )
        partners = self.env["res.partner"].sudo().browse(p.id for (p,) in groups)
        return partners.commercial_partner_id

    def _read_asked(self, accounts):
        """Return ``{journal item id: days overdue when it was asked for last}``."""
        items = self.env["account.move.line"].sudo()
        for _account, own in accounts.values():
            items |= own
        last = self.env["rd.chase.sending"]._get_last_days(items)
        return {
            item.id: item._rd_days_overdue(last[item.id])
            for item in items
            if item.id in last
        }

    def _find_paused(self, partners):
        """Return the ids of customers that were asked too short a time ago."""
        since = fields.Date.subtract(
            self.date, days=self.company_id.rd_chase_pause_days
        )
        groups = (
            self.env["rd.chase.sending"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "in", partners.ids),
                    ("way", "in", ("email", "letter")),
                    ("day", ">", since),
                ],
                ["partner_id"],
            )
        )
        return {partner.id for (partner,) in groups}

    @api.model
    def _get_level(self, account, steps, asked):
        rows = []
        for debt in account.debts:
            before = asked.get(debt.ref)
            last = None if before is None else dues.reached(before, steps)
            rows.append((debt.days, last and last[0]))
        return dues.due_level(rows, steps)

    def _prepare_line(self, partner, account, steps, level):
        asked = [debt for debt in account.debts if dues.reached(debt.days, steps)]
        refs = [debt.ref for debt in asked]
        way = self.env["rd.chase.level"].browse(level[1]).way
        reasons = dues.holds(account, set(refs), self.date, way)
        rest = sum(debt.residual for debt in asked)
        return {
            "run_id": self.id,
            "partner_id": partner.id,
            "level_id": level[1],
            "item_ids": [Command.set(refs)],
            "amount": float(rest),
            "amount_overdue": float(
                sum(debt.residual for debt in asked if debt.days > 0)
            ),
            "days_overdue": max(debt.days for debt in asked),
            "state": "held" if reasons else "ready",
            "reason_codes": ",".join(reasons) or False,
        }

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------
    def action_send(self):
        """Send what the guard lets go, and hand the rest to its owners.

        A repeat sends nothing twice, and one customer that cannot be asked stops no
        other. Many customers are asked by the scheduled action, each in a transaction
        of its own.

        :raise UserError: for a run without customers
        """
        self.check_access("write")
        self.env["rd.promise"]._check_desk()
        for run in self.filtered(lambda one: one.state != "sent"):
            if not run.line_ids:
                raise UserError(
                    self.env._(
                        "Nobody is to be asked in the run of %(day)s.",
                        day=format_date(self.env, run.date),
                    )
                )
            run._move_to(
                "sending",
                {"sent_by_id": self.env.uid, "sent_date": fields.Datetime.now()},
            )
            run.activity_unlink(["mail.mail_activity_data_todo"])
            lines = run._get_waiting_lines()
            if len(lines) > AT_ONCE:
                run.env.ref("rd_receivables.ir_cron_chase_send")._trigger()
                continue
            for line in lines:
                line._work_off_alone()
            # Where everybody was left out, no line ends the run.
            run._finish()
        return True

    def _get_waiting_lines(self):
        """Return the lines with which nothing was done yet."""
        return self.line_ids.filtered(
            lambda line: (
                line.state == "ready" or (line.state == "held" and not line.is_handed)
            )
        )

    def _finish(self):
        """End the run when nothing of it waits any more."""
        for run in self:
            if run.state == "sending" and not run._get_waiting_lines():
                run._move_to("sent")

    def _why_closed(self):
        """Return why nobody of the run is asked any more, or False."""
        self.ensure_one()
        newer = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("id", ">", self.id),
                ("state", "!=", "cancelled"),
            ],
            limit=1,
        )
        if self.state not in ("sending", "sent"):
            return self.env._(
                "The run of %(day)s was cancelled; make another one.",
                day=format_date(self.env, self.date),
            )
        return newer and self.env._(
            "The run of %(day)s is followed by the one of %(newer)s; ask there.",
            day=format_date(self.env, self.date),
            newer=format_date(self.env, newer.date),
        )

    def action_cancel(self):
        """Drop a run of which nothing has left."""
        self.check_access("write")
        self.env["rd.promise"]._check_desk()
        self._move_to("cancelled")
        return True

    @api.model
    def _cron_send(self):
        """Work off the runs being sent, each customer in its own transaction."""
        lines = self.search([("state", "=", "sending")])._get_waiting_lines()
        # One that fails must not keep the run open: no other could be prepared.
        self.env["ir.cron"]._rd_run_each(
            lines,
            lambda line: line._work_off(),
            lambda line, error: line._note_failure(error),
        )

    @api.model
    def _cron_prepare(self):
        """Prepare the dry run of each company that wants one, once a week."""
        companies = self.env["res.company"].search(
            [("rd_start_date", "!=", False), ("rd_chase_by_itself", "=", True)]
        )
        self.env["ir.cron"]._rd_run_each(companies, self._prepare_for)

    @api.model
    def _prepare_for(self, company):
        today = company._rd_today()
        monday = fields.Date.subtract(today, days=today.weekday())
        if self.search_count(
            [
                ("company_id", "=", company.id),
                "|",
                ("date", ">=", monday),
                ("state", "in", ("draft", "sending")),
            ],
            limit=1,
        ):
            return
        responsible = company._rd_get_supervisors()[:1] or self.env.user
        lang = company.partner_id.lang or self.env.lang
        run = (
            self.with_company(company)
            .with_context(lang=lang)
            .create({"company_id": company.id, "user_id": responsible.id})
        )
        if not run.line_ids:
            run._move_to("cancelled")
            return
        run.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=today,
            user_id=responsible.id,
            summary=run.env._(
                "Chasing run: %(ready)s to be asked, %(held)s held back",
                ready=run.ready_count,
                held=run.held_count,
            ),
        )

    def action_view_lines(self):
        """Open the customers of the run."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "rd.chase.run.line",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("run_id", "=", self.id)],
            "context": {"create": False},
        }
