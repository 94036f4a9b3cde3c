# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The scheduled actions in a process of their own, stopped wherever a test wants.

The process goes through Odoo's own cron machinery on one database; before that a
piece of code given by the test may change methods, for example to stop in the
middle of a transaction. It says where it stands in its log.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

from desk import odoo_run, paths

PAUSED = "CHILD PAUSED"
FINISHED = "CHILD FINISHED"
_SECONDS = 240
WORLD = Path(__file__).parent / "world.py"

# affiliates and past months that have open steps and were not looked at since
_NOT_REACHED = """
    SELECT COUNT(*) FROM (
        SELECT step.close_id, step.partner_id FROM rd_close_step step
          JOIN rd_close month ON month.id = step.close_id
         WHERE month.month < date_trunc('month', now())
         GROUP BY step.close_id, step.partner_id
        HAVING BOOL_OR(step.state IN ('todo', 'waiting', 'failed'))
           AND COALESCE(MAX(step.run_date) < %s, TRUE)) AS left_over
"""
# runs inside ``odoo shell``
_PREPARE = """
import runpy
import time

from odoo.addons.base.models.ir_cron import IrCron
from odoo.sql_db import db_connect

world = runpy.run_path(WORLD)


def say(*words):
    print(*words, flush=True)


def wrap(model, method, around):
    cls = env.registry[model]
    original = getattr(cls, method)

    def wrapped(self, *args, **kwargs):
        return around(original, self, *args, **kwargs)

    setattr(cls, method, wrapped)


def stop_after(model, method, times, seconds=600):
    seen = [0]

    def around(original, self, *args, **kwargs):
        result = original(self, *args, **kwargs)
        seen[0] += 1
        if seen[0] == times:
            self.env.flush_all()
            say(PAUSED, method)
            time.sleep(seconds)
        return result

    wrap(model, method, around)


def run_cron(name="rd_sales_admin.ir_cron_close"):
    job = env.ref(name).id
    env.cr.execute(
        "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' - interval '1 hour' "
        "WHERE id = %s",
        [job],
    )
    env.cr.commit()
    with db_connect(env.cr.dbname).cursor() as cron_cr:
        IrCron._process_jobs_loop(cron_cr, job_ids=[job])
    env.cr.commit()
    env.invalidate_all()


def run_until_rest():
    # one run has a limited time: the next one takes up those it did not reach. Times
    # of runs are whole seconds: what ran before is none of this one's second
    time.sleep(1)
    env.cr.execute("SELECT date_trunc('second', now() AT TIME ZONE 'UTC')")
    (start,) = env.cr.fetchone()
    for _run in range(20):
        run_cron()
        env.cr.execute(NOT_REACHED, [start])
        if env.cr.fetchone() == (0,):
            return
    raise AssertionError("the scheduled action never comes to rest")


def close_all():
    run_until_rest()
    while world["hand_in_ledgers"](env):
        env.cr.commit()
        run_until_rest()
"""


class Child:
    """One process that runs the desk's scheduled actions.

    :param changes: code run before, with ``env``, ``wrap`` and ``stop_after``
    :param run: what it runs: ``run_cron()``, or ``close_all()`` for the scheduled
        action again and again with the affiliates' ledgers coming in between
    """

    def __init__(self, cluster, database, changes="", run="run_cron()"):
        self.log = paths.LOG / f"cron-{database}-{time.monotonic_ns()}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        names = {
            "PAUSED": PAUSED,
            "FINISHED": FINISHED,
            "WORLD": str(WORLD),
            "NOT_REACHED": _NOT_REACHED,
        }
        head = "".join(f"{name} = {text!r}\n" for name, text in names.items())
        script = f"{head}{_PREPARE}\n{changes}\n{run}\nsay(FINISHED)\n"
        arguments = ["-d", database, "--no-http", "--workers=0"]
        command = odoo_run.command(
            cluster, *arguments, "--max-cron-threads=0", program="shell"
        )
        with open(self.log, "w", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                env=odoo_run.environment(),
                cwd=paths.ROOT,
                start_new_session=True,
            )
        self.process.stdin.write(script)
        self.process.stdin.close()

    def output(self):
        """Return what it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait(self, text=FINISHED, seconds=_SECONDS):
        """Wait until it says ``text``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if text in self.output():
                return self
            if self.process.poll() is not None:
                assert text in self.output(), self.output()[-3000:]
                return self
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"no “{text}” in time:\n{self.output()[-3000:]}")

    def finish(self):
        """Wait for its end in good order and return what it wrote."""
        self.wait()
        self.process.wait(_SECONDS)
        assert self.process.returncode == 0, self.output()[-3000:]
        return self.output()

    def kill(self):
        """End it at once, as a power cut would."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
