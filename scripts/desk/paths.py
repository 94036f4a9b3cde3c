# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where everything lies. State is under ``.local``, downloads in the cache folder."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
CONF = ROOT / "odoo.conf"
SCRIPTS = ROOT / "scripts"
LOCAL = ROOT / ".local"
LOG = LOCAL / "log"
STAMPS = LOCAL / "stamps"
ODOO = LOCAL / "odoo"
VENV = LOCAL / "venv"
DATA = LOCAL / "data"
PYTHON = VENV / "bin" / "python"
ODOO_BIN = VENV / "bin" / "odoo"

_CACHE_HOME = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
CACHE = Path(_CACHE_HOME) / "rd-sales-desk"

OUR_ADDONS = ("rd_sales_admin", "rd_reconciliation", "rd_receivables", "rd_custody")


def site_packages():
    """Return the site-packages folder of the virtual environment."""
    return next(VENV.glob("lib/python3.*/site-packages"))


def addons_path():
    """Return the add-on folders beside Odoo's own: the OCA wheels' and ours."""
    folders = [site_packages() / "odoo" / "addons", ADDONS]
    return ",".join(str(folder) for folder in folders if folder.is_dir())
