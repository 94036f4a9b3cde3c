# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One sheet's XML read once, before the parser sees it.

Refuses what must not reach the parser, and keeps what the parser would hide.
"""

import html
import re

import formulas
from container import CHUNK, DECLARATION, chunks
from guard import MAX_ROW, StopError, add_mark, column_number, too_large
from places import REFERENCE, Places

MOST_KNOWN = 60
# A background on more cells than this is decoration.
MOST_FILLED = 50_000

# Patterns that begin with plain text are several times faster, and nearly every
# program writes this form; the general ones serve the rest.
USUAL_LETTERS = re.compile(rb' r="([A-Za-z]+)\d{1,6}"')
USUAL_ROW = re.compile(rb'<row\s[^>]*?r="(\d{1,7})"')
LETTERS = re.compile(rb"\sr=[\"']([A-Za-z]+)\d")
LONG_ROW = re.compile(rb"\sr=[\"'][A-Za-z]*(\d{7,})[\"']")
PREFIXED_CELL = re.compile(rb"<\w+:c[\s>/]")
ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?r=[\"'](\d+)[\"']")
HIDDEN = re.compile(rb"<(?:\w+:)?row\s[^>]*hidden=[\"'](?:1|true)")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
CELL = re.compile(rb"<(?:\w+:)?c(\s[^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.S)
VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
TYPE = re.compile(rb"\st=[\"'](\w+)[\"']")
FORMULA_TEXT = re.compile(rb"<(?:\w+:)?f(\s[^>]*?)?(?:/>|>([^<]*)<)")
SHARED_INDEX = re.compile(rb"\ssi=[\"'](\d+)[\"']")
HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*hidden=[\"'](?:1|true)[^>]*>")
COLUMN_SPAN = re.compile(rb"\s(min|max)=[\"'](\d{1,5})[\"']")
OTHER_BOOK = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>[^<]*\[\d+\]")
NO_VALUES = (b"0", b"0.0")


def cell_pieces(archive, name):
    """The sheet's XML in pieces that never cut through a cell."""
    rest, places = b"", Places()
    for piece in chunks(archive, name):
        if b"\x00" in piece:
            raise StopError("damaged")
        text = rest + piece
        cut = max(text.rfind(b"<c "), text.rfind(b":c "), text.rfind(b"<row"))
        if cut <= 0 or len(text) - cut > CHUNK:
            cut = len(text) - 16
        # Keep the "<" and a possible prefix of a cell on the right side.
        cut = max(text.rfind(b"<", 0, cut + 1), 0)
        yield places.written(text[:cut])
        rest = text[cut:]
        if len(rest) > 4 * CHUNK:
            raise StopError("damaged")
    yield places.written(rest)


