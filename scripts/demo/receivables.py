# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the months are to collect, bills received for it, and what went wrong.

The outside customers pay the first month each in another way: K01 in part, K02 by a
commercial bill that counts when it matures, K03 and K04 by bills that bounce. Most
affiliates pay in time. The plans of the second and of the present month are approved;
that of the next one rests where the clerk looks through it. What is abnormal stands on
*Exceptions*: for one bounced bill the clerk has asked to stop deliveries, for the other
they are held.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from .catalogue import OUTSIDERS

AFFILIATES_PAY_AFTER, OUTSIDERS_PAY_AFTER = 30, 20
IN_PART, PART = "K01", 0.6
BILLS = {
    "K02": ("230552100012345678901234567890", "commercial", "恒岳机电集团有限公司"),
    "K03": ("130233100098765432109876543210", "bank", "示范商业银行股份有限公司"),
    "K04": ("230552100031415926535897932384", "commercial", "远帆机电贸易有限公司"),
}
# Whose bills bounce: that deliveries stop is asked for, and approved.
BOUNCED, HELD = "K03", "K04"
_DAYS_OF_A_BILL = 90
_BOUNCED_AFTER = 12
# Affiliates that pay the first month's invoices two days before they are due.
PUNCTUAL = ("A02", "A04", "A05", "A06", "A09", "A10")
# Whom the clerk asked in the second month: days after the due day of outsiders.
ASKED, _ASKED_AFTER = ("K03", "K04"), 6
# What the customers have said: who promised, who disputes, who has paid.
PROMISED, DISPUTED = "A01", "A03"
PAID = OUTSIDERS[0].code


def agree_terms(masters):
    """Agree terms before anything is invoiced."""
    terms = {
        days: masters.env["account.payment.term"].create(
            {
                "name": f"月结{days}天",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 100, "nb_days": days})
                ],
            }
        )
        for days in (AFFILIATES_PAY_AFTER, OUTSIDERS_PAY_AFTER)
    }
    for partner in masters.partners.values():
        affiliate = partner.rd_partner_class == "affiliate"
        days = AFFILIATES_PAY_AFTER if affiliate else OUTSIDERS_PAY_AFTER
        partner.property_payment_term_id = terms[days]
        orders = masters.env["sale.order"].search([("partner_id", "=", partner.id)])
        orders.payment_term_id = terms[days]


