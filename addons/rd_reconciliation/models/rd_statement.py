# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.rd_sales_admin.models.rd_settlement_source import FOREVER

LIVE_STATES = ("draft", "sent", "confirmed", "disputed", "agreed", "invoiced", "closed")
OPEN_STATES = ("draft", "sent", "confirmed", "disputed")
AGREED_STATES = ("agreed", "invoiced", "closed")
# Nothing leads back from these.
FINAL_STATES = ("closed", "cancelled")
# How a confirmation that the desk writes down may have reached it.
RECORDED_CHANNELS = ("phone", "fax", "paper", "message", "scan", "workbook")


class RdStatement(models.Model):
    """The monthly statement of one invoiced partner in one currency.

    draft → sent → confirmed or disputed → agreed → invoiced → closed. Lines are
    portions of deliveries; what is agreed is what is invoiced, nothing else.
    """

    _name = "rd.statement"
    _description = "Affiliate Statement"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "rd.workflow.mixin",
        "rd.confirmation.mixin",
        "rd.approval.mixin",
    ]
    _order = "date_to desc, partner_id, id desc"
    _rec_names_search = ["name", "partner_id.name"]
    _check_company_auto = True

    name = fields.Char(required=True, copy=False, readonly=True, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Affiliate",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    close_id = fields.Many2one(
        "rd.close",
        string="Month",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("confirmed", "Confirmed"),
            ("disputed", "Disputed"),
            ("agreed", "Agreed"),
            ("invoiced", "Invoiced"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user._rd_get_responsible(),
        tracking=True,
    )
    basis = fields.Selection(
        selection=lambda self: (
            self.env["res.partner"]._fields["rd_basis"]._description_selection(self.env)
        ),
        readonly=True,
        copy=False,
        default="dispatched",
        help="What of the deliveries counts, as it was when the statement was made.",
    )
    invoice_date = fields.Date(
        help="Date of the invoice made from this statement; empty: the day it is made.",
        copy=False,
    )
    line_ids = fields.One2many("rd.statement.line", "statement_id", copy=False)
    match_ids = fields.One2many("rd.match", "statement_id", copy=False)
    difference_ids = fields.One2many("rd.difference", "statement_id", copy=False)
    ledger_ids = fields.One2many("rd.ledger", "statement_id", copy=False)
    invoice_ids = fields.One2many("account.move", "rd_statement_id", copy=False)
    amount_untaxed = fields.Monetary(readonly=True, copy=False)
    amount_tax = fields.Monetary(readonly=True, copy=False)
    amount_total = fields.Monetary(readonly=True, copy=False, tracking=True)
    line_count = fields.Integer(compute="_compute_counts")
    confirmed_count = fields.Integer(compute="_compute_counts")
    carried_count = fields.Integer(compute="_compute_counts")
    difference_count = fields.Integer(
        string="Open differences",
        compute="_compute_difference_count",
        search="_search_difference_count",
    )
    invoice_count = fields.Integer(compute="_compute_invoice_count")
    draft_invoice_count = fields.Integer(compute="_compute_invoice_count")
    late_note = fields.Char(compute="_compute_late_note")

    _once = models.UniqueIndex(
        "(company_id, partner_id, currency_id, close_id) WHERE state != 'cancelled'",
        "This affiliate already has a statement for the month.",
    )
    _number_once = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "This number already names another statement.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("line_ids.live", "line_ids.verdict")
    def _compute_counts(self):
        counts = {statement.id: [0, 0, 0] for statement in self}
        groups = self.env["rd.statement.line"]._read_group(
            [("statement_id", "in", self.ids)],
            ["statement_id", "live", "verdict"],
            ["__count"],
        )
        for statement, live, verdict, count in groups:
            row = counts[statement.id]
            row[0] += count if live else 0
            row[1] += count if live and verdict == "confirmed" else 0
            row[2] += count if verdict == "carried" else 0
        for statement in self:
            lines, confirmed, carried = counts.get(statement.id, (0, 0, 0))
            statement.line_count = lines
            statement.confirmed_count = confirmed
            statement.carried_count = carried

    @api.depends("difference_ids.state")
    def _compute_difference_count(self):
        groups = self.env["rd.difference"]._read_group(
            [("statement_id", "in", self.ids), ("state", "=", "open")],
            ["statement_id"],
            ["__count"],
        )
        counts = {statement.id: count for statement, count in groups}
        for statement in self:
            statement.difference_count = counts.get(statement.id, 0)

    def _search_difference_count(self, operator, value):
        if operator not in (">", "=") or value != 0:
            return NotImplemented
        domain = [("difference_ids.state", "=", "open")]
        return domain if operator == ">" else ["!", *domain]

    @api.depends("invoice_ids.state")
    def _compute_invoice_count(self):
        for statement in self:
            # Whoever reads the statement may know how far it is invoiced.
            invoices = statement.sudo().invoice_ids
            drafts = invoices.filtered(lambda move: move.state == "draft")
            statement.invoice_count = len(invoices)
            statement.draft_invoice_count = len(drafts)

    @api.depends("line_ids.late", "line_ids.live")
    def _compute_late_note(self):
        groups = self.env["rd.statement.line"]._read_group(
            [
                ("statement_id", "in", self.ids),
                ("late", "=", True),
                ("live", "=", True),
            ],
            ["statement_id"],
            ["__count"],
        )
        counts = {statement.id: count for statement, count in groups}
        for statement in self:
            count = counts.get(statement.id, 0)
            statement.late_note = (
                self.env._("%(count)s lines come from earlier months.", count=count)
                if count
                else False
            )

    @api.depends("name", "partner_id.name")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = (
                f"{statement.name} {statement.partner_id.name or ''}"
            )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "draft": ("sent", "confirmed", "disputed", "agreed", "invoiced"),
            "sent": ("draft",),
            "disputed": ("sent",),
            "confirmed": ("draft", "sent", "disputed"),
            "agreed": ("sent", "confirmed", "invoiced"),
            "invoiced": ("agreed",),
            "closed": ("invoiced",),
            "cancelled": ("draft", "sent", "disputed", "confirmed"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "name",
            "company_id",
            "partner_id",
            "currency_id",
            "close_id",
            "basis",
            "date_from",
            "date_to",
            "line_ids",
            "match_ids",
            "difference_ids",
            "invoice_ids",
            "amount_untaxed",
            "amount_tax",
            "amount_total",
        }

    @api.model
    def _get_frozen_states(self):
        return ("agreed", "invoiced", "closed", "cancelled")

    @api.model
    def _get_open_fields(self):
        return super()._get_open_fields() | {"invoice_date", "user_id"}

    def _check_frozen(self, names):
        res = super()._check_frozen(names)
        made = self.filtered(
            lambda one: one.state in ("invoiced", "closed", "cancelled")
        )
        if "invoice_date" in names and made:
            raise UserError(
                self.env._(
                    "%(statement)s is no longer to be invoiced; its invoice date "
                    "stays.",
                    statement=made[0].display_name,
                )
            )
        return res

    def _check_desk(self):
        """Refuse anyone but the desk (and code that runs as the system)."""
        self.check_access("write")
        self.env["rd.close"]._check_desk()

    def _lines(self):
        """Return the live lines of these statements, in printing order."""
        return self.line_ids.filtered("live")

    # ------------------------------------------------------------------
    # Amounts
    # ------------------------------------------------------------------
    def _recompute_amounts(self):
        """Compute every line and the totals as the invoice will compute them.

        The lines of one invoice are rounded together by the tax engine; the
        statement's total is the sum of its lines.
        """
        for statement in self:
            statement._lines()._set_invoice_groups(statement)
            groups = statement._lines()._grouped_for_invoice()
            for lines in groups.values():
                lines._compute_amounts_together(statement.company_id)
            dead = statement.line_ids.filtered(lambda line: not line.live)
            dead._as_internal().write(
                {"amount_untaxed": 0.0, "amount_tax": 0.0, "amount_total": 0.0}
            )
            statement._write_totals()

    def _write_totals(self):
        """The totals are the sums of the live lines."""
        self.ensure_one()
        lines = self._lines()
        self._as_internal().write(
            {
                "amount_untaxed": sum(lines.mapped("amount_untaxed")),
                "amount_tax": sum(lines.mapped("amount_tax")),
                "amount_total": sum(lines.mapped("amount_total")),
            }
        )

    # ------------------------------------------------------------------
    # Confirmation and agreement
    # ------------------------------------------------------------------
    def _prepare_confirmation_content(self):
        self.ensure_one()
        return {
            "statement": self.name,
            "partner": self.partner_id.id,
            "period": [str(self.date_from or ""), str(self.date_to)],
            "currency": self.currency_id.name,
            "lines": [line._prepare_content() for line in self._lines().sorted("id")],
            "total": f"{self.amount_total:.2f}",
        }

    def action_send(self):
        """Fix the content as a revision and mark the statement as sent.

        What has been sent goes out anew where it has changed since.
        """
        self._check_desk()
        self._send()
        self._mark_act("fixed")
        return True

    def _send(self):
        again = self.filtered(lambda statement: statement._has_changed_since_sent())
        again._prepare_again()
        (self - again)._move_to("sent")
        self._fix_revision()

    def _why_too_early(self):
        """Return why no draft is mailed yet: it is still being collected."""
        self.ensure_one()
        if self.state != "draft" or self.date_to < self.company_id._rd_today():
            return False
        return self.env._(
            "%(statement)s is collected until %(day)s; send it from the day after.",
            statement=self.name,
            day=format_date(self.env, self.date_to),
        )

    def action_refresh(self):
        """Bring prices and late deliveries into statements not yet agreed.

        :raise UserError: when a statement is already agreed
        """
        self._check_desk()
        for statement in self:
            if statement.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%(statement)s is already agreed; what came later enters "
                        "the next month.",
                        statement=statement.display_name,
                    )
                )
            if statement.state == "draft":
                statement._begin_anew()
                self.env["rd.statement"]._build(
                    statement.close_id, statement.partner_id
                )
            # What was made anew has its price; the rest is asked for once.
            statement._find_prices()
        return True

    def action_confirm_recorded(
        self, who=None, channel="phone", note=None, day=None, proof=None
    ):
        """Write down that the other side confirmed the statement as it stands.

        All lines without an open difference are confirmed by it. A repeat is harmless.

        :param day: when they said so; today, without one
        :param dict proof: {"name", "data"}, scan or photo, base64
        :raise UserError: without the name of who confirmed or a note or file that
            shows it, for a day that cannot be, or when it was confirmed in another
            way before
        """
        self._check_desk()
        if channel not in RECORDED_CHANNELS:
            raise UserError(self.env._("Say how the confirmation reached us."))
        who = (who or "").strip()
        for statement in self:
            if not who:
                raise UserError(
                    self.env._(
                        "Say who of %(partner)s confirmed the statement.",
                        partner=statement.partner_id.name,
                    )
                )
            if not statement._was_recorded(who, channel):
                statement._check_evidence(note, proof)
                statement._take_recorded(who, channel, note, day)
                statement._keep_recorded_evidence(proof)
        return True

    def _was_recorded(self, who, channel):
        """Tell whether just this was written down; what was given never changes.

        :raise UserError: when it was confirmed by somebody else or in another way
        """
        if self.state != "confirmed":
            return False
        if (self.confirmed_by, self.confirmation_channel) != (who, channel):
            raise UserError(
                self.env._(
                    "%(statement)s was confirmed by %(who)s on %(day)s already; add "
                    "what came later to its messages.",
                    statement=self.name,
                    who=self.confirmed_by,
                    day=self.company_id._rd_local_date(self.confirmed_date),
                )
            )
        return True

    def _take_recorded(self, who, channel, note, day=None):
        """Take what the desk was told as the confirmation of all that is pending."""
        if self.state == "draft":
            self._send()
        self._record_confirmation(
            channel,
            who,
            self.revision,
            self.content_hash,
            note,
            self._get_recorded_moment(day),
        )
        self._mark_act("confirmed")
        pending = self._lines().filtered(lambda line: line.verdict == "pending")
        pending._as_internal().write({"verdict": "confirmed"})
        self._move_to("confirmed")
        self.close_id._wake(self.partner_id)

    def action_agree(self):
        """Agree what is confirmed; lines with an open difference leave.

        They enter the next month with their age. Nothing is agreed while a
        difference that concerns the whole statement is open.
        """
        self._check_desk()
        for statement in self:
            statement._renew_to_agree()
            statement._confirm_sent_only()
            statement._check_agreeable()
            if statement._needs_approval():
                statement._ask_to_agree()
                continue
            leaving = statement._lines().filtered(
                lambda line: line.verdict not in ("confirmed", "short")
            )
            leaving._carry_over()
            statement.difference_ids._carry_rows()
            statement._check_not_above_delivered()
            statement._recompute_amounts()
            if statement.state == "draft":
                statement._move_to("sent")
            statement._fix_revision()
            if statement.state in ("sent", "disputed"):
                statement._move_to("confirmed")
            statement._move_to("agreed")
            statement._log_act("agreed")
        return True

    def _check_agreeable(self):
        """Raise a sentence that names why the statement cannot be agreed."""
        self.ensure_one()
        if self.state not in ("draft", "sent", "confirmed", "disputed"):
            raise UserError(
                self._transition_refusal("agreed", self._get_transitions()["agreed"])
            )
        blocking = self.difference_ids.filtered(
            lambda item: item.state == "open" and item.blocks == "statement"
        )
        if blocking:
            raise UserError(
                self.env._(
                    "%(statement)s cannot be agreed while this is open: %(difference)s",
                    statement=self.display_name,
                    difference=blocking[0].display_name,
                )
            )
        if reason := self._get_gate_refusal():
            raise UserError(reason)
        if self._needs_confirmation():
            raise UserError(
                self.env._(
                    "%(partner)s has not confirmed %(statement)s yet; read their "
                    "ledger or note who confirmed it.",
                    partner=self.partner_id.name,
                    statement=self.name,
                )
            )

    def _needs_confirmation(self):
        """Tell whether the other side has not yet answered in any way."""
        self.ensure_one()
        if self.partner_id.rd_settlement_mode == "statement_sent":
            return False
        read = self.ledger_ids - self._get_asked_ledgers()
        answered = read or self.confirmed_date or self._is_answered()
        return not answered and bool(self._lines())

    def _is_answered(self):
        """Tell whether the customer gave his word on arrival, and no line waits."""
        self.ensure_one()
        lines = self._lines()
        waits = any(line.verdict == "pending" for line in lines)
        return not waits and any(line.pre_confirmed for line in lines)

    def _confirm_sent_only(self):
        """Take the lines of those as confirmed whose statement is only sent."""
        for statement in self:
            if statement.partner_id.rd_settlement_mode == "statement_sent":
                statement._lines().filtered(
                    lambda line: line.verdict == "pending"
                )._as_internal().write({"verdict": "confirmed"})

    def _why_not_by_itself(self):
        """Return why a person has to agree this statement, or False."""
        self.ensure_one()
        if not self._lines():
            return False
        lines = self._lines().filtered(
            lambda line: line.verdict not in ("confirmed", "short")
        )
        if holding := self._get_holding_differences():
            return self.env._(
                "%(statement)s has %(count)s open differences.",
                statement=self.name,
                count=len(holding),
            )
        if reason := self._get_gate_refusal():
            return reason
        if self._needs_approval():
            return self.env._(
                "%(statement)s has differences that a second person has to approve.",
                statement=self.name,
            )
        automatic = self.company_id._rd_is_automatic("agree", self.partner_id)
        if lines and self.partner_id.rd_settlement_mode != "statement_sent":
            return self.env._(
                "%(statement)s has %(count)s lines that are not confirmed.",
                statement=self.name,
                count=len(lines),
            )
        if not automatic:
            return self.env._(
                "%(statement)s is confirmed and waits to be agreed.",
                statement=self.name,
            )
        return False

    def _get_holding_differences(self):
        """Return the open differences that hold the agreement back."""
        return self.difference_ids.filtered(lambda item: item.state == "open")

    def _who_is_waited_for(self):
        """Return the role that has to act next on the open differences."""
        self.ensure_one()
        still_open = self._get_holding_differences()
        if still_open.requested_by_id:
            return "supervisor"
        roles = set(still_open.mapped("role"))
        return roles.pop() if roles in ({"salesperson"}, {"supervisor"}) else "clerk"

    def _check_not_above_delivered(self):
        """Refuse when part of the statement has been invoiced elsewhere since."""
        self.ensure_one()
        self.env["rd.drift"]._detect(self.company_id, self.partner_id)
        # Drafts of other months follow their deliveries first, whoever may see them.
        self._get_others().sudo()._renew_changed()
        portions = self._get_portions(self.company_id, self.partner_id, FOREVER)
        excess = self._get_excess(self._get_open_pieces(portions), self)
        stated = defaultdict(float)
        lines = self._lines().filtered(
            lambda line: line.sale_line_id and not line.zero_reason
        )
        for line in lines - lines._get_invoiced():
            stated[line.sale_line_id] += line.quantity
        for order_line, quantity in stated.items():
            over = excess[order_line.id] + quantity
            if quantity > 0 and order_line.product_uom_id.compare(over, 0.0) > 0:
                raise UserError(
                    self.env._(
                        "%(over)s of %(part)s of %(order)s on %(statement)s are on "
                        "another invoice by now; cancel that invoice, or cancel the "
                        "statement and build it again.",
                        over=over,
                        part=order_line.product_id.display_name,
                        order=order_line.order_id.name,
                        statement=self.name,
                    )
                )

    def action_cancel(self):
        """Cancel statements that are not agreed; their deliveries become free."""
        self._check_desk()
        for statement in self:
            statement._move_to("cancelled")
        return True

    def _after_transition(self, target):
        if target == "cancelled":
            self.line_ids._as_internal().write({"live": False})
            self.difference_ids._as_internal().write({"state": "cancelled"})
            self._recompute_amounts()
            self._forget_late_facts()
        return super()._after_transition(target)

    # ------------------------------------------------------------------
    # Opening related records
    # ------------------------------------------------------------------
    def action_view_invoices(self):
        """Open the invoices made from these statements."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("rd_statement_id", "in", self.ids)]
        action["context"] = {"create": False}
        if len(self.invoice_ids) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = self.invoice_ids.id
        return action

    def action_view_differences(self):
        """Open the exception desk with the differences of this statement."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.client"]._for_xml_id(
            "rd_reconciliation.rd_difference_action_desk"
        )
        return {**action, "params": {"statement_id": self.id}}

    def action_view_lines(self):
        """Open the lines of these statements as a list of their own."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_statement_line_action"
        )
        action["domain"] = [("statement_id", "in", self.ids)]
        action["context"] = {"search_default_live": 1}
        return action
