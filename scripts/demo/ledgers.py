# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How each affiliate writes its ledger: nine layouts, none like another."""

from dataclasses import dataclass, field
from itertools import groupby

from .books import Page, gb18030, xls, xlsx
from .catalogue import COMPANY


@dataclass(frozen=True)
class Layout:
    """How a layout is written, and the profile by which it is read."""

    write: object
    save: object = xlsx
    extension: str = "xlsx"
    profile: dict = field(default_factory=dict)
    columns: dict = field(default_factory=dict)


@dataclass(frozen=True)
class LedgerFile:
    """One workbook as an affiliate sends it."""

    filename: str
    customer: str
    turn: int
    data: bytes


def write(book):
    """Return the :class:`LedgerFile` of a book."""
    layout = LAYOUTS[book.customer.layout]
    name = f"{book.customer.code}_{book.customer.name}_{book.last:%Y-%m}_对账单"
    return LedgerFile(
        filename=f"{name}.{layout.extension}",
        customer=book.customer.code,
        turn=book.turn,
        data=layout.save(layout.write(book)),
    )


# --- cells ---------------------------------------------------------------------


def _whole(value):
    return int(value) if value == int(value) else float(value)


def _money(value):
    return f"{value:,.2f}"


def _yuan(value):
    return f"({-value:,.2f})" if value < 0 else f"￥{value:,.2f}"


def _dotted(day):
    return f"{day.year}.{day.month}.{day.day}"


def _sum(rows, name):
    return sum(getattr(row, name) for row in rows)


def _heading(book, text="往来对账单"):
    return f"{book.customer.name} ── {COMPANY} {book.last:%Y年%m月} {text}"


def _period(book):
    return f"对账期间：{_dotted(book.first)}—{_dotted(book.last)}    单位：元"


def _account(page, book, day, number, words, amount):
    """Add what they paid and what they owe; the figures are columns from 0."""
    if book.opening is None:
        return
    for item in book.paid:
        cells = [None] * (amount + 1)
        cells[day], cells[number] = book.paid_on(item), item.number
        cells[words], cells[amount] = item.words, -item.amount
        page.add(cells)
    for label, figure in (("期初余额", book.opening), ("期末余额", book.closing)):
        cells = [None] * (amount + 1)
        cells[words], cells[amount] = label, figure
        page.add(cells)


# --- layouts -------------------------------------------------------------------


def _formal(book):
    """A title, a period, real dates, prices as text, total, stamps below."""
    page, rows = Page("对账单"), book.lines()
    page.title(_heading(book), 13)
    page.title(_period(book), 13)
    page.add(
        [
            *("序号", "送货日期", "送货单号", "订单号", "订单行号", "图号", "品名规格"),
            *("单位", "数量", "含税单价", "税率", "价税合计", "备注"),
        ]
    )
    for number, row in enumerate(rows, start=1):
        page.add(
            [
                *(number, row.day, row.note, row.order, row.order_line, row.code),
                *(row.name, row.unit, _whole(row.accepted), _money(row.gross_price)),
                *("13%", row.gross, row.remark),
            ]
        )
    total = ["合  计", *[None] * 7, _sum(rows, "accepted")]
    page.add([*total, None, None, _sum(rows, "gross")], [])
    _account(page, book, day=1, number=2, words=6, amount=11)
    page.add(["供方（盖章）：________", *[None] * 5, "需方（盖章）：________"])
    page.add(["说明：1、请于3个工作日内核对回传，逾期视为无误。"])
    return [page]


def _receipts(book):
    """Their goods-in report: sent and accepted, time stamps as text."""
    page = Page("Sheet1 ")
    page.add(
        [
            *("送货单号", "送货单行号", "物料编码", "物料名称", "送货数量", "入库数量"),
            *(
                "最新入库时间",
                "行状态",
                "采购订单号",
                "采购订单行号",
                "单价\nUnit Price",
            ),
            *("价税合计", "备注"),
        ]
    )
    for number, row in enumerate(book.lines(), start=1):
        state = "部分入库(完结)" if row.accepted < row.sent else "已入库"
        moment = f"{row.day:%Y-%m-%d} {8 + number % 9:02d}:{number % 60:02d}:00"
        page.add(
            [
                *(row.note, number * 10, row.code, row.name, _whole(row.sent)),
                *(_whole(row.accepted), moment, state, row.order, row.order_line),
                *(row.gross_price, row.gross, row.remark),
            ]
        )
    _account(page, book, day=6, number=0, words=3, amount=11)
    return [page]


