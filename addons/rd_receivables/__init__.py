# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.rd_sales_admin.tools.uninstall import forget_foreign_names

from . import controllers, models, report, wizard


def uninstall_hook(env):
    """Leave nothing behind."""
    forget_foreign_names(env, "rd_receivables")
