# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Load one file of an add-on by itself: the package around it needs Odoo."""

import importlib.util
from pathlib import Path

ADDONS = Path(__file__).parents[2] / "addons"


def load(path):
    """Return the module of a file under ``addons``."""
    name = f"rd_{Path(path).stem}"
    spec = importlib.util.spec_from_file_location(name, ADDONS / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
