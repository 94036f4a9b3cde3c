# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One run of tests: how many passed, and the names of those that did not."""

import re
import subprocess

from . import databases, odoo_log, paths, postgres
from .messages import call

_SECONDS = 3 * 3600
_LATE = f"took over {_SECONDS} s"


def run_pytest(arguments, log, under=()):
    """Run pytest without the tests of the night.

    :param under: Python's arguments for a program that runs pytest in its turn
    :return: the number of tests that passed, and the names of those that did not
    """
    command = [paths.PYTHON, *under, "-m", "pytest", "-q", "-m", "not nightly"]
    try:
        done = call([*command, *arguments], cwd=paths.ROOT, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return 0, [f"pytest {_LATE}"]
    log.write_text(done.stdout, "utf-8")
    return read_pytest(done)


def read_pytest(done):
    """Return the same of a pytest that has ended."""
    passed = re.search(r"(\d+) passed", done.stdout)
    names = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if not names and (done.returncode or not passed):
        names = [f"pytest ended with code {done.returncode}"]
    return int(passed[1]) if passed else 0, names


def run_addons(addons, name, log, script):
    """Run add-ons' own tests; see ``run_odoo``."""
    return run_odoo([f"/{addon}" for addon in addons], name, log, script)


def run_odoo(tags, name, log, script):
    """Run tests of Odoo's kind on a copy of the template.

    :param tags: Odoo's ``--test-tags``
    :param name: part of the name of the copy
    :param script: the file of ours that stands in for Odoo's program
    :return: the number of tests that passed, and the names of those that did not
    """
    cluster = postgres.test_cluster().ensure()
    template = databases.ensure_pages(cluster)
    running = {"script": script, "timeout": _SECONDS}
    try:
        databases.run_tests(cluster, template, name, log, tags, **running)
    except subprocess.TimeoutExpired:
        return 0, [f"{', '.join(tags)} {_LATE}"]
    return read_odoo(odoo_log.read(log)[0], log)


def read_odoo(records, log):
    """Return the same of the records of Odoo's log."""
    passed, failed = odoo_log.totals(records) or (0, 1)
    names = [record.text.splitlines()[0] for record in odoo_log.failures(records)]
    return passed, names or [f"see {log}"] * (failed or not passed)
