# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_invoice_rules import DELIVERY_WAYS, HALF_CENT, KINDS

BUYER = (
    "buyer_name",
    "buyer_vat",
    "buyer_address",
    "buyer_phone",
    "buyer_bank",
    "buyer_account",
)
LIVE = ("draft", "requested", "returned", "accepted", "issued")


class RdInvoiceRequest(models.Model):
    """What the desk asks finance to invoice, as the tax invoice will read.

    draft → requested → accepted → issued; finance may return it with a reason.
    Accepting posts the invoice. One invoice has one live request.
    """

    _name = "rd.invoice.request"
    _description = "Invoice Request"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "buyer_name", "statement_id.name"]
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    statement_id = fields.Many2one(
        "rd.statement", readonly=True, index=True, ondelete="restrict"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index=True,
        check_company=True,
        ondelete="set null",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("returned", "Returned"),
            ("accepted", "Accepted by finance"),
            ("issued", "Tax invoice issued"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    kind = fields.Selection(KINDS, required=True, default="special")
    delivery_way = fields.Selection(
        DELIVERY_WAYS, string="Delivered by", required=True, default="email"
    )
    buyer_name = fields.Char(required=True)
    buyer_vat = fields.Char(string="Tax number")
    buyer_address = fields.Char(string="Address")
    buyer_phone = fields.Char(string="Phone")
    buyer_bank = fields.Char(string="Bank")
    buyer_account = fields.Char(string="Account number")
    remark = fields.Char(help="Printed on the tax invoice.")
    line_ids = fields.One2many(
        "rd.invoice.request.line", "request_id", readonly=True, copy=False
    )
    amount_untaxed = fields.Monetary(readonly=True)
    amount_tax = fields.Monetary(readonly=True)
    amount_total = fields.Monetary(readonly=True, tracking=True)
    is_credit = fields.Boolean(
        string="Credit note", readonly=True, help="Asks for a red-letter invoice."
    )
    warning = fields.Text(compute="_compute_warning")
    requested_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    requested_date = fields.Datetime(readonly=True, copy=False)
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    accepted_date = fields.Datetime(readonly=True, copy=False)
    return_reason = fields.Char(readonly=True, copy=False, tracking=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    accounting_note = fields.Char(
        string="Accounting month", compute="_compute_accounting_note"
    )
    needs_month = fields.Boolean(compute="_compute_accounting_note")
    fapiao_ids = fields.One2many("rd.fapiao", "request_id", readonly=True, copy=False)
    fapiao_count = fields.Integer(compute="_compute_fapiao_count")

    _once = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL AND state != 'cancelled'",
        "This invoice has already been requested.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("fapiao_ids")
    def _compute_fapiao_count(self):
        for request in self:
            request.fapiao_count = len(request.fapiao_ids)

    @api.depends(
        *("buyer_name", "buyer_vat", "kind", "line_ids.note", "currency_id"),
        "move_id.invoice_currency_rate",
    )
    def _compute_warning(self):
        for request in self:
            request.warning = "\n".join(request._get_warnings()) or False

    def _get_warnings(self):
        """Return what finance should look at before the tax invoice is written."""
        self.ensure_one()
        warnings = []
        if not self.buyer_vat:
            warnings.append(
                self.env._("%(buyer)s has no tax number.", buyer=self.buyer_name)
            )
        own = self.company_id.currency_id
        if self.currency_id != own:
            total = sum(self._get_own_amounts())
            warnings.append(
                self.env._(
                    "The invoice is in %(currency)s; the tax invoice is written over "
                    "%(total)s, at the rate of the invoice.",
                    currency=self.currency_id.name,
                    total=own.format(total),
                )
            )
        without = self.line_ids.filtered(lambda line: not line.tax_code)
        if without:
            warnings.append(
                self.env._(
                    "%(count)s lines have no tax classification code, the first is "
                    "%(part)s; enter it on the product or its category.",
                    count=len(without),
                    part=without[0].name,
                )
            )
        noted = self.line_ids.filtered("note")
        warnings += [f"{line.name}: {line.note}" for line in noted[:5]]
        return warnings

    def _convert_to_own(self, amount):
        """Return an amount of the request in the company's currency, at the rate at
        which its invoice is booked."""
        self.ensure_one()
        own = self.company_id.currency_id
        # Who sees the request may know its rate.
        rate = self.sudo().move_id.invoice_currency_rate
        return own.round(amount / rate) if rate else amount

    def _get_own_amounts(self):
        """Return untaxed amount and tax in the company's currency, as the lines of a
        request in another one come to in the tax system."""
        self.ensure_one()
        figures = [line._get_tax_system_figures() for line in self.line_ids]
        own = self.company_id.currency_id
        untaxed = sum(line["untaxed"] for line in figures)
        return own.round(untaxed), own.round(sum(line["tax"] for line in figures))

    @api.depends("move_id.invoice_date", "move_id.state", "move_id.rd_month_accepted")
    def _compute_accounting_note(self):
        for request in self:
            # Whoever reads the request may know its month.
            move = request.sudo().move_id
            request.accounting_note = move._rd_get_month_note() if move else False
            request.needs_month = bool(move and move._rd_needs_month())

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "requested": ("draft", "returned", "accepted", "issued"),
            "returned": ("requested",),
            "accepted": ("draft", "requested", "issued"),
            "issued": ("accepted",),
            "cancelled": ("draft", "requested", "returned", "accepted", "issued"),
        }

    @api.model
    def _get_guarded_fields(self):
        open_fields = {*BUYER, "kind", "delivery_way", "remark"}
        return super()._get_guarded_fields() | (
            self._get_stored_names() - open_fields - self._get_open_fields()
        )

    @api.model
    def _get_frozen_states(self):
        return ("requested", "accepted", "issued", "cancelled")

    @api.model_create_multi
    def create(self, vals_list):
        """Requests are made from statements, by the suite's own code."""
        if not self._is_internal():
            raise UserError(
                self.env._("An invoice request is made from its statement.")
            )
        return super().create(vals_list)

    def _check_role(self, role):
        """Refuse anyone but the given role (and code that runs as the system)."""
        self.check_access("read")
        group = f"rd_sales_admin.rd_sales_admin_group_{role}"
        if self.env.su or self.env.user.has_group(group):
            return
        raise UserError(
            self.env._("Only finance accepts or returns an invoice request.")
            if role == "finance"
            else self.env._("Only the sales administration desk does this.")
        )

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------
    @api.model
    def _make(self, moves):
        """Return the requests of these invoices, made where there is none yet."""
        moves = moves.sudo().filtered(lambda move: move.state != "cancel")
        known = self.sudo().search(
            [("move_id", "in", moves.ids), ("state", "!=", "cancelled")]
        )
        missing = (moves - known.move_id).sorted("id")
        made = (
            self.sudo()
            ._as_internal()
            .create([self._prepare_request(move) for move in missing])
        )
        return self.browse((known | made).ids)

    @api.model
    def _prepare_request(self, move):
        lines = self.env["rd.invoice.request.line"]._prepare_lines(move)
        sign = -1 if move.move_type == "out_refund" else 1
        partner = move.commercial_partner_id
        return {
            "name": self.env["ir.sequence"]
            .with_company(move.company_id)
            .next_by_code("rd.invoice.request"),
            "company_id": move.company_id.id,
            "partner_id": partner.id,
            "statement_id": (move.rd_statement_id or move.rd_deposit_statement_id).id,
            "move_id": move.id,
            "currency_id": move.currency_id.id,
            "kind": partner.rd_fapiao_kind or "special",
            "delivery_way": partner.rd_fapiao_way or "email",
            "remark": " ".join(
                text for text in (move.ref, move.invoice_origin) if text
            )[:200],
            "is_credit": sign < 0,
            "amount_untaxed": sign * move.amount_untaxed,
            "amount_tax": sign * move.amount_tax,
            "amount_total": sign * move.amount_total,
            "user_id": (move.rd_statement_id.user_id or self.env.user).id,
            "line_ids": [(0, 0, values) for values in lines],
            **self._prepare_buyer(partner),
        }

    @api.model
    def _prepare_buyer(self, partner):
        """Return the buyer's data as they stand on the contact today."""
        address = "".join(
            part or ""
            for part in (
                partner.state_id.name,
                partner.city,
                partner.street,
                partner.street2,
            )
        )
        account = partner.bank_ids[:1]
        return {
            "buyer_name": partner.name,
            "buyer_vat": partner.vat,
            "buyer_address": address,
            "buyer_phone": partner.phone,
            "buyer_bank": account.bank_id.name or account.bank_name,
            "buyer_account": account.acc_number,
        }

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    def action_request(self):
        """Hand the requests to finance; a returned one is handed in again.

        :raise UserError: when finance has accepted one: only its invoice, taken back
            to draft, leads from there to finance again
        """
        self._check_role("clerk")
        for request in self:
            if request.state not in ("draft", "returned", "requested"):
                raise UserError(
                    request._transition_refusal("requested", ("draft", "returned"))
                )
        moved = self._move_to(
            "requested",
            {
                "requested_by_id": self.env.uid,
                "requested_date": fields.Datetime.now(),
                "return_reason": False,
            },
        )
        moved.activity_unlink(["mail.mail_activity_data_todo"])
        moved.statement_id._log_act("requested")
        return True

    def action_refresh_buyer(self):
        """Take the buyer's data from the contact again."""
        self._check_role("clerk")
        for request in self:
            if request.state not in ("draft", "returned"):
                raise UserError(
                    self.env._(
                        "%(request)s is with finance; have it returned first.",
                        request=request.name,
                    )
                )
            request._as_internal().write(request._prepare_buyer(request.partner_id))
        return True

    def action_accept(self):
        """Accept the requests: their invoices are posted as they were agreed.

        :raise UserError: when finance does not ask, or the accounting month has to
            be accepted first
        """
        self._check_role("finance")
        self._accept()
        return True

    def _accept(self):
        """Post the invoices of requests; posting accepts the request."""
        for request in self.sudo():
            if request.state in ("accepted", "issued"):
                continue
            if request.state != "requested":
                sources = request._get_transitions()["accepted"]
                raise UserError(request._transition_refusal("accepted", sources))
            request._check_amounts()
            if request.move_id.state == "draft":
                request.move_id.action_post()
            request._invoice_posted()

    def _check_amounts(self):
        """Refuse a request whose lines are no longer its invoice's."""
        self.ensure_one()
        sign = -1 if self.is_credit else 1
        for name in ("amount_untaxed", "amount_tax", "amount_total"):
            if abs(sum(self.line_ids.mapped(name)) - sign * self.move_id[name]) > (
                HALF_CENT
            ):
                raise UserError(
                    self.env._(
                        "The lines of %(request)s no longer come to the amounts of "
                        "its invoice; return it and have it made again.",
                        request=self.name,
                    )
                )

    def _invoice_posted(self):
        """Note that the invoice is posted, and open its tax invoice.

        :raise UserError: when finance has returned the request
        """
        self._check_not_returned()
        todo = self.filtered(lambda request: request.state in ("draft", "requested"))
        todo._move_to(
            "accepted",
            {"accepted_by_id": self.env.uid, "accepted_date": fields.Datetime.now()},
        )
        self.env["rd.fapiao"]._open_for(todo)

    def _check_not_returned(self):
        """Refuse to post what finance gave back: only asking again leads on."""
        for request in self.filtered(lambda item: item.state == "returned"):
            raise UserError(
                self.env._(
                    "%(request)s was returned by finance: %(reason)s The desk asks "
                    "for it again first.",
                    request=request.name,
                    reason=request.return_reason or "",
                )
            )

    def action_return(self, reason=None):
        """Give requests back to the desk, with the reason.

        The invoice stays a draft; who asked gets an activity.

        :raise UserError: without a reason, or when finance does not ask
        """
        self._check_role("finance")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the request is returned."))
        moved = self._move_to("returned", {"return_reason": reason})
        for request in moved:
            user = request.requested_by_id or request.user_id
            request.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._(
                    "%(request)s was returned: %(reason)s",
                    request=request.name,
                    reason=reason,
                ),
            )
        return True

    def _invoice_reset(self):
        """Wait for finance again: the invoice is a draft once more."""
        todo = self.filtered(lambda item: item.state in ("accepted", "issued"))
        todo._move_to("requested", {"accepted_by_id": False, "accepted_date": False})
        waiting = todo.fapiao_ids.filtered(lambda item: item.state == "requested")
        waiting._move_to("cancelled")

    def _invoice_gone(self):
        """Cancel the requests of invoices that are no more."""
        todo = self.filtered(lambda request: request.state != "cancelled")
        todo._move_to("cancelled")
        waiting = todo.fapiao_ids.filtered(lambda item: item.state == "requested")
        waiting._move_to("cancelled")
        todo.activity_unlink(["mail.mail_activity_data_todo"])

    def _fapiao_changed(self):
        """Follow the tax invoices of its invoice, also those that finance typed beside
        the one that was opened: issued when they come to the whole amount."""
        for request in self:
            papers = request.move_id.rd_fapiao_ids
            live = papers.filtered(lambda item: item._counts())
            whole = bool(live._get_covering())
            if whole and request.state == "accepted":
                request._move_to("issued")
            elif not whole and request.state == "issued":
                request._move_to("accepted")

    # ------------------------------------------------------------------
    # Opening related records
    # ------------------------------------------------------------------
    def action_view_invoice(self):
        """Open the invoice of the request."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }

    def action_view_fapiao(self):
        """Open the tax invoices of these requests."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_fapiao_action"
        )
        action["domain"] = [("request_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_accept_month(self):
        """Accept that the invoices count in another month than their date."""
        self._check_role("finance")
        self.move_id.action_rd_accept_month()
        return True
