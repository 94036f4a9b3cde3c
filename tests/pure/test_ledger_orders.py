# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lists of open orders: what is still to come goes before what was ordered."""

from datetime import date

import ledger
import pytest
import sheets
from ledger import Profile

HEADS = (
    *("序号", "采购订单号", "行号", "物料编码", "订单数量", "已交数量", "未交数量"),
    *("单价(不含税)", "未交金额", "要求交期"),
)
ROWS = (
    [1, "PO-1", 10, "P-1", 200, 80, 120, 5.5, 660, "2026.7.15"],
    [2, "PO-1", 20, "P-2", 100, 0, 100, 2, 200, "7.31"],
)
ORDERS = Profile(
    usual=ledger.ORDER_WORDS,
    required=("part", "quantity"),
    lenient=("date",),
    period_from=date(2026, 3, 1),
    period_to=date(2027, 2, 1),
)


def read(heads, rows, profile=ORDERS):
    data = sheets.xlsx([["未完订单跟踪表"], list(heads), *map(list, rows)])
    return ledger.read(data, "orders.xlsx", profile)


def test_what_is_still_to_come_is_the_quantity():
    table = read(HEADS, ROWS)
    assert table.columns["quantity"].header == "未交数量"
    assert [row.values["quantity"] for row in table.rows] == [120, 100]
    assert [row.values["order_line"] for row in table.rows] == ["10", "20"]
    days = [row.values["date"] for row in table.rows]
    assert days == [date(2026, 7, 15), date(2026, 7, 31)]
    assert table.tax_basis == "excluded"


def test_no_piece_is_left_unordered_for_its_day():
    table = read(HEADS, [ROWS[0], [*ROWS[1][:-1], "7月底"]])
    assert [row.values["quantity"] for row in table.rows] == [120, 100]
    assert [row.values["date"] for row in table.rows] == [date(2026, 7, 15), None]
    assert "7月底" in "".join(str(warning.reason) for warning in table.warnings)


@pytest.mark.parametrize("word", ["订单数量", "采购数量", "需求数量"])
def test_without_it_what_was_ordered_is(word):
    table = read(["订单号", "料号", word], [["PO-1", "P-1", 7]])
    assert table.rows[0].values["quantity"] == 7


def test_a_ledger_of_goods_does_not_take_what_was_ordered():
    """Only what came counts there."""
    heads, rows = ["送货单号", "料号", "订单数量", "送货数量"], [["DN1", "P-1", 9, 4]]
    assert read(heads, rows, Profile()).rows[0].values["quantity"] == 4
    with pytest.raises(ledger.Refused):
        read(["送货单号", "料号", "订单数量"], [["DN1", "P-1", 9]], Profile())


def test_the_profile_survives_being_plain_data():
    assert Profile.from_dict(ORDERS.to_dict()) == ORDERS
