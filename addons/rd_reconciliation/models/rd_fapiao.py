# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from .rd_invoice_rules import DELIVERY_WAYS, FAPIAO_KINDS, HALF_CENT

NUMBER = re.compile(r"\d{8}|\d{20}")
CODE = re.compile(r"\d{10}|\d{12}")
# The tax invoice is with the customer or on its way.
OUT = ("issued", "sent", "received", "booked")
# It is written in the tax system for its invoices, until a red letter takes it back or
# it is voided in its month.
STANDS = (*OUT, "returned")
# What the tax invoice says; the desk only delivers it.
FINANCE_ONLY = {
    *("number", "code", "kind", "date", "amount_untaxed", "amount_tax"),
    *("partner_id", "currency_id", "company_id", "move_ids"),
}


class RdFapiao(models.Model):
    """A tax invoice: from what was requested to what the customer booked.

    requested → issued → sent → received → booked; the customer may return it, and
    a red-letter invoice takes it back, or it is voided in its month. From its receipt
    the due date is counted.
    """

    _name = "rd.fapiao"
    _description = "Tax Invoice"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["number", "partner_id.name"]
    _check_company_auto = True

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
        domain="[('is_company', '=', True)]",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    request_id = fields.Many2one(
        "rd.invoice.request", index=True, check_company=True, ondelete="restrict"
    )
    move_ids = fields.Many2many(
        "account.move",
        "rd_fapiao_move_rel",
        "fapiao_id",
        "move_id",
        string="Invoices",
        check_company=True,
        copy=False,
        domain="[('move_type', 'in', ('out_invoice', 'out_refund')), "
        "('company_id', '=', company_id), "
        "('commercial_partner_id', '=', partner_id)]",
    )
    number = fields.Char(copy=False, tracking=True, help="8 or 20 digits.")
    code = fields.Char(
        string="Invoice code", copy=False, help="10 or 12 digits, on paper ones."
    )
    kind = fields.Selection(FAPIAO_KINDS, required=True, default="digital_special")
    date = fields.Date(string="Invoice date", copy=False, index=True)
    amount_untaxed = fields.Monetary()
    amount_tax = fields.Monetary()
    amount_total = fields.Monetary(
        compute="_compute_amount_total", store=True, tracking=True
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("issued", "Issued"),
            ("sent", "Sent"),
            ("received", "Received"),
            ("booked", "Booked by the customer"),
            ("returned", "Returned by the customer"),
            ("red", "Red-lettered"),
            ("void", "Voided"),
            ("cancelled", "Dropped"),
        ],
        default="requested",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user._rd_get_responsible(),
    )
    source_line_id = fields.Many2one(
        "rd.fapiao.import.line",
        string="Read from",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    note = fields.Char()
    delivery_way = fields.Selection(DELIVERY_WAYS, string="Delivered by", copy=False)

    # Twenty digits name a tax invoice; eight do only together with the code.
    _number_once = models.UniqueIndex(
        "(company_id, number) WHERE length(number) = 20",
        "This tax invoice number is already there.",
    )
    _code_number_once = models.UniqueIndex(
        "(company_id, number, COALESCE(code, '')) WHERE length(number) = 8",
        "A tax invoice with this code and number is already there.",
    )

    @api.depends("amount_untaxed", "amount_tax")
    def _compute_amount_total(self):
        for item in self:
            item.amount_total = item.amount_untaxed + item.amount_tax

    @api.depends("number", "request_id.name", "partner_id.name")
    def _compute_display_name(self):
        for item in self:
            name = item.number or item.request_id.name or self.env._("Not issued yet")
            item.display_name = f"{name} {item.partner_id.name or ''}".strip()

    @api.constrains("number", "code")
    def _check_number(self):
        for item in self:
            if item.number and not NUMBER.fullmatch(item.number):
                raise ValidationError(
                    self.env._(
                        "A tax invoice number has 8 or 20 digits; “%(number)s” has "
                        "not.",
                        number=item.number,
                    )
                )
            if item.code and not CODE.fullmatch(item.code):
                raise ValidationError(
                    self.env._(
                        "A tax invoice code has 10 or 12 digits; “%(code)s” has not.",
                        code=item.code,
                    )
                )

    @api.model
    def _search_number(self, company, numbers):
        """Return the tax invoices of the company with these numbers, by number."""
        found = self.search(
            [("company_id", "in", company.ids), ("number", "in", list(numbers))]
        )
        return found.grouped("number")

    def _pick_code(self, code):
        """Return which of the tax invoices of one number is meant by this code.

        Eight digits come again under another code; where one side does not say the
        code, the number alone has to do.
        """
        exact = self.filtered(lambda item: (item.code or "") == (code or ""))
        rest = self.filtered(
            lambda item: len(item.number) == 20 or not (code and item.code)
        )
        return (exact or rest)[:1]

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "issued": ("requested", "returned"),
            "sent": ("issued", "returned"),
            "received": ("issued", "sent"),
            "booked": ("received",),
            "returned": ("sent", "received", "booked"),
            "red": STANDS,
            "void": ("issued", "returned"),
            "cancelled": ("requested",),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"request_id", "source_line_id"}

    @api.model
    def _get_frozen_states(self):
        return (*STANDS, "red", "void", "cancelled")

    @api.model
    def _get_open_fields(self):
        return super()._get_open_fields() | {"user_id", "note"}

    def _check_role(self, *roles):
        """Refuse whoever has none of the roles (code of the system has all)."""
        self.check_access("write")
        if self.env.su or any(
            self.env.user.has_group(f"rd_sales_admin.rd_sales_admin_group_{role}")
            for role in roles
        ):
            return
        raise UserError(
            self.env._("Tax invoices are issued by finance and delivered by the desk.")
        )

    def _counts(self):
        """Tell whether this tax invoice is with the customer or on its way."""
        self.ensure_one()
        return self.state in OUT

    def _stands(self):
        """Tell whether this tax invoice stands for its invoices: a returned one does,
        too, and goes out again or is red-lettered."""
        self.ensure_one()
        return self.state in STANDS

    def write(self, vals):
        """Keep invoices and amounts together with what was requested.

        Nobody but finance writes what a tax invoice says.
        """
        if not self._is_internal() and FINANCE_ONLY & vals.keys():
            self._check_role("finance")
        res = super().write(vals)
        if {"state", "amount_untaxed", "amount_tax"} & vals.keys():
            self._tell_requests()
        return res

    def _tell_requests(self):
        """Let the requests follow, whoever noted the tax invoice."""
        requests = self.sudo()._get_connected().move_ids.rd_request_ids
        (self.sudo().request_id | requests)._fapiao_changed()

    # ------------------------------------------------------------------
    # Requested and issued
    # ------------------------------------------------------------------
    @api.model
    def _open_for(self, requests):
        """Open the tax invoice of each request: amounts known, number not yet."""
        known = self.sudo().search(
            [("request_id", "in", requests.ids), ("state", "!=", "cancelled")]
        )
        for request in (requests - known.request_id).sorted("id"):
            self.sudo()._as_internal().create(
                {
                    "company_id": request.company_id.id,
                    "partner_id": request.partner_id.id,
                    "currency_id": request.currency_id.id,
                    "request_id": request.id,
                    "move_ids": [Command.set(request.move_id.ids)],
                    "kind": request.kind
                    if request.kind.startswith("digital")
                    else f"digital_{request.kind}",
                    "amount_untaxed": request.amount_untaxed,
                    "amount_tax": request.amount_tax,
                    "delivery_way": request.delivery_way,
                    "user_id": request.user_id.id,
                }
            )

    def action_issue(self):
        """Note that the tax system has issued these invoices.

        :raise UserError: without number, date or invoice, or above its amount
        """
        self._check_role("finance")
        for item in self:
            item._check_issuable()
        self._move_to("issued")
        return True

    def _check_issuable(self):
        """Raise a sentence that names what is still missing."""
        self.ensure_one()
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("number", "date", "move_ids")
            if not self[name]
        ]
        if missing:
            raise UserError(
                self.env._(
                    "%(record)s: enter %(fields)s first.",
                    record=self.display_name,
                    fields=", ".join(missing),
                )
            )
        self._check_not_above_invoices()

    def _check_not_above_invoices(self):
        """Refuse more tax invoices than the invoices come to."""
        moves = self.sudo().move_ids
        stray = moves.filtered(
            lambda move: (
                move.state != "posted" or move.commercial_partner_id != self.partner_id
            )
        )
        if stray:
            raise UserError(
                self.env._(
                    "%(invoice)s is not a posted invoice of %(partner)s.",
                    invoice=stray[0].display_name,
                    partner=self.partner_id.name,
                )
            )
        others = moves.rd_fapiao_ids.filtered(lambda item: item._stands()) - self
        whole = sum(
            -move.amount_total if move.move_type == "out_refund" else move.amount_total
            for move in (moves | others.move_ids)
        )
        over = self.amount_total + sum(others.mapped("amount_total")) - whole
        side = -1 if whole < 0 else 1
        if side * over > HALF_CENT:
            raise UserError(
                self.env._(
                    "With %(record)s the tax invoices would come to %(over)s more "
                    "than %(invoices)s.",
                    record=self.display_name,
                    over=self.currency_id.format(side * over),
                    invoices=", ".join(moves.mapped("display_name")),
                )
            )

    def action_cancel(self):
        """Drop tax invoices that were never issued."""
        self._check_role("finance", "clerk")
        self._move_to("cancelled")
        return True
