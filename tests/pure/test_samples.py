# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The folders of real inputs give the figures that were counted by hand.

Every figure was derived once with openpyxl or csv alone, as the comment beside it
says, and never from the reader. Nothing of the samples' content stands here.
"""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal

import ledger
import pytest
from ledger import Profile, Refused

BACKLOG = "supplier_backlog_vs_open_po/*.xlsx"
CROSSTAB = "delivery_crosstab/*.csv"


def sample(samples, pattern):
    """(content, name) of the one file that fits a pattern."""
    (path,) = samples.glob(pattern)
    return path.read_bytes(), path.name


def read(samples, pattern, **profile):
    """Its table, with nothing lost."""
    table = ledger.read(*sample(samples, pattern), Profile.from_dict(profile))
    assert table.rows_read == len(table.rows) + len(table.skipped)
    return table


@pytest.fixture
def compare(root, samples, tmp_path):
    """Return ``compare(ours, theirs, profile text)``: the JSON of the command."""

    def run(ours, theirs, profile=""):
        files = [next(iter(samples.glob(pattern))) for pattern in (ours, theirs)]
        command = [sys.executable, str(root / "scripts" / "compare"), *map(str, files)]
        if profile:
            path = tmp_path / "profile.toml"
            path.write_text(profile, encoding="utf-8")
            command += ["--profile", str(path)]
        done = subprocess.run(
            [*command, "--json", "-"],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    return run


def rows_by_code(data):
    """{code: (groups, our rows, their rows)}."""
    return {code: tuple(count.values()) for code, count in data["summary"].items()}


# --- workshop_workbook --------------------------------------------------------


def test_workshop_orders(samples):
    """31 sheets; 加工订单 has headings in row 1 and orders in rows 2 to 74.

    73 rows with an order number and a typed quantity; on each of them quantity
    times price differs from the amount by more than 0.01. Row 76 is a hint with a
    formula in column B that has no stored result. Formulas without a stored
    result, counted cell by cell over all sheets (formula there with
    data_only=False, nothing there with data_only=True): 603.
    """
    table = read(samples, "workshop_workbook/氧化*.xlsx", sheet="加工订单")
    assert [row.number for row in table.rows] == list(range(2, 75))
    assert any("On 73 rows" in str(item.reason) for item in table.warnings)
    assert {item.row for item in table.skipped} >= {75, 76}
    book = ledger.load(*sample(samples, "workshop_workbook/氧化*.xlsx"))
    problems = [p for grid in book.sheets.values() for p in grid.problems.values()]
    assert problems.count("=") == 603
    assert all(None not in (row.values["quantity"],) for row in table.rows)


def test_workshop_statement_template(samples):
    """Headings in row 4 below a title and a row of labels, one example in row 5.

    Row 26 is 合计 with an empty amount, rows 28 to 39 are instructions.
    """
    table = read(samples, "workshop_workbook/对账单*.xlsx")
    assert table.header_row == 4
    assert [row.number for row in table.rows] == [5]
    assert table.rows[0].values["amount"] == 5000
    assert {26, *range(28, 34), *range(35, 40)} <= {i.row for i in table.skipped}


def test_workshop_balance_template(samples):
    """Two sheets of three parties each, rows 2 to 4, then five lines of advice.

    Opening, increase, receipts and closing in columns D to G; of the first sheet
    the openings add up to 8,000, the increases to 35,000, the receipts to 27,000,
    the closings to 16,000, and 8,000 + 35,000 - 27,000 = 16,000.
    """
    pattern = "workshop_workbook/应收*.xlsx"
    with pytest.raises(Refused) as caught:
        read(samples, pattern)
    assert "Several sheets" in str(caught.value)
    name = next(iter(ledger.load(*sample(samples, pattern)).sheets))
    table = read(samples, pattern, sheet=name)
    assert [row.number for row in table.rows] == [2, 3, 4]
    assert len({row.values["partner"] for row in table.rows}) == 3
    sums = {}
    for item in table.balances:
        sums[item.kind] = sums.get(item.kind, 0) + item.amount
    assert sums == {
        "opening": 8000, "increase": 35000, "receipts": 27000, "closing": 16000,
    }  # fmt: skip
    assert table.balances[0].cell == "D2"


# --- supplier_backlog_vs_open_po ----------------------------------------------


def test_backlog_against_open_orders(samples, compare):
    """336 rows on either sheet, 379 rows in the buyer's own comparison.

    Counted by (order, part): 309 keys of the supplier, 314 of the buyer, 299 on
    both, 10 and 15 on one side. Of the 299 the added-up quantities agree on 291.
    The buyer joins row by row, so that 32 keys show a quantity mismatch; on 24 of
    these only the split over rows differs. The price column is empty throughout.
    """
    columns = 'columns = {order = "PO", part = "PN", quantity = "Quantity"}\n'
    profile = f'[ours]\nsheet = "Open POs"\n{columns}[theirs]\n'
    profile += f'sheet = "Supplier\'s Backlog"\n{columns}'
    data = compare(BACKLOG, BACKLOG, profile)
    assert (data["ours"]["rows_used"], data["theirs"]["rows_used"]) == (336, 336)
    scope = data["scope"]
    assert (scope["ours_keys"], scope["theirs_keys"]) == (314, 309)
    assert scope["common_keys"] == 299
    groups = {code: count[0] for code, count in rows_by_code(data).items()}
    assert groups == {
        "match": 291, "quantity": 8, "not_in_theirs": 15, "not_in_ours": 10,
    }  # fmt: skip
    theirs = buyers_comparison(samples)
    differ = {tuple(g["key"]) for g in data["groups"] if g["code"] == "quantity"}
    assert differ <= theirs["quantity"]
    assert len(theirs["quantity"]) == 32
    assert not theirs["price"]


def buyers_comparison(samples):
    """{kind: keys} on which the buyer's own sheet notes a mismatch, of 379 rows."""
    columns = {
        "order": "PO", "part": "PN", "quantity": "Quantity", "theirs": "G",
        "quantity_match": "O", "price_match": "R",
    }  # fmt: skip
    table = read(samples, BACKLOG, sheet="Reconciliation", columns=columns)
    assert len(table.rows) == 379
    return {
        kind: {
            (row.values["order"], row.values["part"])
            for row in table.rows
            if row.values[f"{kind}_match"] == "MISMATCH" and row.values["theirs"]
        }
        for kind in ("quantity", "price")
    }


