# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Kinds of files: encodings, separators, old workbooks, and the real samples."""

import io
from datetime import date
from decimal import Decimal

import ledger
import pytest
import sheets
from ledger import Profile, Refused

TEXT = (
    "送货日期,送货单号,品名规格,数量,价税合计\n"
    '2026-03-02,SD1,左窗夹具（铝）,2,"7,910.00"\n'
)
TRADITIONAL = (
    "送貨日期,送貨單號,品名規格,數量,價稅合計\n2026-03-02,SD1,左窗夾具與檢具,2,7910\n"
)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TEXT.encode(), "左窗夹具（铝）"),
        (TEXT.encode("utf-8-sig"), "左窗夹具（铝）"),
        (TEXT.encode("gb18030"), "左窗夹具（铝）"),
        (TEXT.encode("utf-16"), "左窗夹具（铝）"),
        (TRADITIONAL.encode("big5"), "左窗夾具與檢具"),
        (TRADITIONAL.encode(), "左窗夾具與檢具"),
        (TEXT.replace("\n", "\r\n").encode(), "左窗夹具（铝）"),
        (b"sep=,\n" + TEXT.encode(), "左窗夹具（铝）"),
        (("sep=;\n" + TRADITIONAL.replace(",", ";")).encode(), "左窗夾具與檢具"),
        (TRADITIONAL.replace(",", "\t").encode(), "左窗夾具與檢具"),
        (TRADITIONAL.replace(",", ";").encode("big5"), "左窗夾具與檢具"),
    ],
)
def test_text_file(data, name):
    table = ledger.read(data, "ledger.csv")
    assert len(table.rows) == 1
    row = table.rows[0]
    assert row.values["name"] == name
    assert row.values["total"] == 7910
    # The line "sep=" is a row of the file like any other.
    assert row.number == (3 if data.startswith(b"sep") else 2)
    assert table.rows_read == len(table.rows) + len(table.skipped)


def test_stated_encoding_is_obeyed():
    profile = Profile(encoding="big5")
    table = ledger.read(TRADITIONAL.encode("big5"), "a.csv", profile)
    assert table.rows[0].values["name"] == "左窗夾具與檢具"
    with pytest.raises(Refused):
        ledger.read(b"\xff\xff\xff,1\n", "a.csv", Profile(encoding="utf-8"))


def test_newline_inside_a_quoted_header():
    table = ledger.read('"送货\n单号",数量\nSD1,2\n'.encode(), "a.csv")
    assert table.columns["note"].letter == "A"
    assert table.rows[0].number == 2


