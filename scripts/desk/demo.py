# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo company: made by scripts/demo/load.py, then served in the background."""

import time

from . import (
    databases,
    odoo_log,
    odoo_run,
    paths,
    postgres,
    serve,
    setup,
    stamps,
)
from .messages import say, step

_LOADER = paths.SCRIPTS / "demo" / "load.py"
_TIMES = paths.LOCAL / "demo-times"
_DEFAULT_LOGINS = "admin / admin"


def main(arguments=()):
    """Set up, load the demo company unless it is there, and serve it."""
    start = time.monotonic()
    serve.check_port()
    setup.prepare()
    cluster = postgres.demo_cluster().ensure()
    made = _ensure_company(cluster)
    address = serve.start(cluster)
    _tell(time.monotonic() - start, made)
    say()
    say(f"The demo company is served at {address}")
    say(f"Logins: {_logins()}")
    say("make stop ends it.")


def _key():
    return stamps.key(
        databases.base_key(),
        stamps.tree_key(paths.ADDONS),
        stamps.tree_key(_LOADER.parent),
    )


def _ensure_company(cluster):
    """Make the demo company anew if anything it is made from has changed."""
    key, name = _key(), serve.DATABASE
    if name in databases.names(cluster) and stamps.is_done("demo", key):
        say("  The demo company is there already.")
        return False
    (paths.STAMPS / "demo").unlink(missing_ok=True)
    serve.stop_server()
    databases.drop(cluster, name)
    modules = (*databases.DEPENDENCIES, *paths.OUR_ADDONS)
    with step("Install Odoo's modules and the four add-ons"):
        odoo_run.install(cluster, name, modules, paths.LOG / "demo-install.log")
    with step("Load the demo company"):
        log = paths.LOG / "demo-load.log"
        odoo_run.run_in_odoo(cluster, name, _LOADER, log)
    _show_report(log)
    stamps.set_done("demo", key)
    return True


def _show_report(log):
    """Print what the loader itself printed: all that is no line of Odoo's log."""
    for line in odoo_log.read(log)[1]:
        say(f"    {line}")


def _tell(seconds, made):
    """Print this run's time beside the one of the run that made the company."""
    if made:
        _TIMES.write_text(f"{seconds:.0f}")
        say(f"First run: {seconds:.0f} s (a second one only starts the server).")
        return
    first = _TIMES.read_text() if _TIMES.is_file() else "?"
    say(f"This run: {seconds:.0f} s (the first one: {first} s).")


def _logins():
    note = _LOADER.with_name("LOGINS")
    return note.read_text().strip() if note.is_file() else _DEFAULT_LOGINS
