# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What people's spreadsheets hold, file by file and cell by cell.

Each id begins with the number of the irregularity: "i28-..." is money as people
type it. Every cell gives its one typed value, or a sentence that says why not.
"""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import ledger
import pytest
import sheets
from ledger import Profile, Refused
from sheets import HEAD, Raw

LINE = (date(2026, 3, 2), "SD260302-01", "JG-0301-00", 2, 3955, 7910, "")
OTHER = (date(2026, 3, 3), "SD260303-01", "JG-0302-00", 1, 100, 100, "")
SHEET = "xl/worksheets/sheet1.xml"


def case(number, name, *values):
    """A parameter set whose id begins with the irregularity's number."""
    return pytest.param(*values, id=f"i{number:02d}-{name}")


def read(data, name="ledger.xlsx", **profile):
    """The table of a file, in which no row is lost."""
    table = ledger.read(data, name, Profile.from_dict(profile))
    assert table.rows_read == len(table.rows) + len(table.skipped)
    return table


def values(table, name):
    """One field of every row."""
    return [row.values[name] for row in table.rows]


def said(table):
    """All warnings as one text."""
    return "\n".join(f"{w.row} {w.cell}: {w.reason}" for w in table.warnings)


def refusal(data, name):
    """The sentence of a refusal."""
    with pytest.raises(Refused) as caught:
        ledger.read(data, name)
    assert name in str(caught.value)
    return str(caught.value)


# --- values, 28 to 45 ---------------------------------------------------------

TITLES = {
    "amount": "金额",
    "date": "送货日期",
    "name": "品名规格",
    "note": "送货单号",
    "part": "图号",
    "quantity": "数量",
    "tax_rate": "税率",
    "total": "价税合计",
    "unit": "单位",
}
PERIOD = {"period_from": date(2026, 2, 26), "period_to": date(2026, 3, 25)}
MANY, NOT, LOST = "several values", "is not", "lost its last digits"


def table_of(field, cell, **profile):
    """The table of one line with this cell."""
    fields = {"note": "SD1", "quantity": 1, field: cell}
    rows = [[TITLES[name] for name in fields], list(fields.values())]
    return read(sheets.xlsx(rows), **profile)


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        case(28, "blank-and-commas", "amount", "744,800 ", Decimal(744800)),
        case(28, "yuan-sign", "amount", "￥5000", Decimal(5000)),
        case(28, "yuan-word", "amount", "5000元", Decimal(5000)),
        case(28, "ten-thousands", "amount", "150万", Decimal(1500000)),
        case(28, "brackets", "amount", "(1,234.56)", Decimal("-1234.56")),
        case(28, "minus-behind", "amount", "1,234.56-", Decimal("-1234.56")),
        case(28, "full-width", "amount", "１２３．４５", Decimal("123.45")),
        case(28, "wide-comma", "amount", "1，234", Decimal(1234)),
        case(28, "dash-is-zero", "amount", "-", Decimal(0)),
        case(28, "ideographic-space", "amount", "\u30005000\u3000", Decimal(5000)),
        case(28, "currency-word", "amount", "人民币5,000.00", Decimal("5000.00")),
        case(28, "money-mark-and-minus", "amount", "-￥3,955", Decimal(-3955)),
        case(30, "real", "date", date(2026, 3, 9), date(2026, 3, 9)),
        case(30, "serial", "date", 45992.176, datetime(2025, 12, 1, 4, 13, 26)),
        case(30, "serial-text", "date", "42433.00 ", date(2016, 3, 4)),
        case(30, "serial-text-short", "date", "41135.0", date(2012, 8, 14)),
        case(30, "dots", "date", "2016.3.1", date(2016, 3, 1)),
        case(30, "dashes", "date", "2016-7-8", date(2016, 7, 8)),
        case(30, "compact", "date", "20250304", date(2025, 3, 4)),
        case(30, "compact-number", "date", 20250304, date(2025, 3, 4)),
        case(30, "slashes", "date", "2025/5/5", date(2025, 5, 5)),
        case(30, "slashes-time", "date", "2025/5/5 0:00", datetime(2025, 5, 5)),
        case(30, "day-first", "date", "16/03/2026", date(2026, 3, 16)),
        case(30, "chinese", "date", "2026年3月9日", date(2026, 3, 9)),
        case(30, "month-and-day", "date", "3月5日", date(2026, 3, 5)),
        case(30, "wide-digits", "date", "２０２６.３.９", date(2026, 3, 9)),
        case(31, "percent", "tax_rate", "13%", Decimal("0.13")),
        case(31, "fraction", "tax_rate", 0.13, Decimal("0.13")),
        case(31, "number", "tax_rate", 13, Decimal("0.13")),
        case(31, "text", "tax_rate", "0.13", Decimal("0.13")),
        case(31, "small", "tax_rate", 0.01, Decimal("0.01")),
        case(31, "blank", "tax_rate", None, None),
        case(32, "leading-zeros", "note", "0000611365", "0000611365"),
        case(32, "number", "note", 4500012345, "4500012345"),
        case(32, "tab", "note", "SD1\t", "SD1"),
        case(32, "nbsp", "note", "SD1\xa0", "SD1"),
        case(32, "zero-width", "note", "SD\u200b1", "SD1"),
        case(32, "delete", "note", "\x7fSD1", "SD1"),
        case(32, "18-digits-text", "note", "350102199001011234", "350102199001011234"),
        case(32, "sequence", "note", "ASN001-1", "ASN001-1"),
        case(35, "piece", "unit", " PCS ", "PCS"),
        case(35, "square", "unit", "㎡", "㎡"),
        case(35, "thousands", "unit", "千只", "千只"),
        case(39, "text-number", "quantity", "12", Decimal(12)),
        case(39, "text-money", "amount", "7910.00", Decimal("7910.00")),
        case(44, "line-break", "name", "左窗\n夹具", "左窗 夹具"),
        case(45, "mixed", "name", "電機研發 电机研发", "電機研發 电机研发"),
    ],
)
def test_cell_has_one_value(field, cell, expected):
    table = table_of(field, cell, **PERIOD)
    (row,) = table.rows
    assert row.values[field] == expected
    assert type(row.values[field]) is type(expected)


