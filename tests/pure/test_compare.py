# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The command: its exit status, its JSON, its workbook, the real sample."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest
import sheets

OURS = [
    ("日期", "事务类型", "零件代码", "数量", "供应商代码", "备注"),
    (date(2026, 3, 2), "发货", "P-1", 10, "V1", "810000001 发甲厂"),
    (date(2026, 3, 2), "发货", "P-1", 5, "V1", "810000001"),
    (date(2026, 3, 3), "退货", "P-2", 4, "V1", "810000002"),
    (date(2026, 3, 9), "发货", "P-3", 7, "V1", "810000003"),
    (date(2026, 3, 3), "发货", "=cmd()", 1, "V1", "810000004"),
    (None, None, "合计", 27),
]
THEIRS = [
    ("送货日期", "送货单号", "物料编码", "送货数量", "入库数量", "供应商编码"),
    (date(2026, 3, 1), "810000009", "P-9", 15, 15, "V7"),
    (date(2026, 3, 2), "810000001", "P-1", 15, 14, "V1"),
    (date(2026, 3, 4), "810000002", "P-2", -4, -4, "V1"),
    (date(2026, 3, 4), "810000008", "P-8", "x", 1, "V1"),
]
PROFILE = """
[ours]
key_pattern = '\\d{9,}'
[ours.columns]
note = "备注"
part = "零件代码"
quantity = "数量"
date = "日期"
kind = "事务类型"
partner = "供应商代码"
"""


@pytest.fixture
def compare(root, tmp_path):
    """Return ``compare(*arguments)``: the finished process."""

    def run(*arguments):
        command = [
            sys.executable,
            str(root / "scripts" / "compare"),
            *map(str, arguments),
        ]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=False,
            cwd=tmp_path, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip

    return run


@pytest.fixture
def files(tmp_path):
    """(ours, theirs, profile) of a small comparison."""
    ours, theirs = tmp_path / "ours.xlsx", tmp_path / "theirs.xlsx"
    ours.write_bytes(sheets.xlsx(OURS))
    theirs.write_bytes(sheets.xlsx(THEIRS))
    profile = tmp_path / "both.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    return ours, theirs, profile


def test_shape_and_content_of_the_json(compare, files, tmp_path):
    ours, theirs, profile = files
    out = tmp_path / "out.json"
    done = compare(ours, theirs, "--profile", profile, "--json", out)
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(out.read_text(encoding="utf-8"))
    assert {"ours", "theirs", "scope", "groups", "summary"} <= set(data)
    side = data["ours"]
    assert {
        "file", "sheet", "header_row", "columns", "rows_read", "rows_used",
        "rows_skipped", "totals",
    } <= set(side)  # fmt: skip
    assert side["rows_read"] == side["rows_used"] + len(side["rows_skipped"]) == 6
    assert side["totals"]["quantity"] == "19"
    assert data["theirs"]["rows_skipped"] == [
        {
            "row": 5,
            "cell": "D5",
            "value": "x",
            "reason": "“x” is not a number; write one number into the cell.",
        }
    ]
    groups = {g["code"]: g for g in data["groups"]}
    assert groups["quantity_short"]["ours"] == [2, 3]
    assert groups["quantity_short"]["theirs_qty"] == "14"
    assert groups["match"]["ours_qty"] == "-4"
    assert groups["timing"]["ours"] == [5]
    assert groups["not_in_theirs"]["ours"] == [6]
    assert data["summary"]["quantity_short"] == {
        "groups": 1,
        "ours_rows": 2,
        "theirs_rows": 1,
    }
    assert data["scope"]["out_of_scope"]["partners"] == {"V7": 1}


def test_same_answer_twice(compare, files):
    ours, theirs, profile = files
    runs = [compare(ours, theirs, "--profile", profile, "--json", "-") for _n in "12"]
    assert runs[0].stdout == runs[1].stdout


def test_period(compare, files):
    ours, theirs, profile = files
    options = ("--from", "2026-03-01", "--to", "2026-03-02")
    done = compare(ours, theirs, "--profile", profile, "--json", "-", *options)
    data = json.loads(done.stdout)
    assert data["scope"]["outside_period"]["ours"] == [4, 5, 6]
    assert set(data["summary"]) == {"quantity_short"}


