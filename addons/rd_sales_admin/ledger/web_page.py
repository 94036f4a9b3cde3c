# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Read the tables of a web page, in the helper process.

Web systems hand out such pages under the name of a workbook. As a spreadsheet
program does, all tables of the page go below each other into one sheet, with the
texts between them, so that the row numbers are those a person sees.
"""

import re

from collect import LONGEST_TEXT, Collector
from formulas import settle
from guard import DATE_MARK, StopError, is_fill, is_red

DEEPEST = 60
LONGEST_STYLE = 500
PIECE = 1 << 16
WIDEST_SPAN, LONGEST_SPAN = 1000, 65_534
META = re.compile(rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([\w.-]+)", re.I)
ENTITY = re.compile(rb"<!ENTITY", re.I)
COLOUR = re.compile(r"(?<![-\w])color\s*:\s*(#?\w+)", re.I)
FILL = re.compile(r"background(?:-color)?\s*:\s*#(\w{6})\b", re.I)
STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.I)
INVISIBLE = re.compile(r"display\s*:\s*none", re.I)
RULE = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")
BLANKS = re.compile(r"[ \t\r\n\f]+")
SHOWN_NUMBER = re.compile(r"[-+(]?[¥$￥]?\s*[\d,]+(?:\.\d+)?\)?%?$")
BLOCKS = frozenset(("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "caption"))
UNSEEN = frozenset(("script", "style", "title", "head", "noscript", "xml"))


def read(data, wanted, limits):
    """The answer for a page: one sheet with all its tables."""
    from lxml import etree

    if ENTITY.search(data):
        raise StopError("declaration")
    data = decoded(data).encode()
    page = Page(Collector(limits, [0]))
    parser = etree.HTMLParser(target=page, recover=True, encoding="utf-8")
    for at in range(0, len(data), PIECE):
        parser.feed(data[at : at + PIECE])
    parser.close()
    if not page.tables:
        raise StopError("html")
    sheet = page.sheet.answer()
    settle(sheet)
    return {"sheets": {"": sheet}, "epoch_1904": False}


def decoded(data):
    """The text of a page by its byte-order mark, what it states, or its bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "strict")
    stated = META.search(data[:4096])
    names = ["utf-8-sig", "gb18030", "big5hkscs"]
    if stated:
        name = stated[1].decode("ascii").lower()
        name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(
            name, name
        )
        names.insert(0, name)
    for name in names:
        try:
            return data.decode(name).removeprefix("\ufeff")
        except (LookupError, UnicodeDecodeError):
            continue
    raise StopError("encoding")


class Cell:
    """A cell of a table that is being read."""

    def __init__(self, attributes):
        self.attributes = attributes
        self.parts = []
        self.size = 0
        self.marks = set()

    def text(self):
        """What a person sees in the cell."""
        lines = "".join(self.parts).split("\n")
        return "\n".join(line.strip(" ") for line in lines).strip("\n")


class Grid:
    """A table that is being read, and the row of the sheet where it begins."""

    def __init__(self, top):
        self.top = top
        self.row = top - 1
        self.column = 0
        self.taken = {}
        self.cell = None
        self.hidden = False

    def next_row(self):
        """Begin a row."""
        self.row += 1
        self.column = 0
        for column in [c for c, last in self.taken.items() if last < self.row]:
            del self.taken[column]

    def place(self, across, down):
        """The first free column, from where the cell takes its room."""
        self.column += 1
        while self.column in self.taken:
            self.column += 1
        first = self.column
        if down > 1:
            for column in range(first, first + across):
                self.taken[column] = self.row + down - 1
        self.column += across - 1
        return first


