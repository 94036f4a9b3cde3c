# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Makes the small spreadsheets that the tests read; all content is invented."""

import io
import zipfile

import xlsxwriter

HEAD = ("送货日期", "送货单号", "图号", "数量", "含税单价", "价税合计", "备注")
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def xlsx(rows, name="明细", others=(), merges=(), prepare=None):
    """An xlsx workbook with these rows; `others` are (name, rows) of more sheets."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        for title, content in ((name, rows), *others):
            sheet = book.add_worksheet(title)
            for number, cells in enumerate(content):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write(number, column, cell)
        sheet = book.get_worksheet_by_name(name)
        for top, left, bottom, right, text in merges:
            sheet.merge_range(top, left, bottom, right, text)
        if prepare:
            prepare(book, sheet)
    return target.getvalue()


def with_part(data, name, content):
    """The workbook with one part replaced or added."""
    source = zipfile.ZipFile(io.BytesIO(data))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in source.infolist():
            if item.filename != name:
                archive.writestr(item, source.read(item))
        archive.writestr(name, content)
    return target.getvalue()


def with_sheet_xml(body, before="", after=""):
    """A workbook whose only sheet has this XML between its sheetData tags."""
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f"{before}"
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{body}</sheetData>{after}</worksheet>"
    )
    return with_part(xlsx([HEAD]), "xl/worksheets/sheet1.xml", xml)


def text_row(number, *cells):
    """The XML of a row of inline texts and numbers."""
    parts = []
    for column, cell in enumerate(cells):
        place = f"{chr(65 + column)}{number}"
        if isinstance(cell, str):
            text = f'<c r="{place}" t="inlineStr"><is><t>{cell}</t></is></c>'
        else:
            text = f'<c r="{place}"><v>{cell}</v></c>'
        parts.append(text)
    return f'<row r="{number}">{"".join(parts)}</row>'
