# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.rd_sales_admin.tools.uninstall import forget_foreign_names

from . import controllers, models, report, wizard


def post_init_hook(env):
    """Guard what holds nothing of others; for the rest a person decides."""
    env["stock.warehouse"].with_context(active_test=False)._rd_guard_where_empty()


def uninstall_hook(env):
    """Leave nothing behind, and the operation types as they were."""
    types = env["stock.picking.type"].with_context(active_test=False).search([])
    types._rd_restore()
    tracking = env.ref("stock.group_tracking_owner")
    for role in ("warehouse", "clerk"):
        env.ref(f"rd_sales_admin.rd_sales_admin_group_{role}").implied_ids -= tracking
    forget_foreign_names(env, "rd_custody")
