# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal
from itertools import takewhile

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..pricing import Due, add_months, due_day, maturities, share
from .rd_contract import RUNNING

TRIGGERS = [
    ("signature", "Signature"),
    ("dispatch", "Dispatch"),
    ("handover", "Handover accepted"),
    ("date", "Date"),
    ("warranty_end", "End of warranty"),
]
# What the desk notes itself where the suite has no record of it.
NOTED = ("dispatch", "handover")


class RdContractStage(models.Model):
    """One stage of a plan: what falls due apart from what is invoiced.

    Both columns have their own percentage and trigger. A stage is reached when the
    trigger has come for every order line of the contract that is settled by stages.
    """

    _name = "rd.contract.stage"
    _description = "Stage of a Contract"
    _inherit = ["rd.contract.part.mixin"]
    _order = "contract_id, sequence, id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "rd.contract", required=True, index=True, ondelete="cascade"
    )
    origin_id = fields.Many2one(
        "rd.contract.stage",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The stage of the version before.",
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    partner_id = fields.Many2one(
        related="contract_id.partner_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    contract_state = fields.Selection(
        related="contract_id.state", string="State of the contract"
    )
    user_id = fields.Many2one(related="contract_id.user_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Stage", required=True)
    due_percent = fields.Float(string="Due (%)", digits=(5, 2), aggregator=None)
    due_trigger = fields.Selection(
        TRIGGERS, string="Due at", required=True, default="signature"
    )
    due_days = fields.Integer(string="Days to pay", aggregator=None)
    invoice_percent = fields.Float(
        string="Invoiced (%)", digits=(5, 2), aggregator=None
    )
    invoice_trigger = fields.Selection(
        TRIGGERS, string="Invoiced at", required=True, default="handover"
    )
    date = fields.Date(string="On the day", help="For the trigger “Date”.")
    due_reached = fields.Date(string="Reached on", readonly=True, copy=False)
    due_date = fields.Date(
        string="To be paid by", compute="_compute_due_date", store=True
    )
    invoice_reached = fields.Date(
        string="To be invoiced from", readonly=True, copy=False
    )
    due_line_ids = fields.Many2many(
        "sale.order.line",
        "rd_contract_stage_due_line_rel",
        readonly=True,
        copy=False,
        help="Order lines for which the trigger has come.",
    )
    invoice_line_reached_ids = fields.Many2many(
        "sale.order.line",
        "rd_contract_stage_invoice_line_rel",
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many("rd.contract.stage.line", "stage_id", readonly=True)
    payment_ids = fields.One2many(
        "account.payment", "rd_stage_id", string="Payments in advance", readonly=True
    )
    requested_on = fields.Date(string="Payment asked for on", readonly=True, copy=False)
    due_amount = fields.Monetary(string="Due", compute="_compute_amounts")
    covered_amount = fields.Monetary(
        string="Invoiced of it",
        compute="_compute_amounts",
        help="Part of what is due that stands on an invoice.",
    )
    deposit_amount = fields.Monetary(string="Deposits", compute="_compute_amounts")
    request_amount = fields.Monetary(
        string="To ask for",
        compute="_compute_amounts",
        help="Due without an invoice and not paid yet.",
    )
    settled = fields.Boolean(compute="_compute_amounts")
    progress = fields.Selection(
        [
            ("waiting", "Not reached"),
            ("running", "Reached"),
            ("due", "Overdue"),
            ("settled", "Settled"),
        ],
        string="State",
        compute="_compute_amounts",
    )

    _percent_range = models.Constraint(
        "CHECK (due_percent BETWEEN 0 AND 100 AND invoice_percent BETWEEN 0 AND 100)",
        "A percentage lies between 0 and 100.",
    )
    _days_positive = models.Constraint(
        "CHECK (due_days >= 0)", "The days to pay cannot be negative."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("due_reached", "invoice_reached", "due_line_ids", "origin_id"),
            *("invoice_line_reached_ids", "line_ids", "payment_ids", "requested_on"),
        }

    @api.depends("contract_id.name", "name")
    def _compute_display_name(self):
        for stage in self:
            stage.display_name = f"{stage.contract_id.name or ''} {stage.name or ''}"

    @api.depends("due_reached", "due_days")
    def _compute_due_date(self):
        for stage in self:
            stage.due_date = stage.due_reached and due_day(
                stage.due_reached, stage.due_days
            )

    def _decimal(self, name):
        """Return a percentage of the stage as it was typed."""
        self.ensure_one()
        return Decimal(f"{self[name]:.2f}")

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------
    @api.depends(
        *("due_percent", "invoice_percent", "due_reached", "invoice_reached"),
        *("sequence", "contract_id.amount", "payment_ids.state", "line_ids.amount"),
    )
    def _compute_amounts(self):
        for contract, stages in self.grouped("contract_id").items():
            plan = contract.sudo()._get_plan()
            for stage in stages:
                figures = plan.get(stage._origin.id) or dict.fromkeys(
                    ("due", "covered", "deposit", "paid"), 0.0
                )
                stage._set_amounts(figures)

    def _set_amounts(self, figures):
        self.ensure_one()
        today = self.company_id._rd_today()
        currency = self.currency_id or self.env.company.currency_id
        self.due_amount = figures["due"]
        self.covered_amount = figures["covered"]
        self.deposit_amount = figures["deposit"]
        open_amount = figures["due"] - figures["paid"]
        asked = figures["due"] - max(figures["covered"], figures["paid"])
        self.request_amount = max(asked, 0.0) if self.due_reached else 0.0
        self.settled = bool(
            (self.due_reached or not self.due_percent)
            and (self.invoice_reached or not self.invoice_percent)
            and currency.compare_amounts(open_amount, 0.0) <= 0
        )
        if self.settled:
            self.progress = "settled"
        elif not self.due_reached and not self.invoice_reached:
            self.progress = "waiting"
        else:
            late = self.due_date and self.due_date < today
            self.progress = "due" if late else "running"

    def _why_not_complete(self):
        """Return what a stage lacks before the contract goes out, or False."""
        self.ensure_one()
        triggers = {self.due_trigger, self.invoice_trigger}
        if "date" in triggers and not self.date:
            return self.env._("%(stage)s needs a day.", stage=self.display_name)
        if "warranty_end" in triggers and not self.contract_id.warranty_months:
            return self.env._(
                "%(stage)s is due at the end of the warranty; enter its months.",
                stage=self.display_name,
            )
        return False

    def _prepare_content(self):
        """Return what the customer signs of the stage, as plain text."""
        self.ensure_one()
        return [
            *(self.name, f"{self.due_percent:.2f}", self.due_trigger),
            *(str(self.due_days), f"{self.invoice_percent:.2f}"),
            *(self.invoice_trigger, str(self.date or "")),
        ]

    # ------------------------------------------------------------------
    # Triggers
    # ------------------------------------------------------------------
    @api.model
    def _trigger(self, kind, order_lines, day):
        """Note that ``kind`` has come for these order lines on ``day``.

        A stage is reached once it has come for all lines of its contract that are
        settled by stages. What has been reached is not reached a second time.

        :param kind: one of the keys of ``TRIGGERS``
        :param order_lines: ``sale.order.line``; those of other ways are left out
        :param day: calendar day of the company
        :return: the stages that were reached by it
        """
        lines = order_lines.sudo().filtered(
            lambda line: line.rd_settlement_way == "stages"
        )
        contracts = lines.order_id.rd_contract_id.filtered(
            lambda contract: contract.state in RUNNING
        )
        reached = self.browse()
        for contract in contracts:
            own = lines.filtered(
                lambda line, one=contract: line.order_id.rd_contract_id == one
            )
            if kind == "handover" and kind not in contract._get_triggers():
                contract._accept(day)
            contract.stage_ids._note_lines(kind, own)
            reached |= contract.stage_ids._reach_complete(kind, day)
        return reached

    def _trigger_own(self, kind, day):
        """Reach what concerns the contract as a whole (signature, date, warranty)."""
        return self.sudo()._reach(kind, day)

    def _note_lines(self, kind, lines):
        for stage in self:
            values = {}
            if stage.due_trigger == kind and not stage.due_reached:
                values["due_line_ids"] = [Command.link(one.id) for one in lines]
            if stage.invoice_trigger == kind and not stage.invoice_reached:
                values["invoice_line_reached_ids"] = [
                    Command.link(one.id) for one in lines
                ]
            if values:
                stage._as_internal().write(values)

    def _reach_complete(self, kind, day):
        """Reach the stages for which nothing is missing any more."""
        reached = self.browse()
        for stage in self:
            wanted = stage.contract_id._get_stage_lines()._rd_concerned_by(kind)
            due = stage.due_trigger == kind and not wanted - stage.due_line_ids
            invoice = stage.invoice_trigger == kind and not (
                wanted - stage.invoice_line_reached_ids
            )
            if wanted and (due or invoice):
                reached |= stage._reach(kind, day)
        return reached

    def _reach(self, kind, day):
        """Write down the day, once for each column, and invoice what is to be."""
        reached = self.browse()
        for stage in self:
            values = {}
            if stage.due_trigger == kind and not stage.due_reached:
                values["due_reached"] = day
            if stage.invoice_trigger == kind and not stage.invoice_reached:
                values["invoice_reached"] = day
            if values:
                stage._as_internal().write(values)
                reached |= stage
        if kind == "handover" and reached:
            reached.contract_id._accept(day)
        for stage in reached:
            if stage.due_reached == day and stage.due_trigger == kind:
                stage._became_due()
            if stage.invoice_reached == day and stage.invoice_trigger == kind:
                stage._to_invoice()
        reached.contract_id._move_maturities()
        return reached

    @api.model
    def _run_clock(self, today):
        """Reach what a calendar day brings: agreed dates and ends of warranty."""
        for stage, kind, day in self._get_clock_due(today):
            stage._reach(kind, day)

    def _get_clock_due(self, today):
        """Return ``[(stage, trigger, its day)]`` of what a calendar day has brought."""
        found = []
        for stage in self.filtered(lambda one: one.contract_id.state in RUNNING):
            waits = {
                *({stage.due_trigger} if not stage.due_reached else ()),
                *({stage.invoice_trigger} if not stage.invoice_reached else ()),
            }
            end = stage.contract_id.warranty_end
            if "date" in waits and stage.date and stage.date <= today:
                found.append((stage, "date", stage.date))
            if "warranty_end" in waits and end and end < today:
                found.append((stage, "warranty_end", end))
        return found

    def _became_due(self):
        """Tell the responsible person what is to be asked for."""
        self.ensure_one()
        self.invalidate_recordset(["request_amount"])
        contract = self.contract_id
        retained = self.due_trigger == "warranty_end"
        if not retained and self.currency_id.is_zero(self.request_amount):
            return
        name = self.display_name
        if retained:
            message = self.env._(
                "%(stage)s: the retention is released, ask for it", stage=name
            )
        else:
            message = self.env._("%(stage)s is due: ask for the payment", stage=name)
        contract.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.due_date,
            summary=message,
            user_id=(contract.user_id or self.env.user).id,
        )

    def action_request_payment(self):
        """Ask the customer for what is due without an invoice.

        :raise UserError: when nothing is to be asked for
        """
        self.env["rd.contract"]._check_desk()
        for stage in self:
            if stage.currency_id.is_zero(stage.request_amount):
                raise UserError(
                    self.env._(
                        "%(stage)s: nothing is due without an invoice.",
                        stage=stage.display_name,
                    )
                )
            stage.contract_id.message_post(
                body=self.env._(
                    "Payment request: %(amount)s for %(stage)s, to be paid by %(day)s.",
                    amount=stage.currency_id.format(stage.request_amount),
                    stage=stage.display_name,
                    day=stage.due_date,
                ),
                partner_ids=stage.contract_id.signer_id.ids,
                subtype_xmlid="mail.mt_comment",
            )
            stage._as_internal().write({"requested_on": stage.company_id._rd_today()})
        return True

    def action_register_deposit(self):
        """Open Odoo's payment with what is to be asked for filled in."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deposit"),
            "res_model": "account.payment",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_payment_type": "inbound",
                "default_partner_type": "customer",
                "default_partner_id": self.partner_id.id,
                "default_amount": self.request_amount,
                "default_currency_id": self.currency_id.id,
                "default_memo": self.display_name,
                "default_rd_stage_id": self.id,
            },
        }

    # ------------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------------
    def _take_over(self, before):
        """Take what the same stage of the version before has reached."""
        self.ensure_one()
        if not before:
            return
        self._as_internal().write(
            {
                "due_reached": before.due_reached,
                "invoice_reached": before.invoice_reached,
                "requested_on": before.requested_on,
                "due_line_ids": [Command.set(before.due_line_ids.ids)],
                "invoice_line_reached_ids": [
                    Command.set(before.invoice_line_reached_ids.ids)
                ],
            }
        )
        before.sudo().line_ids._as_internal().write({"stage_id": self.id})
        before.sudo().payment_ids.write({"rd_stage_id": self.id})
        self._take_over_claims(before)

    # ------------------------------------------------------------------
    # Invoicing
    # ------------------------------------------------------------------
    def _to_invoice(self):
        """Cut the stage's share off every order line and invoice it.

        Of a customer with monthly statements the share waits for the statement;
        anyone else is invoiced at once.
        """
        self.ensure_one()
        contract = self.contract_id
        order_lines = contract._get_stage_lines() - self.line_ids.sale_line_id
        reached = sum(
            (
                stage._decimal("invoice_percent")
                for stage in contract.stage_ids
                if stage.invoice_reached
            ),
            Decimal(0),
        )
        values = []
        for line in order_lines:
            amount = self._get_share(line, reached)
            if amount:
                values.append(
                    {
                        "stage_id": self.id,
                        "sale_line_id": line.id,
                        "amount": float(amount),
                        "by_statement": line.order_id._rd_settles_by_statement(),
                    }
                )
        cut = self.env["rd.contract.stage.line"].sudo()._as_internal().create(values)
        cut._invoice_at_once()

    def _get_share(self, line, reached):
        """Return what is to be invoiced of the order line by now."""
        whole = line._rd_get_stage_amount()
        taken = sum(
            (Decimal(str(part.amount)) for part in line.rd_stage_line_ids), Decimal(0)
        )
        digits = line.order_id.currency_id.decimal_places
        return share(Decimal(str(whole)), reached, taken, digits)

    def _get_expected_day(self, invoice_day):
        """Return when the stage will have to be paid, as far as it can be known.

        What has not been reached cannot be late: its days count from today on.
        """
        self.ensure_one()
        if self.due_date:
            return self.due_date
        contract = self.contract_id
        day = start = max(invoice_day, self.company_id._rd_today())
        if self.due_trigger == "date" and self.date:
            day = self.date
        elif self.due_trigger == "warranty_end":
            day = contract.warranty_end or add_months(start, contract.warranty_months)
        return due_day(day, self.due_days)

    def _get_maturities(self, amount, invoice_day):
        """Return ``[(stage, day, amount)]``: when its invoice is to be paid, and by
        which stage of the plan."""
        self.ensure_one()
        stages = self.contract_id.stage_ids.sorted(
            lambda one: (one.sequence, one._origin.id)
        )
        earlier = takewhile(lambda one: one != self, stages)
        before = sum((one._decimal("invoice_percent") for one in earlier), Decimal(0))
        found = maturities(
            Decimal(str(amount)),
            before,
            before + self._decimal("invoice_percent"),
            [Due(stage, stage._decimal("due_percent")) for stage in stages],
            self.currency_id.decimal_places,
        )
        return [
            (stage, stage._get_expected_day(invoice_day), cut) for stage, cut in found
        ]
