# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""scripts/rd flaky [TIMES] [--seed N] [ADDON | FILE…]: the tests in random order.

The tests of pure Python (or some files of them) run so many times, each time in
another order. With an add-on it is Odoo's tests of it: the classes in random order,
and the tests of each class. What fails is named with its seed, by which the order can
be had again: ``pytest tests/pure --shuffle SEED``, ``scripts/rd flaky 1 --seed SEED``.
"""

import argparse
import os
import random
import re
import subprocess
import time

from . import databases, odoo_log, odoo_run, paths, ports, postgres, setup
from .messages import say

_RUNNER = paths.SCRIPTS / "desk" / "flaky_runner.py"
_SECONDS = 2 * 3600


def main(arguments=()):
    """Run the tests in several orders; return 1 if one fails in any of them."""
    parser = argparse.ArgumentParser(prog="scripts/rd flaky")
    parser.add_argument("times", nargs="?", type=int, default=20)
    parser.add_argument("what", nargs="*", default=["tests/pure"])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(list(arguments))
    setup.prepare()
    failed = 0
    for seed in range(options.seed, options.seed + options.times):
        start = time.monotonic()
        is_addon = options.what[0] in paths.OUR_ADDONS
        run = _run_addon if is_addon else _run_pytest
        passed, names = run(options.what, seed)
        failed += bool(names) or not passed
        seconds = time.monotonic() - start
        say(f"  seed {seed}: {passed} passed, {len(names)} failed  {seconds:.0f} s")
        for name in names:
            say(f"    {name}")
    say(f"{options.times - failed} of {options.times} orders without a failure")
    return 1 if failed else 0


def shuffled(items, seed, group=None):
    """Return the items in an order of the seed's own.

    :param group: function of an item; items of one group stay together
    """
    chance, groups = random.Random(seed), {}
    for item in items:
        groups.setdefault(group(item) if group else len(groups), []).append(item)
    ordered = list(groups.values())
    chance.shuffle(ordered)
    for members in ordered:
        chance.shuffle(members)
    return [item for members in ordered for item in members]


def _run_pytest(files, seed):
    """Return how many tests passed, and the names of those that did not."""
    command = [paths.PYTHON, "-m", "pytest", *files, "-q", "-m", "not nightly"]
    done = subprocess.run(
        [str(part) for part in (*command, "--tb=no", f"--shuffle={seed}")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        cwd=paths.ROOT,
        timeout=_SECONDS,
    )
    passed = re.search(r"(\d+) passed", done.stdout)
    names = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if done.returncode and not names:
        names = [f"pytest ended with code {done.returncode}"]
    return int(passed[1]) if passed else 0, names


def _run_addon(addons, seed):
    """The same for Odoo's tests of add-ons, on a copy of the template."""
    cluster = postgres.test_cluster().ensure()
    name = databases.temporary_name("flaky")
    log = paths.LOG / f"flaky-{seed}.log"
    databases.copy(cluster, databases.ensure_pages(cluster), name)
    os.environ["RD_SHUFFLE"] = str(seed)
    try:
        odoo_run.run_odoo(
            cluster,
            log,
            *("-d", name, "--workers=0", "--max-cron-threads=0", "--stop-after-init"),
            *("--test-tags", ",".join(f"/{addon}" for addon in addons)),
            f"--http-port={ports.free()[0]}",
            script=_RUNNER,
            timeout=_SECONDS,
        )
    finally:
        databases.drop(cluster, name)
    records, _foreign = odoo_log.read(log)
    passed, failed = odoo_log.totals(records) or (0, 1)
    names = [record.text.splitlines()[0] for record in odoo_log.failures(records)]
    return passed, names or [f"see {log}"] * failed
