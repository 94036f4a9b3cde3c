# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an old .xls workbook holds and the parser would show as empty.

Used by the helper process alone: enough of the compound file and of its
records to find error cells, formulas without a result, the 1904 epoch, what is
hidden, what is marked by colour or strike-through, and where comments are.
"""

from struct import error as StructError
from struct import unpack_from

from guard import StopError, add_mark, column_letters, is_fill, is_red

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
BOF, PASSWORD, FONT, STYLE, PALETTE = 0x0809, 0x002F, 0x0031, 0x00E0, 0x0092
ROW, COLUMNS, FILTERED, NOTE = 0x0208, 0x007D, 0x009B, 0x001C
NEWEST = 0x0600
# The strong colours of the palette every such book has, by number.
RED_NUMBERS = (2, 10)
STRONG_NUMBERS = frozenset((*range(2, 8), *range(10, 16)))
SOLID = 1
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
    raise StopError("no_workbook")


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


class Styles:
    """Which cell styles of a book stand out, and how."""

    def __init__(self):
        self.fonts = []
        self.formats = []
        self.palette = {}

    def take(self, kind, content):
        """Account for one record of the book's own part."""
        if kind == FONT:
            flags, colour = unpack_from("<HH", content, 2)
            self.fonts.append((colour, bool(flags & 0x0008)))
        elif kind == STYLE and len(content) >= 20:
            pattern = unpack_from("<I", content, 14)[0] >> 26
            colour = unpack_from("<H", content, 18)[0] & 0x7F
            font = unpack_from("<H", content)[0]
            self.formats.append((font, colour if pattern == SOLID else None))
        elif kind == PALETTE:
            for number in range(unpack_from("<H", content)[0]):
                self.palette[8 + number] = content[2 + 4 * number :][:3].hex()

    def marks(self):
        """{style number: a set of "red", "strike", "fill"}."""
        result = {}
        for number, (font, fill) in enumerate(self.formats):
            # Number 4 was never given to a font.
            font -= font > 4
            colour, strike = self.fonts[font] if font < len(self.fonts) else (0, False)
            kinds = {"strike"} if strike else set()
            if self.is_red(colour):
                kinds.add("red")
            if fill is not None and self.is_strong(fill):
                kinds.add("fill")
            if kinds:
                result[number] = kinds
        return result

    def is_red(self, number):
        """Whether a colour is red."""
        if number in self.palette:
            return is_red(self.palette[number])
        return number in RED_NUMBERS

    def is_strong(self, number):
        """Whether a background stands out."""
        if number in self.palette:
            return is_fill(self.palette[number])
        return number in STRONG_NUMBERS


def inspect(data):
    """([a `Sheet` for each worksheet in order], whether days count from 1904)."""
    stream = workbook_stream(data)
    offsets, epoch_1904, version = [], False, None
    styles = Styles()
    for kind, content in records(stream):
        if kind == BOF and version is None:
            version = unpack_from("<H", content)[0]
        elif kind == PASSWORD:
            raise StopError("encrypted")
        elif kind == BOUNDSHEET and content[5] == 0:
            offsets.append(unpack_from("<I", content)[0])
        elif kind == DATE_1904:
            epoch_1904 = content[:1] == b"\x01"
        elif kind == EOF:
            break
        elif version == NEWEST:
            styles.take(kind, content)
    marks = styles.marks()
    newest = version == NEWEST
    return [Sheet(stream, offset, marks, newest) for offset in offsets], epoch_1904


