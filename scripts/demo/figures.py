# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The plan of the two months, and the salesperson who sits in for the clerk."""

from datetime import timedelta

DAYS_AWAY = 5
CALLER = "A09"
# Planned against what the demo trades, in the company's currency and without tax.
PLAN = {"1_ordered": 1_500_000, "2_shipped": 1_200_000, "5_invoiced": 1_000_000}


def make_plan(desk, months):
    """The supervisor plans the stages of each month for all customers together."""
    desk.model("rd.sales.plan", "supervisor").create(
        [
            {
                "company_id": desk.company.id,
                "month": month.replace(day=1),
                "state": state,
                "amount": amount,
            }
            for month in months
            for state, amount in PLAN.items()
        ]
    )


def hand_over(desk):
    """The clerk is away from today on; the salesperson has her list."""
    today = desk.company._rd_today()
    desk.model("rd.deputy").create(
        {
            "company_id": desk.company.id,
            "user_id": desk.masters.users["clerk"].id,
            "deputy_id": desk.masters.users["sales"].id,
            "date_from": today,
            "date_to": today + timedelta(days=DAYS_AWAY),
            "note": "A06 的对账单请盯住回签；急单找林经理。",
        }
    ).action_give()


def stand_in(desk):
    """The salesperson notes in the clerk's stead what a customer has said."""
    desk.model("rd.feedback", "sales").create(
        {
            "name": "下月订单拟提前一周提货，请确认排产",
            "partner_id": desk.masters.partners[CALLER].id,
            "company_id": desk.company.id,
            "said_by": "许静怡",
            "date": desk.company._rd_today(),
            "date_due": desk.company._rd_today() + timedelta(days=1),
        }
    )
