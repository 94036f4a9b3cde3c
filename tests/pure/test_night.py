# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What of the night's counts is a failure, and by which name."""

import datetime
from types import SimpleNamespace

import pytest
from desk import covered, flaky, mutants, odoo_log, paths, slow, suites, tests


@pytest.fixture
def run():
    """A night's run that asks no database."""
    return tests.Run.__new__(tests.Run)


def _stage(stage):
    result = tests.Result(stage.__name__)
    stage(result)
    return result.passed, [title for title, _text in result.details]


def _row(**figures):
    row = dict.fromkeys(("lines", "branches", "branches_reached", "reached"), 0)
    return {**row, "guards": 0, "guards_missed": 0, **figures}


def _found(**figures):
    row = _row(**figures)
    return {"failed": [], "addons": {"rd_x": row}, "total": row, "unreached": []}


# ---------------------------------------------------------------------------
# What is tried
# ---------------------------------------------------------------------------
def test_a_night_has_the_counts_after_all_else(run, monkeypatch):
    run.nightly, run.cluster, done = True, None, []
    monkeypatch.setattr(tests, "_guarded", lambda stage: done.append(stage.__name__))
    monkeypatch.setattr(tests.databases, "drop_orphans", lambda cluster: None)
    tests._run_all(run)
    assert done[-6:] == ["core", "faults", "coverage", "mutants", "flaky", "slow"]
    run.nightly, done[:] = False, []
    tests._run_all(run)
    assert "server" in done and not {"coverage", "mutants", "flaky", "slow"} & set(done)


def test_a_night_tries_other_orders_than_the_last(monkeypatch):
    tried = []
    monkeypatch.setattr(
        flaky, "try_orders", lambda *asked: tried.append(asked) or [{"failed": []}]
    )
    days = [datetime.date(2026, 11, 26) + datetime.timedelta(n) for n in range(4)]
    for day in days:
        assert len(flaky.try_night(day)) == 2
    pure = [asked for asked in tried if asked[0] == ["tests/pure"]]
    seeds = [seed + n for _what, seed, times in pure for n in range(times)]
    assert len(set(seeds)) == len(seeds) == 80
    addons = [(what, times) for what, _seed, times in tried if what != ["tests/pure"]]
    assert {(one,) for one in paths.OUR_ADDONS} == {tuple(what) for what, _ in addons}
    assert {times for _what, times in addons} == {2}


# ---------------------------------------------------------------------------
# What counts as failed
# ---------------------------------------------------------------------------
@pytest.mark.parametrize(("reached", "enough"), [(95, True), (94, False), (100, True)])
def test_branches_that_the_tests_have_to_reach(reached, enough):
    assert covered.is_enough(_row(branches=100, branches_reached=reached)) is enough


def test_lines_make_up_for_no_branch(run, monkeypatch):
    found = _found(lines=900, branches=100, branches_reached=94, reached=994)
    monkeypatch.setattr(covered, "measure", lambda: found)
    assert _stage(run.coverage) == (
        0,
        ["rd_x: 99.4% of 1,000 lines and branches, 94.0% of 100 branches"],
    )


def test_each_guard_counts(run, monkeypatch):
    found = _found(guards=5, guards_missed=2)
    found["unreached"] = ["rd_x/a.py:3: raise A", "rd_x/a.py:9: raise B"]
    found["failed"] = ["FAIL: TestA.test_b"]
    monkeypatch.setattr(covered, "measure", lambda: found)
    assert _stage(run.coverage) == (
        4,
        [
            "FAIL: TestA.test_b",
            "never refused: rd_x/a.py:3: raise A",
            "never refused: rd_x/a.py:9: raise B",
        ],
    )


def _mutants(package, killed, survived):
    row = {"package": package, "file": "a.py", "line": 7, "what": "Lt is LtE"}
    outcomes = ["killed"] * (killed - 1) + ["endless"] + ["survived"] * survived
    return [{**row, "outcome": outcome} for outcome in outcomes]


