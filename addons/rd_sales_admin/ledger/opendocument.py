# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Read an OpenDocument spreadsheet piece by piece, in the helper process.

One pass over the XML gives the cells and everything the reader must say about
them; nothing is kept of what repeats without content.
"""

import re
from bisect import bisect_left
from datetime import datetime

import formulas
from collect import LONGEST_TEXT, Collector
from container import check_part, chunks
from elements import Elements
from guard import DATE_MARK, StopError, is_fill, is_red

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
FORMAT = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
ERROR_TEXT = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)$|Err:\d+$")
NUMBERS = ("float", "currency", "percentage")
EPOCH_1904 = "1904-01-01"


def read_archive(archive, wanted, limits):
    """The answer for a spreadsheet in its container."""
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rdf")) and name != "content.xml":
            check_part(archive, name)
    if "META-INF/manifest.xml" in archive.namelist():
        manifest = archive.read("META-INF/manifest.xml")
        if b"encryption-data" in manifest:
            raise StopError("encrypted")
    return read_pieces(chunks(archive, "content.xml"), wanted, limits)


def read_pieces(pieces, wanted, limits):
    """The answer for the XML of a spreadsheet's content."""
    document = Document(wanted, limits)
    document.parse(pieces)
    return document.answer()


class Document(Elements):
    """Follows the elements of a content part from begin to end."""

    def __init__(self, wanted, limits):
        self.wanted = wanted
        self.limits = limits
        self.total = [0]
        self.sheets = {}
        self.hidden_sheets = set()
        self.styles = {}
        self.style = None
        self.tables = 0
        self.sheet = None
        self.text = None
        self.comment = None
        self.size = 0
        self.epoch_1904 = False
        self.spreadsheet = False
        self.filters = []
        handlers = {
            f"{OFFICE} spreadsheet": (self.start_spreadsheet, None),
            f"{TABLE} null-date": (self.start_epoch, None),
            f"{STYLE} style": (self.start_style, None),
            f"{STYLE} text-properties": (self.start_font, None),
            f"{STYLE} table-cell-properties": (self.start_fill, None),
            f"{STYLE} table-properties": (self.start_display, None),
            f"{TABLE} table": (self.start_table, self.end_table),
            f"{TABLE} table-column": (self.start_column, None),
            f"{TABLE} table-row": (self.start_row, self.end_row),
            f"{TABLE} table-cell": (self.start_cell, self.end_cell),
            f"{TABLE} covered-table-cell": (self.start_cell, self.end_covered),
            f"{TABLE} database-range": (self.start_range, self.end_range),
            f"{TABLE} filter": (self.start_filter, None),
            f"{OFFICE} annotation": (self.start_comment, self.end_comment),
            f"{TEXT} p": (self.start_paragraph, None),
            f"{TEXT} s": (self.start_blanks, None),
            f"{TEXT} tab": (self.start_tab, None),
            f"{TEXT} line-break": (self.start_paragraph, None),
        }
        super().__init__(handlers)

    # --- what the parser calls ---

    def characters(self, text):
        """Text inside a cell or a comment."""
        parts = self.text if self.comment is None else self.comment
        if parts is not None:
            self.size += len(text)
            if self.size > LONGEST_TEXT:
                raise StopError("damaged")
            parts.append(text)

    # --- the book ---

    def start_spreadsheet(self, _attributes):
        """The document is a spreadsheet and not a letter."""
        self.spreadsheet = True

    def start_epoch(self, attributes):
        """The day that is number 0."""
        self.epoch_1904 = attributes.get(f"{TABLE} date-value") == EPOCH_1904

    def start_style(self, attributes):
        """A style begins; what follows describes it."""
        parent = self.styles.get(attributes.get(f"{STYLE} parent-style-name"), set())
        self.style = self.styles[attributes.get(f"{STYLE} name", "")] = set(parent)

    def start_font(self, attributes):
        """The letters of a style."""
        if self.style is None:
            return
        if is_red(attributes.get(f"{FORMAT} color", "").lstrip("#")):
            self.style.add("red")
        lines = attributes.get(f"{STYLE} text-line-through-style", "none")
        if lines != "none" or f"{STYLE} text-line-through-type" in attributes:
            kind = attributes.get(f"{STYLE} text-line-through-type", "")
            if kind != "none":
                self.style.add("strike")

    def start_fill(self, attributes):
        """The background of a style."""
        colour = attributes.get(f"{FORMAT} background-color", "").lstrip("#")
        if self.style is not None and len(colour) == 6 and is_fill(colour):
            self.style.add("fill")

    def start_display(self, attributes):
        """A table's style that hides the sheet."""
        if self.style is not None and attributes.get(f"{TABLE} display") == "false":
            self.style.add("hidden")

    def start_range(self, attributes):
        """A named range, which may be filtered."""
        self.filters.append(attributes.get(f"{TABLE} target-range-address", ""))

    def end_range(self):
        """The range has no filter any more to come."""
        if self.filters and type(self.filters[-1]) is str:
            self.filters.pop()

    def start_filter(self, _attributes):
        """The range before is filtered."""
        if self.filters and type(self.filters[-1]) is str:
            self.filters[-1] = (self.filters[-1],)

    # --- a sheet ---

    def start_table(self, attributes):
        """A sheet begins; one inside another is part of a drawing."""
        self.tables += 1
        if self.tables > 1:
            return
        self.style = None
        name = attributes.get(f"{TABLE} name", "")
        marks = self.styles.get(attributes.get(f"{TABLE} style-name"), ())
        if "hidden" in marks:
            self.hidden_sheets.add(name)
        self.sheet = self.sheets[name] = Collector(self.limits, self.total)
        self.row = self.column = 0
        self.columns = 0
        # The last column of each stretch of one usual style, and that style.
        self.stretches = []
        self.usual_styles = []

    def end_table(self):
        """The sheet ends."""
        self.tables -= 1
        if not self.tables:
            self.sheet = None

    def start_column(self, attributes):
        """One column, or several alike, and whether they are hidden."""
        if self.tables != 1:
            return
        count = whole(attributes.get(f"{TABLE} number-columns-repeated"))
        if attributes.get(f"{TABLE} visibility") in ("collapse", "filter"):
            last = min(self.columns + count, self.limits["columns"])
            self.sheet.hidden_columns.update(range(self.columns + 1, last + 1))
        self.columns += count
        self.stretches.append(self.columns)
        self.usual_styles.append(attributes.get(f"{TABLE} default-cell-style-name"))

    def usual_style(self, column):
        """The style of a cell that names none."""
        if self.row_style:
            return self.row_style
        at = bisect_left(self.stretches, column)
        return self.usual_styles[at] if at < len(self.usual_styles) else None

    def start_row(self, attributes):
        """One row, or several alike."""
        if self.tables != 1:
            return
        self.repeat = whole(attributes.get(f"{TABLE} number-rows-repeated"))
        visible = attributes.get(f"{TABLE} visibility")
        self.hidden_row = visible in ("collapse", "filter")
        self.filtered_row = visible == "filter"
        self.row_style = attributes.get(f"{TABLE} default-cell-style-name")
        self.column = 0
        self.cells = []

    def end_row(self):
        """Keep what the row holds, as often as it repeats."""
        if self.tables != 1:
            return
        if self.cells:
            # What repeats without a value, such as a merge, counts once.
            filled = any(
                content[0] != "" or content[1] for _c, _n, content in self.cells
            )
            for again in range(self.repeat if filled else 1):
                for cell in self.cells:
                    self.keep(self.row + 1 + again, *cell)
            if self.hidden_row:
                self.sheet.hidden += self.repeat if filled else 1
        self.sheet.filtered |= self.filtered_row
        self.row += self.repeat

    def keep(self, row, column, count, content):
        """Put one cell, as often as it repeats, into the sheet."""
        value, problem, formula, marks, comment, span = content
        if value == "" and not problem:
            count = 1
        for number in range(column, column + count):
            if problem:
                self.sheet.fault(row, number, problem, formula)
            if value != "":
                self.sheet.put(row, number, value)
                self.sheet.mark(marks, row, number)
            if comment and len(self.sheet.comments) < 1000:
                self.sheet.comments[row, number] = comment
        self.sheet.merge(row, column, *span)

    def start_cell(self, attributes):
        """A cell, which may stand for several alike."""
        if self.tables != 1:
            return
        self.attributes = attributes
        self.text = []
        self.size = 0
        self.note = ""

    def end_cell(self):
        """Remember the cell when it holds anything."""
        if self.tables != 1:
            return
        attributes = self.attributes
        count = whole(attributes.get(f"{TABLE} number-columns-repeated"))
        value, problem, formula = self.content(attributes)
        span = (
            whole(attributes.get(f"{TABLE} number-rows-spanned")) - 1,
            whole(attributes.get(f"{TABLE} number-columns-spanned")) - 1,
        )
        if value != "" or problem or self.note or span > (0, 0):
            style = attributes.get(f"{TABLE} style-name")
            style = style or self.usual_style(self.column + 1)
            marks = self.styles.get(style, ())
            content = (value, problem, formula, marks, self.note, span)
            self.cells.append((self.column + 1, count, content))
            self.sheet.count()
        self.column += count
        self.text = None

    def end_covered(self):
        """Pass over a cell that a merge covers: nobody sees what it may hold."""
        if self.tables == 1:
            repeated = self.attributes.get(f"{TABLE} number-columns-repeated")
            self.column += whole(repeated)
            self.text = None

    def content(self, attributes):
        """(value, problem, formula) of the cell that ends."""
        kind = attributes.get(f"{OFFICE} value-type")
        text = "".join(self.text).removeprefix("\n")
        formula = attributes.get(f"{TABLE} formula", "")
        if ERROR_TEXT.match(text) and (
            formula or attributes.get(f"{CALC} value-type") == "error"
        ):
            return "", text, ""
        if kind in NUMBERS:
            return float(attributes[f"{OFFICE} value"]), None, ""
        if kind == "date":
            return date_of(attributes[f"{OFFICE} date-value"]), None, ""
        if kind == "boolean":
            return attributes[f"{OFFICE} boolean-value"].upper(), None, ""
        if formula and kind is None:
            return "", "=", plain_formula(formula)
        if kind == "string" and f"{OFFICE} string-value" in attributes:
            return attributes[f"{OFFICE} string-value"], None, ""
        return text.replace(DATE_MARK, ""), None, ""

    def start_comment(self, _attributes):
        """A comment begins; its text is none of the cell's."""
        self.comment = []

    def end_comment(self):
        """The comment ends."""
        self.note = "".join(self.comment).strip()[:500] or " "
        self.comment = None

    def start_paragraph(self, _attributes):
        """A new line of text."""
        self.characters("\n")

    def start_blanks(self, attributes):
        """Several blanks, which XML would run together."""
        self.characters(" " * min(whole(attributes.get(f"{TEXT} c")), 1000))

    def start_tab(self, _attributes):
        """A tab."""
        self.characters("\t")

    # --- the end ---

    def answer(self):
        """The sheets asked for, as plain data."""
        if not self.spreadsheet:
            raise StopError("unknown")
        for mark in self.filters:
            if sheet := self.sheets.get(sheet_of(mark[0])):
                sheet.filtered = True
        visible = [name for name in self.sheets if name not in self.hidden_sheets]
        return finished(self.sheets, visible, self.wanted, self.epoch_1904)


