# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Static checks: ruff, pylint-odoo, and the project's own (tests/pure/test_static)."""

import subprocess

from . import paths, setup
from .messages import say, step

_OURS = ("addons", "scripts", "tests")
_PURE = (
    "rd_sales_admin/ledger",
    "rd_sales_admin/pricing",
    "rd_reconciliation/matching",
    "rd_reconciliation/invoicing",
    "rd_receivables/dues",
)
# pylint keeps the trees of all that it reads: looking for rubbish among them as often
# as Python does by itself takes a quarter of its time.
_PYLINT = (
    "import gc; gc.set_threshold(20_000, 20, 20); import pylint; pylint.run_pylint()"
)
_STATIC = "tests/pure/test_static.py"


def commands():
    """Return the checks as (name, command line)."""
    ruff = paths.VENV / "bin" / "ruff"
    pylint = [paths.PYTHON, "-c", _PYLINT]
    addons = [
        str(folder) for folder in sorted(paths.ADDONS.iterdir()) if is_addon(folder)
    ]
    checks = [("ruff", [ruff, "check", "--output-format=concise", *_OURS])]
    if addons:
        # the path lets pylint see Odoo's own classes, as the checks on overrides need
        pure = [str(paths.ADDONS / package) for package in _PURE]
        ignored = f"--ignore-paths={'|'.join(f'.*{package}/.*' for package in _PURE)}"
        checks.append(("pylint-odoo", [*pylint, ignored, *addons]))
        # without Odoo there is no environment to translate by: _ only marks
        marked = "--disable=prefer-env-translation"
        checks.append(("pylint, pure", [*pylint, marked, *pure]))
    return checks


def is_addon(folder):
    """Tell whether a folder is an add-on that can be installed."""
    return (folder / "__manifest__.py").is_file()


def main(arguments=()):
    """Run all static checks; return the exit code."""
    setup.prepare()
    static = [paths.PYTHON, "-m", "pytest", "-q", _STATIC]
    failed = 0
    for name, command in [*commands(), ("own checks", static)]:
        with step(name):
            done = subprocess.run([str(part) for part in command], cwd=paths.ROOT)
        failed += done.returncode != 0
    say("All static checks pass." if not failed else f"{failed} of the checks failed.")
    return 1 if failed else 0
