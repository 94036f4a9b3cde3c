# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Rows of a sheet: what is a line, what is not, and that none is lost."""

from datetime import date
from decimal import Decimal

import ledger
import pytest
import sheets
from ledger import Profile, Refused
from sheets import HEAD

LINE = (date(2026, 3, 2), "SD260302-01", "JG-0301-00", 2, 3955, 7910, "")


def reasons(table):
    """{row: reason} of what was set aside."""
    return {item.row: str(item.reason) for item in table.skipped}


def values(table, name):
    """One field of every row."""
    return [row.values[name] for row in table.rows]


# An invented statement in the manner of a monthly one: titles, a merged note
# number, a typed return, subtotal, a total over the wrong range, a footer.
STATEMENT = [
    ("某某机械 2026年3月 往来对账单",),
    ("对账期间：2026.02.26—2026.03.25", None, None, None, None, None, "单位：元"),
    ("序号", *HEAD),
    (1, "3.2", "SD260302-01", "JG-0301-00", 2, "3,955.00", 7910, ""),
    (2, "3.2", "〃", "JG-0302-00", 2, 3955, "7910.00", "代垫运费"),
    (3, "2026/3/12", "SD2603１2-01", "维修", 1, None, "￥600元", ""),
    ("小　计", None, None, None, 5, None, "16,420"),
    (4, 46106, "TH260325-1", "JG-0301-00", -1, 3955, "(3,955.00)", "红字"),
    (),
    ("合  计", None, None, None, 4, None, 16420),
    ("人民币(大写)：壹万", None, None, None, None, None, None, None),
    ("供方(盖章)：____", None, None, "需方(盖章)：____"),
    ("银行账号：", None, None, None, 6222000000000001),
    ("说明：1、请于3个工作日内核对回传。",),
]
PERIOD = {"period_from": date(2026, 2, 26), "period_to": date(2026, 3, 25)}


def test_statement_as_people_send_it(read_rows):
    table = read_rows(STATEMENT, **PERIOD)
    assert table.header_row == 3
    assert [row.number for row in table.rows] == [4, 5, 6, 8]
    assert values(table, "note") == [
        "SD260302-01",
        "SD260302-01",
        "SD2603１2-01",
        "TH260325-1",
    ]
    assert values(table, "total") == [7910, 7910, 600, -3955]
    assert values(table, "date") == [
        date(2026, 3, 2),
        date(2026, 3, 2),
        date(2026, 3, 12),
        date(2026, 3, 25),
    ]
    assert set(reasons(table)) == {1, 2, 7, 9, 10, 11, 12, 13, 14}


def test_totals_of_the_file_are_proved(read_rows):
    table = read_rows(STATEMENT, **PERIOD)
    assert table.totals["total"] == Decimal("12465")
    assert table.totals["quantity"] == 4
    wrong = [(m.field, m.cell, m.stated, m.computed) for m in table.mismatches]
    assert wrong == [("total", "G10", Decimal(16420), Decimal(12465))]


@pytest.mark.parametrize(
    "label",
    ["合计", "合  计", "合计：", "总 计", "TOTAL", "Grand Total", "本页小计", "累计",
     "TTL:", "合计金额", "已收金额", "应收余额", "甲公司小计", "當日合計"],
)  # fmt: skip
def test_labels_of_totals_are_no_lines(read_rows, label):
    table = read_rows([HEAD, LINE, (label, None, None, 2, None, 7910)])
    assert [row.number for row in table.rows] == [2]


@pytest.mark.parametrize("text", ["计数器", "Total cover", "合计量规-01", "设计图"])
def test_names_that_look_like_labels_stay_lines(read_rows, text):
    head = ("送货单号", "品名", "数量")
    table = read_rows([head, ("SD1", text, 3)])
    assert len(table.rows) == 1


def test_header_repeated_on_each_page(read_rows):
    table = read_rows([HEAD, LINE, HEAD, LINE, (), HEAD, LINE])
    assert [row.number for row in table.rows] == [2, 4, 7]
    assert reasons(table)[3] == "Repeats the header."


def test_header_in_two_languages(read_rows):
    english = ("Date", "Delivery note", "P/N", "Qty", "Price", "Total", "Remark")
    table = read_rows([english, HEAD, LINE])
    assert [row.number for row in table.rows] == [3]