def _untaxed(book):
    """The old format: address rows above, dates as text, amounts without tax."""
    page, rows = Page("明细"), book.lines()
    page.title(book.customer.name, 9)
    page.add(["地址：开发区一路", None, None, "电话：0000-0000000"])
    page.title(_heading(book, "采购对账明细"), 9)
    page.add([])
    page.add(
        [
            *("日期", "单据编号", "料号", "名称", "数量", "未税单价"),
            *("金额(不含税)", "税率", "备注"),
        ]
    )
    for row in rows:
        page.add(
            [
                *(_dotted(row.day), row.note, row.code, row.name),
                *(_whole(row.accepted), row.price, row.net, "13%", row.remark),
            ]
        )
    page.add(
        [None, "总计", None, None, _sum(rows, "accepted"), None, _sum(rows, "net")]
    )
    return [page]


def _bilingual(book):
    """Headers in two languages on two rows, days as digits, returns in brackets."""
    page = Page("Statement")
    page.title(f"{_heading(book)} / Statement of account", 10)
    page.add(
        ["序号", "日期", "送货单", "采购订单号", "零件号", "名称", "数量", "单位"]
        + ["含税单价", "含税金额"],
        ["S/N", "Date", "Delivery Note", "PO No", "P/N", "Description", "Qty", "Unit"]
        + ["Unit Price", "Total Amount"],
    )
    for number, row in enumerate(book.lines(), start=1):
        page.add(
            [
                *(number, int(f"{row.day:%Y%m%d}"), row.note, row.order, row.code),
                *(row.name, _whole(row.accepted), row.unit),
                *(_yuan(row.gross_price), _yuan(row.gross)),
            ]
        )
    page.add(["TTL:", *[None] * 8, _yuan(_sum(book.lines(), "gross"))])
    return [page]


def _text_file(book):
    """What their system exports: commas in the figures, the old encoding."""
    page, rows = Page("csv"), book.lines()
    page.add([_heading(book, "对账单")])
    page.add(
        ["送货日期", "送货单号", "料号", "品名规格", "单位", "数量", "含税单价"]
        + ["价税合计", "备注"]
    )
    for row in rows:
        day = f"{row.day.year}/{row.day.month}/{row.day.day}"
        price = row.gross / row.accepted
        page.add(
            [
                *(day, row.note, row.code, row.name, row.unit, _whole(row.accepted)),
                *(f"{price:,.4f}", _money(row.gross), row.remark),
            ]
        )
    page.add(["合计", "", "", "", "", "", "", _money(_sum(rows, "gross"))])
    return [page]


def _in_remark(book):
    """The note number stands in the remark, with other words around it."""
    page = Page("来料明细")
    page.title(_heading(book, "来料明细"), 7)
    page.add(["日期", "物料编码", "名称", "数量", "含税单价", "含税金额", "备注"])
    for number, row in enumerate(book.lines()):
        words = (f"{row.note}  已送乙仓", f"送货单{row.note}", f"\t{row.note} 3箱")
        page.add(
            [
                *(row.day, row.code, row.name, _whole(row.accepted)),
                *(row.gross_price, row.gross, words[number % 3]),
            ]
        )
    page.add(["本月合计", *[None] * 4, _sum(book.lines(), "gross")])
    return [page]


_PAGED = ("送货日期", "送货单号", "图号", "品名规格", "送货数量", "实收数量")
_PAGED += ("含税单价", "含税金额")


