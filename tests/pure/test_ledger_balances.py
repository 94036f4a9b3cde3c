# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a statement states beside its lines comes out with its place."""

from decimal import Decimal

import ledger
import pytest
import sheets
from ledger import Balance

HEAD = ("日期", "送货单号", "数量", "价税合计", "备注")
LINE = ("2026-03-02", "SD1", 2, 7910, "")


def found(table):
    """(kind, amount, cell) of every balance."""
    return [(item.kind, item.amount, item.cell) for item in table.balances]


def test_every_kind_with_its_place(read_rows):
    table = read_rows(
        [
            ("期初余额：", 5000, None, "本期增加", "15,000.00"),
            HEAD,
            LINE,
            ("合计", None, 2, 7910),
            ("已收金额", None, None, 12000),
            ("应收余额（元）", None, None, "￥8,000"),
        ]
    )
    assert table.balances[0] == Balance("opening", Decimal(5000), 1, "B1", "5000")
    assert found(table) == [
        ("opening", 5000, "B1"),
        ("increase", 15000, "E1"),
        ("receipts", 12000, "D5"),
        ("closing", 8000, "D6"),
    ]
    assert [row.number for row in table.rows] == [3]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("期初余额", "opening"), ("期初應收餘額", "opening"), ("上期结转", "opening"),
        ("Opening Balance", "opening"), ("Balance b/f", "opening"),
        ("本期增加金额", "increase"), ("本月新增应收", "increase"),
        ("本期收回金额", "receipts"), ("已收金额", "receipts"),
        ("本期支付", "receipts"), ("Payments received", "receipts"),
        ("应收余额", "closing"), ("期末应付余额", "closing"),
        ("Closing balance:", "closing"), ("本期余额 (元)", "closing"),
    ],
)  # fmt: skip
def test_labels_of_every_kind(read_rows, label, kind):
    table = read_rows([HEAD, LINE, (label, None, None, 300)])
    assert found(table) == [(kind, 300, "D3")]
    assert len(table.rows) == 1


def test_label_and_amount_in_one_cell(read_rows):
    table = read_rows([("期初余额：-1,200.50 元", "上期"), HEAD, LINE])
    assert found(table) == [("opening", Decimal("-1200.50"), "A1")]


def test_labels_that_head_a_small_table(read_rows):
    table = read_rows(
        [
            HEAD,
            LINE,
            (),
            ("期初余额", "本期增加", "本期收回", "期末余额"),
            (5, 9, 4, 10),
        ]
    )
    assert found(table) == [
        ("opening", 5, "A5"),
        ("increase", 9, "B5"),
        ("receipts", 4, "C5"),
        ("closing", 10, "D5"),
    ]


def test_several_amounts_are_never_chosen_from(read_rows):
    table = read_rows([("期初余额", 5, 6), HEAD, LINE])
    assert table.balances == []
    assert "several amounts" in str(table.warnings[0].reason)
    assert table.warnings[0].cell == "A1"


def test_words_in_a_line_are_no_balance(read_rows):
    head = ("送货单号", "品名", "数量", "金额", "备注")
    table = read_rows([head, ("SD1", "期初样件", 1, 5, "期初余额"), ("SD2", "", 1, 6)])
    assert len(table.rows) == 2
    assert table.balances == []


def test_a_label_without_any_amount_states_nothing(read_rows):
    table = read_rows([("期初余额", "本期增加"), HEAD, LINE, ("应收余额",)])
    assert table.balances == []
    assert table.warnings == []


def test_a_blank_in_a_list_of_balances_is_no_zero(read_rows):
    head = ("客户名称", "期初应收余额", "本期增加金额", "期末应收余额")
    table = read_rows([head, ("甲厂", 5000, None, 8000)])
    assert found(table) == [("opening", 5000, "B2"), ("closing", 8000, "D2")]


def test_words_with_digits_beside_a_label_are_no_amount(read_rows):
    table = read_rows([("期初余额", "见第3页", 5000), HEAD, LINE])
    assert found(table) == [("opening", 5000, "C1")]


def test_a_formula_without_a_result_beside_a_label_is_told():
    formula = sheets.Raw('<table:table-cell table:formula="of:=NOW()"/>')
    data = sheets.ods([("期初余额", formula), HEAD, LINE])
    table = ledger.read(data, "a.ods")
    assert table.balances == []
    (warning,) = table.warnings
    assert (warning.row, warning.cell, warning.value) == (1, "A1", "期初余额")
    assert "NOW() in this cell has no stored result" in str(warning.reason)
