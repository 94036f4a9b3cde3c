# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A form that people fill in, with headings and cells of their own."""

from datetime import date
from decimal import Decimal

import ledger
import pytest
import sheets

FIELDS = {
    "partner": ledger.Field("text", ("客户", "Customer"), key=True),
    "number": ledger.Field("text", ("合同号",), key=True),
    "amount": ledger.Field("number", ("金额",)),
    "day": ledger.Field("date", ("签订日期",)),
}
REQUIRED = ("partner", "number")


def read(rows, merges=(), required=REQUIRED):
    """The form in an xlsx of these rows."""
    data = sheets.xlsx(rows, merges=merges)
    return ledger.read_form(data, "form.xlsx", FIELDS, required)


def refusal(rows, required=REQUIRED):
    """The sentence with which a workbook of these rows is refused."""
    with pytest.raises(ledger.Refused) as caught:
        read(rows, required=required)
    return str(caught.value.reason)


def test_headings_that_nobody_reads_are_named():
    form = read(
        [
            ["合同台账"],
            ["序号", "客户", "合同号", "有效期止", "联系人"],
            [1, "A", "HT-1", "2026-12-31", None],
        ]
    )
    assert form.unread == ("有效期止",), "numbers of rows and empty columns say nothing"


def test_a_merged_cell_stands_for_all_its_rows():
    form = read(
        [
            ["客户", "合同号", "金额", "签订日期"],
            [None, None, None, None],
            [None, None, None, None],
            ["B", "HT-2", 5, "2026-02-01"],
        ],
        merges=[
            (1, 0, 2, 0, "A"),
            (1, 1, 2, 1, "HT-1"),
            (1, 2, 2, 2, 7),
            (1, 3, 2, 3, "2026-01-15"),
        ],
    )
    assert [row.number for row in form.rows] == [2, 4], "a row of nothing stays nothing"
    form = read(
        [
            ["客户", "合同号", "金额", "签订日期"],
            ["A", "HT-1", 7, "2026-01-15"],
            [None, None, 8, None],
        ],
        merges=[(1, 0, 2, 0, "A"), (1, 1, 2, 1, "HT-1")],
    )
    values = {"partner": "A", "number": "HT-1"}
    assert form.rows[0].values == {
        **values,
        "amount": Decimal(7),
        "day": date(2026, 1, 15),
    }
    assert form.rows[1].values == {**values, "amount": Decimal(8)}


def test_a_merged_number_is_not_repeated():
    form = read(
        [
            ["客户", "合同号", "金额"],
            ["A", "HT-1", None],
            ["B", "HT-2", None],
        ],
        merges=[(1, 2, 2, 2, 100)],
    )
    assert [row.values.get("amount") for row in form.rows] == [Decimal(100), None]


def test_a_merged_title_is_no_cell_of_the_rows():
    form = read([[], ["客户", "合同号"], ["A", "HT-1"]], merges=[(0, 0, 0, 1, "台账")])
    assert form.rows[0].values == {"partner": "A", "number": "HT-1"}


def test_refusal_names_the_missing_heading_and_those_not_read():
    sentence = refusal(
        [["台账"], ["客户", "协议", "金额"], ["A", "HT-1", 5]],
    )
    assert "Row 2 of form.xlsx" in sentence
    assert "“合同号”" in sentence
    assert "Not read there: 协议" in sentence


def test_their_number_is_read_where_ours_is_empty():
    """Fails when a list that carries both numbers of an order is refused."""
    fields = {
        "order": ledger.Field("text", ("订单号",), key=True, instead=("客户订单号",)),
        "amount": ledger.Field("number", ("金额",)),
    }

    def form(rows, **values):
        data = sheets.xlsx(rows, **values)
        return ledger.read_form(data, "form.xlsx", fields, ("order",))

    both = form(
        [["客户订单号", "订单号", "金额"], ["PO-1", "S1", 1], ["PO-2", None, 2]]
    )
    assert [row.values["order"] for row in both.rows] == ["S1", "PO-2"]
    assert both.unread == ()
    theirs = form([["客户订单号", "金额"], ["PO-1", 1]])
    assert theirs.rows[0].values["order"] == "PO-1"
    merged = form(
        [["客户订单号", "订单号", "金额"], [None, None, 1], [None, None, 2]],
        merges=[(1, 0, 2, 0, "PO-1")],
    )
    assert [row.values["order"] for row in merged.rows] == ["PO-1", "PO-1"]
    for heads in (["订单号", "订单号"], ["订单号", "客户订单号", "客户订单号"]):
        with pytest.raises(ledger.Refused, match="both mean"):
            form([[*heads, "金额"], ["A", "B", "C", 1][-len(heads) - 1 :]])


def test_refusal_of_one_heading_alone():
    sentence = refusal([["客户", "分级"], ["A", "1"]], required=("partner",))
    assert "no other column" in sentence
    assert "分级" in sentence


def test_refusal_without_any_heading():
    assert "客户、合同号" in refusal([["x", "y"], [1, 2]])
    assert "客户、合同号" in refusal([[]])


def test_a_cell_without_a_value_is_a_remark_beside_its_row():
    formula = sheets.Raw('<table:table-cell table:formula="of:=NOW()"/>')
    data = sheets.ods([("客户", "合同号", "金额"), ("A", "HT-1", formula)])
    (row,) = ledger.read_form(data, "form.ods", FIELDS, REQUIRED).rows
    assert row.values == {"partner": "A", "number": "HT-1"}
    assert row.texts["amount"] == "C2"
    assert "C2 has no usable value" in str(row.problems["amount"])


def test_a_word_for_nothing_is_no_value_and_no_problem():
    form = read([["客户", "合同号", "签订日期"], ["A", "HT-1", "无"]])
    assert form.rows[0].values == {"partner": "A", "number": "HT-1"}
    assert form.rows[0].texts["day"] == "无"
    assert form.rows[0].problems == {}


def test_a_day_stored_with_midnight_is_seen_as_a_day():
    data = sheets.with_sheet_xml(
        sheets.text_row(1, "客户", "合同号", "签订日期")
        + '<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c>'
        '<c r="C2" t="d"><v>2026-01-15T00:00:00</v></c></row>'
    )
    (row,) = ledger.read_form(data, "form.xlsx", FIELDS, REQUIRED).rows
    assert row.texts["day"] == "2026-01-15"