def test_header_with_both_languages_in_one_cell(read_rows):
    head = ("Delivery note\n送货单号", "Part Number料号", "Qty\n数量", "金额（元）")
    table = read_rows([(), (), head, ("SD1", "JG-1", 3, 9)])
    assert set(table.columns) == {"note", "part", "quantity", "amount"}
    assert table.header_row == 3


@pytest.mark.parametrize(
    ("header", "basis"),
    [("金额(不含税)", "excluded"), ("未税金额", "excluded"), ("金额", None)],
)
def test_tax_basis_as_the_header_states_it(read_rows, header, basis):
    table = read_rows([("送货单号", "数量", header), ("SD1", 1, 9)])
    assert table.tax_basis == basis


def test_merged_note_counts_for_every_row():
    rows = [HEAD, LINE, (*LINE[:1], None, *LINE[2:]), (*LINE[:1], "SD9", *LINE[2:])]
    data = sheets.xlsx(rows, merges=[(1, 1, 2, 1, "SD260302-01")])
    table = ledger.read(data, "merged.xlsx")
    assert values(table, "note") == ["SD260302-01", "SD260302-01", "SD9"]
    assert any("Merged" in str(item.reason) for item in table.warnings)


def test_merged_amount_counts_once():
    rows = [HEAD, (*LINE[:5], None, ""), (*LINE[:5], None, "")]
    data = sheets.xlsx(rows, merges=[(1, 5, 2, 5, 500)])
    assert ledger.read(data, "merged.xlsx").totals["total"] == 500


def test_blank_is_no_ditto_unless_agreed(read_rows):
    rows = [HEAD, LINE, (LINE[0], None, *LINE[2:])]
    assert values(read_rows(rows), "note") == ["SD260302-01", None]
    filled = read_rows(rows, fill_down=["note"])
    assert values(filled, "note") == ["SD260302-01", "SD260302-01"]


@pytest.mark.parametrize("typed", [5, -5])
@pytest.mark.parametrize("kind", ["退货", "销售退仓", "Return"])
def test_returns_count_negative_however_typed(read_rows, typed, kind):
    head = ("送货单号", "事务类型", "数量", "金额", "单价")
    table = read_rows([head, ("SD1", kind, typed, typed * 10, 10)])
    assert values(table, "quantity") == [-5]
    assert values(table, "amount") == [-50]
    assert values(table, "price") == [10]


def test_total_of_returns_typed_positive_is_accepted(read_rows):
    head = ("送货单号", "事务类型", "数量")
    table = read_rows([head, ("A", "发货", 8), ("B", "退货", 3), ("合计", None, 11)])
    assert table.mismatches == []
    assert table.totals["quantity"] == 5


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        ("810826855  发甲厂", "810826855"),
        ("\x7f810837491", "810837491"),
        ("810823177\t发三厂", "810823177"),
        ("补 810761657 上月", "810761657"),
        (810826855, "810826855"),
        ("无单", None),
    ],
)
def test_note_number_is_cut_out_of_its_cell(read_rows, cell, note):
    table = read_rows(
        [("备注", "料号", "数量"), (cell, "JG-1", 3)],
        columns={"note": "备注", "part": None, "quantity": "C"},
        key_pattern=r"\d{9,}",
    )
    assert values(table, "note") == [note]
    assert "810" in table.rows[0].raw["note"] or note is None


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("989000   49450", "several values"),
        ("待定", "not a number"),
        ("1/2", "several values"),
    ],
)
def test_unreadable_amount_sets_the_row_aside(read_rows, cell, sentence):
    table = read_rows([HEAD, LINE, (*LINE[:5], cell, "")])
    assert [row.number for row in table.rows] == [2]
    found = table.skipped[0]
    assert (found.row, found.cell, found.value) == (3, "F3", cell)
    assert sentence in str(found.reason)


def test_unreadable_price_is_a_warning(read_rows):
    table = read_rows([HEAD, (*LINE[:4], "赠送", 0, "")])
    assert values(table, "price") == [None]
    assert table.warnings[0].cell == "E2"


def test_price_that_does_not_give_the_amount_is_told(read_rows):
    table = read_rows([HEAD, LINE, (*LINE[:4], 3955.4, 7911, "")])
    assert values(table, "total") == [7910, 7911]
    assert any("1 rows" in str(item.reason) for item in table.warnings)