class Scan:
    """What the sheet's XML shows and the parser would hide."""

    def __init__(self, limits, styles=None, recalculated=False, linked=False):
        self.limits = limits
        self.styles = styles or {}
        self.marked = pattern_of_styles(self.styles)
        self.recalculated = recalculated
        self.linked = linked
        self.letters = set()
        self.last_row = 0
        self.cells = 0
        self.hidden = 0
        self.hidden_columns = set()
        self.filtered = False
        self.links = 0
        self.unread = False
        self.problems = {}
        self.formulas = {}
        self.shared = {}
        self.marks = {}
        self.stranger = None
        self.has_formulas = False

    def take(self, piece):
        """Account for one piece of XML."""
        if DECLARATION.search(piece):
            raise StopError("declaration")
        odd = b"'" in piece or (b":" in piece and b":c" in piece)
        if odd or not self.take_usual(piece):
            self.take_unusual(piece)
        self.cells += piece.count(b"<c")
        if self.cells > self.limits["cells"]:
            raise StopError("cells")
        self.note_oddities(piece)

    def take_usual(self, piece):
        """Places in the usual notation; False when there are others too."""
        rows = USUAL_ROW.findall(piece)
        self.last_row = max(self.last_row, max(map(int, rows), default=0))
        if self.stranger and not self.stranger.search(piece):
            return True
        letters = USUAL_LETTERS.findall(piece)
        self.letters.update(letters)
        self.stranger = stranger_to(self.letters)
        return len(letters) + len(rows) == piece.count(b' r="')

    def take_unusual(self, piece):
        """Places in any notation that XML allows."""
        if far := LONG_ROW.search(piece):
            if int(far[1][:12]) > MAX_ROW:
                raise StopError("row_number")
        self.cells += len(PREFIXED_CELL.findall(piece))
        self.letters.update(LETTERS.findall(piece))
        rows = ROW.findall(piece)
        self.last_row = max(self.last_row, max(map(int, rows), default=0))

    def note_oddities(self, piece):
        """What is hidden or marked, and cells the parser would show as empty."""
        if b"hidden=" in piece:
            self.hidden += len(HIDDEN.findall(piece))
            for node in HIDDEN_COLUMN.findall(piece):
                span = {name: int(at) for name, at in COLUMN_SPAN.findall(node)}
                last = min(span.get(b"max", 0), self.limits["columns"])
                self.hidden_columns.update(range(span.get(b"min", 1), last + 1))
        if b"filterColumn" in piece:
            self.filtered = True
        if self.marked:
            self.note_marks(piece)
        errors = b't="e"' in piece or b"t='e'" in piece
        if not self.has_formulas:
            # Later formulas may only refer to an earlier one, without an end tag.
            self.has_formulas = b"</f>" in piece or (b":" in piece and b":f" in piece)
        if errors or self.has_formulas:
            self.find_problems(piece)
        if self.linked and self.has_formulas:
            self.links += len(OTHER_BOOK.findall(piece))

    def note_marks(self, piece):
        """The places of cells in a style that stands out."""
        for attributes, style in self.marked.findall(piece):
            place = REFERENCE.search(attributes)
            if not place:
                continue
            row, column = int(place[2]), column_number(place[1])
            for kind in self.styles.get(int(style), ()):
                add_mark(self.marks, kind, row, column)
        filled = self.marks.get("fill", {})
        if sum(map(len, filled.values())) > MOST_FILLED:
            self.styles = {
                number: kinds - {"fill"}
                for number, kinds in self.styles.items()
                if kinds - {"fill"}
            }
            self.marked = pattern_of_styles(self.styles)
            del self.marks["fill"]

    def find_problems(self, piece):
        """Note cells with an error, or with a formula and no result of it."""
        for attributes, body in CELL.findall(piece):
            kind = TYPE.search(attributes)
            kind = kind[1] if kind else b"n"
            value = VALUE.search(body)
            formula = None
            if kind == b"e":
                problem = value[1].decode("ascii", "replace") if value else "#ERROR"
            elif value and not self.is_stale(value[1]):
                continue
            elif kind == b"str" and not self.recalculated:
                # An empty text is a legitimate result of a formula.
                continue
            elif formula := FORMULA_TEXT.search(body):
                problem = "=''" if kind == b"str" else "="
            else:
                continue
            if place := REFERENCE.search(attributes):
                where = int(place[2]), column_number(place[1])
                self.problems[where] = problem
                if formula:
                    self.formulas[where] = self.formula_at(where, *formula.groups())

    def is_stale(self, value):
        """Whether a result is the 0 of a program that computes nothing itself.

        Such a program asks for everything to be computed when the book is opened.
        """
        return self.recalculated and value in NO_VALUES

    def formula_at(self, place, attributes, text):
        """The text of a formula, also where it only refers to an earlier one."""
        text = unescaped((text or b"")[: 2 * formulas.LONGEST])
        shared = SHARED_INDEX.search(attributes or b"")
        if not shared:
            return text
        if text:
            self.shared[shared[1]] = (place, text)
        elif shared[1] in self.shared:
            (row, column), text = self.shared[shared[1]]
            if len(text) <= formulas.LONGEST:
                text = formulas.shift(text, place[0] - row, place[1] - column)
        return text

    def size(self):
        """(rows, columns) of the used range."""
        columns = max(map(column_number, self.letters), default=0)
        return self.last_row, columns


def stranger_to(letters):
    """A pattern that finds any place not in these columns, None for very many.

    Searching for what is not expected makes no object per cell.
    """
    if len(letters) > MOST_KNOWN:
        return None
    known = b"|".join(sorted(letters))
    return re.compile(rb' r="(?!(?:' + known + rb')?\d{1,6}")')


def pattern_of_styles(styles):
    """A pattern for cells in one of these styles, None for no styles."""
    if not styles:
        return None
    numbers = rb"\d{1,6}"
    if len(styles) <= MOST_KNOWN:
        numbers = b"|".join(str(number).encode() for number in sorted(styles))
    return re.compile(
        rb"<(?:\w+:)?c(?=(\s[^>]*))[^>]*?\ss=[\"'](" + numbers + rb")[\"']"
    )


def unescaped(text):
    """The text of XML bytes, with the characters that its references mean."""
    return html.unescape(text.decode("utf-8", "replace"))


def exact_size(archive, name):
    """(rows, columns, far cell) counting only cells that hold something."""
    rows = columns = 0
    far = ""
    for piece in cell_pieces(archive, name):
        for attributes, body in CELL.findall(piece):
            place = REFERENCE.search(attributes) if body else None
            if not place:
                continue
            row, column = int(place[2]), column_number(place[1])
            if row > rows or column > columns:
                far = (place[1] + place[2]).decode()
            rows, columns = max(rows, row), max(columns, column)
    return rows, columns, far


def scan_sheet(archive, name, scan):
    """Read a sheet's XML once and refuse what must not reach the parser."""
    limits = scan.limits
    for piece in cell_pieces(archive, name):
        scan.take(piece)
    rows, columns = scan.size()
    if too_large(rows, columns, limits):
        rows, columns, far = exact_size(archive, name)
        if too_large(rows, columns, limits):
            raise StopError("far_cell", cell=far)
    return scan