@pytest.mark.parametrize(
    ("field", "cell", "words"),
    [
        case(28, "undecided", "amount", "待定", NOT),
        case(28, "free", "amount", "赠送", NOT),
        case(28, "european", "amount", "1.234,56", NOT),
        case(28, "blank-between", "amount", "1 234", MANY),
        case(29, "blanks", "amount", "989000   49450", MANY),
        case(29, "slash", "amount", "275500/775225", MANY),
        case(29, "lines", "amount", "51600\n141450\n968100", MANY),
        case(29, "currency-between", "amount", "500￥300", MANY),
        case(29, "numbered", "amount", "1、1307410；      2、5600", MANY),
        case(29, "condition", "amount", "440000；        每台提货前支付", NOT),
        case(30, "several", "date", "2016.3.10/2016.4.12", MANY),
        case(30, "month", "date", "9月", "names no day"),
        case(30, "year-and-month", "date", "2025年9月", "names no day"),
        case(30, "month-18", "date", "2018-18", "names no day"),
        case(30, "day-221", "date", "2016-1-221", NOT),
        case(30, "31-february", "date", "2026-02-31", "does not exist"),
        case(30, "words", "date", "详见合同", NOT),
        case(30, "two-readings", "date", "04/03/2026", "two different days"),
        case(30, "9.1", "date", 9.1, NOT),
        case(30, "year-of-two-digits", "date", "25.9.1", NOT),
        case(32, "scientific", "note", "1.23E+17", LOST),
        case(32, "lost-digits", "note", 123456789012345678, LOST),
        case(32, "part-scientific", "part", "1.23457E+11", LOST),
    ],
)
def test_cell_is_refused_with_its_place_and_text(field, cell, words):
    table = table_of(field, cell)
    assert table.rows == []
    (found,) = table.skipped
    column = table.columns[field].letter
    assert (found.row, found.cell) == (2, f"{column}2")
    # A workbook keeps every number as a float.
    stored = float(cell) if type(cell) is int else cell
    assert found.value == ledger.values.shown(stored)
    assert words in str(found.reason)


@pytest.mark.parametrize(
    ("field", "cell", "words"),
    [
        case(31, "two-rates", "tax_rate", "1%/3%", MANY),
        case(31, "words", "tax_rate", "见合同", NOT),
    ],
)
def test_cell_beside_the_point_is_left_out_and_told(field, cell, words):
    table = table_of(field, cell)
    assert values(table, field) == [None]
    assert words in said(table)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        case(30, "no", "无", None),
        case(30, "slash", "/", None),
    ],
)
def test_a_word_for_no_date_is_none(cell, expected):
    assert values(table_of("date", cell), "date") == [expected]


@pytest.mark.parametrize(
    "kind",
    [case(30, f"1904-{kind}", kind) for kind in ("xlsx", "xls", "ods", "xml")],
)
def test_days_counted_from_1904(kind):
    serial = 46090 - 1462
    rows = [HEAD, (serial, *LINE[1:])]
    if kind == "xlsx":
        data = sheets.xlsx(rows)
        part = "xl/workbook.xml"
        xml = zipfile.ZipFile(io.BytesIO(data)).read(part).decode()
        xml = xml.replace("<workbookPr ", '<workbookPr date1904="1" ')
        table = read(sheets.with_part(data, part, xml))
    elif kind == "xls":
        data = sheets.xls(rows, prepare=lambda b, _s: setattr(b, "dates_1904", True))
        table = read(data, "a.xls")
    elif kind == "ods":
        inside = (
            "<table:calculation-settings>"
            '<table:null-date table:date-value="1904-01-01"/>'
            "</table:calculation-settings>"
        )
        table = read(sheets.ods(rows, inside=inside), "a.ods")
    else:
        before = "<x:ExcelWorkbook><x:Date1904/></x:ExcelWorkbook>"
        data = sheets.xml2003(rows).replace(b"<Styles>", before.encode() + b"<Styles>")
        table = read(data, "a.xls")
    assert values(table, "date") == [date(2026, 3, 9)]


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        case(33, "place", "810826855  发甲厂", "810826855"),
        case(33, "boxes", "810825770 30箱", "810825770"),
        case(33, "extra", "810831213 多出", "810831213"),
        case(33, "tab", "810823177\t发三厂", "810823177"),
        case(33, "delete", "\x7f810837491", "810837491"),
        case(33, "none", "无单", None),
    ],
)
def test_key_beside_free_text(cell, note):
    rows = [("备注", "料号", "数量"), (cell, "JG-1", 3)]
    columns = {"note": "备注", "part": None, "quantity": None}
    table = read(sheets.xlsx(rows), columns=columns, key_pattern=r"\d{9,}")
    assert values(table, "note") == [note]
    assert table.rows[0].raw["note"] == cell


@pytest.mark.parametrize(
    ("one", "other"),
    [
        case(32, "case", "asn-01a", "ASN-01A"),
        case(32, "dash", "JG–01", "JG-01"),
        case(32, "wide", "ＪＧ－０１", "JG-01"),
        case(32, "times", "30×20*5", "30x20X5"),
        case(32, "phi", "Φ30", "φ30"),
        case(32, "cyrillic", "Ф30", "Φ30"),
        case(34, "brackets", "永达（五金）", "永达(五金)"),
        case(34, "blanks", "永达 五金", "永达五金"),
    ],
)
def test_spellings_of_one_code_compare_equal(one, other):
    assert ledger.clean_key(one) == ledger.clean_key(other)


