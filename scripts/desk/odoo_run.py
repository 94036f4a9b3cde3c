# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Running Odoo's programs against one of the private clusters."""

import configparser
import contextlib
import os
import signal
import subprocess

from . import odoo_log, paths
from .messages import Stop, say

# Odoo's own defaults would come in by these; ours are all in the file we write
_FOREIGN = ("PG", "ODOO_", "OPENERP_")
BATCH = ("--workers=0", "--max-cron-threads=0", "--no-http", "--stop-after-init")
_running = set()  # process groups of the Odoos started here that have not ended
_MODULE_CALL = """
import runpy, sys
sys.path.insert(0, {folder!r})
runpy.run_path({path!r})[{function!r}](env)
env.cr.commit()
"""


def configuration(cluster):
    """Write odoo.conf with what belongs to this machine; return its path."""
    conf = configparser.ConfigParser(interpolation=None)
    conf.read(paths.CONF, encoding="utf-8")
    conf["options"].update(
        addons_path=paths.addons_path(),
        data_dir=str(data_dir(cluster)),
        db_host=str(cluster.socket),
        db_port="5432",
        db_user=cluster.user,
    )
    target = paths.LOCAL / f"odoo-{cluster.name}.conf"
    fresh = target.with_suffix(f".{os.getpid()}")
    with open(fresh, "w", encoding="utf-8") as file:
        conf.write(file)
    fresh.chmod(0o600)
    fresh.replace(target)
    return target


def data_dir(cluster):
    """Return Odoo's data folder (file store, sessions) beside a cluster."""
    return paths.LOCAL / f"data-{cluster.name}"


def environment():
    """Return the variables for a process of Odoo's.

    What Python compiles is kept apart from the sources: Odoo comes without it, and
    compiling anew takes half of the time of each start.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN)}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    own = {"PYTHONPYCACHEPREFIX": str(paths.LOCAL / "pycache")}
    return {**kept, **own, "PYTHONUNBUFFERED": "1"}


def command(cluster, *arguments, program=None, script=None):
    """Return the command line of Odoo (or of one of its programs).

    :param script: a file of ours that stands in for Odoo's own
    """
    start = [str(paths.PYTHON), str(script)] if script else [str(paths.ODOO_BIN)]
    head = [*start, *([program] if program else [])]
    return [*head, "-c", str(configuration(cluster)), *map(str, arguments)]


def run_odoo(
    cluster, log, *arguments, program=None, script=None, stdin=None, timeout=None
):
    """Run Odoo to its end with its output in a log file; return the exit code.

    After ``timeout`` seconds it is ended, with all that it has started.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command(cluster, *arguments, program=program, script=script),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            text=True,
            env=environment(),
            cwd=paths.ROOT,
            start_new_session=True,
        )
        _running.add(process.pid)
        try:
            process.communicate(stdin, timeout=timeout)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        finally:
            _running.discard(process.pid)
    return process.returncode


def kill_running():
    """End every Odoo that runs to its end at the moment (the user interrupts)."""
    for number in list(_running):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(number, signal.SIGKILL)


def install(cluster, database, modules, log, *, demo=False):
    """Install modules into a database, which is made when it is missing."""
    extra = ["--with-demo"] if demo else []
    code = run_odoo(
        cluster, log, "-d", database, "-i", ",".join(modules), *BATCH, *extra
    )
    problems = odoo_log.errors(log)
    if code or problems:
        for record in problems[:5]:
            say(f"    {record}")
        raise Stop(f"Odoo could not install {', '.join(modules)}; see {log}.")


def run_in_odoo(cluster, database, path, log, function="main"):
    """Call ``function(env)`` of a Python file inside Odoo, then commit.

    What the function prints goes to the log; nothing is committed when it raises.
    """
    script = _MODULE_CALL.format(
        folder=str(path.parent), path=str(path), function=function
    )
    arguments = ["-d", database, "--no-http", "--max-cron-threads=0", "--workers=0"]
    code = run_odoo(cluster, log, *arguments, program="shell", stdin=script)
    if code:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        say("\n".join(f"    {line}" for line in tail))
        raise Stop(
            f"{path.relative_to(paths.ROOT)} failed; the whole output is in {log}."
        )


def run_i18n_export(cluster, database, addon, target):
    """Let Odoo's exporter write the terms of an add-on; return the exit code."""
    options = ["-c", str(configuration(cluster)), "-d", database, "-l", "pot"]
    with open(paths.LOG / "i18n.log", "a", encoding="utf-8") as log:
        return subprocess.run(
            [str(paths.ODOO_BIN), "i18n", "export", *options, "-o", target, addon],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=environment(),
            cwd=paths.ROOT,
        ).returncode
