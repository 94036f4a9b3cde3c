# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Databases on a private cluster: templates made once, copies made in a second."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess

from . import apt, odoo_run, paths, ports, postgres, stamps
from .messages import Stop, step

DEPENDENCIES = (
    "sale_management",
    "sale_stock",
    "stock_account",
    "account",
    "sale_project",
    "portal",
    "mail",
    "l10n_cn",
    "report_xlsx",
    "stock_owner_restriction",
)
_KEPT = 2  # templates of one kind: the present one and the one before


def sql(cluster, statement, database="postgres"):
    """Run a statement; return its rows as lists of texts."""
    done = subprocess.run(
        [
            str(postgres.programs() / "psql"),
            *("-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1"),
            *("-d", database, "-c", statement),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, **cluster.environment()},
    )
    if done.returncode:
        raise Stop(f"PostgreSQL refused a statement: {done.stderr.strip()}")
    return [line.split("\x1f") for line in done.stdout.splitlines()]


def names(cluster):
    """Return the names of all databases of the cluster, oldest first."""
    return [
        row[0] for row in sql(cluster, "SELECT datname FROM pg_database ORDER BY oid")
    ]


def connections(cluster):
    """Return how many sessions other programs hold on the cluster."""
    rows = sql(
        cluster,
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    )
    return int(rows[0][0])


def filestore(cluster, name):
    """Return the folder of a database's attachments."""
    return odoo_run.data_dir(cluster) / "filestore" / name


def copy(cluster, source, target):
    """Make a database and its file store from another one."""
    strategy = " STRATEGY FILE_COPY" if not cluster.durable else ""
    sql(cluster, f'CREATE DATABASE "{target}" TEMPLATE "{source}"{strategy}')
    shutil.rmtree(filestore(cluster, target), ignore_errors=True)
    if filestore(cluster, source).is_dir():
        # stored files are named by their content and never written again: a second
        # name for each is as good as a copy
        shutil.copytree(
            filestore(cluster, source),
            filestore(cluster, target),
            copy_function=os.link,
        )
    return target


def drop(cluster, name):
    """Remove a database and its file store, whoever is connected."""
    sql(cluster, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(filestore(cluster, name), ignore_errors=True)


def base_key():
    """Return the key of the template with Odoo's own modules."""
    odoo = apt.cached("odoo-19")
    own = os.environ.get("RD_ODOO", "")
    version = postgres.programs()
    return stamps.key(odoo and odoo.name, own, version, *DEPENDENCIES, *_oca_versions())


def _oca_versions():
    """Return the pinned OCA add-ons; other packages leave no mark in a database."""
    lines = (paths.ROOT / "requirements.lock").read_text().splitlines()
    return [line for line in lines if line.startswith("odoo-addon-")]


def ensure_base(cluster, demo=False):
    """Return the template with the modules that the suite depends on."""

    def build(name, log):
        odoo_run.install(cluster, name, DEPENDENCIES, log, demo=demo)

    return ensure(cluster, "rd_demobase" if demo else "rd_base", base_key(), build)


def ensure_suite(cluster):
    """Return the template with the four add-ons installed on top of the base."""
    base = ensure_base(cluster)

    def build(name, log):
        copy(cluster, base, name)
        odoo_run.install(cluster, name, paths.OUR_ADDONS, log)

    # a test leaves no mark in a database, and is edited more often than anything else
    tree = stamps.tree_key(paths.ADDONS, skip=("__pycache__", "tests"))
    key = stamps.key(base, tree)
    return ensure(cluster, "rd_suite", key, build)


def ensure_pages(cluster):
    """Return the template with the four add-ons, what their pages load, and what
    classes of tests have in common.

    Odoo makes the bundles of scripts and styles anew in each database in which a
    browser is going to be started, which takes half a minute.
    """
    suite = ensure_suite(cluster)
    script = paths.SCRIPTS / "desk" / "pages.py"

    def build(name, log):
        copy(cluster, suite, name)
        odoo_run.run_in_odoo(cluster, name, script, log)

    ready = sorted(paths.ADDONS.glob("*/tests/common.py"))
    ready += paths.ADDONS.glob("*/tests/ready.py")
    return ensure(cluster, "rd_pages", stamps.key(suite, script, *ready), build)


def ensure(cluster, kind, key, build):
    """Return a template database, built if there is none with this key."""
    name = f"{kind}_{key}"
    with open(paths.LOCAL / f"{kind}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name in names(cluster):
            return name
        fresh = f"{kind}_new"
        drop(cluster, fresh)
        log = log_of(name)
        with step(f"Template database {kind}"):
            build(fresh, log)
            # the tests' cluster is without autovacuum, which counts rows elsewhere
            sql(cluster, "ANALYZE", fresh)
            sql(cluster, f'ALTER DATABASE "{fresh}" RENAME TO "{name}"')
            with contextlib.suppress(FileNotFoundError):
                filestore(cluster, fresh).rename(filestore(cluster, name))
        old = [other for other in names(cluster) if other.startswith(f"{kind}_")]
        for other in old[:-_KEPT]:
            drop(cluster, other)
            log_of(other).unlink(missing_ok=True)
    return name


def run_tests(cluster, template, purpose, log, tags, *options, **running):
    """Run Odoo's tests on a copy of a template, which is dropped; return the exit code.

    :param purpose: part of the name of the copy
    :param tags: Odoo's ``--test-tags``
    :param running: see ``odoo_run.run_odoo``
    """
    database = temporary_name(purpose)
    copy(cluster, template, database)
    try:
        return odoo_run.run_odoo(
            cluster,
            log,
            *("-d", database, "--workers=0", "--max-cron-threads=0"),
            *("--stop-after-init", f"--http-port={ports.free()[0]}"),
            *("--test-tags", ",".join(tags), *options),
            **running,
        )
    finally:
        drop(cluster, database)


def log_of(template):
    """Return the log of the making of a template."""
    return paths.LOG / f"{template}.log"


def temporary_name(purpose):
    """Return a name for a database of this process, dropped when it is gone."""
    return f"t{os.getpid()}_{purpose}"


def drop_orphans(cluster):
    """Drop the temporary databases that killed runs left behind."""
    for name in names(cluster):
        match = re.match(r"t(\d+)_", name)
        if match and not os.path.exists(f"/proc/{match[1]}"):
            drop(cluster, name)
