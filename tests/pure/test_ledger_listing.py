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


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"PK\x03\x04nothing"])
def test_what_is_no_spreadsheet_is_refused(data):
    with pytest.raises(ledger.Refused):
        ledger.read_list(data, "list.xlsx", FIELDS, REQUIRED)
