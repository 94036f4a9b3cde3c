# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an old .xls workbook holds and the parser would show as empty.

Used by the helper process alone: enough of the compound file and of its
records to find error cells, formulas without a result and the 1904 epoch.
"""

from struct import unpack_from

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
END_OF_CHAIN = 0xFFFFFFFA
FORMULA, STRING, BOOLERR = (0x0006, 0x0206, 0x0406), 0x0207, 0x0205
BOUNDSHEET, DATE_1904, EOF = 0x0085, 0x0022, 0x000A
# Records of cells with content, the last one a run in one row.
CELLS = (0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E, 0x00BD)
RUNS = (0x00BD,)
# What may stand between a formula and its text result.
SHARED = (0x04BC, 0x0221, 0x0236)


def workbook_stream(data):
    """The bytes of the stream with the workbook's records."""
    size = 1 << unpack_from("<H", data, 0x1E)[0]
    fat = file_table(data, size)
    start = unpack_from("<I", data, 0x30)[0]
    directory = follow(data, fat, start, size)
    entries = [directory[i : i + 128] for i in range(0, len(directory), 128)]
    root = entries[0]
    for entry in entries:
        name = entry[: max(unpack_from("<H", entry, 0x40)[0] - 2, 0)]
        if name.decode("utf-16-le", "replace") not in ("Workbook", "Book"):
            continue
        first, length = unpack_from("<II", entry, 0x74)
        if length >= unpack_from("<I", data, 0x38)[0]:
            return follow(data, fat, first, size)[:length]
        return mini_stream(data, fat, size, root, first)[:length]
    raise ValueError("no workbook stream")


def file_table(data, size):
    """Which sector follows which."""
    places = list(unpack_from("<109I", data, 0x4C))
    following, left = unpack_from("<II", data, 0x44)
    while following < END_OF_CHAIN and left:
        numbers = unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        places += numbers[:-1]
        following, left = numbers[-1], left - 1
    table = []
    for place in places:
        if place < END_OF_CHAIN:
            table += unpack_from(f"<{size // 4}I", data, (place + 1) * size)
    return table


def follow(data, table, sector, size, offset=1):
    """The bytes of a chain of sectors; refuses one that bites its own tail."""
    parts = []
    while sector < END_OF_CHAIN:
        if len(parts) > len(table):
            raise ValueError("endless chain")
        start = (sector + offset) * size
        parts.append(data[start : start + size])
        sector = table[sector]
    return b"".join(parts)


def mini_stream(data, fat, size, root, first):
    """The bytes of a small stream, kept in pieces inside the root's stream."""
    start = unpack_from("<I", data, 0x3C)[0]
    raw = follow(data, fat, start, size)
    table = unpack_from(f"<{len(raw) // 4}I", raw)
    container = follow(data, fat, unpack_from("<I", root, 0x74)[0], size)
    mini = 1 << unpack_from("<H", data, 0x20)[0]
    return follow(container, table, first, mini, offset=0)


def records(stream, start=0):
    """(type, content) one after the other."""
    while start + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size


def inspect(data):
    """([a `Sheet` for each worksheet in order], whether days count from 1904)."""
    stream = workbook_stream(data)
    offsets, epoch_1904 = [], False
    for kind, content in records(stream):
        if kind == BOUNDSHEET and content[5] == 0:
            offsets.append(unpack_from("<I", content)[0])
        elif kind == DATE_1904:
            epoch_1904 = content[:1] == b"\x01"
        elif kind == EOF:
            break
    return [Sheet(stream, offset) for offset in offsets], epoch_1904


class Sheet:
    """What one sheet's records show.

    `problems` are {(row, column): "=" or an error's text}, counted from 1; "=''"
    is a formula with an empty result, which scripts also write for none at all.
    `rows` and `columns` are the size of the used range.
    """

    def __init__(self, stream, offset):
        self.problems = {}
        self.rows = self.columns = 0
        self.awaited = None
        for kind, content in records(stream, offset):
            if kind == EOF:
                break
            self.take(kind, content)
        self.give_up()

    def take(self, kind, content):
        """Account for one record."""
        if kind == STRING:
            self.awaited = None
        elif kind not in SHARED:
            self.give_up()
        if kind in CELLS or kind in FORMULA:
            row, column = place(content)
            if kind in RUNS:
                column = unpack_from("<H", content, len(content) - 2)[0] + 1
            self.rows = max(self.rows, row)
            self.columns = max(self.columns, column)
        if kind == BOOLERR and content[7:8] == b"\x01":
            self.problems[place(content)] = ERRORS.get(content[6], "#ERROR")
        elif kind in FORMULA and content[12:14] == b"\xff\xff":
            self.take_formula(content)

    def take_formula(self, content):
        """A formula whose result is no number."""
        if content[6] == 2:
            self.problems[place(content)] = ERRORS.get(content[8], "#ERROR")
        elif content[6] == 3:
            self.problems[place(content)] = "=''"
        elif content[6] == 0:
            # A text result follows, unless nobody has computed it yet.
            self.awaited = place(content)

    def give_up(self):
        """No text result came for the formula before."""
        if self.awaited:
            self.problems[self.awaited] = "="
            self.awaited = None


def place(content):
    """(row, column), counted from 1."""
    row, column = unpack_from("<HH", content)
    return row + 1, column + 1
