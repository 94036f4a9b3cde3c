# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The warehouses' shipping lists: one workbook per warehouse and half month."""

import calendar
from dataclasses import dataclass, replace
from datetime import date

from .books import Page, xlsx
from .catalogue import (
    CUSTOMERS,
    GOODS,
    PRODUCTS,
    TOOLS,
    UNKNOWN_ORDER,
    WAREHOUSES,
)
from .trade import Shipped

_UNKNOWN = "9003"  # number of the note whose order nobody has seen
SAMPLE_PART = "SP-0007"  # a free sample that is no part of ours
_MISTYPED = "A09"  # of whose parts the second month's first list gets one wrong


@dataclass(frozen=True)
class ShippingList:
    """One workbook as a warehouse hands it in."""

    filename: str
    warehouse: str
    first: date
    last: date
    data: bytes
    complete: bool = False


def halves(month):
    """Return the two halves of a month as (name, first day, last day)."""
    last = calendar.monthrange(month.year, month.month)[1]
    return (
        ("上半月", month, month.replace(day=15)),
        ("下半月", month.replace(day=16), month.replace(day=last)),
    )


def first_month(month, rows):
    """Return the lists of the first month, the corrected one in its place."""
    wrong = _wrong_row(rows)
    phantom = Shipped(wrong.day, wrong.customer, f"CP{month:%y%m}9001", *_other(wrong))
    sample = Shipped(wrong.day, "K02", f"CP{month:%y%m}9002", SAMPLE_PART, 5, GOODS)
    first = [*rows, sample]
    slipped = [
        replace(row, quantity=row.quantity + 20) if row == wrong else row
        for row in first
    ]
    early, late = halves(month)
    return [
        _list(GOODS, early, [*slipped, phantom]),
        _list(TOOLS, early, first),
        _list(GOODS, early, first, suffix="更正"),
        _list(GOODS, late, first),
        _list(TOOLS, late, first),
    ]


def second_month(month, rows):
    """Return the lists of the second month; one row names an unknown order, and one
    a part that nobody knows: the list is handed in again with the right one."""
    affiliate = CUSTOMERS["A10"]
    stray = Shipped(
        month.replace(day=18),
        "A10",
        f"CP{month:%y%m}9003",
        affiliate.parts[0],
        64,
        GOODS,
    )
    right = [*rows, stray]
    typed = _typed_row(rows)
    wrong = [
        replace(row, part=mistype(row.part)) if row == typed else row for row in right
    ]
    early, late = halves(month)
    return [
        _list(GOODS, early, wrong),
        _list(TOOLS, early, right),
        _list(GOODS, early, right, suffix="更正"),
        _list(GOODS, late, right),
        _list(TOOLS, late, right),
    ]


def wrong_at_first(months, shipped):
    """Return the notes per month of which a row was wrong as first handed in."""
    first, second = months
    return (
        {_wrong_row(shipped[0]).note, f"CP{first:%y%m}9001", f"CP{first:%y%m}9002"},
        {_typed_row(shipped[1]).note, f"CP{second:%y%m}{_UNKNOWN}"},
    )


def mistype(part):
    """Return a part number with its last two characters the other way round."""
    return part[:-2] + part[:-3:-1]


def _typed_row(rows):
    """Return the row whose part number is mistyped: the only one of its note."""
    notes = [row.note for row in rows]
    for row in rows:
        if (
            row.customer == _MISTYPED
            and row.warehouse == GOODS
            and row.day.day <= 12
            and row.quantity > 0
            and notes.count(row.note) == 1
            and mistype(row.part) not in PRODUCTS
        ):
            return row
    raise ValueError(f"no row of {_MISTYPED} can be mistyped")


def _wrong_row(rows):
    """Return the row that the first list gets wrong by 20 pieces.

    Two roundings of the tax must come to one, so that only the quantity speaks.
    """
    keys = [row.key for row in rows]
    for row in rows:
        more = replace(row, quantity=row.quantity + 20)
        slip = replace(row, quantity=20)
        if (
            row.customer == "A06"
            and keys.count(row.key) == 1
            and row.day.day <= 12
            and row.warehouse == GOODS
            and row.quantity >= 40
            and more.gross - slip.gross == row.gross
        ):
            return row
    raise ValueError("no row of A06 suits the corrected list")


def _other(row):
    """Return part, quantity and warehouse of what never left."""
    return row.part, 50, row.warehouse


def _list(warehouse, half, rows, suffix=""):
    name, first, last = half
    own = sorted(
        (r for r in rows if r.warehouse == warehouse and first <= r.day <= last),
        key=lambda row: (row.day, row.note),
    )
    page = _goods_page if warehouse == GOODS else _tools_page
    return ShippingList(
        filename=f"出货清单_{warehouse}_{first:%Y-%m}_{name}{suffix}.xlsx",
        warehouse=warehouse,
        first=first,
        last=last,
        data=xlsx([page(own, first, last)]),
        complete=bool(suffix),
    )


def _cells(row):
    """Return what both layouts share: customer, order, line, name, unit."""
    if row.part == SAMPLE_PART:
        return CUSTOMERS[row.customer].name, "", "", "样品", "件"
    if row.part not in PRODUCTS:
        row = replace(row, part=mistype(row.part))
    product = PRODUCTS[row.part]
    order, line = row.order
    if row.note.endswith(_UNKNOWN):
        order, line = UNKNOWN_ORDER, "10"
    return CUSTOMERS[row.customer].name, order, line, product.name, product.unit


def _goods_page(rows, first, last):
    page = Page("出货清单")
    page.title(f"{WAREHOUSES[GOODS]} 出货清单", 12)
    page.title(f"期间：{first}—{last}", 12)
    page.add(
        [
            *("行号", "日期", "事务类型", "单据编号", "客户名称", "客户订单号"),
            *("订单行号", "零件代码", "零件名称", "数量", "单位", "备注"),
        ]
    )
    for number, row in enumerate(rows, start=1):
        customer, order, line, name, unit = _cells(row)
        kind = "退货" if row.quantity < 0 else "发货"
        page.add(
            [
                *(number, row.day, kind, row.note, customer, order, line),
                *(row.part, name, abs(row.quantity), unit, ""),
            ]
        )
    page.add(["合计", *[None] * 8, sum(abs(row.quantity) for row in rows)])
    page.add([], ["制单：仓库", None, None, "审核："])
    return page


def _tools_page(rows, first, last):
    page = Page("Sheet1")
    page.add(
        [
            *("送货单号", "出货日期", "客户", "采购订单号", "图号", "品名规格"),
            *("数量", "单位", "类型"),
        ]
    )
    for row in rows:
        customer, order, _line, name, unit = _cells(row)
        kind = "退货" if row.quantity < 0 else "发货"
        day = f"{row.day:%Y.%m.%d}"
        page.add(
            [
                row.note,
                day,
                customer,
                order,
                row.part,
                name,
                abs(row.quantity),
                unit,
                kind,
            ]
        )
    return page