def old_workbook(prepare=None):
    """An .xls workbook with a few invented lines."""
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("明细")
    for column, title in enumerate(("送货日期", "送货单号", "数量", "价税合计")):
        sheet.write(0, column, title)
    style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, note in enumerate(("SD1", "SD2", "SD3"), 1):
        sheet.write(row, 0, date(2026, 3, row), style)
        sheet.write(row, 1, note)
        sheet.write(row, 2, "1,200")
        sheet.write(row, 3, 99.5 * row)
    if prepare:
        prepare(book, sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_old_workbook_reads_like_a_new_one():
    table = ledger.read(old_workbook(), "old.xls")
    assert [row.values["date"] for row in table.rows] == [
        date(2026, 3, 1),
        date(2026, 3, 2),
        date(2026, 3, 3),
    ]
    assert table.totals == {"quantity": Decimal(3600), "total": Decimal("597.0")}


def test_error_and_formula_of_an_old_workbook_are_seen():
    def prepare(book, sheet):
        import xlwt

        sheet.row(4).set_cell_error(3, "#REF!")
        sheet.write(4, 1, "SD4")
        sheet.write(5, 1, "SD5")
        sheet.write(5, 3, xlwt.Formula("ABS(D2)"))

    table = ledger.read(old_workbook(prepare), "old.xls")
    assert [row.number for row in table.rows] == [2, 3, 4]
    assert {item.cell for item in table.skipped} == {"D5", "D6"}


def test_old_workbook_with_days_since_1904():
    data = old_workbook(lambda book, _sheet: setattr(book, "dates_1904", True))
    grid = ledger.load(data, "old.xls").sheets["明细"]
    assert grid.epoch_1904


def test_same_content_has_the_same_hash():
    one = ledger.read(TEXT.encode(), "a.csv").sha256
    assert one == ledger.read(TEXT.encode(), "copy.csv").sha256
    assert one != ledger.read(TEXT.encode("gb18030"), "a.csv").sha256


# --- the real samples ---------------------------------------------------------


def every_sample(folder):
    """Every spreadsheet below the folder."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in (".xlsx", ".xls", ".csv") and path.is_file()
    )


def test_every_sample_is_read_or_plainly_refused(samples):
    found = every_sample(samples)
    assert found
    for path in found:
        try:
            table = ledger.read(path.read_bytes(), path.name)
        except Refused as refused:
            assert path.name in str(refused)
        else:
            assert table.rows_read == len(table.rows) + len(table.skipped)
            assert table.rows


def read_sample(samples, pattern, **profile):
    """The table of the one sample that fits a pattern."""
    (path,) = samples.glob(pattern)
    return ledger.read(path.read_bytes(), path.name, Profile.from_dict(profile))


def test_sample_workshop(samples):
    table = read_sample(samples, "workshop_workbook/氧化*.xlsx", sheet="加工订单")
    assert len(table.rows) == 73
    assert any("On 73 rows" in str(item.reason) for item in table.warnings)
    (path,) = samples.glob("workshop_workbook/氧化*.xlsx")
    book = ledger.load(path.read_bytes(), path.name)
    grids = book.sheets.values()
    problems = [p for grid in grids for p in grid.problems.values()]
    # Each formula without a result is computed here or has none; none reads as 0.
    computed = sum(len(grid.computed) for grid in grids)
    assert sum(p.startswith("=") for p in problems) + computed == 603
    assert computed


def test_sample_statement(samples):
    table = read_sample(samples, "statement_template_cn/*.xlsx", sheet="Sheet1")
    assert [row.number for row in table.rows] == [3, 4, 5]
    assert table.totals["amount"] == table.file_totals["amount"] == Decimal("1654.52")
    assert table.mismatches == []
    assert table.columns["amount"].letter == "K"


def test_sample_old_workbook(samples):
    columns = {"note": "B", "quantity": "I", "price": "H", "amount": "J", "date": "F"}
    table = read_sample(samples, "legacy_xls/*.xls", header_row=1, columns=columns,
                        sheet="Sheet1")  # fmt: skip
    assert len(table.rows) == 7
    assert table.rows[0].values["date"] == date(2012, 8, 14)
    assert all(row.values["quantity"] == 11851 for row in table.rows[:4])


def test_sample_backlog(samples):
    for sheet in ("Supplier's Backlog", "Open POs"):
        pattern = "supplier_backlog_vs_open_po/*.xlsx"
        assert len(read_sample(samples, pattern, sheet=sheet).rows) == 336


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("blocks_side_by_side/*.xlsx", "none with a known heading"),
        ("delivery_crosstab/*.csv", "cross table"),
    ],
)
def test_sample_that_is_no_list_is_refused(samples, pattern, words):
    with pytest.raises(Refused) as caught:
        read_sample(samples, pattern)
    assert words in str(caught.value)


def test_the_cells_of_a_text_file_are_counted_with_its_blanks():
    """One long row makes every other as long."""
    data = b"a,b,c,d\n" + b"1\n" * 20
    ledger.load(data, "a.csv", ledger.Limits(cells=84))
    with pytest.raises(Refused, match="more than 83 cells"):
        ledger.load(data, "a.csv", ledger.Limits(cells=83))


def test_a_package_that_is_missing_is_named(monkeypatch):
    monkeypatch.setattr("ledger.book.find_spec", lambda _name: None)
    with pytest.raises(Refused, match="package python_calamine is missing"):
        ledger.load(old_workbook(), "old.xls")


def test_a_workbook_of_empty_sheets_holds_no_table():
    with pytest.raises(Refused, match="No sheet of a.xlsx holds a table"):
        ledger.read(sheets.xlsx([], others=[("b", [])]), "a.xlsx")


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods"])
def test_a_sheet_of_another_name_is_not_taken_for_the_one_asked_for(name):
    kind = sheets.xlsx if name == "a.xlsx" else sheets.ods
    data = kind([("送货单号", "数量"), ("S1", 3)])
    with pytest.raises(Refused) as caught:
        ledger.read(data, name, Profile(sheet="汇总"))
    assert "no sheet named “汇总”; its sheets are: 明细" in str(caught.value)