class Receivables:
    """Money that came for the first month, and what is done about the rest."""

    def __init__(self, desk):
        self.desk = desk
        self.company = desk.company
        self.day = desk.invoice_day(0)

    def happen(self):
        """Take payments and bills, find what is abnormal, make the plans."""
        self.approve(self.plan_month(-1))
        self.pay_in_part(IN_PART)
        for code in BILLS:
            self.take_bill(code)
        for code in (BOUNCED, HELD):
            self.bounce(code)
        self.pay_in_time()
        self.send_reminders()
        with self.desk.on_day(self.desk.invoice_day(1)):
            self.find()
        self.find()
        self.ask_to_stop(BOUNCED)
        self.ask_to_stop(HELD)
        self.hold(HELD)
        self.report_month()
        self.approve(self.plan_month(0))
        self.plan_month(1)
        self.desk.env.cr.commit()

    def invoices(self, code):
        """Return the posted invoices of the first month."""
        partner = self.desk.masters.partners[code]
        return self.desk.model("account.move", "finance").search(
            [
                ("partner_id", "=", partner.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("invoice_date", "=", self.day),
            ]
        )

    def pay(self, moves, amount, day):
        """Register what finance found on the bank's statement; return the payment."""
        journal = self.desk.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        methods = journal.inbound_payment_method_line_ids
        account = self.company.transfer_account_id or journal.default_account_id
        # Money on its way is booked where a bank statement will find it.
        methods.filtered(
            lambda one: not one.payment_account_id
        ).payment_account_id = account
        wizard = (
            self.desk.model("account.payment.register", "finance")
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(
                {
                    "amount": amount,
                    "payment_date": day,
                    "journal_id": journal.id,
                    "group_payment": True,
                }
            )
        )
        return wizard._create_payments()

    def pay_in_part(self, code):
        """They pay a part, and nobody knows why not the rest."""
        moves = self.invoices(code)
        amount = round(sum(moves.mapped("amount_residual")) * PART, 2)
        self.pay(moves, amount, self.day + timedelta(days=OUTSIDERS_PAY_AFTER))

    def pay_in_time(self):
        """The punctual affiliates pay all that was invoiced for the first month."""
        day = self.day + timedelta(days=AFFILIATES_PAY_AFTER - 2)
        for code in PUNCTUAL:
            moves = self.invoices(code)
            self.pay(moves, sum(moves.mapped("amount_residual")), day)

    def take_bill(self, code):
        """They hand over a bill; finance books it and the clerk writes it down."""
        number, kind, acceptor = BILLS[code]
        moves = self.invoices(code)
        amount = sum(moves.mapped("amount_residual"))
        received = self.day + timedelta(days=10)
        payment = self.pay(moves, amount, received)
        self.desk.model("rd.acceptance.bill").create(
            {
                "company_id": self.company.id,
                "partner_id": self.desk.masters.partners[code].id,
                "number": number,
                "kind": kind,
                "drawer": self.desk.masters.partners[code].name,
                "acceptor": acceptor,
                "issue_date": received - timedelta(days=5),
                "received_date": received,
                "maturity_date": received + timedelta(days=_DAYS_OF_A_BILL),
                "amount": amount,
                "payment_id": payment.id,
            }
        )

    def bounce(self, code):
        """The acceptor does not pay: the debt is open again."""
        bill = self.desk.model("rd.acceptance.bill").search(
            [("number", "=", BILLS[code][0])]
        )
        day = bill.received_date + timedelta(days=_BOUNCED_AFTER)
        bill.action_bounce(day, "承兑人账户余额不足")

    def send_reminders(self):
        """The clerk asked some outside customers in the second month."""
        day = self.day + timedelta(days=OUTSIDERS_PAY_AFTER + _ASKED_AFTER)
        with self.desk.on_day(day):
            run = self.desk.model("rd.chase.run").create(
                {"company_id": self.company.id}
            )
            others = run.line_ids.filtered(
                lambda line: line.partner_id.ref not in ASKED
            )
            others.action_skip()
            run.action_send()

    def find(self):
        """Let the rules look at all customers, as the scheduled action does."""
        exceptions = self.desk.env["rd.receivable.exception"].with_context(lang="zh_CN")
        partners = exceptions._get_concerned(self.company)
        exceptions._sync(self.company, partners)

    def ask_to_stop(self, code):
        """The clerk asks a supervisor to hold what is to leave for them."""
        self.desk.model("rd.receivable.exception").search(
            [
                ("partner_id", "=", self.desk.masters.partners[code].id),
                ("code", "=", "bounced"),
            ]
        ).action_decide("stop", "承兑汇票被拒付，款项未补")

    def hold(self, code):
        """The supervisor approves that deliveries stop."""
        self.desk.model("rd.approval", "supervisor").search(
            [
                ("kind", "=", "delivery_stop"),
                ("state", "=", "waiting"),
                ("partner_id", "=", self.desk.masters.partners[code].id),
            ]
        ).action_approve("同意，款到放行")

    def report_month(self):
        """Make the supervisor's report of what was abnormal in the second month."""
        self.desk.env["rd.exception.month"]._make_for(self.company)

    def plan_month(self, months):
        """Let the clerk propose a collection plan: so many months after this one."""
        month = self.company._rd_today().replace(day=1)
        plan = self.desk.model("rd.collection.plan").create(
            {
                "company_id": self.company.id,
                "month": month + relativedelta(months=months),
            }
        )
        plan.action_propose()
        return plan

    def approve(self, plan):
        """The clerk submits a plan, the supervisor approves it: it is frozen."""
        plan.action_submit()
        plan.with_user(self.desk.masters.users["supervisor"]).action_approve()


def ask_for_money(desk):
    """Note what came of the first calls, and let a dry run rest with the clerk."""
    partners = desk.masters.partners
    company, today = desk.company, desk.company._rd_today()
    desk.model("rd.promise").create(
        {
            "company_id": company.id,
            "partner_id": partners[PROMISED].id,
            "amount": 1000,
            "date": today + timedelta(days=6),
            "who": "财务 秦越",
        }
    )
    desk.model("rd.chase.note").create(
        {
            "company_id": company.id,
            "partner_id": partners[DISPUTED].id,
            "outcome": "disputed",
            "reason": "quality",
            "text": "三件检具返工未结案",
            "who": "采购 文岚",
        }
    )
    desk.model("account.payment", "finance").create(
        {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": partners[PAID].id,
            "amount": 500,
            "date": today,
        }
    ).action_post()
    desk.model("rd.chase.run").create({"company_id": company.id})
    desk.env.cr.commit()
