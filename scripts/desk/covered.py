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
import time
from unittest.mock import patch

from . import paths, setup, stamps, suites
from .messages import Stop, run, say

PARTS = ("pure", *paths.OUR_ADDONS)
WANTED = 0.95  # of the branches of each add-on; of its guards all
REPORT = paths.LOCAL / "coverage.json"
_FOLDER = paths.LOCAL / "coverage"
_RUNNER = paths.SCRIPTS / "desk" / "covered_runner.py"
# tests of the project's own tools, which reach nothing of the add-ons
_TOOLS = ("from desk import", "import desk")
# Tests of the limits under which a workbook is read: they reach as much of it where the
# limits are wider, but what they come to there says nothing.
_LIMITED = ("test_ledger_hostile.py", "test_ledger_memory.py")


def main(arguments=()):
    """Measure the parts that are named, or all; print what all files come to."""
    unknown = set(arguments) - set(PARTS)
    if unknown:
        raise Stop(f"Say some of: {', '.join(PARTS)}.")
    setup.prepare()
    return 1 if measure(arguments or PARTS)["failed"] else 0


def measure(parts=PARTS):
    """Measure parts, and add up what is measured of the add-ons as they stand.

    :return: the names of the tests that ``failed``, the figures of the ``addons`` and
        their ``total``, and each guard that is ``unreached``
    """
    _FOLDER.mkdir(parents=True, exist_ok=True)
    failed = []
    for part in parts:
        start = time.monotonic()
        passed, names = _measure_pure() if part == "pure" else _measure_addon(part)
        seconds = time.monotonic() - start
        say(f"  {part}: {passed} passed, {len(names)} failed  {seconds:.0f} s")
        for name in names:
            say(f"    {name}")
        failed += names
    named = [part for part in parts if part in paths.OUR_ADDONS]
    return {"failed": failed, **_report(named or list(paths.OUR_ADDONS))}


def is_enough(row):
    """Tell whether the tests reach as many of the branches as they should."""
    return row["branches_reached"] >= WANTED * row["branches"]


def _data(part):
    """Return the file of a part, for the add-ons as they are now."""
    tree = stamps.tree_key(paths.ADDONS, skip=("__pycache__", "tests", "i18n"))
    return _FOLDER / f"{part}-{tree}"


def _files(part):
    """Return the files of a part: its own, and one of each process it started."""
    name = _data(part).name
    return [*_FOLDER.glob(name), *_FOLDER.glob(f"{name}.*")]


# ---------------------------------------------------------------------------
# Measuring
# ---------------------------------------------------------------------------
def _measure_pure():
    """Run the pure tests that reach the add-ons; return what they came to."""
    files = [
        path
        for path in sorted((paths.ROOT / "tests" / "pure").glob("test_*.py"))
        if not any(line in path.read_text("utf-8") for line in _TOOLS)
    ]
    limited = [path for path in files if path.name in _LIMITED]
    for old in _files("pure"):
        old.unlink()
    variables = {**_follow_the_reader(), "RD_COVERAGE": str(_data("pure"))}
    with patch.dict(os.environ, variables):
        _run_pure(limited, f"{_data('pure')}.limited")
        return _run_pure(sorted({*files} - {*limited}), _data("pure"))


def _run_pure(files, data):
    under = ("-m", "coverage", "run", f"--data-file={data}")
    return suites.run_pytest(files, paths.LOG / "coverage-pure.log", under)


def _follow_the_reader():
    """Return what puts the processes that read workbooks under the measure too."""
    return {
        "RD_COVERED_WORKER": str(paths.SCRIPTS / "desk" / "covered_worker.py"),
        "RD_COVERED_READER": str(paths.ADDONS / "rd_sales_admin" / "ledger"),
        "RD_COVERED_PACKAGES": str(paths.site_packages()),
        "RD_COVERED_SETTINGS": str(paths.ROOT / "pyproject.toml"),
    }


def _measure_addon(addon):
    """The same for an add-on's own tests."""
    log = paths.LOG / f"coverage-{addon}.log"
    with patch.dict(os.environ, RD_COVERAGE=str(_data(addon))):
        return suites.run_addons([addon], "coverage", log, _RUNNER)


# ---------------------------------------------------------------------------
# Reading
# ---------------------------------------------------------------------------
def _report(addons):
    parts = [part for part in PARTS if _data(part).is_file()]
    measured = _read([file for part in parts for file in _files(part)])
    rows, unreached = [], []
    for addon in addons:
        for path in sorted((paths.ADDONS / addon).rglob("*.py")):
            found = measured.get(str(path.relative_to(paths.ROOT)))
            if found and found["summary"]["num_statements"]:
                row, missed = _judge_file(path, found)
                rows.append(row)
                unreached += missed
    sums = {
        addon: _sum(row for row in rows if row["file"].startswith(f"{addon}/"))
        for addon in addons
    }
    total = _sum(rows)
    short = [row for row in rows if row["reached"] < row["lines"] + row["branches"]]
    named = [(row["file"], row) for row in short]
    for name, row in (*named, *sums.items(), (f"all, by {', '.join(parts)}", total)):
        say(f"  {name:<64} {line(row)}")
    for text in unreached:
        say(f"  never refused: {text}")
    REPORT.write_text(json.dumps({"total": total, "files": rows}, indent=1) + "\n")
    return {"addons": sums, "total": total, "unreached": unreached}


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
        "branches_reached": summary["covered_branches"],
        "reached": summary["covered_lines"] + summary["covered_branches"],
        "guards": len(guards),
        "guards_missed": len(missed),
        "missing": sorted(missing),
    }
    return row, [f"{name}:{line}: {text[line - 1].strip()}" for line in missed]


def _guards(path):
    """Return the lines of a file that refuse something.

    What says that a class has to give a method of its own refuses nobody anything.
    """
    tree = ast.parse(path.read_text("utf-8"))
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    return {
        node.lineno
        for node in raised
        if "NotImplementedError" not in ast.dump(node.exc or node)
    }


def _sum(rows):
    rows = list(rows)
    keys = ("lines", "branches", "branches_reached", "reached")
    keys += ("guards", "guards_missed")
    return {key: sum(row[key] for row in rows) for key in keys}


def line(row):
    """Return in words what is reached: lines and branches, branches, guards."""
    texts = [
        f"{_share(row['reached'], row['lines'] + row['branches'])} lines and branches",
        f"{_share(row['branches_reached'], row['branches'])} branches",
        f"{row['guards'] - row['guards_missed']} of {row['guards']} guards",
    ]
    return ", ".join(texts if row["guards"] else texts[:2])


def _share(reached, whole):
    return f"{reached / whole if whole else 1:.1%} of {whole:,}"