def test_backlog_dates(samples):
    """Of the 299 keys on both sides 54 have other requested days (CRD).

    Compared as sets of days per key; all 336 + 336 are real dates.
    """
    days = []
    for sheet in ("Open POs", "Supplier's Backlog"):
        columns = {"order": "PO", "part": "PN", "quantity": "Quantity", "date": "CRD"}
        table = read(samples, BACKLOG, sheet=sheet, columns=columns)
        found = {}
        for row in table.rows:
            key = row.values["order"], row.values["part"]
            found.setdefault(key, set()).add(row.values["date"])
        assert all(None not in dates for dates in found.values())
        days.append(found)
    ours, theirs = days
    assert sum(ours[key] != theirs[key] for key in set(ours) & set(theirs)) == 54


# --- statement_template_cn ----------------------------------------------------


def test_statement_template(samples):
    """Headings in row 2 from column B on, lines in rows 3 to 5, 合计 in row 6.

    Typed amounts 1,293.93 + 301.49 + 59.10 = 1,654.52, which is what K6 states.
    Rows 7 to 23 hold both parties, advice and stamps; 25 merges. The second sheet
    is the same statement from column A on, so one has to be named.
    """
    pattern = "statement_template_cn/*.xlsx"
    with pytest.raises(Refused) as caught:
        read(samples, pattern)
    assert "Sheet1、Sheet2" in str(caught.value)
    table = read(samples, pattern, sheet="Sheet1")
    assert (table.header_row, table.columns["amount"].letter) == (2, "K")
    assert [row.number for row in table.rows] == [3, 4, 5]
    assert table.totals["amount"] == Decimal("1654.52")
    assert table.file_totals["amount"] == Decimal("1654.52")
    assert table.mismatches == []
    assert {*range(6, 21), 22, 23} <= {item.row for item in table.skipped}
    grid = ledger.load(*sample(samples, pattern)).sheets["Sheet1"]
    assert len(grid.merged) == 25
    other = read(samples, pattern, sheet="Sheet2")
    assert other.columns["amount"].letter == "J"
    assert [r.values["amount"] for r in other.rows] == [
        r.values["amount"] for r in table.rows
    ]


# --- blocks_side_by_side ------------------------------------------------------


def test_blocks(samples):
    """Four blocks of letters: from A1, L1, W1 and A12, two blank columns between.

    No heading is known and no cell is a figure: refused, the blocks named. With
    the first block's columns named the block below is refused by its cell.
    """
    pattern = "blocks_side_by_side/*.xlsx"
    with pytest.raises(Refused) as caught:
        read(samples, pattern)
    assert caught.value.cell == "L1"
    assert "A1、L1、W1、A12" in str(caught.value)
    columns = {"note": "Col 1", "part": "Col 2", "quantity": "Col 3"}
    with pytest.raises(Refused) as caught:
        read(samples, pattern, columns=columns)
    assert caught.value.cell == "A12"
    columns = {"note": "Col 1", "part": "Col 2", "remark": "Col 3"}
    table = read(samples, pattern, columns=columns, last_row=7)
    assert [row.number for row in table.rows] == [2, 3, 4, 5, 6, 7]