def test_required_keep_and_drop(read_rows):
    head = ("送货单号", "事务类型", "数量")
    rows = [head, ("A", "发货", 1), (None, "发货", 2), ("C", "调拨", 3)]
    table = read_rows(rows, required=["note"], drop={"kind": ["调拨"]})
    assert [row.number for row in table.rows] == [2]
    assert set(reasons(table)) == {3, 4}
    kept = read_rows(rows, keep={"kind": ["调拨"]})
    assert [row.number for row in kept.rows] == [4]


def test_rows_below_the_stated_end_are_set_aside(read_rows):
    table = read_rows([HEAD, LINE, LINE], last_row=2)
    assert [row.number for row in table.rows] == [2]


def broken(book, sheet):
    """An error, a formula without result, one with result, an empty text."""
    sheet.write_formula(1, 5, "=IF(D2,E2)", None, "")
    sheet.write_formula(2, 5, "=#REF!", None, "#REF!")
    sheet.write_formula(3, 5, "=D4*E4", None, 7910)


def test_error_and_missing_result_are_reported_and_never_zero():
    rows = [HEAD, LINE, (*LINE[:1], "B", *LINE[2:]), (*LINE[:1], "C", *LINE[2:])]
    data = sheets.xlsx(rows, prepare=broken)
    xml = "xl/worksheets/sheet1.xml"
    import io
    import zipfile

    body = zipfile.ZipFile(io.BytesIO(data)).read(xml).decode()
    assert "<v></v>" in body
    body = body.replace(' t="str"><f>IF(D2', "><f>IF(D2")
    table = ledger.read(sheets.with_part(data, xml, body), "broken.xlsx")
    assert [row.number for row in table.rows] == [4]
    found = {item.cell: str(item.reason) for item in table.skipped}
    assert "=IF(D2,E2) in this cell has no stored result" in found["F2"]
    assert "#REF!" in found["F3"]


def test_formulas_of_another_notation_are_seen_too():
    body = "<x:row r='2'><x:c r='A2' t='str'><x:f>B2</x:f></x:c></x:row>"
    xml = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<x:sheetData>{body}<x:row r='3'><x:c r='D3'><x:f>NOW()</x:f></x:c>"
        "<x:c r='E3' t='e'><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    data = sheets.with_part(sheets.xlsx([HEAD]), "xl/worksheets/sheet1.xml", xml)
    grid = ledger.load(data, "prefixed.xlsx").sheets["明细"]
    # A book that is to be computed when opened holds no results to be trusted.
    assert grid.problems == {(2, 1): "=''", (3, 4): "=NOW()", (3, 5): "#N/A"}


def test_hidden_rows_are_read_and_told():
    data = sheets.xlsx([HEAD, LINE], prepare=lambda _b, s: s.set_row(1, None, None,
                       {"hidden": True}))  # fmt: skip
    table = ledger.read(data, "hidden.xlsx")
    assert len(table.rows) == 1
    assert any("hidden" in str(item.reason) for item in table.warnings)


def test_days_since_1904():
    data = sheets.xlsx([HEAD, (44628.0, *LINE[1:])])
    xml = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<workbookPr date1904="1"/><sheets><sheet name="明细" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>"
    )
    table = ledger.read(sheets.with_part(data, "xl/workbook.xml", xml), "mac.xlsx")
    assert values(table, "date") == [date(2026, 3, 9)]


def test_code_that_lost_its_digits_sets_the_row_aside(read_rows):
    table = read_rows([HEAD, (LINE[0], 123456789012345678, *LINE[2:])])
    assert table.rows == []
    assert table.skipped[0].cell == "B2"


def test_raw_text_is_kept(read_rows):
    table = read_rows([HEAD, (*LINE[:5], "￥7,910元 ", " 甲 ")])
    assert table.rows[0].raw["total"] == "￥7,910元 "
    assert table.rows[0].values["total"] == 7910


def test_span_covers_every_date_column(read_rows):
    head = ("送货日期", "入库日期", "送货单号", "数量")
    table = read_rows([head, ("2026-03-02", "2026-03-05 10:00", "A", 1)])
    assert [str(moment) for moment in table.span()] == [
        "2026-03-02 00:00:00",
        "2026-03-05 10:00:00",
    ]


