# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Read a workbook that is one XML document, in the helper process.

The spreadsheet XML of 2003, which many web systems still name .xls, and the flat
form of OpenDocument.
"""

import re
from datetime import datetime

from collect import LONGEST_TEXT, Collector
from elements import Elements
from guard import DATE_MARK, StopError, column_letters, is_fill, is_red
from opendocument import finished, read_pieces

SHEET = "urn:schemas-microsoft-com:office:spreadsheet"
EXCEL = "urn:schemas-microsoft-com:office:excel"
STATED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"'][^>]*\?>")
RELATIVE = re.compile(r"R(\[-?\d+\]|\d+)?C(\[-?\d+\]|\d+)?(?![\w(])")
ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)[\s>/]")
PIECE = 1 << 18


def read(data, wanted, limits):
    """The answer for an XML document of either kind."""
    data = as_utf8(data)
    root = ROOT.search(data[: 1 << 16])
    pieces = (data[at : at + PIECE] for at in range(0, len(data), PIECE))
    if root and root[1] == b"document":
        return read_pieces(pieces, wanted, limits)
    if not root or root[1] != b"Workbook":
        raise StopError("xml")
    book = Spreadsheet(wanted, limits)
    book.parse(pieces)
    return book.answer()


def as_utf8(data):
    """The document in UTF-8, whatever encoding it states."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16").encode()
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    stated = STATED.match(data)
    name = stated[1].decode("ascii").lower() if stated else "utf-8"
    if name in ("utf-8", "utf8", "us-ascii"):
        return data
    if name in ("gb2312", "gbk"):
        # What calls itself by an older standard uses characters of the newest.
        name = "gb18030"
    try:
        return data.decode(name).encode()
    except (LookupError, UnicodeDecodeError):
        raise StopError("encoding") from None


