# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Makes the small spreadsheets that the tests read; all content is invented."""

import csv
import io
import struct
import zipfile
from datetime import date, datetime
from xml.sax.saxutils import escape

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


# --- other kinds of files -----------------------------------------------------

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
    )
)
CALC = (
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:'
    'calcext:1.0"'
)


class Raw(str):
    """Markup that a builder takes as it is."""


def ods_cell(cell):
    """The XML of one cell of an OpenDocument sheet."""
    if isinstance(cell, Raw):
        return str(cell)
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, datetime | date):
        kind = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    elif isinstance(cell, str):
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n"))
        return (
            f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
        )
    else:
        kind = f'office:value-type="float" office:value="{cell}"'
    return f"<table:table-cell {kind}><text:p>{cell}</text:p></table:table-cell>"


def ods_xml(rows, name="明细", styles="", before="", inside="", after="", flat=False):
    """The content part of an OpenDocument spreadsheet with these rows.

    A row may be `Raw` XML; `inside` stands before the rows of the sheet, `after`
    behind the sheet, `styles` among the automatic styles.
    """
    body = "".join(
        str(row)
        if isinstance(row, Raw)
        else f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>"
        for row in rows
    )
    root = "document" if flat else "document-content"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:{root} {ODS_NAMES} '
        f"{CALC}><office:automatic-styles>{styles}</office:automatic-styles>"
        f'<office:body><office:spreadsheet><table:table table:name="{name}">{inside}'
        f"{body}</table:table>{after}</office:spreadsheet></office:body></office:{root}>"
    )


def ods(rows, extra=(), **options):
    """An OpenDocument spreadsheet; `extra` are (name, content) of more parts."""
    return ods_of(ods_xml(rows, **options), extra)


def ods_of(content, extra=(), packing=zipfile.ZIP_DEFLATED):
    """An OpenDocument spreadsheet with this content part."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        archive.writestr("mimetype", ODS_TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
        for name, part in extra:
            archive.writestr(name, part)
    return target.getvalue()


def xml2003_cell(cell):
    """The XML of one cell of a spreadsheet of 2003."""
    if isinstance(cell, Raw):
        return str(cell)
    if cell is None or cell == "":
        return "<Cell/>"
    if isinstance(cell, datetime | date):
        moment = cell.isoformat() + ("" if isinstance(cell, datetime) else "T00:00:00")
        return f'<Cell><Data ss:Type="DateTime">{moment}.000</Data></Cell>'
    kind = "String" if isinstance(cell, str) else "Number"
    text = escape(str(cell)).replace("\n", "&#10;")
    return f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>'


def xml2003_text(rows, name="明细", styles="", before="", columns="", after=""):
    """A spreadsheet of 2003 as text, without its XML declaration."""
    body = "".join(
        str(row)
        if isinstance(row, Raw)
        else f"<Row>{''.join(map(xml2003_cell, row))}</Row>"
        for row in rows
    )
    return (
        f'{before}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<Styles>{styles}</Styles><Worksheet ss:Name="{name}"><Table>{columns}{body}'
        f"</Table>{after}</Worksheet></Workbook>"
    )


def xml2003(rows, encoding="UTF-8", **options):
    """A spreadsheet of 2003, in the encoding that it states."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + xml2003_text(
        rows, **options
    )
    return text.encode(encoding)


def html_text(rows, head="", before="", after=""):
    """A page with one table of these rows, as web systems hand it out."""
    body = "".join(
        str(row) if isinstance(row, Raw) else f"<tr>{''.join(map(html_cell, row))}</tr>"
        for row in rows
    )
    return (
        f"<html><head>{head}</head><body>{before}<table border=1>{body}</table>{after}"
        "</body></html>"
    )


def html_cell(cell):
    """The markup of one cell of a page."""
    if isinstance(cell, Raw):
        return str(cell)
    text = "" if cell is None else escape(str(cell)).replace("\n", "<br>")
    return f"<td>{text}</td>"


def html(rows, encoding="utf-8", **options):
    """A page with one table, which states its encoding."""
    meta = f'<meta http-equiv=Content-Type content="text/html; charset={encoding}">'
    return html_text(rows, head=meta, **options).encode(encoding)


