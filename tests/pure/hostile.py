# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Files made to harm a reader, each built when asked for."""

import io
import struct
import warnings
import zipfile

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
