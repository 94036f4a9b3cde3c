# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a person reads: progress with its time, and one sentence when it stops."""

import contextlib
import os
import subprocess
import time

from . import paths


class Stop(Exception):
    """What is wrong and what to do, in one sentence; printed without traceback."""


def say(text=""):
    """Print one line at once, also when the output goes to a file."""
    print(text, flush=True)


@contextlib.contextmanager
def step(title):
    """Announce a step and, when it is through, the seconds it took."""
    say(f"  {title} ...")
    start = time.monotonic()
    yield
    say(f"  {title}: done in {time.monotonic() - start:.1f} s")


_NO_NETWORK = (
    "temporary failure resolving",
    "could not resolve",
    "name or service not known",
    "failed to resolve",
    "network is unreachable",
    "unable to connect",
    "could not connect",
    "connection timed out",
    "failed to establish a new connection",
    "max retries exceeded",
    "no route to host",
    "eai_again",
    "enotfound",
    "enetunreach",
    "econnrefused",
)


def is_network_trouble(output):
    """Tell whether a program's output says that it could not reach the network."""
    output = output.lower()
    return any(sign in output for sign in _NO_NETWORK)


def call(command, **options):
    """Run a program to its end; return it, its output (both streams) in ``stdout``.

    :param options: of ``subprocess.run``
    """
    return subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        **options,
    )


def run(command, what, *, env=None, cwd=None, check=True):
    """Run a program into the set-up log; stop with one sentence if it fails.

    :param what: the thing being done, e.g. "unpack Odoo"
    :return: the finished process, its output (both streams) in ``stdout``
    """
    command = [str(part) for part in command]
    done = call(command, env={**os.environ, **(env or {})}, cwd=cwd)
    paths.LOG.mkdir(parents=True, exist_ok=True)
    with open(paths.LOG / "setup.log", "a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(command)}\n{done.stdout}(exit {done.returncode})\n")
    if check and done.returncode:
        raise Stop(explain(what, done.stdout))
    return done


def explain(what, output):
    """Return the sentence for a program that failed while doing ``what``."""
    if is_network_trouble(output):
        return (
            f"Cannot {what}: the network or the package mirror cannot be reached;"
            " connect this machine (or set its proxy) and run the command again."
        )
    if "no space left on device" in output.lower():
        return f"Cannot {what}: the disk is full; free some space and try again."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = lines[-1] if lines else "no output"
    return f"Cannot {what}: {last} (the whole output is in .local/log/setup.log)."
