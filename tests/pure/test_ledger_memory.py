# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A file that looks other than last month's is noticed, in plain sentences."""

import json

import ledger
import pytest
import sheets

HEAD = ("送货日期", "送货单号", "料号", "数量", "金额(不含税)", "车牌")
LINE = ("2026-03-02", "SD1", "P-1", 2, 20, "京A")


def table(rows, name="明细", **profile):
    """The table of these rows."""
    data = sheets.xlsx(rows, name=name)
    return ledger.read(data, "rows.xlsx", ledger.Profile.from_dict(profile))


def says(rows, **options):
    """The sentences on these rows after a month of HEAD and LINE."""
    remembered = json.loads(json.dumps(ledger.layout_of(table([HEAD, LINE]))))
    return [str(t) for t in ledger.deviations(table(rows, **options), remembered)]


def swapped(cells, one, two):
    """The cells with two of them exchanged."""
    cells = list(cells)
    cells[one], cells[two] = cells[two], cells[one]
    return tuple(cells)


def test_the_same_layout_says_nothing():
    assert says([HEAD, LINE, ("2026-04-03", "SD2", "P-2", 5, 50, "")]) == []
    assert ledger.deviations(table([HEAD, LINE]), {}) == []
    assert ledger.deviations(table([HEAD, LINE]), None) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [("对账单",), HEAD, LINE],
            ["The headings end in row 2, before in row 1."],
        ),
        (
            [(*HEAD, "司机"), (*LINE, "李")],
            ["The column “司机” (G) is new."],
        ),
        ([HEAD[:5], LINE[:5]], ["The column “车牌” is missing; before it stood in F."]),
        (
            [(HEAD[0], "司机", *HEAD[1:]), (LINE[0], "李", *LINE[1:])],
            ["The column “司机” (B) is new."],
        ),
        (
            [swapped(HEAD, 0, 5), swapped(LINE, 0, 5)],
            [
                "The column “车牌” stands in A, before in F.",
                "The column “送货日期” stands in F, before in A.",
            ],
        ),
        (
            [(None, *HEAD), (None, *LINE)],
            ["The table begins in column B, before in A."],
        ),
        (
            [(*HEAD[:3], None, *HEAD[3:]), (*LINE[:3], None, *LINE[3:])],
            ["The column “数量” stands in E, before in D."],
        ),
        (
            [(*HEAD[:4], "未税金额", HEAD[5]), LINE],
            [
                "The column of the amount is headed “未税金额” (E), "
                "before “金额(不含税)”."
            ],
        ),
        (
            [(*HEAD[:4], "金额", HEAD[5]), LINE],
            [
                "The column of the amount is headed “金额” (E), before “金额(不含税)”.",
                "The amounts are without a word on the tax, before without tax.",
            ],
        ),
        (
            [HEAD, ("26/03/2026", *LINE[1:])],
            ["Dates are written day first, before year first."],
        ),
        (
            [HEAD, ("03/26/2026", *LINE[1:])],
            ["Dates are written month first, before year first."],
        ),
    ],
)  # fmt: skip
def test_what_changed_is_said(rows, expected):
    assert sorted(says(rows)) == sorted(expected)


def test_another_sheet_is_said():
    assert says([HEAD, LINE], name="汇总") == [
        "The table stands in the sheet “汇总”, before in “明细”."
    ]


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ("9月", "10月", True),
        ("2026年9月对账", "2026年10月对账", True),
        ("九月份", "十月份", True),
        ("2026-09", "2026-10", True),
        ("260930", "261031", True),
        ("Sep 2026", "October 2026", True),
        ("Sheet1", "Sheet2", False),
        ("9月送货", "9月退货", False),
        ("Sept market", "Oct decor", False),
    ],
)
def test_the_name_of_a_month_is_no_change(before, now, same):
    remembered = ledger.layout_of(table([HEAD, LINE], name=before))
    assert (ledger.deviations(table([HEAD, LINE], name=now), remembered) == []) == same


def test_the_name_of_a_text_file_is_no_sheet():
    text = "\n".join(",".join(map(str, line)) for line in (HEAD, LINE)).encode()
    tables = [ledger.read(text, name) for name in ("september.csv", "theirs.csv")]
    assert ledger.deviations(tables[1], ledger.layout_of(tables[0])) == []


def test_a_second_table_is_said():
    rows = [("客户：甲厂",), HEAD, LINE, ("客户：乙厂",), HEAD, LINE]
    assert "The sheet holds several tables" in says(rows)[-1]


def test_a_cross_table_that_was_a_list_is_said():
    rows = [("日期", "甲店", "乙店", "丙店"), ("2026-03-02", 3, 4, 5)]
    crossed = table(rows, crosstab="partner")
    remembered = ledger.layout_of(table([HEAD, LINE]))
    assert "The sheet is a cross table; before it was a plain list." in [
        str(text) for text in ledger.deviations(crossed, remembered)
    ]
    remembered = ledger.layout_of(crossed)
    assert "The sheet is a plain list; before it was a cross table." in [
        str(text) for text in ledger.deviations(table([HEAD, LINE]), remembered)
    ]
