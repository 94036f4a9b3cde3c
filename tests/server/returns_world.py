# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The desk of world.py with two people of one affiliate on the portal.

Runs inside Odoo. ``buyer1`` and ``buyer2`` may ask for returns of what Affiliate 1
received.
"""

from odoo import Command


def main(env):
    """Invite the two people; the caller commits."""
    partner = env["res.partner"].search([("name", "=", "Affiliate 1")])
    for login in ("buyer1", "buyer2"):
        contact = env["res.partner"].create({"name": login, "parent_id": partner.id})
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
