# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A real Odoo server with several workers, as a child process or in the background."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from . import odoo_run, paths, ports
from .messages import Stop

_START_SECONDS = 120
_STOP_SECONDS = 30


class Server:
    """One Odoo server on free ports of the loopback address.

    :param cluster: the PostgreSQL cluster of the database
    :param database: the only database it serves
    :param workers: HTTP worker processes; 0 runs everything in one threaded process
    :param crons: processes (or threads) that run scheduled actions
    :param arguments: more arguments of Odoo's command line
    :param keep: go on serving when the process that started it ends
    """

    def __init__(self, cluster, database, workers=2, crons=0, arguments=(), keep=False):
        self.cluster = cluster
        self.database = database
        self.workers = workers
        self.crons = crons
        self.arguments = list(arguments)
        self.keep = keep
        self.port, self.gevent_port = ports.free(2)
        self.log = paths.LOG / f"server-{database}-{self.port}.log"
        self.process = None

    @property
    def url(self):
        """The address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        return self.start()

    def __exit__(self, *error):
        self.stop()

    def start(self, wait=True):
        """Start the server and wait until it answers; return itself."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "a", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                self._command(),
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=odoo_run.environment(),
                cwd=paths.ROOT,
                start_new_session=True,
            )
        if wait:
            self.wait_ready()
        return self

    def _command(self):
        command = odoo_run.command(
            self.cluster,
            *("-d", self.database, f"--db-filter=^{self.database}$"),
            *(f"--http-port={self.port}", f"--gevent-port={self.gevent_port}"),
            *(f"--workers={self.workers}", f"--max-cron-threads={self.crons}"),
            *self.arguments,
        )
        # a test run that is killed must not leave servers behind
        return command if self.keep else ["setpriv", "--pdeathsig", "TERM", *command]

    def wait_ready(self, seconds=_START_SECONDS):
        """Wait until the server answers with the database loaded."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Stop(f"Odoo ended while starting; the reason is in {self.log}.")
            if self.answers("/web/login"):
                return self
            time.sleep(0.2)
        self.kill()
        raise Stop(f"Odoo did not answer within {seconds} s; see {self.log}.")

    def answers(self, path="/web/health", timeout=30):
        """Tell whether the server answers a page with 200."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=timeout) as answer:
                return answer.status == 200
        except (OSError, urllib.error.HTTPError):
            return False

    def processes(self):
        """Return the numbers of all its processes, the master first."""
        found = [self.process.pid]
        for parent in found:
            found += children(parent)
        return found

    def stop(self):
        """End the server in good order."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self):
        """End master and workers at once, as a power cut would (kill -9)."""
        if not self.process:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def children(number):
    """Return the numbers of a process's direct children."""
    try:
        with open(f"/proc/{number}/task/{number}/children") as listed:
            return [int(child) for child in listed.read().split()]
    except OSError:
        return []
