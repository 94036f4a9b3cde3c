# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Hostile files: refused in one plain sentence, quickly, in little memory."""

import json
import os
import subprocess
import sys
from datetime import date

import hostile
import pytest
import sheets
from sheets import HEAD

# What a nightly variant takes of a huge file.
SMALL = 3 << 20
MERGED_ROW = '<Row><Cell ss:MergeAcross="1"/></Row>'
TECHNICAL = ("Traceback", "Error", "Exception", "zip", "0x", "None", "XML error")


def under_coverage():
    """What puts a process under the measure of coverage where ours is under it too."""
    if "RD_COVERAGE" not in os.environ:
        return ()
    settings = os.environ["RD_COVERED_SETTINGS"]
    data = os.environ["RD_COVERAGE"]
    run = ("-m", "coverage", "run", f"--rcfile={settings}")
    return (*run, "--parallel-mode", f"--data-file={data}")


def measured(root, tmp_path, data, name):
    """What reading the file in a fresh process gives and costs."""
    path = tmp_path / "hostile.bin"
    path.write_bytes(data)
    addon = root / "addons" / "rd_sales_admin"
    script = root / "tests" / "pure" / "measured_read.py"
    done = subprocess.run(
        [sys.executable, *under_coverage(), script, addon, path, name],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("filename", "make", "words"),
    [case[1:] for case in hostile.HOSTILE],
    ids=[case[0] for case in hostile.HOSTILE],
)
def test_hostile_file(root, tmp_path, filename, make, words):
    result = measured(root, tmp_path, make(), filename)
    assert result["seconds"] <= 10
    assert result["megabytes"] <= 256
    if words is None:
        assert result["rows"] == 10
        return
    assert words in result["reason"]
    assert filename in result["reason"]
    assert not any(word in result["reason"] for word in TECHNICAL)


def test_at_least_thirty_of_them():
    assert len(hostile.HOSTILE) >= 30
    assert len(hostile.HOSTILE) * len(hostile.VARIANTS) >= 300


def test_outside_entity_reads_nothing(root, tmp_path):
    canary = tmp_path / "canary.txt"
    canary.write_text(hostile.CANARY)
    data = hostile.outside_entity(canary)
    result = measured(root, tmp_path, data, "a.xlsx")
    assert hostile.CANARY not in json.dumps(result)


def test_death_of_the_helper_is_a_refusal(tmp_path, monkeypatch):
    import ledger
    from ledger import book

    script = tmp_path / "worker.py"
    for body, words in (
        ("import os; os.abort()", "memory"),
        ("import os; os.kill(os.getpid(), 9)", "too long"),
        ("raise SystemExit(3)", "damaged"),
    ):
        script.write_text(body)
        monkeypatch.setattr(book, "WORKER", str(script))
        with pytest.raises(ledger.Refused) as caught:
            ledger.read(hostile.good(), "a.xlsx")
        assert words in str(caught.value)


def test_helper_that_never_ends_is_stopped(tmp_path, monkeypatch):
    import ledger
    from ledger import book

    script = tmp_path / "worker.py"
    script.write_text("import time; time.sleep(600)")
    monkeypatch.setattr(book, "WORKER", str(script))
    with pytest.raises(ledger.Refused) as caught:
        ledger.read(hostile.good(), "a.xlsx", limits=ledger.Limits(patience=1))
    assert "too long" in str(caught.value)


def test_helper_that_loops_is_stopped_by_its_own_limit(tmp_path, monkeypatch):
    import ledger
    from ledger import book

    body = "import worker; worker.limit_resources(1 << 30, 1)\nwhile True: pass"
    script = tmp_path / "loop.py"
    folder = str(ledger.__path__[0])
    script.write_text(f"import sys; sys.path.append({folder!r})\n{body}")
    monkeypatch.setattr(book, "WORKER", str(script))
    with pytest.raises(ledger.Refused) as caught:
        ledger.read(hostile.good(), "a.xlsx")
    assert "too long" in str(caught.value)


GOOD_ROWS = [HEAD, *[(date(2026, 3, n), f"SD{n}", "JG-1", n, 2.5, n * 2.5, "甲")
             for n in range(1, 9)]]  # fmt: skip


def read_or_refused(data, name):
    """Whatever a file holds: rows of which none is lost, or one sentence."""
    import ledger

    try:
        table = ledger.read(data, name)
    except ledger.Refused as refused:
        assert name in str(refused)
        assert not any(word in str(refused) for word in TECHNICAL)
    else:
        assert table.rows_read == len(table.rows) + len(table.skipped)


def flips(kind, seed):
    """A good file of a kind with bytes changed, every other time inside its parts."""
    data = sheets.KINDS[kind](GOOD_ROWS)
    flip = hostile.flipped_inside if seed % 2 else hostile.flipped
    return flip(data, seed)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("kind", sheets.KINDS)
def test_flipped_bytes_never_raise_anything_else(kind, seed):
    read_or_refused(flips(kind, seed), kind)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", sheets.KINDS)
def test_very_many_flipped_bytes(kind):
    for seed in range(10, 160):
        read_or_refused(flips(kind, seed), kind)


@pytest.mark.nightly
@pytest.mark.parametrize("variant", hostile.VARIANTS)
@pytest.mark.parametrize(
    ("filename", "make"),
    [case[1:3] for case in hostile.HOSTILE],
    ids=[case[0] for case in hostile.HOSTILE],
)
def test_variant_of_a_hostile_file(root, tmp_path, filename, make, variant):
    data = make()
    if len(data) > SMALL:
        data = data[:SMALL]
    data = hostile.VARIANTS[variant](data)
    result = measured(root, tmp_path, data, filename)
    assert result["seconds"] <= 10
    assert result["megabytes"] <= 256
    if "reason" in result:
        assert filename in result["reason"]
        assert not any(word in result["reason"] for word in TECHNICAL)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.ods", lambda: hostile.ods_merges(3000)),
        ("a.xls", lambda: hostile.xml_with(MERGED_ROW * 900)),
    ],
)  # fmt: skip
def test_merges_count_as_cells(name, make):
    import ledger

    with pytest.raises(ledger.Refused) as caught:
        ledger.read(make(), name, limits=ledger.Limits(cells=800))
    assert "more than 800 cells" in str(caught.value)


@pytest.mark.parametrize("name", ["a.ods", "a.xls"])
def test_no_entity_of_another_format_reads_a_file(root, tmp_path, name):
    canary = tmp_path / "canary.txt"
    canary.write_text(hostile.CANARY)
    before = f'<!DOCTYPE x [<!ENTITY leak SYSTEM "file://{canary}">]>'
    maker = sheets.ods if name == "a.ods" else sheets.xml2003
    rows = [HEAD, ("2026-03-02", sheets.Raw(""), "&leak;", 1)]
    result = measured(root, tmp_path, maker(rows, before=before), name)
    assert "declarations" in result["reason"]
    assert hostile.CANARY not in json.dumps(result)
