# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

HELD = ("held", "endorsed", "discounted")
OVER = ("bounced", "cancelled")
KINDS = [("bank", "Bank acceptance"), ("commercial", "Commercial acceptance")]


class RdAcceptanceBill(models.Model):
    """A bill of exchange received as payment: the bills register of the desk.

    held → endorsed to somebody or discounted at a bank → matured; or bounced. The
    payment entry is finance's; here stands from when it counts as received.
    """

    _name = "rd.acceptance.bill"
    _description = "Acceptance Bill"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "maturity_date, id"
    _rec_name = "number"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Received from",
        required=True,
        index=True,
        ondelete="restrict",
    )
    number = fields.Char(string="Bill number", required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="bank", tracking=True)
    drawer = fields.Char(required=True, help="Who drew the bill (出票人).")
    acceptor = fields.Char(required=True, help="Who has to pay it (承兑人).")
    issue_date = fields.Date(string="Issued on", required=True)
    received_date = fields.Date(
        string="Received on",
        required=True,
        default=lambda self: self.env.company._rd_today(),
    )
    maturity_date = fields.Date(
        string="Matures on", required=True, index=True, tracking=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(required=True, tracking=True)
    payment_id = fields.Many2one(
        "account.payment",
        check_company=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('payment_type', '=', 'inbound'), ('company_id', '=', company_id)]",
    )
    state = fields.Selection(
        [
            ("held", "Held"),
            ("endorsed", "Endorsed"),
            ("discounted", "Discounted"),
            ("matured", "Matured"),
            ("bounced", "Bounced"),
            ("cancelled", "Cancelled"),
        ],
        default="held",
        required=True,
        copy=False,
        index=True,
        tracking=True,
    )
    endorsed_to_id = fields.Many2one(
        "res.partner",
        string="Endorsed to",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    endorsed_date = fields.Date(string="Endorsed on", readonly=True, copy=False)
    discounted_date = fields.Date(string="Discounted on", readonly=True, copy=False)
    amount_discounted = fields.Monetary(string="Paid out at the discount", copy=False)
    matured_date = fields.Date(string="Paid on", readonly=True, copy=False)
    bounced_date = fields.Date(string="Bounced on", readonly=True, copy=False)
    bounce_reason = fields.Char(string="Why it bounced", copy=False, tracking=True)
    counts_date = fields.Date(
        string="Counts from",
        compute="_compute_counts",
        help="First day on which the bill counts as received; empty as long as it "
        "waits for its maturity.",
    )
    counts_at = fields.Selection(
        [("receipt", "When it is received"), ("maturity", "When it matures")],
        string="Counts",
        compute="_compute_counts",
    )

    _number_once = models.UniqueIndex(
        "(company_id, number) WHERE state != 'cancelled'",
        "A bill of this number is already there.",
    )
    _payment_once = models.UniqueIndex(
        "(payment_id) WHERE payment_id IS NOT NULL AND state != 'cancelled'",
        "This payment already belongs to another bill.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "The amount of a bill is more than 0."
    )

    @api.depends("state", "kind", "matured_date", "bounced_date", "received_date")
    def _compute_counts(self):
        for bill in self:
            company = bill.company_id
            bill.counts_at = (
                company.rd_bill_bank_counts
                if bill.kind == "bank"
                else company.rd_bill_commercial_counts
            )
            if bill.state == "cancelled":
                bill.counts_date = False
            elif bill.counts_at == "receipt":
                bill.counts_date = bill.received_date
            else:
                bill.counts_date = bill.matured_date or bill.bounced_date

    @api.model
    def _get_past_domain(self, company):
        """Return the domain of bills past their maturity of which nobody has said
        what became of them."""
        return [
            ("company_id", "=", company.id),
            ("state", "in", HELD),
            ("maturity_date", "<", company._rd_today()),
        ]

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.constrains("issue_date", "maturity_date", "received_date")
    def _check_days(self):
        for bill in self:
            if bill.maturity_date < bill.issue_date:
                raise ValidationError(
                    self.env._(
                        "Bill %(number)s matures on %(maturity)s, before it was issued "
                        "on %(issue)s; correct one of the two days.",
                        number=bill.number,
                        maturity=bill.maturity_date,
                        issue=bill.issue_date,
                    )
                )
            if bill.received_date < bill.issue_date:
                raise ValidationError(
                    self.env._(
                        "Bill %(number)s was received on %(received)s, before it was "
                        "issued on %(issue)s; correct one of the two days.",
                        number=bill.number,
                        received=bill.received_date,
                        issue=bill.issue_date,
                    )
                )

    @api.constrains("payment_id", "partner_id", "amount", "currency_id")
    def _check_payment(self):
        for bill in self.filtered("payment_id"):
            payment = bill.payment_id.sudo()
            same = (
                payment.payment_type == "inbound"
                and payment.partner_id.commercial_partner_id
                == bill.partner_id.commercial_partner_id
                and payment.currency_id == bill.currency_id
                and not bill.currency_id.compare_amounts(payment.amount, bill.amount)
            )
            if not same:
                raise ValidationError(
                    self.env._(
                        "Payment %(payment)s is not %(amount)s from %(partner)s, so it "
                        "is not the payment of bill %(number)s.",
                        payment=payment.display_name,
                        amount=bill.currency_id.format(bill.amount),
                        partner=bill.partner_id.display_name,
                        number=bill.number,
                    )
                )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "endorsed": ("held",),
            "discounted": ("held",),
            "matured": HELD,
            "bounced": HELD,
            "cancelled": ("held",),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "endorsed_date",
            "discounted_date",
            "matured_date",
            "bounced_date",
        }

    @api.model
    def _get_frozen_states(self):
        return ("endorsed", "discounted", "matured", "bounced", "cancelled")

    @api.model
    def _get_open_fields(self):
        return super()._get_open_fields() | {"payment_id", "bounce_reason"}

    def _check_frozen(self, names):
        """Keep the payment of a bill that is over: its bounce reversed that one.

        One that bounced before its payment was named still gets it.
        """
        res = super()._check_frozen(names)
        if "payment_id" in names:
            over = self.filtered(lambda one: one.state in OVER)
            for bill in over.filtered(
                lambda one: one.payment_id or one.state == "cancelled"
            ):
                raise UserError(
                    self.env._(
                        "Bill %(number)s is over and keeps its payment; enter another "
                        "bill for another payment.",
                        number=bill.number,
                    )
                )
        return res

    def write(self, vals):
        """Let the debt be open again when a bounced bill gets its payment only now.

        :raise UserError: when that payment is not in the books
        """
        late = self.filtered(lambda bill: bill.state == "bounced")
        late = late.filtered(lambda bill: not bill.payment_id)
        named = self.filtered(lambda bill: not bill.payment_id)
        res = super().write(vals)
        late.filtered("payment_id")._take_back_late()
        for bill in named.filtered("payment_id"):
            bill._tell_promises(bill.received_date)
        return res

    def _tell_promises(self, day):
        """Let the customer's promises follow what the bill changes from ``day`` on."""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        # Whoever keeps bills need not see what was promised.
        self.env["rd.promise"].sudo()._find_touched(partner, day)._refresh()

    def _take_back_late(self):
        """Reverse the payments that were named after the bounce."""
        for bill in self:
            if bill.sudo().payment_id.move_id.state != "posted":
                raise UserError(
                    self.env._(
                        "Payment %(payment)s has no posted entry that the bounce of "
                        "bill %(number)s could take back; post it first.",
                        number=bill.number,
                        payment=bill.payment_id.display_name,
                    )
                )
            bill._reverse_payment()

    def _check_role(self):
        """Refuse whoever neither runs the desk nor keeps the books."""
        self.check_access("write")
        if self.env.su or any(
            self.env.user.has_group(f"rd_sales_admin.rd_sales_admin_group_{role}")
            for role in ("clerk", "finance")
        ):
            return
        raise UserError(self.env._("Bills are kept by the desk and by finance."))

    def _why_not(self, target):
        today = self.company_id._rd_today()
        if target == "matured" and self.maturity_date > today:
            return self.env._(
                "Bill %(number)s matures on %(day)s and cannot have been paid yet.",
                number=self.number,
                day=self.maturity_date,
            )
        if target == "endorsed" and not self.endorsed_to_id:
            return self.env._(
                "Say to whom bill %(number)s was endorsed.", number=self.number
            )
        if target == "bounced" and not (self.bounce_reason or "").strip():
            return self.env._("Say why bill %(number)s bounced.", number=self.number)
        return super()._why_not(target)

    def _prepare_transition_values(self, target):
        values = super()._prepare_transition_values(target)
        if f"{target}_date" in self._fields:
            values[f"{target}_date"] = self.company_id._rd_today()
        return values

    def _take_day(self, day, first):
        """Return the day something is said to have happened on; today if not given.

        :param str first: field of the day before which it cannot have happened
        :raise UserError: before that day, after today, or for what is no day
        """
        self.ensure_one()
        today = self.company_id._rd_today()
        try:
            day = fields.Date.to_date(day) or today
        except (TypeError, ValueError):
            raise UserError(
                self.env._(
                    "“%(day)s” is not a day; say when it happened to bill %(number)s.",
                    day=day,
                    number=self.number,
                )
            ) from None
        if day > today:
            raise UserError(
                self.env._(
                    "%(day)s has not come yet; say on which day it happened to bill "
                    "%(number)s.",
                    day=format_date(self.env, day),
                    number=self.number,
                )
            )
        if day < self[first]:
            raise UserError(
                self.env._(
                    "Bill %(number)s: %(day)s lies before %(first)s (%(what)s); take "
                    "that day or a later one.",
                    number=self.number,
                    day=format_date(self.env, day),
                    first=format_date(self.env, self[first]),
                    what=self._fields[first]._description_string(self.env),
                )
            )
        return day

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------
    def action_endorse(self):
        """Note that the bills were passed on.

        :raise UserError: without the name of who has them now
        """
        self._check_role()
        self._move_to("endorsed")
        return True

    def action_discount(self):
        """Note that the bank paid the bills out before their maturity."""
        self._check_role()
        self._move_to("discounted")
        return True

    def action_mature(self, day=None):
        """Note that the acceptor has paid; from that day they count.

        :param day: when it was paid; today, if not given
        :raise UserError: for a day before the maturity, or after today
        """
        self._check_role()
        for bill in self.filtered(lambda one: one.state != "matured"):
            if reason := bill._why_not("matured"):
                raise UserError(reason)
            paid = bill._take_day(day, "maturity_date")
            bill._move_to("matured", {"matured_date": paid})
            bill._tell_promises(paid)
        return True

    def action_bounce(self, day=None, reason=None):
        """Note that the acceptor did not pay, and let the debt be open again.

        The payment is reversed by an entry of that day, so that what was received
        and what is owed again can be read as of any day.

        :param day: when it bounced; today, if not given. A bill can be refused
            before it matures.
        :param reason: why; needed where the bill does not say it yet
        :raise UserError: without a reason, for a day before it was received, or
            after today
        """
        self._check_role()
        for bill in self.filtered(lambda one: one.state != "bounced"):
            bounced = bill._take_day(day, "received_date")
            if (reason or "").strip():
                bill.bounce_reason = reason.strip()
            bill._move_to("bounced", {"bounced_date": bounced})
            bill._reverse_payment()
        return True

    def action_cancel(self):
        """Drop bills that were written down by mistake."""
        self._check_role()
        self._move_to("cancelled")
        return True

    def _reverse_payment(self):
        """Post the opposite of the payment on the day the bill bounced; its debt is
        due at once."""
        self.ensure_one()
        move = self.sudo().payment_id.move_id
        if move.state != "posted":
            return
        # Nothing is taken back before it was in the books.
        day = max(self.bounced_date, move.date)
        reverse = move._reverse_moves(
            [
                {
                    "date": day,
                    "ref": self.env._("Bill %(number)s bounced", number=self.number),
                }
            ]
        )
        reverse.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).write({"date_maturity": day})
        reverse.action_post()
        self.message_post(
            body=self.env._(
                "%(entry)s opens the debt again.", entry=reverse.display_name
            )
        )

    def action_open_payment(self):
        """Open the payment entry."""
        self.ensure_one()
        self.check_access("read")
        self.payment_id.check_access("read")
        return self.payment_id._get_records_action()
