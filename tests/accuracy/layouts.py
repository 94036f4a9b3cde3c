# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How an affiliate's spreadsheet may look: headings, order, dates, files, clutter.

Two pools that share no heading form: what the code was tuned with, and what is
reported. Nothing here knows how the reader works.
"""

import csv
import io
import random
from dataclasses import dataclass
from datetime import date

import xlsxwriter

POOLS = {
    "tune": {
        "date": ["送货日期", "交貨日期", "Delivery date", "日期"],
        "note": ["送货单号", "送貨單號", "Delivery note", "单号"],
        "part": ["料号", "物料編碼", "Part number", "图号"],
        "quantity": ["数量", "數量", "Quantity", "送货数量"],
        "accepted": ["入库数量", "入庫數量", "Accepted", "实收数量"],
        "price": ["单价", "單價", "Unit price", "含税单价"],
        "total": ["价税合计", "價稅合計", "Total incl. tax", "含税金额"],
        "order": ["订单号", "訂單號", "PO number", "采购订单号"],
        "name": ["品名", "名稱", "Description", "品名规格"],
        "remark": ["备注", "備註", "Remark", "说明"],
    },
    "report": {
        "date": ["发货日期", "出貨日期", "Ship date", "交货日期", "單據日期"],
        "note": ["送货单", "交貨單號", "Delivery no", "单据编号", "出货单号"],
        "part": ["物料编码", "零件號", "Part no", "产品编码", "品號"],
        "quantity": ["送货数量", "出貨數量", "Qty", "发货数量", "交货数量"],
        "accepted": ["实收数量", "實收數量", "Received qty", "合格数量", "入库数量"],
        "price": ["含税单价", "含稅單價", "Price", "单价(含税)", "單價"],
        "total": ["含税金额", "含稅金額", "Amount incl. tax", "价税合计", "價稅合計"],
        "order": ["采购订单号", "採購訂單號", "Purchase order", "客户订单号", "PO"],
        "name": ["物料名称", "品名規格", "Name", "产品名称", "品名"],
        "remark": ["备注", "說明", "Notes", "备注", "備註"],
    },
}
# Headings in two rows: a group above, the rest of the name below.
GROUPED = {
    "tune": {
        "quantity": ("送货", "数量"),
        "accepted": ("入库", "数量"),
        "total": ("含税", "金额"),
        "price": ("含税", "单价"),
    },
    "report": {
        "quantity": ("發貨", "數量"),
        "accepted": ("实收", "数量"),
        "total": ("價稅", "合計"),
        "price": ("含稅", "單價"),
    },
}
# No title names a party: one affiliate's rows are all of one scope.
SECTIONS = {
    "tune": ["10月上旬", "10月中旬", "10月下旬"],
    "report": ["一、首批送货明细", "二、次批送货明细", "三、补送明细"],
}
DITTO = {"tune": "〃", "report": "同上"}
TITLES = ["对账单", "2026年10月 往来明细", "Statement of account", "供方：试验厂", ""]
STAMPS = ["制表：王", "公司盖章：", "Prepared by: Lee"]
DATE_FORMS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]


@dataclass
class Layout:
    """One way to write a ledger down."""

    fields: list
    headings: dict
    skip_rows: int
    file: str
    encoding: str
    date_form: str | None
    thousands: bool
    totals: bool
    key_form: str
    has_accepted: bool
    pool: str = "tune"
    heading: str = "one row"
    second_headings: dict | None = None
    blocks: int = 1
    ditto: bool = False


def make_layout(rng, pool):
    """A random layout from one pool."""
    words = POOLS[pool]
    language = rng.randrange(len(words["note"]))
    accepted, price = rng.random() < 0.5, rng.random() < 0.7
    order = rng.random() < 0.5
    fields = ["date", "note", "part", "name", "quantity", "total", "remark"]
    fields += ["accepted"] * accepted + ["price"] * price + ["order"] * order
    rng.shuffle(fields)
    kind = rng.choice(["csv", "xlsx", "xlsx"])
    layout = Layout(
        fields=fields,
        headings={name: words[name][language] for name in fields},
        skip_rows=rng.choice([0, 0, 1, 3, 7, 14]),
        file=kind,
        encoding=rng.choice(["utf-8", "utf-8-sig", "gb18030"]),
        date_form=None
        if kind == "xlsx" and rng.random() < 0.5
        else rng.choice(DATE_FORMS),
        thousands=rng.random() < 0.3,
        totals=rng.random() < 0.6,
        key_form=rng.choice(["plain", "lower", "wide", "blank", "plain"]),
        has_accepted=accepted,
    )
    return make_harder(layout, pool, language)


def make_harder(layout, pool, language):
    """Headings in two rows, blocks below each other, dittos: in a part of all.

    They have chances of their own, so that the worlds stay what they were.
    """
    rng = random.Random(f"{layout.fields}{layout.headings}{layout.skip_rows}")
    words = POOLS[pool]
    layout.pool = pool
    layout.heading = rng.choice(["one row", "one row", "two languages", "grouped"])
    layout.second_headings = {
        name: words[name][(language + 1) % len(words[name])] for name in layout.fields
    }
    layout.blocks = rng.choice([1, 1, 1, 2, 3])
    layout.ditto = rng.random() < 0.3
    return layout


def written(layout, row):
    """One row's cells by field, as this layout writes them."""
    cells = {"name": row.name, "order": row.order, "remark": row.remark}
    cells["note"] = styled(row.note, layout.key_form)
    cells["part"] = styled(row.part, layout.key_form)
    day = row.date
    cells["date"] = day if layout.date_form is None else day.strftime(layout.date_form)
    cells["quantity"] = row.quantity
    cells["accepted"] = row.quantity if row.accepted is None else row.accepted
    cells["price"] = row.price
    cells["total"] = row.total
    if layout.thousands:
        for name in ("quantity", "accepted", "total"):
            cells[name] = f"{cells[name]:,}"
    return cells