class Spreadsheet(Elements):
    """Follows the elements of the spreadsheet XML of 2003."""

    def __init__(self, wanted, limits):
        self.wanted = wanted
        self.limits = limits
        self.total = [0]
        self.sheets = {}
        self.visible = []
        self.styles = {}
        self.style = set()
        self.sheet = None
        self.text = None
        self.comment = None
        self.cell = None
        self.size = 0
        self.epoch_1904 = False
        handlers = {
            f"{SHEET} Style": (self.start_style, None),
            f"{SHEET} Font": (self.start_font, None),
            f"{SHEET} Interior": (self.start_fill, None),
            f"{SHEET} Worksheet": (self.start_sheet, self.end_sheet),
            f"{SHEET} Column": (self.start_column, None),
            f"{SHEET} Row": (self.start_row, None),
            f"{SHEET} Cell": (self.start_cell, self.end_cell),
            f"{SHEET} Data": (self.start_data, self.end_data),
            f"{SHEET} Comment": (self.start_comment, self.end_comment),
            f"{EXCEL} Date1904": (self.start_epoch, None),
            f"{EXCEL} Visible": (self.start_visible, self.end_visible),
            f"{EXCEL} AutoFilterColumn": (self.start_filter, None),
        }
        super().__init__(handlers)

    # --- what the parser calls ---

    def characters(self, text):
        """Text inside a cell or a comment."""
        if self.text is not None:
            self.size += len(text)
            if self.size > LONGEST_TEXT:
                raise StopError("damaged")
            self.text.append(text)

    # --- the book ---

    def start_epoch(self, _attributes):
        """Days are counted from 1904."""
        self.epoch_1904 = True

    def start_style(self, attributes):
        """A style begins; what follows describes it."""
        parent = self.styles.get(attributes.get(f"{SHEET} Parent"), set())
        self.style = self.styles[attributes.get(f"{SHEET} ID", "")] = set(parent)

    def start_font(self, attributes):
        """The letters of a style."""
        if is_red(attributes.get(f"{SHEET} Color", "").lstrip("#")):
            self.style.add("red")
        if attributes.get(f"{SHEET} StrikeThrough") == "1":
            self.style.add("strike")

    def start_fill(self, attributes):
        """The background of a style."""
        colour = attributes.get(f"{SHEET} Color", "").lstrip("#")
        if len(colour) == 6 and is_fill(colour):
            self.style.add("fill")

    # --- a sheet ---

    def start_sheet(self, attributes):
        """A sheet begins."""
        self.style = set()
        self.name = attributes.get(f"{SHEET} Name", "")
        self.sheet = self.sheets[self.name] = Collector(self.limits, self.total)
        self.visible.append(self.name)
        self.row = self.column = self.columns = 0
        self.after = 0

    def end_sheet(self):
        """The sheet ends."""
        self.sheet = None

    def start_visible(self, _attributes):
        """Whether the sheet is hidden follows."""
        self.text = []

    def end_visible(self):
        """A hidden sheet is read only when asked for."""
        if "".join(self.text).strip() != "SheetVisible" and self.visible:
            self.visible.pop()
        self.text = None

    def start_filter(self, attributes):
        """A column's filter, which shows only some of the rows."""
        if self.sheet and attributes.get(f"{EXCEL} Type", "All") != "All":
            self.sheet.filtered = True

    def start_column(self, attributes):
        """One column, or several alike, and whether they are hidden."""
        if not self.sheet:
            return
        first = whole(attributes.get(f"{SHEET} Index"), self.columns + 1)
        last = first + whole(attributes.get(f"{SHEET} Span"), 0)
        if attributes.get(f"{SHEET} Hidden") == "1":
            end = min(last, self.limits["columns"])
            self.sheet.hidden_columns.update(range(first, end + 1))
        self.columns = last

    def start_row(self, attributes):
        """A row begins, perhaps further down."""
        if not self.sheet:
            raise StopError("damaged")
        self.row = whole(attributes.get(f"{SHEET} Index"), self.row + self.after + 1)
        self.after = whole(attributes.get(f"{SHEET} Span"), 0)
        self.sheet.hidden += attributes.get(f"{SHEET} Hidden") == "1"
        self.column = 0

    def start_cell(self, attributes):
        """A cell begins, perhaps further right."""
        if not self.sheet or not self.row:
            raise StopError("damaged")
        self.column = whole(attributes.get(f"{SHEET} Index"), self.column + 1)
        self.cell = attributes
        self.kind, self.value = None, ""
        self.size = 0

    def start_data(self, attributes):
        """The content of the cell, or of a comment."""
        if self.cell is not None and self.comment is None:
            self.kind = attributes.get(f"{SHEET} Type", "String")
            self.text = []

    def end_data(self):
        """The content is complete."""
        if self.text is not None and self.comment is None:
            self.value, self.text = "".join(self.text), None

    def start_comment(self, _attributes):
        """A comment begins; its text is none of the cell's."""
        if self.cell is not None:
            self.comment = self.text = []

    def end_comment(self):
        """The comment ends."""
        if self.comment is None:
            return
        if len(self.sheet.comments) < 1000:
            comment = "".join(self.comment).strip()[:500] or " "
            self.sheet.comments[self.row, self.column] = comment
        self.comment = self.text = None

    def end_cell(self):
        """Keep the cell."""
        attributes, self.cell = self.cell, None
        across = whole(attributes.get(f"{SHEET} MergeAcross"), 0)
        down = whole(attributes.get(f"{SHEET} MergeDown"), 0)
        formula = attributes.get(f"{SHEET} Formula")
        marks = self.styles.get(attributes.get(f"{SHEET} StyleID"), ())
        if self.kind == "Error":
            self.sheet.fault(self.row, self.column, self.value.strip() or "#ERROR")
        elif self.kind is None or (self.kind == "Number" and not self.value):
            if formula:
                text = usual_places(formula[:500], self.row, self.column)
                self.sheet.fault(self.row, self.column, "=", text)
        elif self.value != "":
            self.sheet.put(self.row, self.column, typed(self.kind, self.value))
            self.sheet.mark(marks, self.row, self.column)
        if formula and re.search(r"\[[^\]\-\d]", formula):
            self.sheet.links += 1
        self.sheet.merge(self.row, self.column, down, across)
        self.column += across

    def answer(self):
        """The sheets asked for, as plain data."""
        return finished(self.sheets, self.visible, self.wanted, self.epoch_1904)


def whole(text, default):
    """A count or place from an attribute."""
    if text is None:
        return default
    if not text.isdigit() or len(text) > 9:
        raise StopError("damaged")
    return int(text)


def typed(kind, text):
    """A cell's value by the type that the file states."""
    if kind == "Number":
        return float(text)
    if kind == "Boolean":
        return "TRUE" if text.strip() == "1" else "FALSE"
    if kind == "DateTime":
        moment = datetime.fromisoformat(text.strip()[:19])
        day = moment.time() == datetime.min.time()
        return DATE_MARK + (moment.date() if day else moment).isoformat()
    return text.replace(DATE_MARK, "")


def usual_places(formula, row, column):
    """A formula with addresses such as B3 for those such as RC[-1]."""

    def moved(match):
        numbers = []
        for part, here in zip(match.groups(), (row, column), strict=True):
            if part is None:
                numbers.append(here)
            elif part[0] == "[":
                numbers.append(here + int(part[1:-1]))
            else:
                numbers.append(int(part))
        if min(numbers) < 1:
            return "#REF!"
        return f"{column_letters(numbers[1])}{numbers[0]}"

    return RELATIVE.sub(moved, formula.lstrip("="))