def test_an_alias_is_no_matter_of_spelling():
    """i34: 永达五金 and 永达五金厂 may be two companies; a person says so."""
    assert ledger.clean_key("永达五金") != ledger.clean_key("永达五金厂")


@pytest.mark.parametrize(
    ("price", "amount", "told"),
    [
        case(36, "rounded-price", 3955.33, 7911, True),
        case(36, "exact", 3955.5, 7911, False),
        case(36, "within-a-cent", 3955.502, 7911, False),
    ],
)
def test_quantity_times_price_is_not_the_amount(price, amount, told):
    table = read(sheets.xlsx([HEAD, (*LINE[:4], price, amount, "")]))
    assert values(table, "total") == [amount]
    assert ("quantity times price" in said(table)) is told


@pytest.mark.parametrize(
    ("head", "cells", "expected", "basis"),
    [
        case(37, "not-stated", ("金额",), (9,), {"amount": 9}, None),
        case(37, "without", ("金额(不含税)",), (9,), {"amount": 9}, "excluded"),
        case(37, "both", ("未税金额", "含税金额"), (9, 10.17),
             {"amount": 9, "total": Decimal("10.17")}, "excluded"),
        case(37, "one-filled", ("未税金额", "含税金额"), (None, 10.17),
             {"amount": None, "total": Decimal("10.17")}, "excluded"),
    ],
)  # fmt: skip
def test_side_of_the_tax(head, cells, expected, basis):
    table = read(sheets.xlsx([("送货单号", "数量", *head), ("SD1", 1, *cells)]))
    row = table.rows[0].values
    assert {name: row[name] for name in expected} == expected
    assert table.tax_basis == basis


# --- errors and formulas, in every kind of file: 5, 6, 38, 40 ------------------


def formula_xlsx(formula, value=""):
    """A workbook whose F3 is a formula without a stored result, or with one."""
    data = sheets.xlsx(
        [HEAD, LINE, (*OTHER[:5], None, "")],
        prepare=lambda _b, s: s.write_formula(2, 5, "=" + formula, None, value),
    )
    xml = zipfile.ZipFile(io.BytesIO(data)).read(SHEET).decode()
    if value == "":
        xml = xml.replace("</f><v></v>", "</f>")
        xml = re.sub(r'<c r="F3"[^>]*>', '<c r="F3">', xml)
    return sheets.with_part(data, SHEET, xml)


def formula_xls(formula):
    """The same as an old workbook."""
    import xlwt

    rows = [HEAD, LINE, OTHER[:5]]
    data = xlwt.Formula(formula)
    return sheets.xls(rows, prepare=lambda _b, s: s.write(2, 5, data))


def formula_ods(formula):
    """The same as an OpenDocument sheet."""
    text = formula.replace(",", ";")
    for place in ("D3", "E3", "F2", "A1:B2", "D2:D3", "C2"):
        text = text.replace(place, f"[.{place.replace(':', ':.')}]")
    cell = Raw(f'<table:table-cell table:formula="of:={text}"/>')
    return sheets.ods([HEAD, LINE, (*OTHER[:5], cell)])


def formula_xml(formula):
    """The same as a spreadsheet of 2003, with places beside the cell."""
    text = formula
    for place, relative in (("D3", "RC[-2]"), ("E3", "RC[-1]"), ("F2", "R[-1]C"),
                            ("D2", "R2C4"), ("A1:B2", "R1C1:R2C2"),
                            ("C2", "R2C3")):  # fmt: skip
        text = text.replace(place, relative)
    return sheets.xml2003(
        [HEAD, LINE, (*OTHER[:5], Raw(f'<Cell ss:Formula="={text}"/>'))]
    )


def formula_html(formula):
    """The same as a page that a spreadsheet program wrote."""
    return sheets.html(
        [HEAD, LINE, (*OTHER[:5], Raw(f'<td x:fmla="={formula}"></td>'))]
    )


FORMULA_FILES = {
    "a.xlsx": formula_xlsx,
    "a.xls": formula_xls,
    "a.ods": formula_ods,
    "old.xls": formula_xml,
    "page.xls": formula_html,
}
PLAIN = [
    ("D3*E3", "100"),
    ("D3+E3", "101"),
    ("E3-D3", "99"),
    ("SUM(D3:E3)", "101"),
    ("ROUND(E3/1.13,2)", "88.50"),
    ("-F2", "-7910"),
    ("ROUND(E3/8,0)", "13"),
    ("ROUND(-E3/8,0)", "-13"),
]
NOT_PLAIN = ["VLOOKUP(D3,A1:B2,2)", "E3/7", "D3*C2", "NOW()"]


@pytest.mark.parametrize(
    ("filename", "formula", "value"),
    [
        case(40, f"{name}-{formula}", name, formula, value)
        for name in FORMULA_FILES
        for formula, value in PLAIN
        # The numbers of a page are texts, which a sum passes over.
        if name != "page.xls" or "SUM" not in formula
    ],
)
def test_plain_formula_is_computed_and_told(filename, formula, value):
    table = read(FORMULA_FILES[filename](formula), filename)
    assert values(table, "total")[1] == Decimal(value)
    assert "1 formulas without a stored result were computed here: F3 = " in said(table)


@pytest.mark.parametrize(
    ("filename", "formula"),
    [
        case(40, f"{name}-{formula}", name, formula)
        for name in FORMULA_FILES
        for formula in NOT_PLAIN
    ],
)
def test_other_formula_is_refused_and_never_zero(filename, formula):
    table = read(FORMULA_FILES[filename](formula), filename)
    assert [row.number for row in table.rows] == [2]
    found = [item for item in table.skipped if item.row == 3]
    assert [item.cell for item in found] == ["F3"]
    assert "no stored result" in str(found[0].reason)


