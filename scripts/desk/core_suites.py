# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""scripts/rd core [MODULE…]: Odoo's own tests with the four add-ons installed.

Each module's tests run on a copy of the template without our add-ons and on one with
them. What fails on the first fails on this machine anyway; whatever fails on the
second alone is ours to mend, but for ``EXCEPTIONS``.
"""

import json
import re
import time
from dataclasses import asdict, dataclass, field

from . import databases, odoo_log, paths, postgres, setup, stamps
from .messages import Stop, say

MODULES = (
    "portal",
    "sale",
    "sale_stock",
    "project",
    "sale_project",
    "stock",
    "account",
)
REPORT = paths.LOCAL / "core.json"
# What may fail with our add-ons alone: module:Class.test and why that is right.
_OWNED = (
    "goods of an owner leave without a release, in a warehouse that guards them "
    "because it held none on the day of installation (docs/custody.md)"
)
_NOT_RESERVED = (
    "goods of an owner, the only ones there are, are to be reserved in such a warehouse"
)
_VALUATION = "sale_stock:TestAngloSaxonValuation.test_avco_"
EXCEPTIONS = {
    f"{_VALUATION}fully_owned_and_delivered_invoice_post_delivery": _OWNED,
    f"{_VALUATION}partially_owned_and_delivered_invoice_post_delivery": _OWNED,
    "stock:TestStockMove.test_edit_done_move_line_4": _OWNED,
    "stock:TestStockMoveLine.test_pick_from_3": _NOT_RESERVED,
}
_KEPT = paths.LOCAL / "core"
_SECONDS = 2 * 3600
_NAME = re.compile(
    r"^(?:FAIL|ERROR): (?:Sub[tT]est )?(?P<name>(?:setUpClass \()?[\w.]+)"
)


@dataclass
class Run:
    """What one module's tests came to, on one kind of database."""

    module: str
    passed: int = 0
    failed: list = field(default_factory=list)
    seconds: float = 0.0


def main(arguments=()):
    """Run the suites that are named, or all; return the exit code."""
    unknown = set(arguments) - set(MODULES)
    if unknown:
        raise Stop(f"Say some of: {', '.join(MODULES)}.")
    setup.prepare()
    cluster = postgres.test_cluster().ensure()
    rows = [compare(cluster, module) for module in arguments or MODULES]
    REPORT.write_text(json.dumps(rows, indent=1))
    return 1 if any(row["new"] for row in rows) else 0


def compare(cluster, module):
    """Return what a module's tests come to without and with the four add-ons.

    ``new`` names what fails with them alone, ``excused`` what of that is known.
    """
    stock = _stock(cluster, module)
    ours = _run(cluster, databases.ensure_suite(cluster), module, "ours")
    more = sorted(set(ours.failed) - set(stock.failed))
    row = {
        "module": module,
        "passed": ours.passed,
        "stock_passed": stock.passed,
        "stock_failed": sorted(stock.failed),
        "new": [name for name in more if f"{module}:{name}" not in EXCEPTIONS],
        "excused": [name for name in more if f"{module}:{name}" in EXCEPTIONS],
        "seconds": round(ours.seconds),
    }
    say(
        f"  {module:<14} {ours.passed:>5} passed, {len(row['new'])} fail with the "
        f"add-ons alone, {len(stock.failed)} without them  {ours.seconds:>6.0f} s"
    )
    for name in row["new"]:
        say(f"    {name}")
    return row


def _stock(cluster, module):
    """Return the run without our add-ons; it is kept as long as Odoo is the same."""
    key = stamps.key(databases.base_key(), (paths.SCRIPTS / "desk" / "core_runner.py"))
    kept = _KEPT / f"{module}-{key}.json"
    if kept.is_file():
        return Run(**json.loads(kept.read_text()))
    found = _run(cluster, databases.ensure_base(cluster), module, "stock")
    _KEPT.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(asdict(found)))
    return found


def _run(cluster, template, module, kind):
    start = time.monotonic()
    purpose = f"core_{kind}_{module}"
    log = log_of(module, kind)
    script = paths.SCRIPTS / "desk" / "core_runner.py"
    running = {"script": script, "timeout": _SECONDS}
    databases.run_tests(cluster, template, purpose, log, [f"/{module}"], **running)
    records, _foreign = odoo_log.read(log)
    counted = odoo_log.totals(records)
    if counted is None or not sum(counted):
        raise Stop(f"Odoo's tests of {module} did not run; see {log}.")
    failed = failed_tests(records)
    return Run(module, counted[0], sorted(failed), time.monotonic() - start)


def log_of(module, kind):
    """Return the log of a module's tests; the kind is ``stock`` or ``ours``."""
    return paths.LOG / f"core-{module}-{kind}.log"


def failed_tests(records):
    """Return the names of the tests that failed, as ``Class.test``."""
    matches = (_NAME.match(record.text) for record in odoo_log.failures(records))
    return {match["name"] for match in matches if match}
