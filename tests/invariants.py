#!/usr/bin/env python3
# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The invariants of the settlement chain, as a command and without Odoo.

The rules are the add-on's own, which checks them daily::

    python tests/invariants.py "dbname=desk host=/run/postgresql"
"""

import importlib.util
import sys
from pathlib import Path

RULES = (
    Path(__file__).resolve().parents[1] / "addons/rd_reconciliation/tools/invariants.py"
)


def _load():
    """Load the rules by path: the package around them needs Odoo."""
    spec = importlib.util.spec_from_file_location("rd_invariant_rules", RULES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_rules = _load()
CONSTRAINTS = _rules.CONSTRAINTS
INDEXES = _rules.INDEXES
check = _rules.check


def main(arguments):
    """Check one database; return the exit code."""
    import psycopg2

    if len(arguments) != 1:
        print("usage: invariants.py DSN", file=sys.stderr)
        return 2
    connection = psycopg2.connect(arguments[0])
    connection.set_session(readonly=True, isolation_level="REPEATABLE READ")
    with connection, connection.cursor() as cursor:
        found = check(cursor)
    connection.close()
    for sentence in found:
        print(sentence)
    print(f"{len(found)} violations" if found else "All invariants hold.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
