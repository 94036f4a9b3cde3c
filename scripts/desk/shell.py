# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's shell on the demo company (or on the database that RD_DB names)."""

import os
import sys

from . import databases, odoo_run, postgres, serve, setup
from .messages import Stop


def main(arguments=()):
    """Replace this process by Odoo's shell."""
    setup.prepare()
    cluster = postgres.demo_cluster().ensure()
    name = os.environ.get("RD_DB") or serve.DATABASE
    if name not in databases.names(cluster):
        raise Stop(f"There is no database {name}; make demo makes {serve.DATABASE}.")
    sys.stdout.flush()
    options = ("-d", name, "--no-http", "--workers=0", "--max-cron-threads=0")
    command = odoo_run.command(cluster, *options, program="shell")
    os.execve(command[0], command, odoo_run.environment())