@pytest.mark.parametrize(
    ("formula", "value", "row"),
    [
        case(5, "link-with-result", "VLOOKUP(B3,[1]合同!$A:$C,3,0)", 100, True),
        case(5, "link-without", "VLOOKUP(B3,[1]合同!$A:$C,3,0)", "", False),
        case(6, "evaluate", "EVALUATE(L4)", "", False),
        case(6, "xlookup", "_xlfn.XLOOKUP(B3,A1:A2,F1:F2)", "", False),
        case(6, "xlookup-with-result", "_xlfn.XLOOKUP(B3,A1:A2,F1:F2)", 7.5, True),
    ],
)
def test_formula_of_another_file_or_a_rare_function(formula, value, row):
    data = sheets.with_part(
        formula_xlsx(formula, value),
        "xl/externalLinks/externalLink1.xml",
        "<externalLink/>",
    )
    table = read(data)
    assert [r.number for r in table.rows] == ([2, 3] if row else [2])
    if row:
        assert values(table, "total")[1] == Decimal(str(value))
    else:
        assert table.skipped[-1].value == f"={formula}"
        assert f"={formula} in this cell" in str(table.skipped[-1].reason)
    assert ("1 cells take their value from another file" in said(table)) is (
        "[1]" in formula
    )


def with_recalculation(data, stated):
    """The workbook asking, or not, for everything to be computed when opened."""
    part = "xl/workbook.xml"
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part).decode()
    assert 'fullCalcOnLoad="1"' in xml
    if not stated:
        xml = xml.replace('fullCalcOnLoad="1"', "")
    return sheets.with_part(data, part, xml)


@pytest.mark.parametrize(
    ("formula", "stated", "expected"),
    [
        case(40, "zero-of-a-script", "D3*E3", True, 100),
        case(40, "zero-not-computable", "IF(D3,E3)", True, None),
        case(40, "zero-computed-by-a-program", "IF(D3,0)", False, 0),
    ],
)
def test_zero_of_a_script_that_computes_nothing(formula, stated, expected):
    """Some scripts store 0 for every formula and ask for a computation."""
    table = read(with_recalculation(formula_xlsx(formula, 0), stated))
    assert values(table, "total")[1:] == ([] if expected is None else [expected])


def test_shared_formulas_are_computed_from_their_first():
    """i40: one formula stands once, the rows below only refer to it."""
    rows = sheets.text_row(1, *HEAD[:6])
    for number in (2, 3, 4):
        text = "D2*$E$2" if number == 2 else ""
        rows += (
            f'<row r="{number}"><c r="B{number}" t="inlineStr"><is><t>S{number}</t>'
            f'</is></c><c r="D{number}"><v>{number}</v></c>'
            f'<c r="E{number}"><v>10</v></c><c r="F{number}">'
            f'<f t="shared" ref="F2:F4" si="0">{text}</f></c></row>'
        )
    table = read(sheets.with_sheet_xml(rows))
    assert values(table, "total") == [20, 30, 40]


@pytest.mark.parametrize(
    ("formula", "cells"),
    [
        case(40, "circle", "F3*2", 2),
        case(40, "sum-of-nothing", "SUM(G2:G3)", 2),
        case(40, "number-as-text-in-sum", "SUM(C2:D2)", 2),
        case(40, "by-zero", "D3/(E3-E3)", 2),
        case(40, "huge", "D3*E3*1" + "000000000000000" * 3, 2),
        case(40, "deep", "(" * 120 + "D3" + ")" * 120, 2),
        case(40, "long", "+".join(["D3"] * 200), 2),
        case(40, "date", "A3+30", 2),
        case(40, "other-sheet", "'附表'!A1*2", 2),
        case(40, "text", '"100"', 2),
        case(40, "off-the-sheet", "D3*XFD1048577", 2),
    ],
)
def test_formula_without_one_sure_value_is_refused(formula, cells):
    if formula.startswith("("):
        # However deep, it is the same plain number; only a limit may refuse it.
        table = read(formula_xlsx(formula))
        assert len(table.rows) in (1, 2)
        return
    table = read(formula_xlsx(formula))
    assert [row.number for row in table.rows] == [2]


def test_references_in_a_formula_are_read_as_their_characters():
    """i40: some programs write every Chinese sheet name as numbers."""

    def table(formula):
        cells = (
            '<c r="A2" t="inlineStr"><is><t>SD1</t></is></c><c r="B2"><v>3</v></c>'
            f'<c r="C2"><f>{formula}</f></c>'
        )
        head = sheets.text_row(1, "送货单号", "数量", "金额")
        return read(sheets.with_sheet_xml(f'{head}<row r="2">{cells}</row>'))

    assert values(table("B2&#42;2"), "amount") == [6]
    (found,) = table("&#21512;&#21516;!B2&amp;1").skipped
    assert found.value == "=合同!B2&1"


def test_long_chain_of_formulas_is_computed_once_each():
    """i40: a running balance over many rows, each from the one above."""
    rows = [sheets.text_row(1, "送货单号", "数量", "金额")]
    for number in range(2, 3002):
        text = f"B{number}" if number == 2 else f"C{number - 1}+B{number}"
        rows.append(
            f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>S{number}</t>'
            f'</is></c><c r="B{number}"><v>1</v></c>'
            f'<c r="C{number}"><f>{text}</f></c></row>'
        )
    table = read(sheets.with_sheet_xml("".join(rows)))
    assert values(table, "amount")[-1] == 3000
    assert "3000 formulas" in said(table)


