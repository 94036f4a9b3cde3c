# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the month is to collect, and whom the clerk asks for it."""

from datetime import timedelta

from .catalogue import OUTSIDERS


def plan_month(desk):
    """Let the clerk propose the collection plan of the present month."""
    month = desk.company._rd_today().replace(day=1)
    plan = desk.model("rd.collection.plan").create(
        {"company_id": desk.company.id, "month": month}
    )
    plan.action_propose()
    desk.env.cr.commit()


# What the customers have said: who promised, who disputes, who has paid.
PROMISED, DISPUTED = "A01", "A03"
PAID = OUTSIDERS[0].code


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