def test_workbook_holds_no_live_text(compare, files, tmp_path):
    import openpyxl

    ours, theirs, profile = files
    out = tmp_path / "out.xlsx"
    assert compare(ours, theirs, "--profile", profile, "--xlsx", out).returncode == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["summary", "groups", "skipped"]
    cells = [cell for sheet in book for row in sheet.rows for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert any("=CMD()" in str(cell.value) for cell in cells)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing.xlsx", "also.xlsx"), "cannot be opened"),
        (("{ours}", "bad.pdf"), "PDF"),
        (("{ours}",), "command line"),
        (("{ours}", "{theirs}", "--from", "yesterday"), "command line"),
        (("{ours}", "{theirs}", "--profile", "bad.toml"), "TOML"),
        (("{ours}", "{theirs}", "--profile", "odd.toml"), "sheets"),
        (("{theirs}", "{theirs}", "--profile", "rules.toml"), "rules"),
        (("{theirs}", "{theirs}", "--json", "no/folder/x.json"), "cannot be written"),
        (("{theirs}", "{theirs}", "--xlsx", "no/folder/x.xlsx"), "cannot be written"),
        (("{theirs}", "amounts.csv"), "in common"),
    ],
)
def test_refusals_are_one_sentence_and_status_2(
    compare, files, tmp_path, arguments, words
):
    ours, theirs, _profile = files
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "bad.toml").write_text("a = = b")
    (tmp_path / "odd.toml").write_text('sheets = "x"')
    (tmp_path / "rules.toml").write_text('[rules]\nline_tolerance = "much"')
    (tmp_path / "amounts.csv").write_text("日期,摘要,金额\n2026-03-01,a,5\n")
    named = {"{ours}": ours, "{theirs}": theirs}
    done = compare(*(named.get(item, item) for item in arguments))
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    refused = json.loads(done.stdout[done.stdout.index("{") :])["refused"]
    assert set(refused) == {"file", "sheet", "cell", "reason"}
    assert refused["reason"] == done.stderr.strip()


def test_refusal_goes_to_the_json_file(compare, tmp_path):
    out = tmp_path / "out.json"
    done = compare("missing.xlsx", "also.xlsx", "--json", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert "missing.xlsx" in json.loads(out.read_text())["refused"]["reason"]


# --- the real sample ----------------------------------------------------------


def two_sided(compare, samples, tmp_path, rules=None):
    """The comparison of the sample with two sides, by default without a profile."""
    (ours,) = samples.glob("deliveries_two_sided/ours*")
    (theirs,) = samples.glob("deliveries_two_sided/theirs*")
    options = []
    if rules is not None:
        profile = tmp_path / "sample.toml"
        profile.write_text(PROFILE + rules, encoding="utf-8")
        options = ["--profile", profile]
    done = compare(ours, theirs, *options, "--json", "-")
    assert done.returncode == 0
    return json.loads(done.stdout)


@pytest.mark.parametrize("rules", [None, ""], ids=["no profile", "profile"])
def test_sample_with_two_sides(compare, samples, tmp_path, rules):
    data = two_sided(compare, samples, tmp_path, rules)
    assert data["ours"]["rows_used"] == 466
    assert data["theirs"]["rows_used"] == 2225
    scope = data["scope"]
    assert (scope["ours_keys"], scope["theirs_keys"]) == (345, 2035)
    assert scope["common_keys"] == 227
    assert scope["out_of_scope"]["keys"] == 1120
    assert len(scope["out_of_scope"]["partners"]) == 20
    groups = {code: count["groups"] for code, count in data["summary"].items()}
    assert groups == {
        "match": 217,
        "timing": 76 + 232,
        "quantity_short": 6,
        "quantity": 3,
        "not_in_theirs": 40,
        "not_in_ours": 454,
        "return_unposted": 1,
        "part_alias": 2,
    }
    timing = [group for group in data["groups"] if group["code"] == "timing"]
    assert sum(bool(group["ours"]) for group in timing) == 76
    assert sum(bool(group["theirs"]) for group in timing) == 232


def test_sample_on_the_sent_quantity(compare, samples, tmp_path):
    data = two_sided(compare, samples, tmp_path, '[rules]\nbasis = "sent"\n')
    assert data["summary"]["match"]["groups"] == 222


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("test-perfect-match-internal", "test-perfect-match-vendor", {"match": 10}),
        (
            "internal-records",
            "vendor-statement",
            {"match": 8, "timing": 1, "amount": 1, "not_in_ours": 1},
        ),
    ],
)
def test_sample_of_pairs(compare, samples, ours, theirs, expected):
    folder = samples / "csv_pairs"
    done = compare(folder / f"{ours}.csv", folder / f"{theirs}.csv", "--json", "-")
    summary = json.loads(done.stdout)["summary"]
    assert {code: count["groups"] for code, count in summary.items()} == expected


def test_sample_of_backlog(compare, samples, tmp_path):
    (path,) = samples.glob("supplier_backlog_vs_open_po/*.xlsx")
    profile = tmp_path / "backlog.toml"
    profile.write_text('[ours]\nsheet = "Supplier\'s Backlog"\n[theirs]\n'
                       'sheet = "Open POs"\n')  # fmt: skip
    done = compare(path, path, "--profile", profile, "--json", "-")
    data = json.loads(done.stdout)
    assert data["ours"]["rows_used"] == data["theirs"]["rows_used"] == 336
    used = [row for group in data["groups"] for row in group["ours"]]
    assert len(used) == len(set(used)) == 336
