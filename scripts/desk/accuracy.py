# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""make accuracy: how much of generated ledgers is read, matched and named rightly."""

import subprocess

from . import paths, setup

REPORT = paths.LOCAL / "accuracy.json"
_SCRIPT = paths.ROOT / "tests" / "accuracy" / "run.py"


def accuracy(arguments=()):
    """Measure 40 layouts, or as many as named; return the exit code."""
    setup.main()
    command = [str(paths.PYTHON), str(_SCRIPT), *arguments, "--json", str(REPORT)]
    return subprocess.run(command, cwd=paths.ROOT).returncode
