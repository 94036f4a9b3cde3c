# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""scripts/rd faults [NAME…]: plant each fault of tests/faults and see it caught.

A fault is a patch with two lines before it: ``Fault:`` says in one sentence what is
wrong, ``Test:`` which test has to fail because of it, as ``odoo /addon:Class.test``,
``pytest path::test`` or ``lint name-of-the-message`` (of pylint). Each is applied to a
copy of the project beside the state folder; the project itself is never touched.
"""

import json
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import databases, odoo_log, paths, ports, postgres, setup
from .messages import Stop, call, say

FOLDER = paths.ROOT / "tests" / "faults"
REPORT = paths.LOCAL / "faults.json"
_COPY = paths.LOCAL / "faulty"
_TAKEN = (
    "addons",
    "scripts",
    "tests",
    "odoo.conf",
    "pyproject.toml",
    "requirements.lock",
    "requirements-dev.lock",
)
_SHARED = ("odoo", "venv", "stamps", "pg-test", "data-test")
_SECONDS = 900
# what Odoo writes into the schema when an add-on is installed
_IN_THE_DATABASE = (
    *("models.UniqueIndex", "models.Constraint", "models.Index"),
    'ondelete="cascade"',
)


@dataclass(frozen=True)
class Fault:
    """One patch: what is wrong by it and who has to notice."""

    path: Path
    text: str

    @property
    def name(self):
        """The name by which it is asked for."""
        return self.path.stem

    @property
    def sentence(self):
        """What is wrong."""
        return self._head("Fault")

    @property
    def kind(self):
        """``odoo``, ``pytest`` or ``lint``."""
        return self._head("Test").partition(" ")[0]

    @property
    def target(self):
        """The test, as its runner names it."""
        return self._head("Test").partition(" ")[2].strip()

    def _head(self, key):
        found = re.search(rf"^{key}: (.+)$", self.text, re.MULTILINE)
        if not found:
            raise Stop(f"{self.path.name} has no line “{key}: …”.")
        return found[1].strip()

    def touched(self):
        """Return the names of the files that the patch changes."""
        return re.findall(r"^\+\+\+ b/(\S+)$", self.text, re.MULTILINE)

    def needs_schema(self):
        """Tell whether a database made without the fault would hide it."""
        data = any(not name.endswith(".py") for name in self.touched())
        return data or any(kind in self.text for kind in _IN_THE_DATABASE)


def load(folder=FOLDER):
    """Return all faults, in the order of their names."""
    return [
        Fault(path, path.read_text("utf-8")) for path in sorted(folder.glob("*.patch"))
    ]


def apply(fault, root, *options):
    """Apply a patch to a tree; return git's complaint, or nothing."""
    done = subprocess.run(
        ["git", "apply", "-p1", *options, str(fault.path)],
        cwd=root,
        capture_output=True,
        text=True,
        # outside of a repository git takes the paths as they are
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_CEILING_DIRECTORIES": "/"}
        | {"GIT_DIR": str(Path(root) / "no-repository")},
    )
    return done.stderr.strip() if done.returncode else ""


def main(names=()):
    """Plant the faults (those named, or all); return 1 if one is not caught."""
    setup.main()
    rows = plant_all(postgres.test_cluster().ensure(), names)
    caught = sum(row["outcome"] == "caught" for row in rows)
    say(f"{caught} of {len(rows)} planted faults caught")
    return 0 if caught == len(rows) else 1


def plant_all(cluster, names=()):
    """Plant the faults (those named, or all); return a row for each."""
    faults = [one for one in load() if not names or one.name in names]
    if not faults:
        raise Stop("There is no such fault in tests/faults.")
    rows = [_plant(cluster, fault) for fault in faults]
    REPORT.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    return rows


def _plant(cluster, fault):
    start = time.monotonic()
    _make_copy()
    try:
        complaint = apply(fault, _COPY)
        outcome = f"broken: {complaint}" if complaint else _try(cluster, fault)
    finally:
        shutil.rmtree(_COPY)
    seconds = round(time.monotonic() - start)
    say(f"  {fault.name:<44} {outcome:<8} {seconds:>4} s")
    return {
        "name": fault.name,
        "fault": fault.sentence,
        "test": f"{fault.kind} {fault.target}",
        "outcome": outcome,
    }


def _make_copy():
    shutil.rmtree(_COPY, ignore_errors=True)
    (_COPY / ".local").mkdir(parents=True)
    for name in _TAKEN:
        source = paths.ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, _COPY / name, ignore=ignored)
        else:
            shutil.copy2(source, _COPY / name)
    for name in _SHARED:
        (_COPY / ".local" / name).symlink_to(paths.LOCAL / name)


def _try(cluster, fault):
    """Return ``caught``, ``missed``, or what went wrong with the try itself."""
    if fault.kind == "pytest":
        return _judge_pytest(
            _call(paths.PYTHON, "-m", "pytest", "-q", "-x", *fault.target.split())
        )
    if fault.kind == "lint":
        # the rules of the project, on what the fault has changed
        rules = f"--rcfile={paths.ROOT / '.pylintrc'}"
        done = _call(paths.VENV / "bin" / "pylint", rules, *fault.touched())
        return "caught" if done.returncode and fault.target in done.stdout else "missed"
    name = databases.temporary_name("fault")
    bare = fault.needs_schema()
    source = databases.ensure_base if bare else databases.ensure_suite
    databases.copy(cluster, source(cluster), name)
    try:
        install = ["-i", ",".join(paths.OUR_ADDONS)] if bare else []
        done = _call(
            *(paths.PYTHON, "scripts/rd", "dev", "odoo", "-d", name, *install),
            *("--test-tags", fault.target, "--stop-after-init", "--workers=0"),
            *("--max-cron-threads=0", f"--http-port={ports.free()[0]}"),
        )
    finally:
        databases.drop(cluster, name)
    return _judge_odoo(done.stdout)


def _call(*command):
    return call(command, cwd=_COPY, timeout=_SECONDS)


def _judge_pytest(done):
    if done.returncode == 0:
        return "missed"
    # A test that failed; what cannot be collected, found or set up is no catch.
    failed = re.search(r"^\d+ failed", done.stdout, re.MULTILINE)
    return "caught" if done.returncode == 1 and failed else "broken"


def _judge_odoo(text):
    records, _foreign = odoo_log.parse(text)
    counted = odoo_log.totals(records)
    if not counted or not sum(counted):
        return "broken"
    return "caught" if counted[1] else "missed"