def finished(sheets, visible, wanted, epoch_1904):
    """The answer with the sheet asked for, or every visible one."""
    names = visible
    if wanted is not None:
        names = [name for name in sheets if name == wanted] or [
            name for name in sheets if name.strip() == wanted.strip()
        ]
        if len(names) != 1:
            raise StopError("no_sheet", wanted=wanted, sheets="、".join(sheets))
    result = {name: sheets[name].answer() for name in names}
    for sheet in result.values():
        formulas.settle(sheet)
    return {"sheets": result, "epoch_1904": epoch_1904}


def whole(text):
    """A count from an attribute, 1 where there is none."""
    if text is None:
        return 1
    if not text.isdigit() or len(text) > 9:
        raise StopError("damaged")
    return max(int(text), 1)


def date_of(text):
    """A marked ISO date, or a datetime when there is a time of day."""
    moment = datetime.fromisoformat(text[:19])
    if moment.time() == datetime.min.time():
        return DATE_MARK + moment.date().isoformat()
    return DATE_MARK + moment.isoformat()


def sheet_of(address):
    """The name of the sheet in the address of a range, as $'our sheet'.A1:.C9."""
    name = address.partition(":")[0].rpartition(".")[0].lstrip("$")
    return name[1:-1].replace("''", "'") if name[:1] == "'" else name


def plain_formula(text):
    """A formula in the notation that other programs write."""
    text = text.partition(":=")[2] if ":=" in text[:8] else text.lstrip("=")
    return re.sub(r"\[\.?([^\]]*)\]", r"\1", text).replace(":.", ":").replace(";", ",")