def styled(code, form):
    """A code as somebody else types it."""
    if form == "lower":
        return code.lower()
    if form == "wide":
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in code)
    if form == "blank":
        return f" {code} "
    return code


def grid(layout, rows):
    """(cells of every spreadsheet row, {row number: row id})."""
    lines, numbers = [], {}
    for index in range(layout.skip_rows):
        lines.append([TITLES[index % len(TITLES)]])
    size = -(-len(rows) // layout.blocks) or 1
    for block in range(layout.blocks):
        part = rows[block * size : (block + 1) * size]
        # Each block has its columns in an order of its own.
        fields = layout.fields[block:] + layout.fields[:block]
        if layout.blocks > 1:
            lines.append([SECTIONS[layout.pool][block]])
        write_block(layout, fields, part, lines, numbers)
    if layout.totals:
        lines.append([STAMPS[len(rows) % len(STAMPS)]])
    return lines, numbers


def write_block(layout, fields, rows, lines, numbers):
    """Add one table: its heading, its lines, its total."""
    lines += heading_lines(layout, fields)
    above = None
    for row in rows:
        cells = written(layout, row)
        if layout.ditto and above and above["note"] == cells["note"] != "":
            lines.append([{**cells, "note": DITTO[layout.pool]}[n] for n in fields])
        else:
            lines.append([cells[name] for name in fields])
        above = cells
        numbers[len(lines)] = row.id
    if layout.totals:
        lines.append(total_line(fields, rows))


def heading_lines(layout, fields):
    """One row of headings, or two."""
    names = [layout.headings[name] for name in fields]
    if layout.heading == "two languages":
        return [[layout.second_headings[name] for name in fields], names]
    if layout.heading == "grouped":
        split = GROUPED[layout.pool]
        upper = [split[n][0] if n in split else layout.headings[n] for n in fields]
        lower = [split[n][1] if n in split else "" for n in fields]
        return [upper, lower]
    return [names]


def total_line(fields, rows):
    """The file's own total of the amounts, labelled in its first text column."""
    cells = ["" for _name in fields]
    cells[fields.index("total")] = sum(row.total for row in rows)
    text = next(i for i, name in enumerate(fields) if name in ("note", "part", "name"))
    cells[text] = "合计"
    return cells


def to_file(layout, lines):
    """(file name, bytes)."""
    if layout.file == "csv":
        text = io.StringIO()
        csv.writer(text).writerows(lines)
        return "ledger.csv", text.getvalue().encode(layout.encoding)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                write_cell(sheet, number, column, cell, day)
    return "ledger.xlsx", target.getvalue()


def write_cell(sheet, number, column, cell, day):
    """Text stays text, numbers numbers, dates dates."""
    if isinstance(cell, date):
        sheet.write_datetime(number, column, cell, day)
    elif isinstance(cell, str):
        if cell:
            sheet.write_string(number, column, cell)
    else:
        sheet.write_number(number, column, float(cell))
