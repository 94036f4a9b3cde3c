# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the month is to collect, bills received for it, and what went wrong.

The outside customers pay the first month each in another way: K01 in part, K02 by a
commercial bill that counts when it matures, K03 by a bank bill that bounces. The plan
rests where the clerk looks through it; what is abnormal stands on *Exceptions*, and
for the bounced bill the clerk has asked to stop deliveries.
"""

from datetime import timedelta

from .catalogue import OUTSIDERS

AFFILIATES_PAY_AFTER, OUTSIDERS_PAY_AFTER = 30, 20
PART = 0.6
BILLS = {
    "K02": ("230552100012345678901234567890", "commercial", "恒岳机电集团有限公司"),
    "K03": ("130233100098765432109876543210", "bank", "示范商业银行股份有限公司"),
}
BOUNCED = "K03"
_DAYS_OF_A_BILL = 90
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
        """Take payments and bills, find what is abnormal, propose the plan."""
        self.pay_in_part("K01")
        for code in BILLS:
            self.take_bill(code)
        self.bounce(BOUNCED)
        self.find()
        self.ask_to_stop(BOUNCED)
        self.plan_month()
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
        bill.bounce_reason = "承兑人账户余额不足"
        bill.action_bounce()

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

    def plan_month(self):
        """Let the clerk propose the collection plan of the present month."""
        month = self.company._rd_today().replace(day=1)
        plan = self.desk.model("rd.collection.plan").create(
            {"company_id": self.company.id, "month": month}
        )
        plan.action_propose()


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