class Page:
    """Follows the tags of a page and fills a sheet."""

    def __init__(self, sheet):
        self.sheet = sheet
        self.tables = 0
        self.grids = []
        self.bottom = 0
        self.unseen = 0
        self.loose = []
        self.open = []
        self.css = []
        self.classes = {}
        self.in_css = False
        self.waiting = []

    # --- what the parser calls ---

    def start(self, tag, attributes):
        """A tag opens."""
        if tag in UNSEEN:
            self.unseen += 1
            self.in_css = tag == "style"
            return
        if tag == "table":
            self.open_table()
        elif not self.grids:
            if tag in BLOCKS or tag == "br":
                self.close_loose()
        elif tag == "tr":
            self.open_row(attributes)
        elif tag in ("td", "th"):
            self.open_cell(attributes)
        elif self.grids[-1].cell is not None:
            self.open_inside(tag, attributes)

    def end(self, tag):
        """A tag closes."""
        if tag in UNSEEN:
            self.unseen = max(self.unseen - 1, 0)
            if tag == "style":
                self.in_css = False
                self.read_css()
        elif tag == "table" and self.grids:
            self.close_table()
        elif not self.grids:
            if tag in BLOCKS:
                self.close_loose()
        elif tag in ("td", "th"):
            self.close_cell()
        elif tag == "tr":
            self.close_cell()
        elif tag in BLOCKS and self.grids[-1].cell is not None:
            self.grids[-1].cell.parts.append("\n")

    def data(self, text):
        """Text between tags."""
        if self.in_css:
            self.css.append(text)
        if self.unseen:
            return
        text = BLANKS.sub(" ", text.replace(DATE_MARK, ""))
        cell = self.grids[-1].cell if self.grids else None
        if cell is None:
            # A title, a caption, or words behind a table inside a cell.
            self.loose.append(text)
            return
        cell.parts.append(text)
        cell.size += len(text)
        if cell.size > LONGEST_TEXT:
            raise StopError("damaged")

    def close(self):
        """The page ends; what was left open ends with it."""
        while self.grids:
            self.close_table()
        self.close_loose()
        return self

    # --- tables ---

    def open_table(self):
        """A table begins; inside another one it comes below that one's row."""
        self.tables += 1
        if len(self.grids) >= DEEPEST:
            raise StopError("damaged")
        self.close_loose()
        if self.grids and self.grids[-1].cell is not None:
            # The words before it in the cell keep their place.
            self.close_cell()
        self.grids.append(Grid(self.bottom + 1))

    def close_table(self):
        """The table ends."""
        self.close_cell()
        self.close_loose()
        self.grids.pop()
        if self.grids:
            self.grids[-1].taken.clear()

    def open_row(self, attributes):
        """A row begins."""
        self.close_cell()
        self.close_loose()
        grid = self.grids[-1]
        # Below whatever has taken rows of its own meanwhile.
        grid.row = max(grid.row, self.bottom)
        grid.next_row()
        grid.hidden = bool(INVISIBLE.search(attributes.get("style", "")))
        self.sheet.hidden += grid.hidden
        self.bottom = max(self.bottom, grid.row)

    def open_cell(self, attributes):
        """A cell begins."""
        self.close_cell()
        grid = self.grids[-1]
        if grid.row < max(grid.top, self.bottom):
            # A cell without a row, or behind a table inside the row.
            grid.row = self.bottom
            grid.next_row()
            self.bottom = grid.row
        grid.cell = Cell(attributes)
        self.note_style(grid.cell, "td", attributes)

    def close_cell(self):
        """Put the cell that is open into the sheet."""
        grid = self.grids[-1]
        cell, grid.cell = grid.cell, None
        if cell is None:
            return
        across = span(cell.attributes.get("colspan"), WIDEST_SPAN)
        down = span(cell.attributes.get("rowspan"), LONGEST_SPAN)
        row, column = grid.row, grid.place(across, down)
        text = cell.text()
        if text:
            self.sheet.put(row, column, value_of(text, cell.attributes))
            self.sheet.mark(cell.marks, row, column)
        elif formula := cell.attributes.get("x:fmla"):
            self.sheet.fault(row, column, "=", formula.lstrip("="))
        self.sheet.reach(row, column + across - 1)
        self.sheet.merge(row, column, down - 1, across - 1)

    def open_inside(self, tag, attributes):
        """A tag inside a cell."""
        cell = self.grids[-1].cell
        if tag == "br":
            cell.parts.append("\n")
        elif tag in BLOCKS and cell.size:
            cell.parts.append("\n")
        self.note_style(cell, tag, attributes)

    # --- what words and colours say ---

    def note_style(self, cell, tag, attributes):
        """Marks that a tag gives to its cell."""
        style = attributes.get("style", "")[:LONGEST_STYLE]
        for name in attributes.get("class", "")[:LONGEST_STYLE].split():
            style += ";" + self.classes.get(name, "")[:LONGEST_STYLE]
        colour = attributes.get("color", "") if tag == "font" else ""
        if match := COLOUR.search(style):
            colour = match[1]
        if colour and (colour.lower() == "red" or is_red(full(colour))):
            cell.marks.add("red")
        if tag in ("s", "del", "strike") or STRUCK.search(style):
            cell.marks.add("strike")
        fill = FILL.search(style)
        shade = fill[1] if fill else attributes.get("bgcolor", "").lstrip("#")
        if tag == "td" and len(shade) == 6 and is_fill(shade):
            cell.marks.add("fill")

    def read_css(self):
        """Keep what the page's own style sheet says about its classes."""
        text, self.css = "".join(self.css)[:500_000], []
        self.classes.update(RULE.findall(text))

    def close_loose(self):
        """A text outside of tables takes a row of its own."""
        text = BLANKS.sub(" ", "".join(self.loose)).strip()
        self.loose = []
        if text:
            if len(text) > LONGEST_TEXT:
                raise StopError("damaged")
            self.bottom += 1
            self.sheet.put(self.bottom, 1, text)


def full(colour):
    """Six hexadecimal digits of a colour."""
    digits = colour.lstrip("#")
    return "".join(2 * digit for digit in digits) if len(digits) == 3 else digits


def span(text, most):
    """How many columns or rows a cell takes."""
    digits = (text or "").strip()[:9]
    return min(max(int(digits), 1), most) if digits.isdecimal() else 1


def value_of(text, attributes):
    """The text of a cell, or the full number that stands behind a rounded one."""
    exact = attributes.get("x:num")
    if exact and SHOWN_NUMBER.match(text):
        try:
            return float(exact)
        except ValueError:
            return text
    return text
