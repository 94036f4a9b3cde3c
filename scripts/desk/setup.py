# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Set everything up: each step is skipped when it is done already."""

import fcntl
import shutil
import time

from . import apt, odoo_source, paths, postgres, venv
from .messages import Stop, say

_NEEDED_GB = 6


def main(arguments=()):
    """Have packages, Odoo, Python environment and the test cluster in place."""
    start = time.monotonic()
    prepare()
    postgres.test_cluster().ensure()
    say(f"Set-up is complete ({time.monotonic() - start:.1f} s).")


def prepare():
    """Have packages, Odoo and the Python environment in place."""
    paths.LOCAL.mkdir(parents=True, exist_ok=True)
    with open(paths.LOCAL / "setup.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not paths.ODOO_BIN.is_file():
            check_disk()
        apt.install()
        odoo_source.ensure()
        venv.ensure()


def check_disk(folder=paths.LOCAL, needed=_NEEDED_GB):
    """Stop when the disk cannot hold what the set-up unpacks."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < needed:
        raise Stop(
            f"The disk holding {folder} has {free:.1f} GB free and the set-up needs"
            f" {needed} GB; free some space or clone elsewhere."
        )
