# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's own structural checks and its term exporter find nothing in our add-ons."""

import re
import subprocess
import sys

import pytest
from desk import odoo_log, odoo_run, paths, ports

pytestmark = pytest.mark.lifecycle

CHECKS = (
    "TestIndex",
    "TestNaming",
    "TestLintOverrideSignatures",
    "RoutesLinter",
    "TestDunderinit",
    "TestTestHoles",
    "ManifestLinter",
    "TestI18n",
)
OURS = re.compile("|".join(paths.OUR_ADDONS))


def test_odoo_checks_of_structure(cluster, database):
    """Missing indexes, reserved argument names, wrong signatures of overrides ..."""
    log = paths.LOG / "lifecycle-structure.log"
    odoo_run.run_odoo(
        cluster,
        log,
        *("-d", database, "-i", "test_lint", "--workers=0", "--max-cron-threads=0"),
        *("--stop-after-init", f"--http-port={ports.free()[0]}"),
        *("--test-tags", ",".join(f"/test_lint:{name}" for name in CHECKS)),
    )
    records, _foreign = odoo_log.read(log)
    assert odoo_log.totals(records), f"the checks did not run; see {log}"
    # the OCA add-ons have findings of their own, which are not ours to mend
    found = [str(r) for r in odoo_log.failures(records) if OURS.search(r.text)]
    assert not found, "\n".join(found)


def test_every_term_is_translated():
    done = subprocess.run(
        [sys.executable, str(paths.SCRIPTS / "rd"), "i18n", "--check"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