ERRORS = {
    "a.xlsx": lambda: sheets.xlsx(
        [HEAD, LINE, (*OTHER[:5], None, "")],
        prepare=lambda _b, s: s.write_formula(2, 5, "=#REF!", None, "#REF!"),
    ),
    "a.xls": lambda: sheets.xls(
        [HEAD, LINE, OTHER[:5]],
        prepare=lambda _b, s: s.row(2).set_cell_error(5, "#REF!"),
    ),
    "a.ods": lambda: sheets.ods(
        [
            HEAD,
            LINE,
            (
                *OTHER[:5],
                Raw(
                    '<table:table-cell table:formula="of:=[.#REF!]" '
                    'office:value-type="string" office:string-value="" '
                    'calcext:value-type="error"><text:p>#REF!</text:p>'
                    "</table:table-cell>"
                ),
            ),
        ]
    ),
    "old.xls": lambda: sheets.xml2003(
        [
            HEAD,
            LINE,
            (*OTHER[:5], Raw('<Cell><Data ss:Type="Error">#REF!</Data></Cell>')),
        ]
    ),
    "page.xls": lambda: sheets.html([HEAD, LINE, (*OTHER[:5], "#REF!")]),
    "a.csv": lambda: sheets.csv_text([HEAD, LINE, (*OTHER[:5], "#REF!", "")]),
}


@pytest.mark.parametrize(
    "filename", [case(38, name, name) for name in ERRORS]
)  # fmt: skip
def test_error_cell_is_reported_and_never_empty(filename):
    table = read(ERRORS[filename](), filename)
    assert [row.number for row in table.rows] == [2]
    found = table.skipped[-1]
    assert (found.row, found.cell, found.value) == (3, "F3", "#REF!")


# --- kinds of files: 1 to 9 ---------------------------------------------------

ROWS = [
    HEAD,
    (date(2026, 3, 2), "0000611365", "左窗夹具（铝）", 2, 3955.5, 7911, "一\n二"),
    (datetime(2026, 3, 3, 14, 5), "SD2", "图号 & <甲>", "1,200", None, -5.25, None),
]
TRADITIONAL = str.maketrans("货单图号数价税计备铝夹", "貨單圖號數價稅計備鋁夾")
ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8-bom": lambda text: text.encode("utf-8-sig"),
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-16": lambda text: text.encode("utf-16"),
    "big5": lambda text: text.translate(TRADITIONAL).encode("big5hkscs"),
}


@pytest.mark.parametrize("name", [case(1, name, name) for name in sheets.KINDS])
def test_every_kind_of_file_gives_the_same_rows(name):
    table = read(sheets.KINDS[name](ROWS), name)
    assert [row.number for row in table.rows] == [2, 3]
    assert values(table, "note") == ["0000611365", "SD2"]
    assert values(table, "part") == ["左窗夹具（铝）", "图号 & <甲>"]
    assert values(table, "quantity") == [2, 1200]
    assert values(table, "price") == [Decimal("3955.5"), None]
    assert values(table, "total") == [7911, Decimal("-5.25")]
    assert values(table, "remark") == ["一 二", None]
    assert values(table, "date") == [date(2026, 3, 2), datetime(2026, 3, 3, 14, 5)]


@pytest.mark.parametrize("encoding", [case(1, f"csv-{e}", e) for e in ENCODINGS])
def test_text_in_every_usual_encoding(encoding):
    text = sheets.csv_text(ROWS).decode().replace("二", "中")
    table = read(ENCODINGS[encoding](text), "a.csv")
    assert values(table, "note") == ["0000611365", "SD2"]
    assert values(table, "part")[0] in ("左窗夹具（铝）", "左窗夾具（鋁）")


@pytest.mark.parametrize(
    ("maker", "encoding"),
    [
        case(1, "page-gb2312", sheets.html, "gb2312"),
        case(1, "page-gbk", sheets.html, "gbk"),
        case(1, "page-utf-8", sheets.html, "utf-8"),
        case(1, "xml-gb2312", sheets.xml2003, "gb2312"),
        case(1, "xml-utf-16", sheets.xml2003, "utf-16"),
    ],
)
def test_pages_and_xml_in_the_encoding_they_state(maker, encoding):
    table = read(maker(ROWS, encoding=encoding), "export.xls")
    assert values(table, "part")[0] == "左窗夹具（铝）"


@pytest.mark.parametrize(
    "maker",
    [case(1, "page", sheets.html), case(1, "xml", sheets.xml2003)],
)
def test_an_old_name_for_a_newer_encoding(maker):
    """What calls itself gb2312 holds characters that only its successors have."""
    rows = [HEAD, (*LINE[:2], "喆镕治具", *LINE[3:])]
    data = maker(rows, encoding="gbk").replace(b"gbk", b"gb2312")
    assert values(read(data, "export.xls"), "part") == ["喆镕治具"]


@pytest.mark.parametrize(
    "data",
    [
        case(1, "page-unstated-gb", sheets.html_text(ROWS).encode("gb18030")),
        case(1, "page-bom", sheets.html_text(ROWS).encode("utf-8-sig")),
        case(1, "page-utf-16", sheets.html_text(ROWS).encode("utf-16")),
        case(1, "page-doctype", b"<!DOCTYPE html>\n" + sheets.html(ROWS)),
        case(
            1, "page-bare-table", sheets.html_text(ROWS).partition("<body>")[2].encode()
        ),
        case(1, "page-xhtml", b'<?xml version="1.0"?>' + sheets.html(ROWS)),
    ],
)
def test_pages_that_state_less(data):
    assert values(read(data, "export.xls"), "part")[0] == "左窗夹具（铝）"


def test_a_wps_workbook_is_told_by_its_content():
    """i01, i08: .et holds one of the two usual workbooks."""
    assert len(read(sheets.xlsx(ROWS), "表.et").rows) == 2
    assert len(read(sheets.xls(ROWS), "表.et").rows) == 2


