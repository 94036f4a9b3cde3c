# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import operator
from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..pricing import add_months, missing_percent

KINDS = [
    ("project", "Project"),
    ("framework", "Batch framework"),
    ("tooling", "Sporadic tooling"),
    ("equipment", "Equipment"),
]
# States in which a contract is binding: its stages are reached.
RUNNING = ("signed", "execution")
SIGNED = (*RUNNING, "completed", "archived")
UNSIGNED = ("draft", "signature")
NO_NUMBER = "/"
COMPARISONS = {
    "in": lambda days, values: days in values,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


class RdContract(models.Model):
    """One contract with a customer: the register and its way from draft to archive.

    What was agreed (parties, days, prices, plan) freezes when it goes out for
    signature. A change afterwards is a new version that is signed in its turn.
    """

    _name = "rd.contract"
    _description = "Sales Contract"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "portal.mixin",
        "rd.workflow.mixin",
        "rd.confirmation.mixin",
    ]
    _order = "date_signed desc, id desc"
    _rec_names_search = ["name", "subject", "customer_number", "partner_id"]
    _check_company_auto = True

    name = fields.Char(
        string="Contract number",
        required=True,
        default=NO_NUMBER,
        tracking=True,
        help="The next number of the register, unless another one is typed.",
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "rd.contract",
        string="Amends",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    replaced_by_id = fields.Many2one(
        "rd.contract",
        string="Replaced by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    customer_number = fields.Char(string="Their contract number", copy=False)
    subject = fields.Char(string="Project or product", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('parent_id', '=', False)]",
    )
    signer_id = fields.Many2one(
        "res.partner",
        string="Signs for the customer",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="The one person who sees the contract on the portal and may sign it.",
    )
    kind = fields.Selection(KINDS, required=True, default="project", tracking=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(
        string="Contract amount",
        tracking=True,
        help="As the contract says it, tax included.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
    )
    sign_until = fields.Date(
        string="Sign until", tracking=True, help="Unsigned after this day it lapses."
    )
    date_signed = fields.Date(
        string="Contract signed on", readonly=True, copy=False, tracking=True
    )
    date_from = fields.Date(
        string="Valid from", default=lambda self: self.env.company._rd_today()
    )
    date_to = fields.Date(string="Valid until", tracking=True)
    notice_days = fields.Integer(
        string="Warn before (days)",
        default=lambda self: self.env.company.rd_contract_notice_days,
        help="How long before its end the responsible person is told.",
    )
    renewal = fields.Selection(
        [("none", "Ends"), ("ask", "To be renewed")],
        default="none",
        required=True,
        help="What to do when the end comes near.",
    )
    warned_for = fields.Date(readonly=True, copy=False)
    warranty_months = fields.Integer(string="Warranty (months)")
    accepted_on = fields.Date(
        string="Accepted on",
        readonly=True,
        copy=False,
        help="Day of the last accepted handover; the warranty begins.",
    )
    warranty_end = fields.Date(
        string="Warranty until", compute="_compute_warranty_end", store=True
    )
    document = fields.Binary(string="Contract text", attachment=True, copy=False)
    document_name = fields.Char(copy=False)
    scan = fields.Binary(string="Stamped scan", attachment=True, copy=False)
    scan_name = fields.Char(copy=False)
    signature = fields.Image(readonly=True, copy=False, max_width=1024, max_height=1024)
    note = fields.Html(string="Terms")
    order_ids = fields.One2many("sale.order", "rd_contract_id", string="Orders")
    price_ids = fields.One2many("rd.contract.price", "contract_id", string="Prices")
    stage_ids = fields.One2many(
        "rd.contract.stage", "contract_id", string="Plan of payment"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("signature", "Under signature"),
            ("signed", "Signed"),
            ("execution", "In execution"),
            ("completed", "Completed"),
            ("archived", "Archived"),
            ("lapsed", "Lapsed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        index=True,
        tracking=True,
    )
    unsigned_days = fields.Integer(
        string="Unsigned for (days)",
        compute="_compute_days",
        search="_search_unsigned_days",
        help="Days since it went out for signature.",
    )
    days_left = fields.Integer(string="Days left", compute="_compute_days")
    amount_ordered = fields.Monetary(string="Ordered", compute="_compute_amounts")
    amount_invoiced = fields.Monetary(string="Invoiced", compute="_compute_amounts")
    amount_paid = fields.Monetary(
        string="Paid",
        compute="_compute_amounts",
        help="Paid on its invoices, and deposits not offset yet.",
    )
    amount_open = fields.Monetary(string="Still to be paid", compute="_compute_amounts")
    retention = fields.Monetary(
        string="Retained",
        compute="_compute_amounts",
        help="Part of the amount that is due only at the end of the warranty.",
    )

    _number_once = models.UniqueIndex(
        "(company_id, name, version)",
        "There is already a contract of this number; open it or choose another one.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "The amount of a contract cannot be negative."
    )
    _days_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_from <= date_to)",
        "A contract cannot end before it begins; correct “Valid until”.",
    )
    _months_positive = models.Constraint(
        "CHECK (warranty_months >= 0 AND notice_days >= 0)",
        "Months of warranty and days of notice cannot be negative.",
    )
    _running_idx = models.Index(
        "(company_id, date_to) WHERE state IN ('signature', 'signed', 'execution')"
    )

    # ------------------------------------------------------------------
    # What the workflow declares
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "draft": ("signature",),
            "signature": ("draft",),
            "signed": ("signature",),
            "execution": ("signed",),
            "completed": ("execution",),
            "archived": ("signed", "execution", "completed", "lapsed"),
            "lapsed": ("signature", "signed", "execution"),
            "cancelled": ("draft", "signature", "signed"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("version", "previous_id", "replaced_by_id", "date_signed"),
            *("signature", "warned_for", "accepted_on"),
        }

    @api.model
    def _get_frozen_states(self):
        return ("signature", *RUNNING, "completed", "archived", "lapsed", "cancelled")

    @api.model
    def _get_open_fields(self):
        return super()._get_open_fields() | {
            *("user_id", "notice_days", "renewal", "customer_number"),
            *("scan", "scan_name", "signer_id", "sign_until", "order_ids"),
        }

    def _check_frozen(self, names):
        """Say of a contract what is to be done instead of changing it."""
        changed = set(names) - self._get_open_fields()
        for contract in self if changed else ():
            if contract.state in contract._get_frozen_states():
                raise UserError(contract._frozen_refusal())
        for contract in self if {"scan", "signer_id"} & set(names) else ():
            if contract.state not in UNSIGNED:
                raise UserError(contract._frozen_refusal())

    def _frozen_refusal(self):
        self.ensure_one()
        if self.state == "signature":
            return self.env._(
                "%(contract)s is out for signature; take it back to draft first.",
                contract=self.display_name,
            )
        return self.env._(
            "%(contract)s no longer changes; make an amendment of it.",
            contract=self.display_name,
        )

    def _prepare_confirmation_content(self):
        """Return what is signed: parties, days, amounts, prices, plan and text."""
        text = self.env["ir.attachment"].sudo()._rd_get_checksum(self, "document")
        return {
            "number": [self.name, self.version, self.subject, self.kind],
            "parties": [self.company_id.id, self.partner_id.id],
            "amount": [self.currency_id.name, f"{self.amount:.2f}"],
            "days": [str(day or "") for day in (self.date_from, self.date_to)],
            "warranty": self.warranty_months,
            "terms": str(self.note or ""),
            "text": text,
            "prices": [price._prepare_content() for price in self.price_ids],
            "plan": [stage._prepare_content() for stage in self.stage_ids],
        }

    # ------------------------------------------------------------------
    # Defaults, computes
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Give the next number of the register where none is typed."""
        for vals in vals_list:
            if vals.get("name") in (None, False, "", NO_NUMBER):
                vals["name"] = self._next_number()
        return super().create(vals_list)

    def _next_number(self):
        company = self.env.company
        return (
            self.env["ir.sequence"]
            .sudo()
            .with_company(company)
            .next_by_code("rd.contract", sequence_date=company._rd_today())
            or ""
        )

    @api.depends("name", "version", "subject")
    def _compute_display_name(self):
        for contract in self:
            version = f" V{contract.version}" if contract.version > 1 else ""
            contract.display_name = (
                f"{contract.name or ''}{version} {contract.subject or ''}".strip()
            )

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for contract in self:
            contract.access_url = f"/my/contracts/{contract.id}"
        return res

    @api.depends("accepted_on", "warranty_months")
    def _compute_warranty_end(self):
        for contract in self:
            contract.warranty_end = contract.accepted_on and add_months(
                contract.accepted_on, contract.warranty_months
            )

    @api.depends("state", "sent_date", "date_to")
    def _compute_days(self):
        for contract in self:
            today = contract.company_id._rd_today()
            sent = contract.sent_date
            waits = contract.state == "signature" and sent
            contract.unsigned_days = (
                (today - contract.company_id._rd_local_date(sent)).days if waits else 0
            )
            running = contract.state in RUNNING and contract.date_to
            contract.days_left = (contract.date_to - today).days if running else 0

    def _search_unsigned_days(self, comparison, value):
        """Find contracts that have waited for their signature so many days."""
        holds = COMPARISONS.get(comparison)
        if not holds:
            return NotImplemented
        waiting = self.search([("state", "=", "signature")])
        found = waiting.filtered(lambda one: holds(one.unsigned_days, value))
        others = Domain("state", "!=", "signature") if holds(0, value) else Domain.FALSE
        return others | Domain("id", "in", found.ids)

    @api.depends_context("uid")
    @api.depends("order_ids", "stage_ids.due_percent", "amount")
    def _compute_amounts(self):
        """Sum up orders, invoices and deposits with one query each for all."""
        figures = self._get_figures() if self.ids else {}
        for contract in self:
            ordered, invoiced, residual, deposit = figures.get(
                contract._origin.id, (0.0, 0.0, 0.0, 0.0)
            )
            contract.amount_ordered = ordered
            contract.amount_invoiced = invoiced
            contract.amount_paid = invoiced - residual + deposit
            whole = contract.amount or ordered
            contract.amount_open = whole - contract.amount_paid
            contract.retention = sum(
                stage.due_amount
                for stage in contract.stage_ids
                if stage.due_trigger == "warranty_end" and not stage.settled
            )

    def _get_figures(self):
        """Return ``{contract id: (ordered, invoiced, residual, deposits)}``."""
        # Whoever reads the register need not read orders, invoices or payments.
        env = self.sudo().env
        result = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        orders = env["sale.order"]._read_group(
            [("rd_contract_id", "in", self.ids), ("state", "=", "sale")],
            ["rd_contract_id"],
            ["amount_total:sum"],
        )
        for contract, total in orders:
            result[contract.id][0] = total
        lines = env["sale.order.line"].search_fetch(
            [("order_id.rd_contract_id", "in", self.ids)], ["order_id", "invoice_lines"]
        )
        for contract, rows in lines.grouped(
            lambda line: line.order_id.rd_contract_id
        ).items():
            for item in rows.invoice_lines:
                move = item.move_id
                if move.state != "posted" or not move.amount_total:
                    continue
                amount = -move.direction_sign * item.price_total
                unpaid = move.amount_residual / move.amount_total
                result[contract.id][1] += amount
                result[contract.id][2] += amount * unpaid
        deposits = env["account.payment"].search(
            [("rd_stage_id.contract_id", "in", self.ids)]
        )
        for payment in deposits:
            result[payment.rd_stage_id.contract_id.id][3] += payment._rd_get_unused()
        return dict(result)

    @api.constrains("partner_id")
    def _check_partner(self):
        for contract in self:
            if contract.partner_id.commercial_partner_id != contract.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is a contact; choose the company that signs.",
                        partner=contract.partner_id.display_name,
                    )
                )

    @api.constrains("signer_id", "partner_id")
    def _check_signer(self):
        for contract in self:
            signer = contract.signer_id
            if signer and signer.commercial_partner_id != contract.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(signer)s does not belong to %(partner)s; choose one of "
                        "its contacts.",
                        signer=signer.display_name,
                        partner=contract.partner_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    def action_send(self):
        """Send the contracts out for signature; their content is fixed.

        :raise UserError: when the plan does not total 100, or nothing is agreed
        """
        self._check_desk()
        self._move_to("signature")
        return True

    def action_back_to_draft(self):
        """Take contracts that are not signed yet back to draft."""
        self._check_desk()
        self._move_to("draft")
        return True

    def action_sign_scan(self):
        """Take the stamped scan as the customer's signature.

        :raise UserError: without a scan
        """
        self._check_desk()
        for contract in self:
            if not contract.scan:
                raise UserError(
                    self.env._(
                        "%(contract)s has no stamped scan; attach it first.",
                        contract=contract.display_name,
                    )
                )
            contract._sign("scan", contract.signer_id.name or contract.partner_id.name)
        return True

    def _sign(self, channel, who, **values):
        """Write the customer's signature down and let the contract begin."""
        self.ensure_one()
        if self.state != "signature":
            raise UserError(
                self._transition_refusal("signed", self._get_transitions()["signed"])
            )
        contract = self.sudo()
        contract._record_confirmation(
            channel, who, contract.revision, contract.content_hash
        )
        contract._move_to("signed", values)

    def action_start(self):
        """Begin to execute signed contracts."""
        self._check_desk()
        self._move_to("execution")
        return True

    def action_complete(self):
        """End contracts of which every stage is settled.

        :raise UserError: names the first stage that is still open
        """
        self._check_desk()
        self._move_to("completed")
        return True

    def action_archive_contract(self):
        """Put contracts away; they stay in the register."""
        self._check_desk()
        self._move_to("archived")
        return True

    def action_cancel(self):
        """Cancel contracts of which nothing has been invoiced or paid."""
        self._check_desk()
        self._move_to("cancelled")
        return True

    def action_amend(self):
        """Make the next version as a draft; the present one holds until it is signed.

        :return: the action that opens the draft
        """
        self._check_desk()
        self.ensure_one()
        if self.state not in RUNNING:
            raise UserError(
                self.env._(
                    "%(contract)s is not in force, so there is nothing to amend.",
                    contract=self.display_name,
                )
            )
        later = self.search([("previous_id", "=", self.id)], limit=1)
        later = (
            later.filtered(lambda one: one.state in UNSIGNED) or self._make_version()
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": later.id,
            "views": [(False, "form")],
        }

    def _make_version(self):
        """Return the next version with prices and plan of this one."""
        versions = self.search(
            [("company_id", "=", self.company_id.id), ("name", "=", self.name)]
        )
        values = self.copy_data()[0]
        values.update(
            name=self.name,
            version=max(versions.mapped("version")) + 1,
            previous_id=self.id,
            price_ids=[Command.create(row) for row in self.price_ids.copy_data()],
            stage_ids=[
                Command.create({**row, "origin_id": stage.id})
                for stage, row in zip(
                    self.stage_ids, self.stage_ids.copy_data(), strict=True
                )
            ],
        )
        return self._as_internal().create(values)._without_key()

    def _without_key(self):
        """Return the records without the key to guarded fields."""
        return self.with_context(rd_guard=False)

    @api.model
    def _check_desk(self):
        """Refuse anyone but the desk (and code that runs as the system)."""
        self.check_access("write")
        self.env["rd.close"]._check_desk()

    def _why_not(self, target):
        check = getattr(self, f"_why_not_{target}", None)
        return super()._why_not(target) or (check() if check else False)

    def _why_not_signature(self):
        """Return why the contract cannot go out yet, or False."""
        self.ensure_one()
        for name, label in (
            ("due_percent", self.env._("what falls due")),
            ("invoice_percent", self.env._("what is invoiced")),
        ):
            percents = [stage._decimal(name) for stage in self.stage_ids]
            missing = missing_percent(percents)
            if percents and missing:
                return self.env._(
                    "%(contract)s: the plan comes to %(percent)s %% of %(column)s; "
                    "both columns have to total 100.",
                    contract=self.display_name,
                    percent=f"{100 - missing:.2f}".rstrip("0").rstrip("."),
                    column=label,
                )
        for stage in self.stage_ids:
            if reason := stage._why_not_complete():
                return reason
        if not (self.price_ids or self.stage_ids or self.amount):
            return self.env._(
                "%(contract)s has neither amount nor prices nor plan; enter one.",
                contract=self.display_name,
            )
        return False

    def _why_not_completed(self):
        """Return the first stage that is still open, as a sentence, or False."""
        self.ensure_one()
        for stage in self.stage_ids:
            if not stage.settled:
                return self.env._(
                    "%(contract)s: the stage %(stage)s is still open.",
                    contract=self.display_name,
                    stage=stage.name,
                )
        return False

    def _why_not_cancelled(self):
        """Return why what was begun is not cancelled, or False."""
        self.ensure_one()
        # Whoever cancels need not read payments.
        stages = self.sudo().stage_ids
        if stages.line_ids or stages.payment_ids:
            return self.env._(
                "%(contract)s has been invoiced or paid in part; complete it or make "
                "an amendment.",
                contract=self.display_name,
            )
        return False

    def _prepare_transition_values(self, target):
        values = super()._prepare_transition_values(target)
        if target == "signed":
            values["date_signed"] = self.company_id._rd_today()
        return values

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target in ("signed", "lapsed", "cancelled", "archived"):
            # Warnings of what is over; the plan's own come afterwards.
            self.sudo().activity_ids.filtered("automated").unlink()
        if target == "signature":
            self._fix_revision()
            self._invite_signer()
        elif target == "signed":
            for contract in self:
                contract._take_force()
        elif target == "cancelled":
            self.price_ids._as_internal().write({"live": False})
        return res

    def _invite_signer(self):
        """Tell the one who signs by mail; the link only looks."""
        for contract in self.filtered("signer_id"):
            contract.message_post(
                body=self.env._(
                    "Contract %(contract)s waits for your signature: %(link)s",
                    contract=contract.display_name,
                    link=contract.get_base_url() + contract.get_portal_url(),
                ),
                partner_ids=contract.signer_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def _take_force(self):
        """Let prices, orders and plan of a signed contract hold from now on."""
        self.ensure_one()
        before = self.previous_id
        if before:
            before._hand_over(self)
        self.price_ids._take_force()
        self.order_ids.order_line._rd_take_stages()
        self.stage_ids._trigger_own("signature", self.date_signed)

    def _hand_over(self, later):
        """Give orders, reached stages and prices over to the next version."""
        self.ensure_one()
        self.price_ids._as_internal().write({"live": False})
        self._as_internal().write({"replaced_by_id": later.id})
        later._as_internal().write({"accepted_on": self.accepted_on})
        for stage in later.stage_ids:
            stage._take_over(stage.origin_id)
        self.sudo().order_ids.write({"rd_contract_id": later.id})
        self._move_to("archived")
        later.flush_recordset()

    # ------------------------------------------------------------------
    # Clock
    # ------------------------------------------------------------------
    @api.model
    def _cron_run(self):
        """Let stages become due, warn of what ends, and let lapse what has ended.

        Each contract is a transaction of its own: a bad one stops no other.
        """
        running = self.search([("state", "in", ("signature", *RUNNING))])
        self.env["ir.cron"]._rd_run_each(
            running._find_clock_due(),
            lambda one: one.with_company(one.company_id)._run_clock(),
        )

    def _find_clock_due(self):
        """Return those of these contracts that their company's day asks anything of."""
        return self.filtered(lambda one: one._is_clock_due())

    def _is_clock_due(self):
        """Tell whether the day of the company asks for anything of one contract."""
        self.ensure_one()
        today = self.company_id._rd_today()
        return bool(
            self.stage_ids._get_clock_due(today)
            or self._get_lapsing(today)
            or self._is_warning_due(today)
        )

    def _run_clock(self):
        """Do what the day of the company asks for of one contract."""
        self.ensure_one()
        today = self.company_id._rd_today()
        self.stage_ids._run_clock(today)
        self._lapse(today)
        self._warn(today)

    def _lapse(self, today):
        """End what was not signed in time, and frameworks whose days are over."""
        self._get_lapsing(today)._move_to("lapsed")

    def _get_lapsing(self, today):
        late = self.filtered(
            lambda one: (
                one.state == "signature" and one.sign_until and one.sign_until < today
            )
        )
        over = self.filtered(
            lambda one: (
                one.state in RUNNING
                and one.kind == "framework"
                and one.date_to
                and one.date_to < today
            )
        )
        return late | over

    def _warn(self, today):
        """Tell the responsible person once for each end that comes near."""
        for contract in self.filtered(lambda one: one._is_warning_due(today)):
            end = contract._get_next_end()
            contract._as_internal().write({"warned_for": end})
            contract.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=max(end, today),
                summary=contract._get_warning(end),
                user_id=(contract.user_id or self.env.user).id,
            )

    def _is_warning_due(self, today):
        """Tell whether an end is near of which nobody has been warned."""
        end = self._get_next_end()
        return bool(
            end and self.warned_for != end and (end - today).days <= self.notice_days
        )

    def _get_next_end(self):
        """Return the day on which the contract lapses, or ends."""
        self.ensure_one()
        if self.state == "signature":
            return self.sign_until
        return self.date_to if self.state in RUNNING else False

    def _get_warning(self, end):
        self.ensure_one()
        values = {"contract": self.display_name, "day": end}
        if self.state == "signature":
            return self.env._(
                "%(contract)s is not signed and lapses on %(day)s", **values
            )
        if self.renewal == "ask":
            return self.env._("%(contract)s ends on %(day)s: renew it", **values)
        return self.env._("%(contract)s ends on %(day)s", **values)

    def action_view_orders(self):
        """Open the orders of the contract."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("rd_contract_id", "=", self.id)],
            "context": {
                "default_rd_contract_id": self.id,
                "default_partner_id": self.partner_id.id,
            },
        }
