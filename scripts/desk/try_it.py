# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Small helpers for a developer: a database copy, Odoo by hand, one add-on's tests."""

import os
import sys

from . import databases, odoo_run, postgres
from .messages import Stop, say


def main(arguments):
    """Run ``copy NAME [base|suite|pages]``, ``drop``, ``psql`` or ``odoo ARGS``."""
    actions = {"copy": _copy, "drop": _drop, "psql": _psql, "odoo": _odoo}
    if not arguments or arguments[0] not in actions:
        raise Stop(
            "Say one of: copy NAME [base|suite|pages], drop NAME, psql NAME, odoo ARGS."
        )
    cluster = postgres.test_cluster().ensure()
    return actions[arguments[0]](cluster, *arguments[1:])


def _copy(cluster, name, source="base"):
    ensure = {
        "base": databases.ensure_base,
        "suite": databases.ensure_suite,
        "pages": databases.ensure_pages,
    }
    databases.drop(cluster, name)
    databases.copy(cluster, ensure[source](cluster), name)
    say(f"{name} is ready")


def _drop(cluster, name):
    databases.drop(cluster, name)


def _psql(cluster, name, *arguments):
    command = [str(postgres.programs() / "psql"), "-d", name, *arguments]
    os.execve(command[0], command, {**os.environ, **cluster.environment()})


def _odoo(cluster, *arguments):
    sys.stdout.flush()
    command = odoo_run.command(cluster)
    program = [arguments[0]] if arguments and not arguments[0].startswith("-") else []
    rest = arguments[len(program) :]
    command = [command[0], *program, *command[1:], *rest]
    os.execve(command[0], command, odoo_run.environment())
