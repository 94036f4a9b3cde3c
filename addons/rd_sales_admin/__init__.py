# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import controllers
from . import models
from . import report
from . import wizard
from .tools.uninstall import forget_foreign_names


def uninstall_hook(env):
    """Leave nothing behind."""
    forget_foreign_names(env, "rd_sales_admin")
