# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Files made to harm a reader, each built when asked for."""

import io
import random
import struct
import warnings
import zipfile

import sheets
from sheets import text_row, with_part, with_sheet_xml

SHEET = "xl/worksheets/sheet1.xml"
LINES = "".join(text_row(n, "SD1", "JG-1", 3) for n in range(2, 12))
TOP = text_row(1, "送货单号", "图号", "数量")
CANARY = "the canary file was read"


def good():
    """A harmless workbook of a few lines."""
    return with_sheet_xml(TOP + LINES)


def one_cell(place, row=None):
    """A workbook with one cell far away."""
    number = row or "".join(c for c in place if c.isdigit())
    return with_sheet_xml(f'{TOP}<row r="{number}"><c r="{place}"><v>1</v></c></row>')


def bomb(size, name="xl/media/zeros.bin"):
    """A workbook with a part that unpacks to `size` bytes of zeros."""
    return with_part(good(), name, bytes(size))


def many_cells(count):
    """A sheet of tiny cells that compresses to almost nothing."""
    row = "<row>" + "<c><v>1</v></c>" * 1000 + "</row>"
    return with_sheet_xml(row * (count // 1000))


def many_entries(count):
    """A workbook of very many empty parts."""
    target = io.BytesIO(good())
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(count):
            archive.writestr(f"xl/media/{number}.txt", "")
    return target.getvalue()


def laughs():
    """Entities that multiply, in a sheet."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return with_sheet_xml(
        TOP + text_row(2, "&a11;", "x", 1),
        before=f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>',
    )


def outside_entity(path):
    """An entity that means the content of a file."""
    return with_sheet_xml(
        TOP + text_row(2, "&leak;", "x", 1),
        before=f'<!DOCTYPE x [<!ENTITY leak SYSTEM "file://{path}">]>',
    )


def declared_in(part, text):
    """A document type in another part of the workbook."""
    return with_part(good(), part, f"<!DOCTYPE x>{text}")


def lying_size():
    """A directory that states a tenth of a part's true size."""
    data = bytearray(with_part(good(), SHEET, b" " * 50_000_000))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.rfind(SHEET.encode())
        place = data.rfind(mark, 0, place)
        data[place + offset : place + offset + 4] = struct.pack("<I", 5000)
    return bytes(data)


def utf16_sheet():
    """A sheet in UTF-16, which a search for bytes would not see through."""
    xml = (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]>'
        "<worksheet><sheetData/></worksheet>"
    )
    return with_part(good(), SHEET, xml.encode("utf-16"))


def twice():
    """A workbook with two different sheets under one name."""
    target = io.BytesIO(good())
    with zipfile.ZipFile(target, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(SHEET, "<worksheet><sheetData/></worksheet>")
    return target.getvalue()


def flagged_encrypted():
    """A zip whose parts claim to be encrypted."""
    data = bytearray(good())
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def ole(content=b""):
    """A compound file with this somewhere inside."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + content + bytes(4096)


def looping_ole():
    """A compound file whose chains bite their own tail."""
    head = bytearray(ole())
    head[0x1E:0x22] = struct.pack("<HH", 9, 6)
    head[0x2C:0x34] = struct.pack("<II", 1, 1)
    head[0x38:0x44] = struct.pack("<III", 4096, 1, 1)
    head[0x4C:0x50] = struct.pack("<I", 0)
    return bytes(head[:512]) + struct.pack("<128I", *([1] * 128)) + bytes(2048)


def old_far_cell():
    """An old workbook with one cell in its last corner."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "x")
    sheet.write(65535, 255, 1)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def old_lying_size():
    """An old workbook that claims to fill every cell there is."""
    data = bytearray(old_far_cell())
    cell = data.find(struct.pack("<HHHH", 0x027E, 10, 65535, 255))
    data[cell + 4 : cell + 8] = struct.pack("<HH", 1, 1)
    size = data.find(struct.pack("<HH", 0x0200, 14))
    data[size + 4 : size + 16] = struct.pack("<IIHH", 0, 65536, 0, 256)
    return bytes(data)


def escaped_place():
    """A far cell whose address is hidden behind a character reference."""
    return with_sheet_xml(f'{TOP}<row r="2"><c r="&#88;FD1048576"><v>1</v></c></row>')


def wide_csv():
    """A text file of one endless row."""
    return b"a," * 200_000


def quote_csv():
    """A text file that opens a quotation and never closes it."""
    return b'"' + b"x\n" * 200_000


MERGE = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'

# (name, file name, what makes it, words of the sentence or None for a good read)
HOSTILE = [
    ("last cell", "a.xlsx", lambda: one_cell("XFD1048576"), "XFD1048576"),
    ("far row", "a.xlsx", lambda: one_cell("A1048576"), "A1048576"),
    ("far column", "a.xlsx", lambda: one_cell("XFD2"), "XFD2"),
    ("wide and long", "a.xlsx", lambda: one_cell("Z100000"), "Z100000"),
    ("row without end", "a.xlsx", lambda: one_cell("A9", 99999999999), "no sheet"),
    ("cell without end", "a.xlsx", lambda: one_cell("A99999999999"), "no sheet"),
    ("row 1048577", "a.xlsx", lambda: one_cell("A1048577"), "no sheet"),
    ("hidden place", "a.xlsx", escaped_place, "."),
    ("merged sheet", "a.xlsx", lambda: with_sheet_xml(TOP + LINES, after=MERGE), None),
    ("400 MB of zeros", "a.xlsx", lambda: bomb(400_000_000), "unpacks"),
    ("zeros in a sheet", "a.xlsx", lambda: bomb(100_000_000, SHEET), "unpacks"),
    ("lying size", "a.xlsx", lying_size, "damaged"),
    ("3 million cells", "a.xlsx", lambda: many_cells(3_000_000), "."),
    ("2.1 million cells", "a.xlsx", lambda: many_cells(2_100_000), "."),
    ("5,000 parts", "a.xlsx", lambda: many_entries(5000), "too many parts"),
    ("billion laughs", "a.xlsx", laughs, "declarations"),
    ("outside entity", "a.xlsx", lambda: outside_entity("/etc/hostname"), "declar"),
    ("entity in strings", "a.xlsx", lambda: declared_in("xl/sharedStrings.xml",
     "<sst/>"), "declarations"),
    ("entity in book", "a.xlsx", lambda: declared_in("xl/workbook.xml", "<workbook/>"),
     "declarations"),
    ("utf-16", "a.xlsx", utf16_sheet, "damaged"),
    ("one name twice", "a.xlsx", twice, "damaged"),
    ("flagged encrypted", "a.xlsx", flagged_encrypted, "encrypted"),
    ("encrypted", "a.xlsx", lambda: ole("EncryptedPackage".encode("utf-16-le")),
     "encrypted"),
    ("truncated", "a.xlsx", lambda: good()[:-200], "damaged"),
    ("half", "a.xlsx", lambda: good()[: len(good()) // 2], "damaged"),
    ("no workbook", "a.xlsx", lambda: with_part(b"PK\x05\x06" + bytes(18), "a.txt",
     "x"), "not an xlsx"),
    ("lock file", "~$a.xlsx", lambda: b"\x05user" + bytes(160), "lock file"),
    ("empty", "a.xlsx", bytes, "empty"),
    ("zeros", "a.xlsx", lambda: bytes(5000), "empty"),
    ("pdf", "a.xls", lambda: b"%PDF-1.7\n" + bytes(100), "PDF"),
    ("picture", "a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
    ("web page", "a.xls", lambda: b"<html><p>Please log in</p></html>", "web page"),
    ("other xml", "a.xls", lambda: b'<?xml version="1.0"?><catalog/>', "XML"),
    ("empty ole", "a.xls", ole, "damaged"),
    ("looping ole", "a.xls", looping_ole, "damaged"),
    ("old far cell", "a.xls", old_far_cell, "cells"),
    ("old lying size", "a.xls", old_lying_size, "."),
    ("too large", "a.csv", lambda: b"a,b\n" * 9_000_000, "larger than"),
    ("endless row", "a.csv", wide_csv, "cells"),
    ("endless quotation", "a.csv", quote_csv, "damaged"),
    ("binary csv", "a.csv", lambda: b"a,b\n\x00\x01\x02", "can be read here"),
    ("broken xml", "a.xlsx", lambda: with_sheet_xml("<row><c></row>"), "damaged"),
    ("rubbish", "a.xlsx", lambda: b"PK\x03\x04" + bytes(range(256)) * 40, "damaged"),
]  # fmt: skip


# --- OpenDocument, XML of 2003, pages, old workbooks --------------------------

ODS_LINES = [("送货单号", "图号", "数量"), *[("SD1", "JG-1", 3)] * 10]


def ods_with(xml, **options):
    """An OpenDocument sheet with this XML among its rows."""
    return sheets.ods([*ODS_LINES, sheets.Raw(xml)], **options)


def ods_filled(rows=1, columns=1):
    """A value that repeats so many times."""
    return ods_with(
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell '
        f'table:number-columns-repeated="{columns}" office:value-type="float" '
        'office:value="1"/></table:table-row>'
    )


def ods_merges(count):
    """Cells that hold nothing but a merge."""
    cell = '<table:table-cell table:number-columns-spanned="2"/>'
    row = f"<table:table-row>{cell * 1000}</table:table-row>"
    return ods_with(row * (count // 1000))


def ods_blanks():
    """One cell of very many blanks."""
    blanks = '<text:s text:c="1000"/>' * 200_000
    return ods_with(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>'
        f"{blanks}</text:p></table:table-cell></table:table-row>"
    )


def ods_attribute():
    """An attribute that never seems to end, not even packed."""
    xml = sheets.ods_xml(
        [sheets.Raw(f'<table:table-row table:x="{"a" * 25_000_000}"/>')]
    )
    return sheets.ods_of(xml, packing=zipfile.ZIP_STORED)


def laughing(xml):
    """A document whose first text is an entity that multiplies."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    before = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'
    return xml(before).replace("SD1", "&a11;", 1)


def nested(tag, count):
    """One element inside the other, a hundred thousand times."""
    return f"<{tag}>" * count + f"</{tag}>" * count


def xml_with(xml, **options):
    """A spreadsheet of 2003 with this XML among its rows."""
    return sheets.xml2003([*ODS_LINES, sheets.Raw(xml)], **options)


def page_with(markup):
    """A page with this markup among the rows of its table."""
    return sheets.html([*ODS_LINES, sheets.Raw(markup)])


def formula_sheet(formula, count):
    """A workbook of formulas without results, each made of its row's number."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><f>{formula(n)}</f></c></row>'
        for n in range(12, count + 12)
    )
    return with_sheet_xml(TOP + LINES + rows)


def many_styles():
    """A workbook with very many styles, each in red."""
    fonts = '<font><color rgb="FFFF0000"/></font>'
    styles = '<xf fontId="0"/>' * 60_000
    xml = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<fonts>{fonts}</fonts><cellXfs count="60000">{styles}</cellXfs></styleSheet>'
    )
    return with_part(good(), "xl/styles.xml", xml)


def old_nested_formula():
    """An old workbook with a formula whose text would grow and grow."""
    import xlwt

    data = sheets.xls(
        [("a", 1)],
        prepare=lambda _b, s: s.write(1, 0, xlwt.Formula("SUM(B1)" + "+B1" * 300)),
    )
    return data


def old_endless_record():
    """An old workbook with a record longer than the file."""
    data = bytearray(sheets.xls([("a", 1)] * 3))
    place = data.find(struct.pack("<HHHH", 0x027E, 10, 1, 1))
    data[place + 2 : place + 4] = b"\xff\xff"
    return bytes(data)


HOSTILE += [
    ("ods: cell repeated to the end", "a.ods", lambda: ods_filled(1, 16_384), "."),
    ("ods: row repeated to the end", "a.ods", lambda: ods_filled(1_048_000), "."),
    ("ods: both", "a.ods", lambda: ods_filled(1_048_576, 16_384), "."),
    ("ods: 10^12 times", "a.ods", lambda: ods_filled(10**12), "damaged"),
    ("ods: 10^9 times", "a.ods", lambda: ods_filled(999_999_999), "."),
    ("ods: blank to the end", "a.ods", lambda: ods_with(
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'), None),
    ("ods: far cell", "a.ods", lambda: ods_with(
        '<table:table-row table:number-rows-repeated="900000"/><table:table-row>'
        '<table:table-cell office:value-type="float" office:value="1"/>'
        "</table:table-row>"), "A900012"),
    ("ods: merged to the end", "a.ods", lambda: ods_with(
        '<table:table-row><table:table-cell table:number-columns-spanned="999999999" '
        'table:number-rows-spanned="999999999"/></table:table-row>'), None),
    ("ods: a million comments", "a.ods", lambda: ods_with(
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="999999999"><office:annotation><text:p>x</text:p>'
        "</office:annotation></table:table-cell></table:table-row>"), None),
    ("ods: 3 million merges", "a.ods", lambda: ods_merges(3_000_000), "."),
    ("ods: zeros", "a.ods", lambda: sheets.ods_of(bytes(100_000_000)), "unpacks"),
    ("ods: zeros beside", "a.ods", lambda: sheets.ods(ODS_LINES,
        [("Pictures/a.bin", bytes(400_000_000))]), "unpacks"),
    ("ods: 200 million blanks", "a.ods", ods_blanks, "damaged"),
    ("ods: attribute without end", "a.ods", ods_attribute, "damaged"),
    ("ods: laughs", "a.ods", lambda: sheets.ods_of(laughing(
        lambda before: sheets.ods_xml(ODS_LINES, before=before))), "declarations"),
    ("ods: outside entity", "a.ods", lambda: sheets.ods(ODS_LINES, before=
        '<!DOCTYPE x SYSTEM "file:///etc/hostname">'), "declarations"),
    ("ods: entity in styles", "a.ods", lambda: sheets.ods(ODS_LINES, [
        ("styles.xml", "<!DOCTYPE x><a/>")]), "declarations"),
    ("ods: utf-16", "a.ods", lambda: sheets.ods_of(
        sheets.ods_xml(ODS_LINES).encode("utf-16")), None),
    ("ods: utf-16 with a declaration", "a.ods", lambda: sheets.ods_of(
        sheets.ods_xml(ODS_LINES, before="<!DOCTYPE x>").encode("utf-16")),
     "declarations"),
    ("ods: nested", "a.ods", lambda: ods_with(nested("table:table", 100_000)),
     "damaged"),
    ("ods: broken", "a.ods", lambda: ods_with("<table:table-row>"), "damaged"),
    ("ods: half", "a.ods", lambda: sheets.ods(ODS_LINES)[:700], "damaged"),
    ("ods: password", "a.ods", lambda: with_part(sheets.ods(ODS_LINES),
     "META-INF/manifest.xml", "<a><encryption-data/></a>"), "encrypted"),
    ("ods: text as a number", "a.ods", lambda: ods_with(
        '<table:table-row><table:table-cell office:value-type="float" '
        'office:value="x"/></table:table-row>'), "damaged"),
    ("xml: far row", "a.xls", lambda: xml_with(
        '<Row ss:Index="999999"><Cell><Data ss:Type="Number">1</Data></Cell></Row>'),
     "A999999"),
    ("xml: far column", "a.xls", lambda: xml_with(
        '<Row><Cell ss:Index="16000"><Data ss:Type="Number">1</Data></Cell></Row>'),
     "WQJ12"),
    ("xml: row without end", "a.xls", lambda: xml_with('<Row ss:Index="9999999999"/>'),
     "damaged"),
    ("xml: laughs", "a.xls", lambda: laughing(lambda before: sheets.xml2003(
        ODS_LINES, before=before).decode()).encode(), "declarations"),
    ("xml: outside entity", "a.xls", lambda: sheets.xml2003(ODS_LINES, before=
        '<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/hostname">]>'),
     "declarations"),
    ("xml: 3 million cells", "a.xls", lambda: xml_with(
        "<Row>" + '<Cell><Data>1</Data></Cell>' * 1_000_000 + "</Row>"), "."),
    ("xml: merged to the end", "a.xls", lambda: xml_with(
        '<Row><Cell ss:MergeDown="999999999" ss:MergeAcross="999999999"/></Row>'),
     None),
    ("xml: nested", "a.xls", lambda: xml_with(nested("b", 100_000)), "damaged"),
    ("xml: cell without a row", "a.xls", lambda: xml_with("<Cell/>"), None),
    ("xml: broken", "a.xls", lambda: xml_with("<Row>"), "damaged"),
    ("xml: encoding that is none", "a.xls", lambda: sheets.xml2003(ODS_LINES).replace(
        b"UTF-8", b"EBCDIC-X"), "characters"),
    ("xml: endless comment", "a.xls", lambda: xml_with("<!-- " + "> " * 12_000_000),
     "."),
    ("page: wide and long", "a.xls", lambda: page_with(
        '<tr><td colspan="999999999" rowspan="999999999">x</td></tr>'), None),
    ("page: 20,000 wide rows", "a.xls", lambda: page_with(
        "<tr><td colspan=1000>x</td></tr>" * 20_000), "."),
    ("page: 6 million cells", "a.xls", lambda: page_with("<td>1" * 6_000_000), "."),
    ("page: 4 million rows", "a.xls", lambda: page_with("<tr><td>1" * 3_000_000), "."),
    ("page: nested tables", "a.xls", lambda: page_with(
        "<tr><td>" + nested("table", 50_000)), "damaged"),
    ("page: nested marks", "a.xls", lambda: page_with(
        "<tr><td>" + nested("b", 300_000)), None),
    ("page: long cell", "a.xls", lambda: page_with("<tr><td>" + "x" * 20_000_000),
     "."),
    ("page: entity", "a.xls", lambda: b'<!DOCTYPE html [<!ENTITY a "b">]>'
     + sheets.html(ODS_LINES), "declarations"),
    ("page: style without end", "a.xls", lambda: page_with(
        f'<tr><td style="{"text-decoration:" * 1_000_000}">1</td></tr>'), None),
    ("page: only script", "a.xls", lambda: b"<html><script>while(1){}</script></html>",
     "web page"),
    ("formula: sums of everything", "a.xlsx", lambda: formula_sheet(
        lambda n: "SUM($A$1:$C$9000)", 9000), None),
    ("formula: squares of squares", "a.xlsx", lambda: formula_sheet(
        lambda n: f"A{n - 1}*A{n - 1}", 20_000), None),
    ("formula: from below", "a.xlsx", lambda: formula_sheet(
        lambda n: f"A{n + 1}+1", 20_000), None),
    ("formula: brackets", "a.xlsx", lambda: formula_sheet(
        lambda n: "(" * 120 + "1" + ")" * 120, 2000), None),
    ("styles: 60,000", "a.xlsx", many_styles, None),
    ("old: long formula", "a.xls", old_nested_formula, "."),
    ("old: record without end", "a.xls", old_endless_record, "."),
]  # fmt: skip


# --- variants -----------------------------------------------------------------


def flipped(data, seed, most=30):
    """The data with a few of its bytes changed at random."""
    chance = random.Random(seed)
    data = bytearray(data)
    for _flip in range(chance.randint(1, most) if data else 0):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def flipped_inside(data, seed):
    """The same inside the parts of a container, which stays whole itself."""
    try:
        source = zipfile.ZipFile(io.BytesIO(data))
        wanted = ("content.xml", "xl/styles.xml", "xl/workbook.xml")
        parts = [n for n in source.namelist() if n in wanted or "sheet1.xml" in n]
        name = parts[seed % len(parts)]
        return with_part(data, name, flipped(source.read(name), seed, 6))
    except (zipfile.BadZipFile, RuntimeError, ZeroDivisionError):
        # No container, or one that is broken already.
        return flipped(data, seed)


# {what it is: what makes it of a file's bytes}
VARIANTS = {
    "half": lambda data: data[: len(data) // 2],
    "flipped": lambda data: flipped(data, 1),
    "flipped inside": lambda data: flipped_inside(data, 2),
    "twice": lambda data: data + data,
}
