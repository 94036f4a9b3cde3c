# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The desk of answers_world.py, where all is ready for acts that meet each other.

Runs inside Odoo. Each of the six affiliates has a delivery of today to be dated back,
one to be validated, a return to be validated and a second contact to be merged.
Nothing is agreed, invoiced or posted by itself. ``all1`` and ``all2`` may do all of it.
"""

import world
from answers_world import CONFIRMING

from odoo import Command

OWN_RIGHTS = (
    "rd_sales_admin.rd_sales_admin_group_supervisor",
    "stock.group_stock_manager",
    "account.group_account_manager",
    "base.group_partner_manager",
    "base.group_system",
)


def main(env):
    """Make it ready; the caller commits."""
    for act in ("agree", "invoice", "post"):
        for kind in ("affiliate", "outside"):
            env.company[f"rd_auto_{act}_{kind}"] = False
    env["stock.picking.type"].search([]).create_backorder = "always"
    for login in ("all1", "all2"):
        make_user(env, login)
    for number in range(1, CONFIRMING + 1):
        get_ready(env, number)


def make_user(env, login):
    """Give the desk somebody with every right, whose password is the login."""
    groups = [env.ref(name).id for name in OWN_RIGHTS]
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": login,
            "login": login,
            "password": login,
            "company_id": env.company.id,
            "company_ids": [Command.set(env.company.ids)],
            "group_ids": [Command.set(groups)],
        }
    )


def get_ready(env, number):
    """Prepare what happens to affiliate ``number``."""
    order = env["sale.order"].search([("client_order_ref", "=", f"PO-{number}")])
    parts = order.order_line.product_id
    today = env.company._rd_today()
    world.deliver(env, order, dict.fromkeys(parts, 4), f"DN-{number}-9", today)
    picking = world.open_delivery(order)
    world.fill(picking, dict.fromkeys(parts, 5))
    picking.rd_note = f"DN-{number}-10"
    first = env["stock.picking"].search([("rd_note", "=", f"DN-{number}-1")])
    world.prepare_return(env, first, {parts[0]: 1}, f"RT-{number}-9")
    world.make_affiliate(env, number).name = f"Twin {number}"