# --- legacy_xls ---------------------------------------------------------------


def test_old_workbook(samples):
    """Seven lines under a heading with rule text in brackets; two empty sheets.

    Every quantity is 11,851, every amount 948.08 (7 * 948.08 = 6,636.56), every
    day of delivery 14 August 2012, stored as serial numbers.
    """
    table = read(samples, "legacy_xls/*.xls")
    assert [row.number for row in table.rows] == list(range(2, 9))
    assert {row.values["quantity"] for row in table.rows} == {11851}
    assert {row.values["date"] for row in table.rows} == {date(2012, 8, 14)}
    assert table.totals["amount"] == Decimal("6636.56")


# --- csv_pairs ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        # By invoice number and amount: 10 of 10 agree.
        ("test-perfect-match-internal", "test-perfect-match-vendor",
         {"match": (10, 10, 10)}),
        # 52 and 51 rows, 50 numbers on both, one with 2,150 against 2,200; the two
        # of ours that are missing lie after their last day, theirs does not.
        ("test-large-internal", "test-large-vendor",
         {"match": (49, 49, 49), "amount": (1, 1, 1), "timing": (2, 2, 0),
          "not_in_ours": (1, 0, 1)}),
        # 31 and 30 rows; one row of either side has a day that can be two days
        # (set aside), one amount of 1,150 against 1,100, the last is ours alone.
        ("test-edge-cases-internal", "test-edge-cases-vendor",
         {"match": (28, 28, 28), "amount": (1, 1, 1), "timing": (1, 1, 0)}),
        # 10 and 10 rows, 9 numbers on both, one with 3,250 against 3,200; ours that
        # is missing lies after their last day.
        ("internal-records", "vendor-statement",
         {"match": (8, 8, 8), "amount": (1, 1, 1), "timing": (1, 1, 0),
          "not_in_ours": (1, 0, 1)}),
    ],
    ids=["perfect", "large", "edge cases", "statement"],
)  # fmt: skip
def test_csv_pairs(compare, ours, theirs, expected):
    data = compare(f"csv_pairs/{ours}.csv", f"csv_pairs/{theirs}.csv")
    assert rows_by_code(data) == expected


def test_csv_edge_case_that_needs_the_order_of_days(samples):
    """The one ambiguous day is set aside by its cell, and read once it is told."""
    pattern = "csv_pairs/test-edge-cases-internal.csv"
    table = read(samples, pattern)
    assert [(item.row, item.cell) for item in table.skipped] == [(12, "C12")]
    assert len(read(samples, pattern, date_order="mdy").rows) == 31


# --- delivery_crosstab --------------------------------------------------------


def test_crosstab(samples):
    """30 days down, 11 names across, a total beside and one below: 16,564.

    Of the 330 cells 93 are not 0; every total across and down is right.
    """
    with pytest.raises(Refused) as caught:
        read(samples, CROSSTAB)
    assert "is a cross table" in str(caught.value)
    period = {"period_from": date(2026, 6, 1), "period_to": date(2026, 6, 30)}
    table = read(samples, CROSSTAB, crosstab="partner", **period)
    assert len(table.rows) == 93
    assert len({row.values["partner"] for row in table.rows}) == 11
    assert table.totals["quantity"] == table.file_totals["quantity"] == 16564
    assert table.mismatches == []
    # 237 cells of 0, 30 totals beside the rows, one row of totals.
    assert len(table.skipped) == 237 + 30 + 1
    first = table.rows[0]
    assert (first.ref, first.values["date"]) == ("B2", date(2026, 6, 1))


# --- receivables_history ------------------------------------------------------


def test_receivables(samples):
    """2,466 invoices of 100 customers; 877 settled after they were due = 35.6 %.

    Dates are written month first without saying so; a day above 12 proves it, so
    that the proposal reads them all. The amounts add up to 147,703.18.
    """
    proposal = ledger.propose(*sample(samples, "receivables_history/*.csv"))
    table = proposal.table
    assert proposal.profile.date_order == "mdy"
    assert (len(table.rows), len(table.skipped)) == (2466, 0)
    assert len({row.values["partner"] for row in table.rows}) == 100
    assert table.totals["amount"] == Decimal("147703.18")
    late = sum(
        row.values["settled_date"] > row.values["due_date"] for row in table.rows
    )
    assert late == 877
    assert round(100 * late / len(table.rows), 1) == 35.6
