# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""make bench: run every tests/bench/bench_*.py and show its ratios in one table.

Each module has ``run(context)`` that returns rows: dicts with name, ratio, limit,
unit and detail. A ratio compares two things measured in the same run, so the speed of
the machine does not matter; ``at_least`` in a row turns its limit around.
"""

import importlib.util
import json
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path

from . import databases, odoo_run, paths, postgres, setup
from .messages import Stop, say

REPORT = paths.LOCAL / "bench.json"
_FOLDER = paths.ROOT / "tests" / "bench"
_KEYS = ("name", "ratio", "limit", "unit", "detail")
_CALL = """
import json, runpy, sys
sys.path[:0] = {path!r}
result = runpy.run_path({script!r})[{function!r}](env, **json.loads({arguments!r}))
env.cr.commit()
with open({answer!r}, "w") as out:
    json.dump(result, out)
"""


class Context:
    """What a bench module may use.

    ``full`` tells ``make bench-full``; lines, affiliates, cards and events say how
    much to measure with.
    """

    def __init__(self, full=False):
        self.full = full
        self.lines = 100_000 if full else 30_000
        self.affiliates = 50
        self.cards = 100_000 if full else 10_000
        self.events = 1_000_000 if full else 100_000
        self.folder = paths.LOCAL / "bench"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._made = []

    @property
    def cluster(self):
        """The test cluster, running."""
        return postgres.test_cluster().ensure()

    def template(self, kind, key, fill):
        """Return a cached template: the suite, filled by ``fill(database)``.

        :param key: changes when what ``fill`` writes changes
        """
        cluster = self.cluster
        suite = databases.ensure_suite(cluster)
        return databases.ensure(
            cluster,
            f"rd_bench_{kind}",
            databases.stamps.key(suite, key, self.full),
            lambda name, log: fill(databases.copy(cluster, suite, name)),
        )

    def database(self, template=None):
        """Return the name of a fresh copy (of the bare suite by default)."""
        cluster = self.cluster
        source = template or databases.ensure_suite(cluster)
        name = databases.temporary_name(f"bench{len(self._made)}")
        self._made.append(name)
        return databases.copy(cluster, source, name)

    def connect(self, database):
        """Return a psycopg2 connection."""
        import psycopg2

        return psycopg2.connect(**self.cluster.dsn(database))

    def in_odoo(self, database, script, function, **arguments):
        """Call ``function(env, **arguments)`` of a file inside Odoo, then commit.

        :return: what it returned, which must be plain data
        """
        answer = self.folder / f"answer-{os.getpid()}.json"
        answer.unlink(missing_ok=True)
        log = paths.LOG / f"bench-{Path(script).stem}-{function}.log"
        stdin = _CALL.format(
            path=[str(Path(script).parent)],
            script=str(script),
            function=function,
            arguments=json.dumps(arguments),
            answer=str(answer),
        )
        options = ("-d", database, "--no-http", "--max-cron-threads=0", "--workers=0")
        odoo_run.run_odoo(self.cluster, log, *options, program="shell", stdin=stdin)
        if not answer.is_file():
            tail = log.read_text(errors="replace").splitlines()[-15:]
            raise Stop(f"{function} failed in Odoo; see {log}:\n" + "\n".join(tail))
        result = json.loads(answer.read_text())
        answer.unlink()
        return result

    def close(self):
        """Drop the copies that were made."""
        for name in self._made:
            databases.drop(self.cluster, name)


def bench(arguments=()):
    """Measure at the volume of every day."""
    return _in_environment(False, arguments)


def bench_full(arguments=()):
    """Measure at full volume."""
    return _in_environment(True, arguments)


def _in_environment(full, names):
    """Run the measuring part with the packages of the virtual environment."""
    setup.main()
    command = [str(paths.PYTHON), "-m", "desk.bench", str(int(full)), *names]
    environment = {**os.environ, "PYTHONPATH": str(paths.SCRIPTS)}
    return subprocess.run(command, env=environment, cwd=paths.ROOT).returncode


def measure(full, names):
    """Run the bench modules (all, or those named); return the exit code."""
    scripts = [
        script
        for script in sorted(_FOLDER.glob("bench_*.py"))
        if not names or script.stem.removeprefix("bench_") in names
    ]
    if not scripts:
        say("error: tests/bench holds no such bench module.")
        return 1
    context = Context(full)
    rows, broken = [], 0
    try:
        for script in scripts:
            rows_of_one = _run(script, context)
            broken += rows_of_one is None
            rows += rows_of_one or []
    finally:
        context.close()
    REPORT.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    _show(rows)
    over = sum(not holds(row) for row in rows)
    say(f"{len(rows)} figures, {over} beyond the limit, {broken} modules broken")
    return 1 if over or broken else 0


def _run(script, context):
    start = time.monotonic()
    spec = importlib.util.spec_from_file_location(script.stem, script)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        rows = [_checked(row) for row in module.run(context)]
    except Stop as stop:
        say(f"  {script.stem}: {stop}")
        return None
    except Exception:  # one broken module must not hide the others' figures
        traceback.print_exc()
        return None
    say(f"  {script.stem}: {time.monotonic() - start:.1f} s")
    return rows


def _checked(row):
    """Return a row as the report holds it; a missing key is the module's bug."""
    extra = {"at_least": True} if row.get("at_least") else {}
    return {key: row[key] for key in _KEYS} | extra


def holds(row):
    """Tell whether a figure is within its limit."""
    if row["limit"] is None:
        return True
    if row.get("at_least"):
        return row["ratio"] >= row["limit"]
    return row["ratio"] <= row["limit"]


def _show(rows):
    width = max((len(row["name"]) for row in rows), default=4)
    for row in rows:
        sign = ">=" if row.get("at_least") else "<="
        limit = "" if row["limit"] is None else f"{sign} {row['limit']:g}"
        mark = "ok" if holds(row) else "OVER"
        figure = f"{row['ratio']:>9.3g} {limit:>9} {row['unit']:<8} {mark:<4}"
        say(f"  {row['name']:<{width}}  {figure} {row['detail']}")


if __name__ == "__main__":
    sys.exit(measure(sys.argv[1] == "1", sys.argv[2:]))
