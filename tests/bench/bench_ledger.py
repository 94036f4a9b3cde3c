# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How long reading takes beside the bare libraries, as ratios of one run."""

import argparse
import io
import json
import resource
import sys
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "addons" / "rd_sales_admin"
HEAD = (
    "序号",
    "送货日期",
    "送货单号",
    "订单号",
    "物料编码",
    "品名规格",
    "单位",
    "数量",
    "含税单价",
    "税率",
    "价税合计",
    "备注",
)


def workbook(rows):
    """A delivery ledger of `rows` invented lines, twelve columns, as bytes."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("明细")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEAD)
        first = date(2026, 3, 1)
        for row in range(1, rows + 1):
            quantity, price = row * 7919 % 499 + 1, (row * 104729 % 89_000) / 100 + 1
            sheet.write_number(row, 0, row)
            sheet.write_datetime(row, 1, first + timedelta(days=row % 30), day)
            sheet.write_string(row, 2, f"SH26{row // 3:07d}")
            sheet.write_string(row, 3, f"PO77{row // 10:06d}")
            sheet.write_string(row, 4, f"JG{row % 3000:04d}-{row % 7:03d}")
            sheet.write_string(row, 5, f"夹具{row % 3000}")
            sheet.write_string(row, 6, "套")
            sheet.write_number(row, 7, quantity)
            sheet.write_number(row, 8, price)
            sheet.write_number(row, 9, 0.13)
            sheet.write_number(row, 10, round(quantity * price, 2))
            sheet.write_string(row, 11, "无" if row % 50 == 0 else "")
    return target.getvalue()


def bare_calamine(data):
    """Open and take all cells, nothing else."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return len(book.get_sheet_by_index(0).to_python())


def bare_openpyxl(data):
    """Open in read-only mode and take all cells, nothing else."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return sum(1 for _row in book.worksheets[0].iter_rows(values_only=True))


def ours(data):
    """Guards, helper process, typed rows, totals."""
    import ledger

    return len(ledger.read(data, "bench.xlsx").rows)


def processor_time():
    """Seconds of processor time of this process and its ended helpers.

    Not the clock: other work on the machine would distort the ratios.
    """
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(item.ru_utime + item.ru_stime for item in used)


def fastest(functions, data, times):
    """The best run of each function, in seconds of processor time.

    They take turns, so that the machine's mood is the same for all.
    """
    best = [float("inf")] * len(functions)
    for _run in range(times):
        for index, function in enumerate(functions):
            start = processor_time()
            function(data)
            best[index] = min(best[index], processor_time() - start)
    return best


def bench(rows=100_000, times=4):
    """Rows {name, ratio, limit, unit, detail} of the bench table.

    A ratio must not exceed its limit.
    """
    data = workbook(rows)
    ours(workbook(10))
    read, calamine = fastest([ours, bare_calamine], data, times)
    (openpyxl,) = fastest([bare_openpyxl], data, 1)
    detail = f"{rows} rows: {read:.2f} s"
    return [
        {
            "name": "ledger_read_vs_calamine",
            "ratio": round(read / calamine, 2),
            "limit": 3.0,
            "unit": "x bare python-calamine",
            "detail": f"{detail}, python-calamine {calamine:.2f} s",
        },
        {
            "name": "ledger_read_vs_openpyxl",
            "ratio": round(read / openpyxl, 2),
            "limit": 0.4,
            "unit": "x bare openpyxl read-only",
            "detail": f"{detail}, openpyxl {openpyxl:.2f} s",
        },
    ]


def run(context):
    """Return the rows for ``make bench``."""
    if str(ADDON) not in sys.path:
        sys.path.insert(0, str(ADDON))
    return bench()


def main():
    """Print the rows as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    for row in bench(parser.parse_args().rows):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    sys.path.insert(0, str(ADDON))
    main()