@pytest.mark.parametrize(
    ("sep", "mark"),
    [case(2, "comma", "sep=,", ","), case(2, "semicolon", "sep=;", ";")],
)
def test_first_line_names_the_separator(sep, mark):
    text = f"{sep}\r\n送货单号{mark}数量\r\nSD1{mark}2\r\n"
    table = read(text.encode("utf-8-sig"), "a.csv")
    assert [row.number for row in table.rows] == [3]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        case(3, "lock-file", "~$表.xlsx", b"\x05admin" + b" " * 159, "lock file"),
        case(3, "lock-file-of-another", ".~lock.表.ods#", b",admin,pc;", "lock file"),
        case(8, "xlsb", "a.xlsb", sheets.with_part(b"PK\x05\x06" + bytes(18),
             "xl/workbook.bin", b"\x00"), "save it as xlsx"),
        case(8, "document", "a.xls", sheets.html([])[:20], "."),
        case(1, "archive", "a.xls", b"MIME-Version: 1.0\r\n", "web archive"),
        case(1, "letter", "a.odt", sheets.ods_of(
             sheets.ods_xml([]).replace("office:spreadsheet", "office:text")),
             "not a spreadsheet"),
        case(1, "page-without-table", "a.xls", b"<html><p>Session expired</p></html>",
             "web page without a table"),
    ],
)  # fmt: skip
def test_file_that_is_no_workbook(name, data, words):
    assert words in refusal(data, name)


def encrypted_ods():
    """An OpenDocument sheet with a password."""
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    data = sheets.with_part(sheets.ods(ROWS), "META-INF/manifest.xml", manifest)
    return sheets.with_part(data, "content.xml", bytes(range(256)))


def encrypted_xls():
    """An old workbook that says its records are enciphered."""
    data = sheets.xls(ROWS)
    place = data.find(b"\x42\x00\x02\x00")
    assert place > 0
    return data[:place] + b"\x2f\x00\x02\x00" + data[place + 4 :]


@pytest.mark.parametrize(
    ("name", "data"),
    [case(8, "password-ods", "a.ods", encrypted_ods()),
     case(8, "password-xls", "a.xls", encrypted_xls())],
)  # fmt: skip
def test_password_is_named(name, data):
    assert "without a password" in refusal(data, name)


def test_one_sheet_of_31_and_names_with_blanks():
    """i04: only one sheet holds the table; its name may have blanks around."""
    others = [(f"说明{n}", [("导入说明",), ("按模板填写",)]) for n in range(30)]
    data = sheets.xlsx(ROWS, name="' PL ".strip("'"), others=others)
    assert read(data).sheet == " PL "
    assert read(data, sheet="PL").sheet == " PL "


@pytest.mark.parametrize(
    ("name", "make"),
    [
        case(4, "hidden-ods", "a.ods", lambda: sheets.ods(
            ROWS,
            styles='<style:style style:name="h"><style:table-properties '
            'table:display="false"/></style:style>',
            after='<table:table table:name="旧" table:style-name="h"><table:table-row>'
            "<table:table-cell/></table:table-row></table:table>")),
        case(4, "hidden-xml", "a.xls", lambda: sheets.xml2003(ROWS).replace(
            b"</Workbook>",
            b'<Worksheet ss:Name="x"><Table><Row><Cell><Data ss:Type="String">a</Data>'
            b'</Cell></Row></Table><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible>'
            b"</x:WorksheetOptions></Worksheet></Workbook>")),
    ],
)  # fmt: skip
def test_hidden_sheets_are_left_alone(name, make):
    assert list(ledger.load(make(), name).sheets) == ["明细"]


MERGES = {
    "a.xlsx": lambda: sheets.xlsx(
        [HEAD, (None, None, *LINE[2:]), (None, None, *LINE[2:])],
        merges=[(1, 1, 2, 1, "SD1")],
    ),
    "a.xls": lambda: sheets.xls(
        [HEAD, (None, None, *LINE[2:]), (None, None, *LINE[2:])],
        prepare=lambda _b, s: s.write_merge(1, 2, 1, 1, "SD1"),
    ),
    "a.ods": lambda: sheets.ods(
        [
            HEAD,
            (
                None,
                Raw(
                    '<table:table-cell table:number-rows-spanned="2" '
                    'office:value-type="string"><text:p>SD1</text:p></table:table-cell>'
                ),
                *LINE[2:],
            ),
            (None, Raw("<table:covered-table-cell/>"), *LINE[2:]),
        ]
    ),
    "old.xls": lambda: sheets.xml2003(
        [
            HEAD,
            (
                None,
                Raw('<Cell ss:MergeDown="1"><Data ss:Type="String">SD1</Data></Cell>'),
                *LINE[2:],
            ),
            (
                None,
                Raw(
                    '<Cell ss:Index="3"><Data ss:Type="String">JG-0301-00</Data></Cell>'
                ),
                *LINE[3:],
            ),
        ]
    ),
    "page.xls": lambda: sheets.html(
        [HEAD, (None, Raw("<td rowspan=2>SD1</td>"), *LINE[2:]), (None, *LINE[2:])]
    ),
}


@pytest.mark.parametrize("name", [case(7, name, name) for name in MERGES])
def test_merged_cells_are_known_in_every_kind(name):
    table = read(MERGES[name](), name)
    assert values(table, "note") == ["SD1", "SD1"]
    assert values(table, "part") == ["JG-0301-00"] * 2
    assert "Merged cells" in said(table)


def test_same_file_twice_has_one_hash():
    """i09: 副本 of a file is known by its content."""
    data = sheets.xlsx(ROWS)
    assert read(data, "对账.xlsx").sha256 == read(data, "对账 - 副本.xlsx").sha256


def test_page_with_spans_entities_and_a_table_inside():
    """i01: a page as web systems make them, all in one sheet as one sees it."""
    inner = sheets.html_text(
        [HEAD, (*LINE[:2], Raw("<td>JG&nbsp;&amp;&#x7532;<br>二</td>"), *LINE[3:])]
    )
    data = (
        "<html><body><h1>对账单</h1><table><tr><td>标题"
        f"{inner}以上无误</td></tr></table><p>制表：甲</p></body></html>"
    ).encode()
    table = read(data, "page.xls")
    grid = ledger.load(data, "page.xls").sheets["page"]
    assert grid.columns[0][0::4] == ["对账单", "以上无误"]
    assert grid.columns[0][5] == "制表：甲"
    assert table.header_row == 3
    assert values(table, "part") == ["JG &甲 二"]
    assert [row.number for row in table.rows] == [4]