def test_empty_table_reads_as_no_rows(read_rows):
    table = read_rows([HEAD])
    assert (table.rows, table.rows_read, table.span()) == ([], 0, (None, None))


# --- headers, sheets, blocks --------------------------------------------------


def refused(rows, **profile):
    """The refusal of these rows."""
    with pytest.raises(Refused) as caught:
        ledger.read(sheets.xlsx(rows), "rows.xlsx", Profile.from_dict(profile))
    return caught.value


@pytest.mark.parametrize(
    ("rows", "profile", "cell", "sentence"),
    [
        ([("甲", "乙"), (1, 2)], {}, None, "No header row"),
        ([HEAD, LINE], {"columns": {"note": "单号牌"}}, None, "“单号牌” was not found"),
        ([(*HEAD[:4], None, *HEAD[:4]), LINE], {}, "F1", "twice"),
        ([HEAD, LINE, (), ("送货单号", "数量"), ("S", 1)], {}, "A4", "second table"),
        (
            [
                ("Box 1", "Box 2", "Box 3"),
                ("A", "B", 1),
                (),
                ("Box 4", "Box 5", "Box 6"),
            ],
            {"columns": {"note": "Box 1", "part": "Box 2", "quantity": "Box 3"}},
            "A4",
            "second table",
        ),
        (
            [("日期", "甲店", "乙店", "丙店"), ("1日", 3, 4, 5), ("2日", 3, 4, 5)],
            {},
            "A1",
            "cross table",
        ),
    ],
)
def test_what_is_no_single_table_is_refused(rows, profile, cell, sentence):
    refusal = refused(rows, **profile)
    assert refusal.cell == cell
    assert sentence in str(refusal)


def test_one_sheet_of_many_is_found_or_asked_for():
    others = [("说明", [("导入说明",)]), ("参数", [("键", "值"), ("a", 1)])]
    data = sheets.xlsx([HEAD, LINE], others=others)
    assert ledger.read(data, "many.xlsx").sheet == "明细"
    data = sheets.xlsx([HEAD, LINE], others=[("副本", [HEAD, LINE])])
    with pytest.raises(Refused) as caught:
        ledger.read(data, "two.xlsx")
    assert "明细、副本" in str(caught.value)
    assert ledger.read(data, "two.xlsx", Profile(sheet="副本")).sheet == "副本"


def test_the_sheets_of_a_book_share_the_limit_of_its_cells():
    data = sheets.xlsx([HEAD, LINE], others=[("副本", [HEAD, LINE])])
    cells = 4 * len(HEAD)
    assert len(ledger.load(data, "two.xlsx", ledger.Limits(cells=cells)).sheets) == 2
    with pytest.raises(Refused):
        ledger.load(data, "two.xlsx", ledger.Limits(cells=3 * len(HEAD)))


def test_sheet_name_is_found_without_its_blanks():
    data = sheets.xlsx([HEAD, LINE], name=" PL ", others=[("x", [(1,)])])
    assert ledger.read(data, "blank.xlsx", Profile(sheet="PL")).sheet == " PL "


def test_column_by_letter_text_or_first_alternative(read_rows):
    rows = [("送货单号", "PN", "数量", "数量 "), ("A", "P", 5, 7)]
    table = read_rows(
        rows,
        header_row=1,
        columns={"note": ["单据", "送货单号"], "part": "PN", "quantity": "D"},
    )
    assert values(table, "quantity") == [7]
    assert values(table, "part") == ["P"]


def test_two_columns_of_one_meaning_prefer_the_more_exact(read_rows):
    rows = [("单号", "送货单号", "送货数量", "入库数量"), ("X", "SD1", 5, 4)]
    table = read_rows(rows)
    assert values(table, "note") == ["SD1"]
    assert (values(table, "quantity"), values(table, "accepted")) == ([5], [4])


def test_table_that_starts_in_another_column(read_rows):
    rows = [(None, "对账单"), (None, *HEAD), (None, *LINE)]
    table = read_rows(rows)
    assert table.columns["note"].letter == "C"
    assert values(table, "note") == ["SD260302-01"]


def test_own_column_beside_the_known_fields(read_rows):
    table = read_rows(
        [("送货单号", "数量", "车牌"), ("A", 1, "京A0001")],
        columns={"note": None, "quantity": None, "truck": "车牌"},
    )
    assert values(table, "truck") == ["京A0001"]


