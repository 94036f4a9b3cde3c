# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the month is to collect: the plan rests where the clerk looks through it."""


def plan_month(desk):
    """Let the clerk propose the collection plan of the present month."""
    month = desk.company._rd_today().replace(day=1)
    plan = desk.model("rd.collection.plan").create(
        {"company_id": desk.company.id, "month": month}
    )
    plan.action_propose()
    desk.env.cr.commit()