# --- what is hidden or marked: 23, 26, 41, 42, 43 ------------------------------


def hide_xlsx(_book, sheet):
    """Hide a row and a column; filter."""
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.set_column(4, 4, None, None, {"hidden": True})
    sheet.autofilter(0, 0, 2, 6)
    sheet.filter_column("D", "x > 1")


def hide_xls(_book, sheet):
    """Hide a row and a column."""
    sheet.row(1).hidden = True
    sheet.col(4).hidden = True


HIDDEN = {
    "a.xlsx": lambda: sheets.xlsx([HEAD, LINE, OTHER], prepare=hide_xlsx),
    "a.xls": lambda: sheets.xls([HEAD, LINE, OTHER], prepare=hide_xls),
    "a.ods": lambda: sheets.ods(
        [
            HEAD,
            Raw(
                '<table:table-row table:visibility="filter">'
                + "".join(map(sheets.ods_cell, LINE))
                + "</table:table-row>"
            ),
            OTHER,
        ],
        inside='<table:table-column table:number-columns-repeated="4"/>'
        '<table:table-column table:visibility="collapse"/>',
    ),
    "old.xls": lambda: sheets.xml2003(
        [
            HEAD,
            Raw(f'<Row ss:Hidden="1">{"".join(map(sheets.xml2003_cell, LINE))}</Row>'),
            OTHER,
        ],
        columns='<Column ss:Index="5" ss:Hidden="1"/>',
        after='<x:AutoFilter><x:AutoFilterColumn x:Type="Custom"/></x:AutoFilter>',
    ),
    "page.xls": lambda: sheets.html(
        [
            HEAD,
            Raw(
                f'<tr style="display:none">{"".join(map(sheets.html_cell, LINE))}</tr>'
            ),
            OTHER,
        ]
    ),
}


@pytest.mark.parametrize("name", [case(23, name, name) for name in HIDDEN])
def test_what_is_hidden_is_read_and_told(name):
    table = read(HIDDEN[name](), name)
    assert [row.number for row in table.rows] == [2, 3]
    assert "1 hidden rows were read" in said(table)
    if name != "page.xls":
        assert "The hidden columns E were read" in said(table)
    if name not in ("page.xls", "a.xls"):
        assert "A filter is active" in said(table)


def test_filter_of_a_table_inside_the_sheet():
    """i23: a table in a sheet has a filter of its own, in another part."""

    def prepare(_book, sheet):
        columns = [{"header": title} for title in HEAD]
        sheet.add_table(0, 0, 1, 6, {"columns": columns, "data": [LINE]})

    data = sheets.xlsx([HEAD, LINE], prepare=prepare)
    assert "filter" not in said(read(data))
    part = "xl/tables/table1.xml"
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part).decode()
    active = '<autoFilter ref="A1:G2"><filterColumn colId="1"/></autoFilter>'
    xml = xml.replace('<autoFilter ref="A1:G2"/>', active)
    assert active in xml
    assert "A filter is active" in said(read(sheets.with_part(data, part, xml)))


def mark_xlsx(row, column, value, **look):
    """A workbook with one more line in which a cell looks different."""

    def prepare(book, sheet):
        sheet.write(row, column, value, book.add_format(look))

    return sheets.xlsx([HEAD, LINE, OTHER, LINE, OTHER, LINE], prepare=prepare)


def mark_xls(value, style):
    """The same as an old workbook."""
    import xlwt

    rows = [HEAD, LINE, (*OTHER[:3], None, *OTHER[4:]), LINE, OTHER, LINE]
    look = xlwt.easyxf(style)
    return sheets.xls(rows, prepare=lambda _b, s: s.write(2, 3, value, look))


