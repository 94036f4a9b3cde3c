# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Hostile files: refused in one plain sentence, quickly, in little memory."""

import json
import subprocess
import sys

import hostile
import pytest

MEASURE = """
import json, resource, sys, time
sys.path.append(sys.argv[1])
import ledger
data = open(sys.argv[2], "rb").read()
name = sys.argv[3]
try:
    # What loading itself costs is no part of what the file costs.
    ledger.read(b"a,b\\n1,2\\n", "warm.csv")
except ledger.Refused:
    pass
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.monotonic()
try:
    result = {"rows": len(ledger.read(data, name).rows)}
except ledger.Refused as refused:
    result = refused.as_dict()
result["seconds"] = time.monotonic() - start
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
result["megabytes"] = (own + child) / 1024
print(json.dumps(result))
"""
TECHNICAL = ("Traceback", "Error", "Exception", "zip", "0x", "None", "XML error")


def measured(root, tmp_path, data, name):
    """What reading the file in a fresh process gives and costs."""
    path = tmp_path / "hostile.bin"
    path.write_bytes(data)
    addon = root / "addons" / "rd_sales_admin"
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(addon), str(path), name],
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


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bytes_never_raise_anything_else(seed):
    import random

    import ledger

    chance = random.Random(seed)
    data = bytearray(hostile.good())
    for _flip in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        table = ledger.read(bytes(data), "flipped.xlsx")
    except ledger.Refused as refused:
        assert "flipped.xlsx" in str(refused)
    else:
        assert table.rows_read == len(table.rows) + len(table.skipped)
