# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The desk of world.py with three months stated and people on the portal.

Runs inside Odoo. Each affiliate that confirms has one finance person, ``fin1`` …,
who also gets the statements by e-mail; nothing has been sent yet.
"""

from odoo import Command

CONFIRMING = 6


def main(env):
    """State the months and invite the people; the caller commits."""
    env.company.write(
        {"rd_remind_days": 3, "rd_remind_times": 2, "rd_invoice_max_lines": 1}
    )
    for number in range(1, CONFIRMING + 1):
        invite(env, number)
    closes = env["rd.close"]._open_months(env.company)
    for close in closes.sorted("month"):
        for partner in close._get_due_partners():
            close._run_partner(partner)


def invite(env, number):
    """Give affiliate ``number`` a finance person with the login ``finN``."""
    partner = env["res.partner"].search([("name", "=", f"Affiliate {number}")])
    invite_person(env, partner, f"fin{number}")


def invite_person(env, partner, login):
    """Give an affiliate a finance person, who gets its statements by e-mail."""
    contact = env["res.partner"].create(
        {
            "name": login,
            "parent_id": partner.id,
            "email": f"{login}@works.example",
            "rd_portal_role": "finance",
        }
    )
    partner.rd_statement_contact_ids = contact
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "login": login,
            "password": login,
            "partner_id": contact.id,
            "group_ids": [Command.set([env.ref("base.group_portal").id])],
            "company_id": env.company.id,
            "company_ids": [Command.set(env.company.ids)],
        }
    )