def mark_ods(value, properties):
    """The same as an OpenDocument sheet, with the style on the whole column."""
    styles = f'<style:style style:name="m">{properties}</style:style>'
    cell = Raw(
        '<table:table-cell table:style-name="m" office:value-type="float" '
        f'office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    )
    rows = [HEAD, LINE, (*OTHER[:3], cell, *OTHER[4:]), LINE, OTHER, LINE]
    return sheets.ods(rows, styles=styles)


def mark_xml(value, properties):
    """The same as a spreadsheet of 2003."""
    styles = f'<Style ss:ID="m">{properties}</Style>'
    cell = Raw(f'<Cell ss:StyleID="m"><Data ss:Type="Number">{value}</Data></Cell>')
    rows = [HEAD, LINE, (*OTHER[:3], cell, *OTHER[4:]), LINE, OTHER, LINE]
    return sheets.xml2003(rows, styles=styles)


def mark_html(value, markup):
    """The same as a page."""
    rows = [HEAD, LINE, (*OTHER[:3], Raw(markup.format(value)), *OTHER[4:]), LINE,
            OTHER, LINE]  # fmt: skip
    return sheets.html(rows)


RED = {
    "a.xlsx": lambda value: mark_xlsx(2, 3, value, font_color="red"),
    "a.xls": lambda value: mark_xls(value, "font: colour red"),
    "a.ods": lambda v: mark_ods(v, '<style:text-properties fo:color="#ff0000"/>'),
    "old.xls": lambda value: mark_xml(value, '<Font ss:Color="#FF0000"/>'),
    "page.xls": lambda v: mark_html(v, "<td><font color=red>{}</font></td>"),
    "css.xls": lambda v: mark_html(v, '<td style="color:#F00">{}</td>'),
}
STRIKE = {
    "a.xlsx": lambda: mark_xlsx(2, 3, 1, font_strikeout=True),
    "a.xls": lambda: mark_xls(1, "font: struck_out on"),
    "a.ods": lambda: mark_ods(
        1, '<style:text-properties style:text-line-through-style="solid"/>'
    ),
    "old.xls": lambda: mark_xml(1, '<Font ss:StrikeThrough="1"/>'),
    "page.xls": lambda: mark_html(1, "<td><s>{}</s></td>"),
}
FILL = {
    "a.xlsx": lambda: mark_xlsx(2, 3, 1, bg_color="yellow", pattern=1),
    "a.xls": lambda: mark_xls(1, "pattern: pattern solid, fore_colour yellow"),
    "a.ods": lambda: mark_ods(
        1, '<style:table-cell-properties fo:background-color="#ffff00"/>'
    ),
    "old.xls": lambda: mark_xml(1, '<Interior ss:Color="#FFFF00" ss:Pattern="Solid"/>'),
    "page.xls": lambda: mark_html(1, '<td bgcolor="#FFFF00">{}</td>'),
}


@pytest.mark.parametrize("name", [case(26, name, name) for name in RED])
def test_red_figure_is_told_and_negative_only_by_the_profile(name):
    data = RED[name](1)
    table = read(data, name)
    assert values(table, "quantity") == [2, 1, 2, 1, 2]
    assert "3 D3: Red figures without a minus sign stand in the rows 3" in said(table)
    table = read(data, name, red_is_return=True)
    assert values(table, "quantity") == [2, -1, 2, 1, 2]
    assert values(table, "total") == [7910, -100, 7910, 100, 7910]
    assert "rows 3 count as returns" in said(table)


def test_red_figure_with_a_minus_sign_is_a_return_anyway():
    table = read(RED["a.xlsx"](-1), red_is_return=True)
    assert values(table, "quantity")[1] == -1
    assert "Red" not in said(read(RED["a.xlsx"](-1)))


@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        case(26, "minus", -3, None, -3),
        case(26, "type", 3, "退货", -3),
        case(26, "type-and-minus", -3, "退仓", -3),
        case(26, "plus", 3, "发货", 3),
    ],
)
def test_return_by_sign_or_by_type(cell, kind, expected):
    rows = [("送货单号", "事务类型", "数量"), ("SD1", kind, cell)]
    assert values(read(sheets.xlsx(rows)), "quantity") == [expected]


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        *(case(42, f"struck-{n}", n, make, "Struck-through cells stand in the rows 3")
          for n, make in STRIKE.items()),
        *(case(42, f"filled-{n}", n, make, "Coloured cells stand in the rows 3")
          for n, make in FILL.items()),
        case(42, "red-text", "a.xlsx", lambda: mark_xlsx(2, 6, "未收到",
             font_color="#C00000"), "Text in red stands in the rows 3"),
    ],
)  # fmt: skip
def test_marks_are_told_by_row_and_cell(name, make, words):
    table = read(make(), name)
    assert len(table.rows) == 5
    assert words in said(table)


def test_colour_of_every_line_is_decoration():
    """i42: a coloured column means nothing for one line."""

    def prepare(book, sheet):
        look = book.add_format({"bg_color": "yellow", "pattern": 1})
        for row in range(1, 4):
            sheet.write(row, 3, 2, look)

    table = read(sheets.xlsx([HEAD, LINE, OTHER, LINE], prepare=prepare))
    assert "Coloured" not in said(table)


COMMENTS = {
    "a.xlsx": lambda: sheets.xlsx(
        [HEAD, LINE], prepare=lambda _b, s: s.write_comment("F2", "含运费\n120")
    ),
    "a.ods": lambda: sheets.ods(
        [
            HEAD,
            (
                *LINE[:5],
                Raw(
                    '<table:table-cell office:value-type="float" office:value="7910">'
                    "<office:annotation><text:p>含运费</text:p><text:p>120</text:p>"
                    "</office:annotation><text:p>7910</text:p></table:table-cell>"
                ),
            ),
        ]
    ),
    "old.xls": lambda: sheets.xml2003(
        [
            HEAD,
            (
                *LINE[:5],
                Raw(
                    '<Cell><Data ss:Type="Number">7910</Data><Comment ss:Author="x">'
                    "<ss:Data>含运费&#10;120</ss:Data></Comment></Cell>"
                ),
            ),
        ]
    ),
}


@pytest.mark.parametrize("name", [case(43, name, name) for name in COMMENTS])
def test_comment_is_told_with_its_cell(name):
    table = read(COMMENTS[name](), name)
    assert values(table, "total") == [7910]
    assert "2 F2: The cell has a comment: 含运费 120" in said(table)


@pytest.mark.parametrize(
    ("rows", "profile", "expected", "words"),
    [
        case(41, "negative-is-owed", [("送货单号", "金额"), ("SD1", -500.5)], {},
             [Decimal("-500.5")], ""),
        case(41, "debit-credit", [("单号", "借贷方向", "金额"), ("A", "借", 5),
             ("B", "贷", 3)], {}, [5, 3], "Column B tells 借、贷 apart"),
        case(41, "debit-credit-stated", [("单号", "借贷方向", "金额"), ("A", "借", 5),
             ("B", "贷", 3)], {"negative": ["贷"]}, [5, -3], ""),
    ],
)  # fmt: skip
def test_sign_of_a_balance(rows, profile, expected, words):
    table = read(sheets.xlsx(rows), **profile)
    assert values(table, "amount") == expected
    assert words in said(table)
    assert bool(words) == bool(said(table))


@pytest.mark.parametrize(
    "head",
    [case(45, "mixed", ("送貨单号", "数量", "金額")),
     case(45, "traditional", ("送貨單號", "數量", "金額")),
     case(45, "tax", ("送貨单號", "數量", "不含稅金额"))],
)  # fmt: skip
def test_headings_in_mixed_script(head):
    table = read(sheets.xlsx([head, ("SD1", 2, 9)]))
    assert values(table, "quantity") == [2]