def xls(rows, name="明细", prepare=None):
    """An old workbook with these rows."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet(name)
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime | date):
                sheet.write(number, column, cell, day)
            elif cell not in (None, ""):
                sheet.write(number, column, cell)
    if prepare:
        prepare(book, sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_text(rows):
    """The rows as comma-separated text."""
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue().encode()


# --- old workbooks, record by record -------------------------------------------

NEWEST, BEFORE = 0x0600, 0x0500
SECTOR, SMALL_SECTOR, LEAST = 512, 64, 4096
FREE, END, TABLE, TABLES = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC


def record(kind, content=b""):
    """One record of an old workbook."""
    return struct.pack("<HH", kind, len(content)) + content


def label(row, column, text, version=NEWEST):
    """The record of a text, at a place counted from 0."""
    text = text.encode("latin-1")
    place = struct.pack("<HHHH", row, column, 0, len(text))
    return record(0x0204, place + bytes(version == NEWEST) + text)


def figure(row, column, value, style=0):
    """The record of a number, at a place counted from 0."""
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def old_formula(row, column, code=b"", result=b"\0" * 6 + b"\xff\xff"):
    """The record of a formula of these tokens; its result is a text to come."""
    place = struct.pack("<HHH", row, column, 0)
    code = struct.pack("<HIH", 0, 0, len(code)) + code
    return record(0x0006, place + result + code)


def old_stream(cells, book=b"", version=NEWEST):
    """The records of a workbook with one sheet of these records."""
    name = b"\x01\x00a" if version == NEWEST else b"\x01a"
    head = record(0x0809, struct.pack("<HHHH", version, 5, 0, 0)) + book
    offset = len(head) + 4 + 6 + len(name) + 4
    head += record(0x0085, struct.pack("<IBB", offset, 0, 0) + name) + record(0x000A)
    sheet = record(0x0809, struct.pack("<HHHH", version, 16, 0, 0))
    return head + sheet + cells + record(0x000A)


def compound(stream, name="Workbook", listed=True):
    """A compound file with this stream, a short one among the small ones.

    Without `listed` the table of sectors is found by a sector of its own, as in a
    file of seven megabytes and more.
    """
    small = len(stream) < LEAST
    body = stream + bytes(-len(stream) % SECTOR)
    count = len(body) // SECTOR
    chain = [*range(5, 4 + count), END]
    table = [TABLE, END, END, TABLES, *chain]
    pieces = -(-len(stream) // SMALL_SECTOR)
    small_table = [*range(1, pieces), END] if small else []
    root = directory_entry("Root Entry", 5, 4, len(body)) if small else (
        directory_entry("Root Entry", 5, END, 0)
    )  # fmt: skip
    entry = directory_entry(name, 2, 0 if small else 4, len(stream))
    sectors = (
        numbers(table, 128) + root + entry + bytes(256) + numbers(small_table, 128)
        + numbers([0, *[FREE] * 126, END], 128)
    )  # fmt: skip
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIII", 0, 1, 1, 0, LEAST)
    head += struct.pack("<II", 2 if small else END, int(small))
    head += struct.pack("<II", END, 0) if listed else struct.pack("<II", 3, 1)
    return head + numbers([0] if listed else [], 109) + sectors + body


def directory_entry(name, kind, first, size):
    """One entry of the directory of a compound file."""
    text = name.encode("utf-16-le")
    child = 1 if kind == 5 else FREE
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text) + 2, kind, 1)
        + struct.pack("<III", FREE, FREE, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


def numbers(values, count):
    """So many numbers of four bytes, free ones behind those given."""
    return struct.pack(f"<{count}I", *values, *[FREE] * (count - len(values)))


# {file name: what makes such a file of rows}
KINDS = {
    "ledger.xlsx": xlsx,
    "ledger.xls": xls,
    "ledger.ods": ods,
    "old-xml.xls": xml2003,
    "page.xls": html,
    "ledger.csv": csv_text,
    "flat.fods": lambda rows: ods_xml(rows, flat=True).encode(),
}