class Sheet:
    """What one sheet's records show.

    `problems` are {(row, column): "=" or an error's text}, counted from 1; "=''"
    is a formula with an empty result, which scripts also write for none at all.
    `rows` and `columns` are the size of the used range.
    """

    def __init__(self, stream, offset, styles, newest):
        self.styles = styles
        self.newest = newest
        self.problems = {}
        self.formulas = {}
        self.marks = {}
        self.comments = {}
        self.hidden = 0
        self.hidden_columns = set()
        self.filtered = False
        self.links = 0
        self.unread = False
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
            self.take_cell(kind, content)
        elif kind == ROW and len(content) >= 14:
            self.hidden += bool(content[12] & 0x20)
        elif kind == COLUMNS and content[8:9] and content[8] & 1:
            first, last = unpack_from("<HH", content)
            self.hidden_columns.update(range(first + 1, min(last, 255) + 2))
        elif kind == FILTERED:
            self.filtered = True
        elif kind == NOTE and self.newest:
            self.comments[place(content)] = ""
        if kind == BOOLERR and content[7:8] == b"\x01":
            self.problems[place(content)] = ERRORS.get(content[6], "#ERROR")
        elif kind in FORMULA and content[12:14] == b"\xff\xff":
            self.take_formula(content)

    def take_cell(self, kind, content):
        """The place and the style of a cell with content."""
        row, column = place(content)
        last = column
        if kind in RUNS:
            last = unpack_from("<H", content, len(content) - 2)[0] + 1
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, last)
        for number in range(column, last + 1):
            at = 4 + 6 * (number - column)
            style = int.from_bytes(content[at : at + 2], "little")
            for mark in self.styles.get(style, ()):
                add_mark(self.marks, mark, row, number)

    def take_formula(self, content):
        """A formula whose result is no number."""
        where = place(content)
        if content[6] == 2:
            self.problems[where] = ERRORS.get(content[8], "#ERROR")
        elif content[6] == 3:
            self.problems[where] = "=''"
            self.formulas[where] = self.formula_text(content)
        elif content[6] == 0:
            # A text result follows, unless nobody has computed it yet.
            self.awaited = where, self.formula_text(content)

    def formula_text(self, content):
        """The formula as a person writes it, "" where it is beyond this reader."""
        if not self.newest or len(content) < 22:
            return ""
        size = unpack_from("<H", content, 20)[0]
        try:
            return written(content[22 : 22 + size])
        except (KeyError, IndexError, ValueError, StructError):
            return ""

    def give_up(self):
        """No text result came for the formula before."""
        if self.awaited:
            where, formula = self.awaited
            self.problems[where] = "="
            self.formulas[where] = formula
            self.awaited = None


def place(content):
    """(row, column), counted from 1."""
    row, column = unpack_from("<HH", content)
    return row + 1, column + 1


# --- formulas ----------------------------------------------------------------

SIGNS = {0x03: "+", 0x04: "-", 0x05: "*", 0x06: "/"}
FUNCTIONS = {
    0: "COUNT",
    1: "IF",
    4: "SUM",
    5: "AVERAGE",
    6: "MIN",
    7: "MAX",
    27: "ROUND",
}
ARGUMENTS = {27: 2}
SPACE, SUM_ONE = 0x40, 0x10
LONGEST = 500


def written(code):
    """A formula's tokens, which come in reverse notation, as text."""
    stack, at = [], 0
    while at < len(code):
        token = code[at]
        # The same token exists for references, values and arrays.
        base = token if token < 0x20 else (token & 0x1F) | 0x20
        at += 1 + take_token(base, code, at + 1, stack)
        if stack and len(stack[-1]) > LONGEST:
            raise KeyError(token)
    (text,) = stack or [""]
    return text


def take_token(token, code, at, stack):
    """Apply one token to the stack; returns how many bytes follow it."""
    if token in SIGNS:
        right, left = stack.pop(), stack.pop()
        stack.append(f"{left}{SIGNS[token]}{right}")
    elif token in (0x12, 0x13):
        stack.append("+-"[token - 0x12] + stack.pop())
    elif token == 0x14:
        stack.append(stack.pop() + "%")
    elif token == 0x15:
        stack.append(f"({stack.pop()})")
    elif token == 0x19:
        if code[at] & SUM_ONE:
            stack.append(f"SUM({stack.pop()})")
        elif not code[at] & SPACE and code[at] != 1:
            raise KeyError(token)
        return 3
    else:
        return take_operand(token, code, at, stack)
    return 0


def take_operand(token, code, at, stack):
    """A number, a place or a function; refuses every other token."""
    if token == 0x1E:
        stack.append(str(unpack_from("<H", code, at)[0]))
        return 2
    if token == 0x1F:
        stack.append(format(unpack_from("<d", code, at)[0], ".15g"))
        return 8
    if token == 0x24:
        stack.append(address(*unpack_from("<HH", code, at)))
        return 4
    if token == 0x25:
        top, bottom, left, right = unpack_from("<HHHH", code, at)
        stack.append(f"{address(top, left)}:{address(bottom, right)}")
        return 8
    if token == 0x21:
        number = unpack_from("<H", code, at)[0]
        apply_function(number, ARGUMENTS[number], stack)
        return 2
    if token == 0x22:
        count, number = unpack_from("<BH", code, at)
        apply_function(number & 0x7FFF, count & 0x7F, stack)
        return 3
    raise KeyError(token)


def apply_function(number, count, stack):
    """Put a function around the last values."""
    name = FUNCTIONS[number]
    values = [stack.pop() for _value in range(count)][::-1]
    stack.append(f"{name}({','.join(values)})")


def address(row, column):
    """ "B3" for what the file counts from 0, beside two flags."""
    return f"{column_letters((column & 0xFF) + 1)}{row + 1}"
