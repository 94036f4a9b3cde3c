# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Private PostgreSQL clusters under .local: reached by Unix socket only."""

import contextlib
import fcntl
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from . import paths
from .messages import Stop

PORT = 5432  # names the socket file alone: no cluster here listens on a network
_SOCKET_LIMIT = 107  # bytes of a Unix socket's address, the file name included
_MIN_VERSION = 13
_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 300,
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
# only for databases that can be made anew at any time
_RECKLESS = {
    **{"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"},
    # A test's rows are in one transaction: a vacuum beside it finds none, and the
    # planner then takes every table for empty; a query of ms has taken minutes.
    "autovacuum": "off",
}


def programs():
    """Return the folder of the newest PostgreSQL's programs."""
    found = []
    for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb"):
        with contextlib.suppress(ValueError):
            found.append((int(initdb.parts[-3]), initdb.parent))
    if found and max(found)[0] >= _MIN_VERSION:
        return max(found)[1]
    other = shutil.which("initdb")
    if other:
        return Path(other).resolve().parent
    raise Stop("PostgreSQL 13 or newer is missing; run make setup to install it.")


class Cluster:
    """One private cluster: made, started and stopped by name."""

    def __init__(self, name, *, durable):
        self.name = name
        self.folder = paths.LOCAL / f"pg-{name}"
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.durable = durable

    # -- where it is reached ------------------------------------------------

    @property
    def socket(self):
        """The socket's folder: the cluster's own, or a short one when too long."""
        note = self.folder / "socket"
        return Path(note.read_text()) if note.is_file() else self.folder

    @property
    def user(self):
        """The database role that owns everything."""
        return "odoo"

    def environment(self):
        """Return the variables that point psql, pg_dump and libpq here."""
        return {
            "PGHOST": str(self.socket),
            "PGPORT": str(PORT),
            "PGUSER": self.user,
        }

    def dsn(self, database):
        """Return what psycopg2 needs to connect to a database."""
        return {
            "host": str(self.socket),
            "port": PORT,
            "user": self.user,
            "dbname": database,
        }

    # -- life ---------------------------------------------------------------

    def ensure(self):
        """Have the cluster made and running; return itself."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(paths.LOCAL / f"{self.folder.name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.is_made():
                self._create()
            if not self.is_running():
                self._start()
        return self

    def is_made(self):
        """Tell whether there is such a cluster at all."""
        return (self.data / "PG_VERSION").is_file()

    def is_running(self):
        """Tell whether the cluster answers."""
        done = subprocess.run(
            [programs() / "pg_isready", "-q"],
            env={**os.environ, **self.environment()},
        )
        return done.returncode == 0

    def stop(self):
        """Stop the cluster, if it runs."""
        if not self.is_made():
            return
        if (self.data / "postmaster.pid").is_file():
            self._run(
                "pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", check=False
            )
        self._kill_leftovers()

    def _create(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.folder.chmod(0o700)
        fresh = self.folder / "new"
        self._run(
            "initdb",
            *("-D", fresh, "-U", self.user, "-A", "trust", "-E", "UTF8"),
            *("--locale=C.UTF-8", "--no-sync"),
        )
        settings = _SETTINGS if self.durable else {**_SETTINGS, **_RECKLESS}
        lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        with open(fresh / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"\n# what this project sets\n{lines}")
        fresh.rename(self.data)

    def _start(self):
        self._kill_leftovers()
        folder = self._socket_folder()
        options = f"-c unix_socket_directories={shlex.quote(str(folder))}"
        self._run(
            "pg_ctl",
            *("-D", self.data, "-l", self.log, "-o", options, "-w", "-t", "120"),
            "start",
        )

    def _socket_folder(self):
        """Choose the socket's folder; a deep clone path is too long for one."""
        note = self.folder / "socket"
        name = f"{self.folder}/.s.PGSQL.{PORT}"
        if len(os.fsencode(name)) <= _SOCKET_LIMIT and "," not in name:
            note.unlink(missing_ok=True)
            return self.folder
        if note.is_file() and Path(note.read_text()).is_dir():
            return Path(note.read_text())
        folder = Path(tempfile.mkdtemp(prefix="rd-pg-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        note.write_text(str(folder))
        return folder

    def remove_socket(self):
        """Remove the socket's folder when it lies outside the cluster."""
        if self.socket != self.folder:
            shutil.rmtree(self.socket, ignore_errors=True)

    def _kill_leftovers(self):
        """End what a killed run left: server processes that work in our folder.

        The pid and lock files alone prove nothing (the number may belong to a stranger
        now), but they keep a new server from starting: they go too.
        """
        mine = self._processes()
        for number in mine:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGQUIT)
        deadline = time.monotonic() + 10
        while self._processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        for number in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        left = [self.data / "postmaster.pid", *self.socket.glob(".s.PGSQL.*")]
        for file in left:
            file.unlink(missing_ok=True)

    def _processes(self):
        found = []
        for link in Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if Path(os.readlink(link)) == self.data:
                    found.append(int(link.parts[2]))
        return found

    # -- running its programs ------------------------------------------------

    def _run(self, program, *arguments, check=True):
        command = [*as_server_user(self.folder), str(programs() / program)]
        command += [str(part) for part in arguments]
        with tempfile.TemporaryFile("w+") as output:
            # a file, not a pipe: the server inherits it and would hold a pipe open
            done = subprocess.run(
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/"
            )
            output.seek(0)
            text = output.read().strip()
        if check and done.returncode:
            last = text.splitlines()[-1] if text else "no output"
            log = self.log.relative_to(paths.ROOT)
            raise Stop(
                f"PostgreSQL's {program} failed: {last} (see {log}); if it stays so,"
                " run make clean and start again."
            )


def as_server_user(folder):
    """Return the prefix that runs a program as one who may be a server.

    PostgreSQL refuses to run as root. The user postgres may be barred from the
    folder (a clone below /root or in a private temporary folder); the capability
    to pass such folders is then handed on.
    """
    if os.geteuid() != 0:
        return []
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    if _may_enter(prefix, folder):
        return prefix
    prefix += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    if _may_enter(prefix, folder):
        return prefix
    raise Stop(
        f"The user postgres may not enter {folder}; move the clone to a folder that"
        " every user may enter, such as /srv."
    )


def _may_enter(prefix, folder):
    """Try it: test -x would answer for the user alone, without capabilities."""
    command = [*prefix, "env", "-C", str(folder), "true"]
    return subprocess.run(command, capture_output=True, cwd="/").returncode == 0


def test_cluster():
    """Return the cluster of the tests: fast, and nobody's data."""
    return Cluster("test", durable=False)


def demo_cluster():
    """Return the cluster of the demo company: it keeps what one types."""
    return Cluster("demo", durable=True)