@pytest.mark.parametrize(
    ("killed", "survived", "named"), [(8, 2, 0), (7, 2, 2), (9, 1, 0)]
)
def test_each_package_kills_its_share(run, monkeypatch, killed, survived, named):
    """Twenty of another package, all killed, do not make up for it."""
    rows = _mutants("pricing", 20, 0) + _mutants("dues", killed, survived)
    monkeypatch.setattr(mutants, "try_sample", lambda: rows)
    assert _stage(run.mutants) == (20 + killed, ["dues/a.py:7: Lt is LtE"] * named)


def test_an_order_counts_once_and_names_each_test(run, monkeypatch):
    rows = [
        {"failed": [], "again": "one"},
        {"failed": ["a::b", "a::c"], "again": "two"},
    ]
    monkeypatch.setattr(flaky, "try_night", lambda: rows)
    assert _stage(run.flaky) == (
        1,
        ["a::b in another order", "a::c in another order"],
    )


def test_a_failing_order_can_be_had_again(monkeypatch):
    monkeypatch.setattr(flaky, "_run_pytest", lambda what, seed: (3, ["a::b"]))
    rows = flaky.try_orders(["tests/pure"], 41, 2)
    assert [row["again"] for row in rows] == [
        "scripts/rd flaky 1 --seed 41 tests/pure",
        "scripts/rd flaky 1 --seed 42 tests/pure",
    ]
    tried = []
    monkeypatch.setattr(flaky.setup, "prepare", lambda: None)
    monkeypatch.setattr(flaky, "try_orders", lambda *asked: tried.append(asked) or [])
    assert flaky.main(rows[1]["again"].split()[2:]) == 0
    assert tried == [(["tests/pure"], 42, 1)]


def test_every_walk_through_the_browser_is_walked_slowly(run, monkeypatch):
    asked = []
    monkeypatch.setattr(
        suites, "run_odoo", lambda *said: asked.append(said) or (9, ["FAIL: A.b"])
    )
    assert _stage(run.slow) == (9, ["FAIL: A.b on a slow machine"])
    [(tags, _name, _log, runner)] = asked
    assert runner.is_file()
    assert "/rd_reconciliation/tests/test_desk_tours.py" in tags
    assert {tag.split("/")[1] for tag in tags} == set(paths.OUR_ADDONS)
    assert slow.tour_files(["rd_custody"]) == [
        paths.ADDONS / tag[1:] for tag in tags if tag.startswith("/rd_custody/")
    ]


# ---------------------------------------------------------------------------
# What a run of tests came to
# ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        (0, "3 passed in 1s", (3, [])),
        (1, "FAILED a.py::b - no\nERROR a.py::c\n1 failed, 2 passed",
         (2, ["a.py::b", "a.py::c"])),
        # what breaks down, or runs nothing, is never a pass
        (3, "3 passed\nINTERNALERROR", (3, ["pytest ended with code 3"])),
        (5, "no tests ran", (0, ["pytest ended with code 5"])),
        (0, "4 deselected", (0, ["pytest ended with code 0"])),
    ],
)  # fmt: skip
def test_what_pytest_says(code, text, found):
    done = SimpleNamespace(returncode=code, stdout=text)
    assert suites.read_pytest(done) == found


_HEAD = "2026-01-02 03:04:05,678 9 {} db odoo.{}: {}\n"


@pytest.mark.parametrize(
    ("failed", "count", "found"),
    [
        ("", "INFO 0 failed, 0 error(s) of 9 tests", (9, [])),
        ("FAIL: TestA.test_b", "ERROR 1 failed, 0 error(s) of 9 tests",
         (8, ["FAIL: TestA.test_b"])),
        ("", "ERROR 1 failed, 0 error(s) of 9 tests", (8, ["see x.log"])),
        ("", "INFO 0 failed, 0 error(s) of 0 tests", (0, ["see x.log"])),
        ("", "", (0, ["see x.log"])),
    ],
)  # fmt: skip
def test_what_odoo_says(failed, count, found):
    text = _HEAD.format("ERROR", "addons.rd_x.tests.test_y", failed) if failed else ""
    level, _space, words = count.partition(" ")
    text += _HEAD.format(level, "tests.result", words) if count else ""
    assert suites.read_odoo(odoo_log.parse(text)[0], "x.log") == found
