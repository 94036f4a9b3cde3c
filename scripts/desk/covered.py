# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""scripts/rd coverage [pure] [ADDON…]: which branches and guards the tests reach.

Each part leaves a file of its own under ``.local/coverage``; the figures are those of
all parts measured on the add-ons as they stand, so that the large ones can be measured
at another hour. A guard is a ``raise``: what refuses somebody something. Those that no
test reaches are named with their line.
"""

import ast
import json
import os
import subprocess
import time

from . import databases, odoo_log, odoo_run, paths, ports, postgres, setup, stamps
from .messages import Stop, run, say

PARTS = ("pure", *paths.OUR_ADDONS)
REPORT = paths.LOCAL / "coverage.json"
_FOLDER = paths.LOCAL / "coverage"
_RUNNER = paths.SCRIPTS / "desk" / "covered_runner.py"
_SECONDS = 3 * 3600
# tests of the project's own tools, which reach nothing of the add-ons
_TOOLS = ("from desk import", "import desk")


def main(arguments=()):
    """Measure the parts that are named, or all; print what all files come to."""
    unknown = set(arguments) - set(PARTS)
    if unknown:
        raise Stop(f"Say some of: {', '.join(PARTS)}.")
    setup.prepare()
    _FOLDER.mkdir(parents=True, exist_ok=True)
    failed = 0
    for part in arguments or PARTS:
        start = time.monotonic()
        failed += _measure_pure() if part == "pure" else _measure_addon(part)
        say(f"  {part}: measured in {time.monotonic() - start:.0f} s")
    wanted = [name for name in arguments if name in paths.OUR_ADDONS]
    _report(wanted or list(paths.OUR_ADDONS))
    return 1 if failed else 0


def _data(part):
    """Return the file of a part, for the add-ons as they are now."""
    tree = stamps.tree_key(paths.ADDONS, skip=("__pycache__", "tests", "i18n"))
    return _FOLDER / f"{part}-{tree}"


# ---------------------------------------------------------------------------
# Measuring
# ---------------------------------------------------------------------------
def _measure_pure():
    files = [
        path
        for path in sorted((paths.ROOT / "tests" / "pure").glob("test_*.py"))
        if not any(line in path.read_text("utf-8") for line in _TOOLS)
    ]
    command = [paths.PYTHON, "-m", "coverage", "run", f"--data-file={_data('pure')}"]
    command += ["-m", "pytest", "-q", "-m", "not nightly", *files]
    log = paths.LOG / "coverage-pure.log"
    with open(log, "w", encoding="utf-8") as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=paths.ROOT,
            timeout=_SECONDS,
        )
    if done.returncode:
        say(f"  tests fail: see {log}")
    return done.returncode


def _measure_addon(addon):
    """Run an add-on's tests on a copy of the template; tell whether one fails."""
    cluster = postgres.test_cluster().ensure()
    name = databases.temporary_name(f"coverage_{addon}")
    log = paths.LOG / f"coverage-{addon}.log"
    databases.copy(cluster, databases.ensure_pages(cluster), name)
    os.environ["RD_COVERAGE"] = str(_data(addon))
    try:
        odoo_run.run_odoo(
            cluster,
            log,
            *("-d", name, "--workers=0", "--max-cron-threads=0", "--stop-after-init"),
            *("--test-tags", f"/{addon}", f"--http-port={ports.free()[0]}"),
            script=_RUNNER,
            timeout=_SECONDS,
        )
    finally:
        databases.drop(cluster, name)
    records, _foreign = odoo_log.read(log)
    counted = odoo_log.totals(records) or (0, 1)
    say(f"  {addon}: {counted[0]} passed, {counted[1]} failed")
    for record in odoo_log.failures(records):
        say(f"    {record.text.splitlines()[0]}")
    return counted[1]


# ---------------------------------------------------------------------------
# Reading
# ---------------------------------------------------------------------------
def _report(addons):
    parts = [part for part in PARTS if _data(part).is_file()]
    measured = _read([_data(part) for part in parts])
    rows, unreached = [], []
    for addon in addons:
        for path in sorted((paths.ADDONS / addon).rglob("*.py")):
            found = measured.get(str(path.relative_to(paths.ROOT)))
            if found and found["summary"]["num_statements"]:
                row, missed = _judge_file(path, found)
                rows.append(row)
                unreached += missed
    for row in rows:
        if row["reached"] < row["lines"] + row["branches"]:
            say(_line(row["file"], row))
    for addon in addons:
        say(_line(addon, _sum(r for r in rows if r["file"].startswith(f"{addon}/"))))
    say(_line(f"all of it, by {', '.join(parts)}", _sum(rows)))
    for text in unreached:
        say(f"  never refused: {text}")
    REPORT.write_text(json.dumps({"total": _sum(rows), "files": rows}, indent=1) + "\n")


def _read(files):
    """Return what all the parts together have reached, by file."""
    joined, report = _FOLDER / "joined", _FOLDER / "joined.json"
    coverage = (paths.PYTHON, "-m", "coverage")
    data = f"--data-file={joined}"
    joined.unlink(missing_ok=True)
    run([*coverage, "combine", "--keep", "-q", data, *files], "join", cwd=paths.ROOT)
    run([*coverage, "json", "-q", data, "-o", report], "read", cwd=paths.ROOT)
    return json.loads(report.read_text())["files"]


def _judge_file(path, found):
    """Return the figures of one file, and its guards that nobody has reached."""
    summary, missing = found["summary"], set(found["missing_lines"])
    guards = _guards(path)
    missed = sorted(guards & missing)
    name = path.relative_to(paths.ADDONS).as_posix()
    text = path.read_text("utf-8").splitlines()
    row = {
        "file": name,
        "lines": summary["num_statements"],
        "branches": summary["num_branches"],
        "reached": summary["covered_lines"] + summary["covered_branches"],
        "guards": len(guards),
        "guards_missed": len(missed),
        "missing": sorted(missing),
    }
    return row, [f"{name}:{line}: {text[line - 1].strip()}" for line in missed]


def _guards(path):
    """Return the lines of a file that refuse something."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.lineno for node in ast.walk(tree) if isinstance(node, ast.Raise)}


def _sum(rows):
    rows = list(rows)
    keys = ("lines", "branches", "reached", "guards", "guards_missed")
    return {key: sum(row[key] for row in rows) for key in keys}


def _line(name, row):
    """Return one line: lines and branches reached, guards reached."""
    whole = row["lines"] + row["branches"]
    share = row["reached"] / whole if whole else 1
    reached = row["guards"] - row["guards_missed"]
    guards = f"{reached} of {row['guards']} guards" if row["guards"] else ""
    return f"  {name:<64} {share:>7.1%} of {whole:>6}  {guards}".rstrip()