def _paged(book):
    """Printed pages: header and subtotal on each, notes merged, dittos."""
    page = Page("对账")
    page.title(_heading(book), len(_PAGED))
    lines = book.lines()
    for start in range(0, len(lines), 22):
        part = lines[start : start + 22]
        page.add(list(_PAGED))
        for _note, group in groupby(part, key=lambda row: (row.day, row.note)):
            _merged_note(page, list(group))
        page.add(["小　计", *_sums(part)])
    page.add(["合　计", *_sums(lines)])
    page.add(["人民币（大写）：", None, None, None, None, None, "经办："])
    return [page]


def _sums(rows):
    return [
        *(None, None, None, _sum(rows, "sent"), _sum(rows, "accepted"), None),
        _sum(rows, "gross"),
    ]


def _merged_note(page, group):
    if len(group) > 1:
        top = len(page.rows)
        page.merged.append((top, 1, top + len(group) - 1, 1))
    for number, row in enumerate(group):
        page.add(
            [
                *("〃" if number else row.day, None if number else row.note, row.code),
                *(row.name, _whole(row.sent), _whole(row.accepted)),
                *(row.gross_price, row.gross),
            ]
        )


def _sheets(book):
    """Three sheets; the table begins in column B, returns are typed as such."""
    notice = Page("导入说明")
    notice.add(["请勿修改表头"], ["数量一律填正数，退货在类型栏注明"])
    page = Page("对账明细")
    page.add([], [None, _heading(book)], [])
    page.add(
        [None, "类型", "入库日期", "送货单号", "物料编码", "物料名称", "入库数量"]
        + ["不含税单价", "税率", "不含税金额"]
    )
    for row in book.lines():
        page.add(
            [
                *(None, "退货" if row.accepted < 0 else "收货", row.day, row.note),
                *(row.code, row.name, f"{abs(_whole(row.accepted))}", row.price),
                *(0.13, abs(row.net)),
            ]
        )
    summary = Page("汇总")
    summary.add(["送货单号", "数量", "金额"])
    summary.add(["全部", _sum(book.lines(), "accepted"), _sum(book.lines(), "net")])
    return [notice, page, summary]


def _own_codes(book):
    """Their own part numbers, days without a year, blanks behind the figures."""
    page, rows = Page("9月"), book.lines()
    page.title(_heading(book, "月结对账单"), 9)
    page.add(
        ["序号", "日期", "送货单号", "物料代码", "品名", "数量", "单位"]
        + ["含税单价", "价税合计"]
    )
    for number, row in enumerate(rows, start=1):
        page.add(
            [
                *(number, f"{row.day.month}月{row.day.day}日", f"{row.note} "),
                *(row.code, row.name, f"{_whole(row.accepted)} ", row.unit),
                *(f"{_money(row.gross_price)} ", f"{_money(row.gross)} "),
            ]
        )
    page.add(["总 计", *[None] * 7, f"{_money(_sum(rows, 'gross'))}元"])
    return [page]


LAYOUTS = {
    "formal": Layout(_formal),
    "receipts": Layout(_receipts),
    "untaxed_xls": Layout(_untaxed, xls, "xls", {"tax_basis": "excluded"}),
    "bilingual": Layout(_bilingual),
    "csv": Layout(_text_file, gb18030, "csv"),
    "remark": Layout(
        _in_remark,
        profile={"key_pattern": r"(?:CP|GZ|TH)\d{8}"},
        columns={
            "date": "日期",
            "note": "备注",
            "part": "物料编码",
            "name": "名称",
            "quantity": "数量",
            "price": "含税单价",
            "total": "含税金额",
        },
    ),
    "subtotals": Layout(_paged),
    "sheets": Layout(
        _sheets,
        profile={"sheet": "对账明细", "tax_basis": "excluded", "header_row": 4},
        columns={
            "kind": "类型",
            "date": "入库日期",
            "note": "送货单号",
            "part": "物料编码",
            "name": "物料名称",
            "quantity": "入库数量",
            "price": "不含税单价",
            "tax_rate": "税率",
            "amount": "不含税金额",
        },
    ),
    "own_codes": Layout(_own_codes),
}
