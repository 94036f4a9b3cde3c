# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lists that are no ledger: headers by synonym, exact values, rows set aside."""

from datetime import date
from decimal import Decimal

import ledger
import pytest
import sheets

FIELDS = {
    "number": ledger.Field("text", ("数电票号码", "发票号码"), key=True),
    "date": ledger.Field("date", ("开票日期",)),
    "amount": ledger.Field("number", ("金额",)),
}
REQUIRED = ("number", "amount")


def read(rows):
    """The listing of an xlsx of these rows."""
    return ledger.read_list(sheets.xlsx(rows), "list.xlsx", FIELDS, REQUIRED)


def test_rows_below_the_header_wherever_it_stands():
    found = read(
        [
            ["已开具发票清单", "", ""],
            ["金额（元）", "开票日期", "发票号码"],
            [100.1, "2026-10-02", "12345678"],
            ["", "", ""],
            ["合计", "", ""],
        ]
    )
    assert found.rows == [
        (
            3,
            {
                "number": "12345678",
                "date": date(2026, 10, 2),
                "amount": Decimal("100.1"),
            },
        )
    ]
    assert not found.skipped


def test_the_first_synonym_wins():
    found = read([["发票号码", "数电票号码", "金额"], ["1", "2", 3]])
    assert found.rows[0][1]["number"] == "2"


def test_digits_that_were_lost_set_the_row_aside():
    found = read([["发票号码", "金额"], [26312000000000000001.0, 3], ["12345678", 4]])
    assert [row for row, _values in found.rows] == [3]
    assert found.skipped[0].row == 2
    assert "lost its last digits" in str(found.skipped[0].reason)


def test_a_file_without_the_headers_is_refused():
    with pytest.raises(ledger.Refused) as refused:
        read([["料号", "数量"], ["A", 1]])
    assert "数电票号码、金额" in str(refused.value)


KEPT = {
    "owner": ledger.Field("text", ("客户名称",)),
    "name": ledger.Field("text", ("财产名称",)),
    "quantity": ledger.Field("number", ("数量",)),
    "received": ledger.Field("date", ("接收日期",)),
    "verified": ledger.Field("text", ("验收结果",)),
}
REGISTER = [
    ["客户财产登记台账"],
    ["序号", "客户名称", "财产名称", "数量", "接收情况", None],
    [None, None, None, None, "接收日期", "验收结果"],
    ["一、模具类"],
    [1, "岫岭底盘", "锻模", 1, "2023.5.12", "合格"],
    [2, None, "冲模", 2, "2023年11月3日", "合格"],
    ["合  计", None, None, 3],
    ["注：模具每半年保养一次"],
]


def read_register(merges):
    data = sheets.xlsx(REGISTER, merges=merges)
    return ledger.read_list(data, "台账.xlsx", KEPT, ("name", "quantity"))


def test_headings_over_two_rows_and_an_owner_merged_over_its_rows():
    heads = [(1, column, 2, column, REGISTER[1][column]) for column in range(4)]
    merges = [*heads, (1, 4, 1, 5, "接收情况"), (4, 1, 5, 1, "岫岭底盘")]
    found = read_register(merges)
    assert [row for row, _values in found.rows] == [5, 6]
    assert [values["owner"] for _row, values in found.rows] == ["岫岭底盘"] * 2
    days = [values["received"] for _row, values in found.rows]
    assert days == [date(2023, 5, 12), date(2023, 11, 3)]
    assert {values["verified"] for _row, values in found.rows} == {"合格"}


def test_sections_and_notes_are_named_and_are_no_rows():
    merges = [(1, 4, 1, 5, "接收情况")]
    found = read_register(merges)
    assert [finding.row for finding in found.skipped] == [4, 8]
    assert all("财产名称、数量" in str(finding.reason) for finding in found.skipped)


def test_a_row_below_the_headings_is_no_second_row_of_them():
    """Words in the first row of the list do not make it a heading."""
    rows = [["财产名称", "数量", "客户名称"], ["数量", 1, "接收日期"], ["b", 2, "c"]]
    found = ledger.read_list(sheets.xlsx(rows), "a.xlsx", KEPT, ("name", "quantity"))
    assert [row for row, _values in found.rows] == [2, 3]


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"PK\x03\x04nothing"])
def test_what_is_no_spreadsheet_is_refused(data):
    with pytest.raises(ledger.Refused):
        ledger.read_list(data, "list.xlsx", FIELDS, REQUIRED)


def test_a_row_with_a_cell_without_a_value_is_set_aside():
    formula = sheets.Raw('<table:table-cell table:formula="of:=NOW()"/>')
    rows = [("发票号码", "金额"), ("1", formula), ("2", 5)]
    found = ledger.read_list(sheets.ods(rows), "list.ods", FIELDS, REQUIRED)
    assert [row for row, _values in found.rows] == [3]
    assert [finding.row for finding in found.skipped] == [2]
    assert "B2 has no usable value" in str(found.skipped[0].reason)
