# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every menu, view and filter of the desk opens over the demo company without error.

Each role clicks in a process of its own, so that one that fails hides no other.
"""

import pytest
from desk import databases, odoo_log, odoo_run, paths, ports

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(3600)]
_LOADER = paths.SCRIPTS / "demo" / "load.py"


@pytest.fixture(scope="module")
def demo(cluster):
    """Name of a database with the demo company of today."""
    template = databases.ensure_pages(cluster)
    name = databases.copy(cluster, template, databases.temporary_name("click"))
    try:
        odoo_run.run_in_odoo(cluster, name, _LOADER, paths.LOG / "click-load.log")
        yield name
    finally:
        databases.drop(cluster, name)


@pytest.mark.parametrize("role", ["administrator", "clerk", "supervisor"])
def test_click_everywhere(role, cluster, demo):
    log = paths.LOG / f"click-{role}.log"
    odoo_run.run_odoo(
        cluster,
        log,
        *("-d", demo, "--workers=0", "--max-cron-threads=0", "--stop-after-init"),
        *("--test-tags", f"rd_demo/rd_sales_admin:TestClickEverywhere.test_{role}"),
        f"--http-port={ports.free()[0]}",
    )
    records, _foreign = odoo_log.read(log)
    bad = [*odoo_log.failures(records), *odoo_log.unexpected(records)]
    assert not bad, "\n".join(map(str, bad))
    assert odoo_log.totals(records) == (1, 0), log
