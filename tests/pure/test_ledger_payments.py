# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Rows that stand for money paid are told from lines of goods, and kept."""

from decimal import Decimal

import pytest
from ledger import is_payment, paid_amount

HEAD = ("日期", "单号", "料号", "名称", "数量", "价税合计", "备注")
LINE = ("2026-03-02", "SD1", "P-1", "壳体", 2, 7910, "")


def paid(table):
    """(row, amount) of every payment."""
    return [(row.number, paid_amount(row.values)) for row in table.payments()]


def test_a_payment_among_the_lines(read_rows):
    row = ("2026-03-05", "BT2026030501", "", "收款 电汇", "", -5000, "")
    table = read_rows([HEAD, LINE, row, ("合计", None, None, None, 2, 2910)])
    assert paid(table) == [(3, 5000)]
    assert [row.number for row in table.goods()] == [2]
    assert table.rows_read == len(table.rows) + len(table.skipped)
    assert not table.mismatches


@pytest.mark.parametrize("text", ["电汇", "銀承", "付款", "Payment", "回款(承兑)"])
def test_words_for_a_payment_in_any_text(read_rows, text):
    for place in (1, 3, 6):
        row = ["2026-03-05", "", "", "", "", 800, ""]
        row[place] = text
        assert paid(read_rows([HEAD, LINE, row])) == [(3, 800)]


def test_a_column_of_its_own(read_rows):
    head = ("日期", "单号", "料号", "数量", "金额", "付款金额", "发票号码")
    table = read_rows(
        [
            head,
            ("2026-03-02", "SD1", "P-1", 2, 7910, "", "24412000000012345678"),
            ("2026-03-05", "", "", "", "", "1,200.50", ""),
        ]
    )
    assert paid(table) == [(3, Decimal("1200.50"))]
    assert table.rows[0].values["invoice"] == "24412000000012345678"


def test_no_payment_without_amount_or_with_goods(read_rows):
    rows = [
        HEAD,
        ("2026-03-02", "SD1", "P-1", "付款后发货", 2, 7910, ""),
        ("2026-03-03", "SD2", "", "付款后发货", 1, 10, ""),
        ("2026-03-05", "", "", "收款", "", "", ""),
        ("2026-03-06", "", "", "质量扣款", "", -60, ""),
    ]
    table = read_rows(rows)
    assert paid(table) == []
    assert [row.number for row in table.goods()] == [2, 3, 5]


def test_a_payment_needs_neither_note_nor_name(read_rows):
    row = ("2026-03-05", "", "", "", "", 800, "电汇")
    required = {"required": ["note|part|name", "quantity|amount|total"]}
    table = read_rows([HEAD, LINE, row, ("", "", "", "", "", 9, "?")], **required)
    assert paid(table) == [(3, 800)]
    assert [item.row for item in table.skipped] == [4]


def test_the_span_is_that_of_the_goods(read_rows):
    row = ("2026-03-30", "", "", "", "", 800, "电汇")
    _first, last = read_rows([HEAD, LINE, row]).span()
    assert last.day == 2


def test_nothing_is_no_payment():
    assert not is_payment({})
    assert paid_amount({}) is None