def test_blank_cells_that_are_merged_are_not_worth_a_word():
    rows = [("送货单号", "数量", "备注"), ("A", 1, None), ("B", 2, None)]
    data = sheets.xlsx(rows, merges=[(1, 2, 2, 2, "")])
    table = ledger.read(data, "rows.xlsx")
    assert [str(one) for one in table.warnings] == []
    data = sheets.xlsx(rows, merges=[(1, 2, 2, 2, "x")])
    assert ledger.read(data, "rows.xlsx").warnings


@pytest.mark.parametrize(
    "bad",
    [{"sheets": "x"}, {"tax_basis": "gross"}, {"date_order": "ydm"},
     {"key_pattern": "("}],
)  # fmt: skip
def test_wrong_profile_is_refused_by_name(bad):
    with pytest.raises(Refused) as caught:
        Profile.from_dict(bad)
    assert next(iter(bad)) in str(caught.value)


def test_profile_survives_being_plain_data():
    profile = Profile(
        sheet="明细",
        columns={"note": ["备注", "N"], "quantity": None},
        key_pattern=r"\d{9,}",
        period_from=date(2026, 2, 26),
        keep={"kind": ["发货"]},
    )
    assert Profile.from_dict(profile.to_dict()).to_dict() == profile.to_dict()
    toml = 'sheet = "明细"\n[columns]\nnote = ["备注", "N"]\n'
    assert Profile.from_toml(toml).columns == {"note": ["备注", "N"]}
    assert Profile().to_dict() == {}


@pytest.mark.parametrize("columns", [None, {"note": "送货单号"}])
def test_a_heading_stated_below_the_sheet_is_refused(columns):
    refusal = refused([HEAD, LINE], header_row=9, columns=columns)
    assert "No header row was found" in str(refusal)


def test_a_field_without_its_usual_column_is_called_by_its_name():
    refusal = refused([HEAD, LINE], columns={"note": None, "order": None})
    assert "The column “order” was not found" in str(refusal)
    refusal = refused([HEAD, LINE], columns={"note": None, "order_line": None})
    assert "The column “order line” was not found" in str(refusal)


def test_a_column_beyond_the_sheet_is_empty(read_rows):
    columns = {"note": "B", "quantity": "D", "remark": "Z"}
    table = read_rows([HEAD, LINE], header_row=1, columns=columns)
    assert values(table, "quantity") == [2]
    assert values(table, "remark") == [None]


def test_every_merge_of_a_column_is_filled_and_told_once():
    rows = [HEAD, *[(*LINE[:1], None, *LINE[2:])] * 4]
    merges = [(1, 1, 2, 1, "SD1"), (3, 1, 4, 1, "SD2")]
    table = ledger.read(sheets.xlsx(rows, merges=merges), "merged.xlsx")
    assert values(table, "note") == ["SD1", "SD1", "SD2", "SD2"]
    told = [item.cell for item in table.warnings if "Merged" in str(item.reason)]
    assert told == ["B2"]


def test_two_labels_on_a_row_head_figures_only_where_there_are_some(read_rows):
    head, line = ("送货单号", "料号", "数量", "金额"), ("SD1", "P", 2, 20)
    for below in ((), ("SD2", "P", 3, 30)):
        table = read_rows([head, line, ("期初余额", "本期增加"), below])
        assert values(table, "note") == ["SD1", *below[:1]]
    table = read_rows([head, line, ("期初余额", "本期增加", 5, 6), (7, 8)])
    assert table.balances[0].amount == 6


def test_a_row_says_what_it_is(read_rows):
    (row,) = read_rows([("送货单号", "数量"), ("A", 1)]).rows
    assert repr(row) == "Row(2, {'note': 'A', 'quantity': Decimal('1')})"


def test_a_number_without_an_end_is_no_amount():
    data = sheets.with_sheet_xml(
        sheets.text_row(1, "送货单号", "数量")
        + '<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c>'
        '<c r="B2"><v>1e999</v></c></row>' + sheets.text_row(3, "B", 2)
    )
    table = ledger.read(data, "a.xlsx")
    assert values(table, "quantity") == [2]
    assert "is not a number" in reasons(table)[2]
