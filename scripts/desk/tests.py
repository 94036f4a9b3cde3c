# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""make test: all stages, what failed in readable form, and one closing line.

Three lanes share two cores, for a test with a browser waits for it now and then: each
takes the next stage as soon as it is free. Odoo's tests are cut into parts of much the
same length, each on a copy of the template with the four add-ons.
"""

import concurrent.futures
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from . import (
    core_suites,
    covered,
    databases,
    faults,
    flaky,
    lint,
    mutants,
    odoo_log,
    paths,
    postgres,
    setup,
    slow,
)
from .messages import Stop, call, say

_STAGE_SECONDS = 70 * 60
_NIGHTLY_SECONDS = 6 * 3600
_LANES = 3
# An add-on and classes of it that run in a part of their own, so that the parts of
# Odoo's tests are of much the same length; the rest of an add-on is one part.
_APART = (
    (
        "rd_reconciliation",
        (
            *("TestAccessMatrix", "TestFieldMatrix"),
            *("TestChainWalk", "TestChainWalkAnswers", "TestHandoverWalk"),
        ),
    ),
)
# the longest part first, so that the lanes end at much the same time
_LONGEST_FIRST = ("rd_reconciliation", "rd_sales_admin", "rd_receivables", "rd_custody")
# of tests/server: several people at a server with several workers
_CROWDS = ("test_answers.py", "test_closers.py")
_SHOWN = 25  # failures shown in full; the rest by name
_TEXT_LINES = 60


@dataclass
class Result:
    """What one stage came to."""

    stage: str
    passed: int = 0
    failed: int = 0
    seconds: float = 0.0
    details: list = field(default_factory=list)  # (title, text) of what failed

    def fail(self, title, text=""):
        """Count one failure and keep its text."""
        self.failed += 1
        self.details.append((title, text))


def test(arguments=()):
    """Run the tests of a commit."""
    return _main(nightly=False)


def test_nightly(arguments=()):
    """Run the heavy tests too."""
    return _main(nightly=True)


def _main(nightly):
    start = time.monotonic()
    try:
        setup.main()
        results = _run_all(Run(nightly))
    except Stop as stop:
        print(f"error: {stop}", file=sys.stderr, flush=True)
        results = [Result("set-up", failed=1)]
    return _report(results, time.monotonic() - start)


def _run_all(run):
    with concurrent.futures.ThreadPoolExecutor(_LANES) as lanes:
        # the first lane makes the templates that all others but these two wait for
        stages = [run.templates, run.lint, run.pure, *run.odoo_parts()]
        # the longest first, so that the lanes end at much the same time
        stages[6:6] = [run.lifecycle, run.closes]
        stages[-1:-1] = [run.server]
        stages += [run.demo]
        waiting = [lanes.submit(_guarded, stage) for stage in stages]
        results = [stage.result() for stage in waiting]
    if run.nightly:
        alone = (run.core, run.faults, run.coverage, run.mutants, run.flaky, run.slow)
        results += [_guarded(stage) for stage in alone]
    databases.drop_orphans(run.cluster)
    return results


def _guarded(stage):
    """Run a stage; one that breaks down counts as failed and stops no other."""
    start = time.monotonic()
    result = Result(stage.__name__)
    try:
        stage(result)
    except Stop as stop:
        result.fail(f"{result.stage} could not run", str(stop))
    except Exception as error:  # a bug of the tool itself must not hide the others
        result.fail(f"{result.stage} could not run", repr(error))
    result.seconds = time.monotonic() - start
    say(
        f"  {result.stage:<10} {result.passed:>5} passed {result.failed:>3} failed"
        f"  {result.seconds:>6.0f} s"
    )
    return result


def _report(results, seconds):
    """Print what failed, then the closing line; return the exit code."""
    failed = sum(result.failed for result in results)
    passed = sum(result.passed for result in results)
    shown = 0
    for result in results:
        for title, text in result.details:
            shown += 1
            say(f"\nFAILED {result.stage}: {title}")
            if shown <= _SHOWN and text:
                say(_shorten(text))
    say(f"\nTook {seconds:.0f} s; logs are in .local/log.")
    say(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def _shorten(text):
    lines = [f"    {line}" for line in text.rstrip().splitlines()]
    if len(lines) > _TEXT_LINES:
        half = _TEXT_LINES // 2
        lines = [*lines[:half], "    ...", *lines[-half:]]
    return "\n".join(lines)


class Run:
    """The stages of one test run."""

    def __init__(self, nightly):
        self.nightly = nightly
        self.cluster = postgres.test_cluster()
        databases.drop_orphans(self.cluster)

    # -- stages ---------------------------------------------------------------

    def lint(self, result):
        """Ruff and pylint-odoo."""
        for name, command in lint.commands():
            done = call(command, cwd=paths.ROOT)
            if done.returncode:
                result.fail(name, done.stdout)
            else:
                result.passed += 1

    def pure(self, result):
        """Tests that need neither Odoo nor a database, own static checks included."""
        self._pytest(result, "tests/pure")

    def templates(self, result):
        """The databases that the tests copy; what their making said in the log."""
        databases.ensure_base(self.cluster)
        name = databases.ensure_suite(self.cluster)
        if not databases.log_of(name).is_file():
            databases.drop(self.cluster, name)
            databases.ensure_suite(self.cluster)
        _judge_lines(result, odoo_log.read(databases.log_of(name))[0])
        databases.ensure_pages(self.cluster)

    def odoo_parts(self):
        """Return one stage for each part of the four add-ons' own tests."""
        return [OdooPart(self, name, tags) for name, tags in parts(self.nightly)]

    def lifecycle(self, result):
        """Install, update and remove each add-on."""
        self._pytest(result, "tests/lifecycle")

    def demo(self, result):
        """The demo company against the truth it was made from."""
        self._pytest(result, "tests/demo")

    def closes(self, result):
        """The close in processes of its own: killed, stubborn, on two hosts."""
        self._pytest(result, "tests/server", *_but(_CROWDS))

    def server(self, result):
        """Crowds at a real server with several workers."""
        self._pytest(result, *(f"tests/server/{name}" for name in _CROWDS))

    def core(self, result):
        """Odoo's own tests: what fails with our add-ons installed alone."""
        for module in core_suites.MODULES:
            row = core_suites.compare(self.cluster, module)
            result.passed += row["passed"]
            log = core_suites.log_of(module, "ours")
            for name in row["new"]:
                result.fail(f"{module}: {name}", f"see {log}")

    def faults(self, result):
        """Planted faults, each caught by the test it names."""
        for row in faults.plant_all(self.cluster):
            if row["outcome"] == "caught":
                result.passed += 1
            else:
                result.fail(row["name"], f"{row['outcome']}: {row['test']}")

    def coverage(self, result):
        """The branches that the tests of each add-on reach, and every refusal."""
        found = covered.measure()
        for name in found["failed"]:
            result.fail(name, "failed while it was measured what the tests reach")
        for addon, row in found["addons"].items():
            if covered.is_enough(row):
                result.passed += 1
            else:
                result.fail(f"{addon}: {covered.line(row)}", "too few branches")
        reached = found["total"]["guards"] - found["total"]["guards_missed"]
        result.passed += reached
        for text in found["unreached"]:
            result.fail(f"never refused: {text}", "no test reaches it")

    def mutants(self, result):
        """Small faults in pure Python, enough of each package killed by its tests."""
        rows = mutants.try_sample()
        result.passed += sum(row["outcome"] != "survived" for row in rows)
        for package, survived in mutants.weak(rows).items():
            for row in survived:
                place = f"{package}/{row['file']}:{row['line']}"
                wanted = f"{mutants.WANTED:.0%} of {package} have to be killed"
                result.fail(f"{place}: {row['what']}", f"survived; {wanted}")

    def flaky(self, result):
        """The tests in other orders than yesterday's; each order counts."""
        for row in flaky.try_night():
            result.passed += not row["failed"]
            for name in row["failed"]:
                result.fail(f"{name} in another order", f"again: {row['again']}")

    def slow(self, result):
        """The tours, with answers of the server that come late."""
        result.passed, failed = slow.walk()
        for name in failed:
            result.fail(f"{name} on a slow machine", "again: scripts/rd slow")

    # -- how ------------------------------------------------------------------

    def timeout(self):
        return _NIGHTLY_SECONDS if self.nightly else _STAGE_SECONDS

    def _pytest(self, result, *arguments):
        report = paths.LOG / f"pytest-{result.stage}.xml"
        report.unlink(missing_ok=True)
        marks = [] if self.nightly else ["-m", "not nightly"]
        command = [paths.PYTHON, "-m", "pytest", f"--junitxml={report}", *arguments]
        command += ["--tb=short", "-q", "--continue-on-collection-errors", *marks]
        try:
            done = call(
                command, cwd=paths.ROOT, env=_environment(), timeout=self.timeout()
            )
        except subprocess.TimeoutExpired as late:
            output = late.stdout or b""
            result.fail("pytest took too long", output[-4000:].decode(errors="replace"))
            return
        (paths.LOG / f"pytest-{result.stage}.log").write_text(done.stdout)
        count(result, report, done)


