# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every irregularity of layout that ledgers are known for: its rows, or why not.

Each case is a sheet and what must come of it: {row: {field: value}} of the lines,
or a part of the refusal and its cell. Numbers are those of the list of the trade.
"""

from datetime import date, datetime
from decimal import Decimal

import ledger
import pytest
import sheets
from ledger import Profile, Refused

DAY = date(2026, 3, 2)
HEAD = ("日期", "送货单号", "料号", "数量", "金额(不含税)")
PERIOD = {"period_from": date(2026, 3, 1), "period_to": date(2026, 3, 31)}


def line(note, quantity=2, amount=20, day=DAY):
    """A line under HEAD."""
    return (day, note, "P-1", quantity, amount)


def is_line(note, quantity=2, amount=20, **more):
    """What must be read of such a line."""
    return {"note": note, "quantity": quantity, "amount": amount, **more}


CASES = {
    # (rows, merges, profile, {row: values} or (sentence, cell))
    "i10-titles-sixteen-rows-down": (
        [*[(f"地址第{n}行",) for n in range(15)], ("单位：元",), HEAD, line("S1")],
        {18: is_line("S1")},
    ),
    "i10-no-title-at-all": ([HEAD, line("S1")], {2: is_line("S1")}),
    "i10-from-column-b": (
        [(None, "对账单"), (None, *HEAD), (None, *line("S1"))],
        {3: is_line("S1", date=DAY)},
    ),
    "i11-english-over-chinese": (
        [("Date", "DN", "P/N", "Qty", "Amount"), HEAD, line("S1")],
        {3: is_line("S1")},
    ),
    "i11-chinese-over-english": (
        [HEAD, ("Date", "Delivery note", "P/N", "Qty", "Amount"), line("S1")],
        {3: is_line("S1")},
    ),
    "i11-each-row-knows-a-part": (
        [("Date", "Slip", "Thing", "Qty", None),
         ("某日", "送货单号", "料号", "某数", "金额(不含税)"), line("S1")],
        {3: is_line("S1", date=DAY, part="P-1")},
    ),
    "i11-both-in-one-cell": (
        [("Date 日期", "Delivery note\n送货单号", "Part Number料号", "Qty\n数量",
          "金额(不含税)"), line("S1")],
        {2: is_line("S1", part="P-1", date=DAY)},
    ),
    "i11-newline-within-a-word": (
        [("日期", "送货\n单号", "料 号", "数\n量", "金额\n(不含税)"), line("S1")],
        {2: is_line("S1", part="P-1")},
    ),
    "i12-groups-over-tax": (
        [("日期", "单号", "不含税", None, "含税", None),
         (None, None, "单价", "金额", "单价", "金额"),
         (DAY, "S1", 10, 20, 11.3, 22.6)],
        [(0, 2, 0, 3, "不含税"), (0, 4, 0, 5, "含税"), (0, 0, 1, 0, "日期"),
         (0, 1, 1, 1, "单号")],
        {3: {"note": "S1", "amount": 20, "total": Decimal("22.6")}},
    ),
    "i12-groups-without-merges": (
        [("日期", "单号", "送货", None, "入库", None),
         (None, None, "数量", "单位", "日期", "数量"),
         (DAY, "S1", 10, "件", DAY, 9)],
        {3: {"note": "S1", "quantity": 10, "accepted": 9, "receipt_date": DAY}},
    ),
    "i12-groups-on-each-page": (
        [("日期", "单号", "送货", None), (None, None, "数量", "单位"),
         (DAY, "S1", 3, "件"), ("日期", "单号", "送货", None),
         (None, None, "数量", "单位"), (DAY, "S2", 4, "件")],
        {3: {"note": "S1", "quantity": 3}, 6: {"note": "S2", "quantity": 4}},
    ),
    "i12-two-groups-of-one-meaning": (
        [("日期", "部门", "员餐", None, "其他", None),
         (None, None, "不含税", "税费", "不含税", "税费"),
         (DAY, "甲", 1, 2, 3, 4)],
        ("“其他/不含税” twice", "E2"),
    ),
    "i12-one-of-the-groups-by-profile": (
        [("日期", "部门", "员餐", None, "其他", None),
         (None, None, "不含税", "税费", "不含税", "税费"),
         (DAY, "甲", 1, 2, 3, 4)],
        {"columns": {"date": "日期", "amount": "其他/不含税"}},
        {3: {"date": DAY, "amount": 3}},
    ),
    "i13-full-width-brackets": (
        [("日期", "送货单号", "数量", "金额（不含税）"), (DAY, "S1", 1, 9)],
        {2: {"note": "S1", "amount": 9}},
    ),
    "i13-traditional": (
        [("送貨日期", "送貨單號", "物料編碼", "實收數量", "價稅合計"), line("S1")],
        {2: {"note": "S1", "accepted": 2, "total": 20}},
    ),
    "i13-english": (
        [("Ship date", "Delivery No.", "P/N", "Qty (pcs)", "Amount incl. VAT"),
         line("S1")],
        {2: {"note": "S1", "quantity": 2, "total": 20}},
    ),
    "i13-asn-and-settlement": (
        [("日期", "ASN", "零件代码", "入库数量", "小计金额(结算)"), line("S1")],
        {2: {"note": "S1", "accepted": 2, "amount": 20}},
    ),
    "i14-heading-on-each-page": (
        [("甲厂对账单",), HEAD, line("S1"), ("第2页",), HEAD, line("S2"), HEAD,
         line("S3")],
        {3: is_line("S1"), 6: is_line("S2"), 8: is_line("S3")},
    ),
    "i15-rule-in-the-heading": (
        [("日期(必须时间格式)", "送货单号（必填）", "数量(必须数字)"), (DAY, "S1", 3)],
        {2: {"note": "S1", "quantity": 3, "date": DAY}},
    ),
    "i16-columns-in-another-order": (
        [("车牌", *HEAD[::-1]), ("京A", *line("S1")[::-1])],
        {2: is_line("S1", part="P-1")},
    ),
    "i17-sections-with-headings": (
        [("客户名称：甲厂",), HEAD, line("S1"), ("小计", None, None, 2, 20), (),
         ("客户名称：乙厂",), HEAD, line("S2"), ("小计", None, None, 2, 20)],
        {3: is_line("S1", partner="甲厂"), 8: is_line("S2", partner="乙厂")},
    ),
    "i17-sections-with-moved-columns": (
        [("永达五金厂 2026年3月对账单",), HEAD, line("S1"),
         ("恒丰铝业有限公司 对账单",), HEAD[::-1], line("S2")[::-1]],
        {3: is_line("S1", partner="永达五金厂"),
         6: is_line("S2", partner="恒丰铝业有限公司")},
    ),
    "i17-sections-under-one-heading": (
        [HEAD, ("甲厂",), line("S1"), ("小计", None, None, 2, 20),
         ("乙厂", None, "期初余额", None, 5), line("S2"), ("小计", None, None, 2, 20)],
        {3: is_line("S1", partner="甲厂"), 6: is_line("S2", partner="乙厂")},
    ),
    "i17-beside-each-other": (
        [("甲厂", None, None, None, None, None, "乙厂"), (*HEAD, None, *HEAD),
         (*line("S1"), None, *line("S2"))],
        {"A3": is_line("S1", partner="甲厂"), "G3": is_line("S2", partner="乙厂")},
    ),
    "i17-beside-each-other-without-a-gap": (
        [(*HEAD, *HEAD), (*line("S1"), *line("S2"))],
        {"A2": is_line("S1"), "F2": is_line("S2")},
    ),
    "i17-beside-and-below": (
        [(*HEAD, None, *HEAD), (*line("S1"), None, *line("S2")), (),
         ("客户：丙厂",), HEAD, line("S3")],
        {"A2": is_line("S1"), "A6": is_line("S3", partner="丙厂"), "G2": is_line("S2")},
    ),
    "i17-another-kind-below": (
        [HEAD, line("S1"), (), ("单号", "收款金额", "数量"), ("SK1", 9, 1)],
        ("second table", "A4"),
    ),
    "i17-another-tax-basis-below": (
        [HEAD, line("S1"), (), (*HEAD[:4], "金额(含税)"), line("S2")],
        ("second table", "A4"),
    ),
    "i17-another-kind-beside": (
        [(*HEAD, None, "日期", "收款方式", "金额(不含税)"),
         (*line("S1"), None, DAY, "银行", 7)],
        ("twice", "G1"),
    ),
    "i17-unknown-blocks": (
        [("Box 1", "Box 2", "Box 3", None, "Box 4", "Box 5", "Box 6"),
         *[("a", "b", "c", None, "d", "e", "f")] * 2],
        ("several tables (from A1、E1 on)", "E1"),
    ),
    "i19-sum-over-too-few-rows": (
        [HEAD, line("S1"), line("S2"), ("合计", None, None, 4, 20)],
        {2: is_line("S1"), 3: is_line("S2"), "mismatches": [("amount", "E4", 20, 40)]},
    ),
    "i20-words-remarks-stamp-bank": (
        [HEAD, line("S1"), ("合计", None, None, 2, 20), ("人民币(大写)：贰拾元整",),
         ("SAY USD TWENTY ONLY",), ("备注：请核对",),
         ("供方(盖章)：", None, "需方(盖章)："),
         ("开户行：", "某行", None, None, 6222000000000001)],
        {2: is_line("S1")},
    ),
    "i21-blank-and-hint-rows": (
        [HEAD, line("S1"), (), (), line("S2"), ("(新增数据请在此行下方添加)",), ()],
        {2: is_line("S1"), 5: is_line("S2")},
    ),
    "i22-merged-note": (
        [HEAD, line("S1"), line(None), line("S2")],
        [(1, 1, 2, 1, "S1")],
        {2: is_line("S1"), 3: is_line("S1"), 4: is_line("S2")},
    ),
    "i22-ditto-marks": (
        [HEAD, line("S1"), line("〃"), line("同上"), line('"')],
        {row: is_line("S1") for row in range(2, 6)},
    ),
    "i22-blank-is-no-ditto": (
        [HEAD, line("S1"), line(None)],
        {2: is_line("S1"), 3: is_line(None)},
    ),
    "i22-blank-as-ditto-by-profile": (
        [HEAD, line("S1"), line(None)],
        {"fill_down": ["note"]},
        {2: is_line("S1"), 3: is_line("S1")},
    ),
    "i22-merged-amount-counts-once": (
        [HEAD, line("S1", 1, None), line("S1", 1, None)],
        [(1, 4, 2, 4, 500)],
        {2: is_line("S1", 1, 500), 3: is_line("S1", 1, None)},
    ),
    "i24-crosstab-is-told-apart": (
        [("日期", "甲店", "乙店", "丙店", "当日合计"), ("1日", 3, 4, 5, 12)],
        ("is a cross table with a column for each of 甲店、乙店、丙店", "A1"),
    ),
    "i24-crosstab-with-a-known-total": (
        [("日期", "甲店", "乙店", "丙店", "数量"), (DAY, 3, 4, 5, 12),
         (DAY, 1, 1, 1, 3)],
        ("is a cross table", "A1"),
    ),
    "i24-days-across": (
        [("料号", "数量", "1日", "2日", "3日"), ("P-1", 6, 1, 2, 3)],
        ("is a cross table with a column for each of 1日、2日、3日", "A1"),
    ),
    "i24-unpivoted": (
        [("送货统计",), ("日期", "甲店", "乙店", "丙店", "当日合计"),
         ("1日", 3, 0, 5, 8), ("2日", None, 4, "x", 5), ("本月合计", 3, 4, 5, 12)],
        {"crosstab": "partner", **PERIOD},
        {
            "B3": {"date": date(2026, 3, 1), "partner": "甲店", "quantity": 3},
            "D3": {"date": date(2026, 3, 1), "partner": "丙店", "quantity": 5},
            "C4": {"date": date(2026, 3, 2), "partner": "乙店", "quantity": 4},
            "mismatches": [("quantity", "E4", 5, 4)],
        },
    ),
    "i24-unpivoted-days-across": (
        [("2026年3月 送货",), ("料号", "品名", "1日", "2日", "3日", "合计"),
         ("P-1", "座", 1, None, 3, 4), ("P-2", "盖", None, 2, None, 2)],
        {"crosstab": "date"},
        {
            "C3": {"part": "P-1", "date": date(2026, 3, 1), "quantity": 1},
            "E3": {"part": "P-1", "date": date(2026, 3, 3), "quantity": 3},
            "D4": {"part": "P-2", "date": date(2026, 3, 2), "quantity": 2},
        },
    ),
    "i24-day-without-a-month": (
        [("日期", "甲店", "乙店", "丙店"), ("1日", 3, 4, 5)],
        {"crosstab": "partner"},
        {},
    ),
    "i24-no-crosstab-after-all": (
        [HEAD, line("S1")], {"crosstab": "partner"}, ("is no cross table", None),
    ),
    "i25-several-lines-of-one-key": (
        [HEAD, line("S1"), line("S1"), line("S1", 3, 30)],
        {2: is_line("S1"), 3: is_line("S1"), 4: is_line("S1", 3, 30)},
    ),
    "i27-contract-over-several-rows": (
        [("合同号", "日期", "数量", "金额"), ("HT-1", DAY, 1, 5), (None, DAY, 2, 6),
         ("HT-2", DAY, 3, 7)],
        [(1, 0, 2, 0, "HT-1")],
        {2: {"order": "HT-1", "amount": 5}, 3: {"order": "HT-1", "amount": 6},
         4: {"order": "HT-2", "amount": 7}},
    ),
    "i27-several-values-in-one-cell": (
        [HEAD, line("S1", 1, "989000   49450"), line("S2")],
        {3: is_line("S2")},
    ),
    "i41-debit-and-credit-need-a-rule": (
        [("日期", "单号", "摘要", "借方", "贷方", "余额"),
         (DAY, "S1", "送货", 9, None, 9)],
        ("say in the profile whether debit or credit adds", "D1"),
    ),
    "i41-debit-adds": (
        [("日期", "单号", "摘要", "借方", "贷方", "余额"),
         (DAY, None, "期初余额", 0, 0, 100), (DAY, "S1", "送货", 9, None, 109),
         (DAY, "R1", "收款", None, 50, 59), ("合计", None, None, 9, 50, None)],
        {"sign": "debit"},
        {3: {"note": "S1", "amount": 9}, 4: {"note": "R1", "amount": -50},
         "balances": [("opening", 100, "F2")]},
    ),
    "i41-credit-adds": (
        [("Date", "Document no", "Debit", "Credit"), (DAY, "S1", None, 9),
         (DAY, "R1", 50, None)],
        {"sign": "credit"},
        {2: {"note": "S1", "amount": 9}, 3: {"note": "R1", "amount": -50}},
    ),
    "i41-negative-balance-is-owed": (
        [("期初余额：", -500), HEAD, line("S1"), ("应收余额", None, None, None, -520),
         ("已收金额", None, None, None, 0)],
        {"owed_negative": True},
        {3: is_line("S1"), "balances": [
            ("opening", 500, "B1"), ("closing", 520, "E4"), ("receipts", 0, "E5")]},
    ),
    "i41-list-of-balances": (
        [("客户名称", "期初应收余额", "本期增加金额", "本期收回金额", "期末应收余额"),
         ("甲厂", 5000, 15000, 12000, 8000), (), ("说明：",), ("1. 单位为元",)],
        {2: {"partner": "甲厂", "opening": 5000, "closing": 8000}, "balances": [
            ("opening", 5000, "B2"), ("increase", 15000, "C2"),
            ("receipts", 12000, "D2"), ("closing", 8000, "E2")]},
    ),
    "i46-ends-where-its-last-line-ends": (
        [("对账期间：2026.03.01—2026.03.31",), HEAD,
         line("S1"), line("S2", day=datetime(2026, 3, 9, 8, 30))],
        {3: is_line("S1"), 4: is_line("S2"),
         "span": (datetime(2026, 3, 2), datetime(2026, 3, 9, 8, 30))},
    ),
}  # fmt: skip
LABELS = "合计 小计 总计 本页合计 本月合计 累计 已收金额 应收余额 共计".split()
LABELS += ["TTL:", "TOTAL", "Movement", "Grand Total", "Opening Balance"]
LABELS += ["Closing Balance", "合  计", "小　计"]
CASES |= {
    f"i18-{label}": ([HEAD, line("S1"), (label, None, None, 2, 20)], {2: is_line("S1")})
    for label in LABELS
}


def parts(case):
    """(rows, merges, profile, expected) of a case; the middle two may be left out."""
    rows, *between, expected = case
    merges = next((item for item in between if isinstance(item, list)), [])
    profile = next((item for item in between if isinstance(item, dict)), {})
    return rows, merges, profile, expected


@pytest.mark.parametrize("name", CASES)
def test_irregularity(name):
    rows, merges, profile, expected = parts(CASES[name])
    data = sheets.xlsx(rows, merges=merges)
    profile = Profile.from_dict(profile)
    if isinstance(expected, tuple):
        with pytest.raises(Refused) as caught:
            ledger.read(data, "rows.xlsx", profile)
        sentence, cell = expected
        assert sentence in str(caught.value)
        assert caught.value.cell == cell
        assert "rows.xlsx" in str(caught.value)
        return
    table = ledger.read(data, "rows.xlsx", profile)
    check_rows(table, dict(expected))
    check_conserved(table, data, profile)


def check_rows(table, expected):
    """The lines, and the findings that a case names beside them."""
    mismatches = [tuple(item) for item in table.mismatches]
    assert mismatches == expected.pop("mismatches", [])
    if "span" in expected:
        assert table.span() == expected.pop("span")
    if "balances" in expected:
        found = [(item.kind, item.amount, item.cell) for item in table.balances]
        assert found == expected.pop("balances")
    assert [row.ref for row in table.rows] == list(expected)
    for row in table.rows:
        wanted = expected[row.ref]
        assert {name: row.values[name] for name in wanted} == wanted


def check_conserved(table, data, profile):
    """Nothing is lost, nothing counts twice, and the same comes out again."""
    assert table.rows_read == len(table.rows) + len(table.skipped)
    assert len({row.ref for row in table.rows}) == len(table.rows)
    assert all(str(item.reason) for item in table.skipped)
    again = ledger.read(data, "rows.xlsx", profile)
    assert [row.values for row in again.rows] == [row.values for row in table.rows]
    assert (again.skipped, again.sha256) == (table.skipped, table.sha256)


def test_every_number_of_the_list_has_a_case():
    numbers = {int(name[1:3]) for name in CASES}
    assert numbers == {*range(10, 23), 24, 25, 27, 41, 46}


def test_reasons_of_what_is_set_aside():
    rows = CASES["i20-words-remarks-stamp-bank"][0]
    table = ledger.read(sheets.xlsx(rows), "rows.xlsx")
    assert [item.row for item in table.skipped] == [3, 4, 5, 6, 7, 8]
    table = ledger.read(
        sheets.xlsx(CASES["i24-day-without-a-month"][0]),
        "rows.xlsx",
        Profile(crosstab="partner"),
    )
    assert "names no month" in str(table.skipped[0].reason)
    assert table.skipped[0].cell == "A2"
    rows = CASES["i24-unpivoted"][0]
    table = ledger.read(
        sheets.xlsx(rows), "rows.xlsx", Profile(crosstab="partner", **PERIOD)
    )
    assert {i.cell: str(i.reason)[:20] for i in table.skipped if i.cell} == {
        "C3": "The cell says 0; not",
        "E3": "A total across, comp",
        "D4": "“x” is not a number;",
        "E4": "A total across, comp",
    }
    assert table.rows[0].raw == {"date": "1日", "partner": "甲店", "quantity": "3"}
    assert (table.totals, table.file_totals) == ({"quantity": 12}, {"quantity": 12})