class OdooPart:
    """A part of the four add-ons' own tests, on a database of its own.

    :param run: the run that it belongs to
    :param name: what the report calls it
    :param tags: Odoo's ``--test-tags``
    """

    def __init__(self, run, name, tags):
        self.run = run
        self.__name__ = name
        self.tags = tags

    def __call__(self, result):
        """Run the part; see ``_guarded``."""
        cluster, seconds = self.run.cluster, self.run.timeout()
        log = paths.LOG / f"test-{self.__name__.replace(' ', '-')}.log"
        try:
            code = databases.run_tests(
                cluster,
                databases.ensure_pages(cluster),
                self.__name__.replace(" ", "_"),
                log,
                self.tags,
                # at the end of the log: how long each class and test took
                "--log-handler=odoo.tests.stats:DEBUG",
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            code = 1
            result.fail(f"{self.__name__} took over {seconds} s")
        judge(result, log, code)


def parts(nightly=False):
    """Return (name, test tags) of each part of Odoo's tests; no test is in two."""
    named = {addon: [] for addon in sorted(paths.OUR_ADDONS, key=_LONGEST_FIRST.index)}
    apart = []
    for addon, classes in _APART:
        named[addon] += classes
        tags = [f"/{addon}:{name}" for name in classes]
        apart.append((f"{addon} {len(apart) + 1}", tags))
    found = []
    for addon, classes in named.items():
        tags = [f"/{addon}", *([f"rd_nightly/{addon}"] if nightly else [])]
        found.append((addon, tags + [f"-/{addon}:{name}" for name in classes]))
    return [*found[:1], *apart, *found[1:]]


def _but(names):
    """Return pytest's arguments that leave out files of tests/server."""
    return [f"--ignore=tests/server/{name}" for name in names]


def _environment():
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    samples = environment.get("RD_SAMPLES")
    if samples:
        environment["RD_SAMPLES"] = os.path.abspath(samples)
    return environment


def judge(result, log, code):
    """Count Odoo's tests, and every line of its log that does not belong."""
    records, _foreign = odoo_log.read(log)
    counted = odoo_log.totals(records)
    for record in odoo_log.failures(records):
        title, _, text = record.text.partition("\n")
        result.details.append((title, text))
    if counted is None:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-40:])
        result.fail("Odoo ended without a count of its tests", tail)
    else:
        result.passed += counted[0]
        result.failed += counted[1]
        if not sum(counted):
            result.fail("Odoo found no test in the four add-ons")
    _judge_lines(result, records)
    if code and not result.failed:
        result.fail(f"Odoo ended with code {code}", f"see {log}")


def _judge_lines(result, records):
    """Every kind of line that does not belong is one failure; none is one pass."""
    kinds = {}
    for record in odoo_log.unexpected(records):
        kinds.setdefault((record.logger, record.text[:60]), record)
    for record in kinds.values():
        title, _, text = str(record).partition("\n")
        result.fail(f"the log has a line it should not: {title}", text)
    if not kinds:
        result.passed += 1


def count(result, report, done):
    """Add up a pytest run from its report."""
    if not report.is_file():
        result.fail("pytest ended without a report", done.stdout[-4000:])
        return
    for case in ElementTree.parse(report).iter("testcase"):
        bad = [child for child in case if child.tag in ("failure", "error")]
        if bad:
            name = f"{case.get('classname')}::{case.get('name')}".removeprefix("::")
            result.fail(name, bad[0].text or bad[0].get("message") or "")
        elif case.find("skipped") is None:
            result.passed += 1
    # 5: nothing was selected; 1: failures, which are counted above
    if done.returncode not in (0, 1) or not (result.passed or result.failed):
        result.fail(f"pytest ended with code {done.returncode}", done.stdout[-4000:])
