# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Several tables in one sheet: below each other, beside each other.

Tables of one kind are read as one ledger, each under its own heading; a table
of another kind is refused by the cell it begins in. A heading that only repeats
the first one, as on every printed page, begins no table of its own.
"""

import re
from dataclasses import dataclass
from dataclasses import replace as replaced

from .detect import (
    ESSENTIAL,
    Header,
    amount_basis,
    is_table,
    known_columns,
    letter_of,
    meaning,
    meaning_of_text,
    numeric,
    squeeze,
)
from .fields import FOOTER_WORDS
from .finder import Finder, essence, one_each
from .headings import Heading, pair_cells
from .labels import SUBTOTAL, TOTAL, label_of
from .text import Refused, Text, UnreadableError, _
from .values import number

OTHER_BLOCK = _(
    "A second table begins in %(cell)s of the sheet “%(sheet)s” in %(file)s; "
    "upload one table per sheet or state the last row in the profile."
)
MANY_BLOCKS = _(
    "The sheet “%(sheet)s” of %(file)s holds more than %(limit)s tables; "
    "upload one table per sheet."
)

MOST_BLOCKS = 500
MOST_TITLE_LETTERS = 80
# How many rows above a heading may belong to it: titles, an opening balance.
MOST_TITLE_ROWS = 8
# Names of sections stand in one of the first columns.
SECTION_COLUMNS = 3
PARTY_MARKS = (
    *("公司", "集团", "集團", "厂", "廠", "店", "商行", "经营部", "經營部", "工作室"),
    *("加工部", ":", "：", "ltd", "inc", "llc", "corp", "gmbh", "co.", "plant"),
)
NUMBERS = re.compile(r"\d+")
PAGE = re.compile(
    r"第?\d+[页頁]|共\d+[页頁]|page\d+(?:of\d+)?|[(（]续[)）]|[(（]續[)）]"
)
PARTNER = re.compile(
    r"(?:客户名称|客戶名稱|客户|客戶|供应商名称|供應商名稱|供应商|供應商|往来单位|"
    r"往來單位|对方单位|對方單位|单位名称|單位名稱|购货单位|購貨單位|收货单位|"
    r"收貨單位|合作方|customer|supplier|vendor|partner)\s*[:：]\s*(?P<name>.*)",
    re.IGNORECASE | re.DOTALL,
)
# What stands behind a name on the same line: more blanks, or the next label.
NAME_END = re.compile(
    r"\s{2,}|[,，;；]|\s*(?:日期|期间|期間|对账|對賬|對帳|月份|单位[:：])"
)
NUMBERED = re.compile(r"^\s*(?:[一二三四五六七八九十]+|\d+)\s*[、.．)）]\s*")
STATEMENT_WORDS = re.compile(
    r"(?:\d{4}\s*年)?(?:\d{1,2}\s*月份?)?\s*(?:往来|往來|月结|月結|结算|結算|送货|送貨)?"
    r"(?:对账|對賬|對帳|明细|明細|清单|清單|账单|帳單|結算|结算)?(?:单|單|表|明细|明細)\s*$"
)
COMPANY = re.compile(
    r"(?:公司|集团|集團|厂|廠|店|商行|经营部|經營部|工作室|加工部|"
    r"\b(?:ltd|inc|llc|corp|gmbh|co|plant)\.?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """One table of a sheet: its heading and its rows, all counted from 1.

    `first` to `last` are its rows with titles and totals, `cell` is where it
    begins (its heading, or a section's title), `label` its title and `partner`
    the party that the title states.
    `repeats` are rows that say its heading again. `is_last` tells whether no
    other block stands below it.
    """

    header: Header
    first: int
    last: int
    label: str = ""
    partner: str = ""
    repeats: tuple[int, ...] = ()
    is_last: bool = True

    @property
    def cell(self):
        """The cell of its first heading."""
        left = min(column.index for column in self.header.columns.values())
        return f"{letter_of(left)}{self.header.row or self.first}"


def find_blocks(grid, header, profile, file):
    """Every `Block` of a sheet, in order; one where the sheet holds one table."""
    parts = [header, *header.beside]
    result = []
    for part in parts:
        result += Stack(strip(grid, part), part, profile, file).blocks()
    if len(result) > MOST_BLOCKS:
        values = {"sheet": grid.name, "file": file, "limit": MOST_BLOCKS}
        raise Refused(Text(MANY_BLOCKS, values), file, grid.name)
    return result


def strip(grid, header):
    """The grid with nothing but the columns of one table."""
    return grid if header.span is None else grid.strip(*header.span)


def cut(grid, block):
    """The rows of one block as a grid of its own, its columns where they were."""
    return grid.part(block.first - 1, block.last)


class Stack:
    """Finds the tables that stand below each other in one strip of a sheet."""

    def __init__(self, grid, header, profile, file):
        self.grid = grid
        self.header = header
        self.profile = profile
        self.file = file
        self.repeats = []
        self.end = min(profile.last_row or grid.height, grid.height)

    def blocks(self):
        """The blocks, from the first row of the strip to its last."""
        starts = [(1, self.header, self.title_above(self.header))]
        for heading in self.further_headings():
            header = self.header_at(heading)
            if header is None:
                continue
            top = header.row - header.depth + 1
            title, first = self.title_rows(top)
            if self.is_page(header, title, starts):
                self.repeats += range(top, header.row + 1)
            else:
                starts.append((max(first, starts[-1][1].row + 1), header, title))
        return self.between(self.with_sections(starts))

    # --- titles within a table ---

    def with_sections(self, starts):
        """The starts, and those of sections that a party's name alone begins.

        Only below headings that have no column for the party.
        """
        if "partner" in self.header.columns:
            return starts
        taken = {row for first, h, _t in starts for row in range(first, h.row + 1)}
        result = list(starts)
        for row, title in self.section_titles():
            if row not in taken and row > self.header.row:
                header = [h for first, h, _title in starts if first <= row][-1]
                result.append((row, replaced(header, row=0, depth=0), title))
        return sorted(result, key=lambda start: start[0])

    def section_titles(self):
        """(row, title) of rows that hold a party's name and stand above lines."""
        rows = set()
        for column in self.grid.columns[:SECTION_COLUMNS]:
            texts = {cell for cell in set(column) if type(cell) is str}
            if any(mark in "\n".join(texts).lower() for mark in PARTY_MARKS):
                named = {text for text in texts if len(text) < 60 and partner_in(text)}
                rows |= {row for row, cell in enumerate(column, 1) if cell in named}
        for row in sorted(rows):
            filled = [cell for cell in self.grid.row(row) if cell != ""]
            if row <= self.end and is_section(filled) and self.lines_follow(row):
                yield row, joined_title(filled)

    def lines_follow(self, row):
        """Whether the next filled row but a balance is a line."""
        for below in range(row + 1, min(row + MOST_TITLE_ROWS, self.end) + 1):
            filled = [cell for cell in self.grid.row(below) if cell != ""]
            labels = [c for c in filled if isinstance(c, str) and label_of(c)]
            if filled and not labels:
                return len(filled) > 2 and any(map(is_amount, filled))
        return False

    def between(self, starts):
        """The blocks that begin at these (first row, header, title)."""
        ends = [first - 1 for first, _header, _title in starts[1:]]
        return [
            Block(
                header,
                first,
                last,
                title,
                partner_in(title),
                tuple(row for row in self.repeats if first <= row <= last),
                last == self.grid.height,
            )
            for (first, header, title), last in zip(
                starts, [*ends, self.grid.height], strict=True
            )
        ]

    def title_above(self, header):
        """The title of the first table."""
        return self.title_rows(header.row - header.depth + 1)[0] if header.row else ""

    # --- headings below the first ---

    def further_headings(self):
        """Each `Heading` below the first that may begin another table."""
        used = 0
        for row in sorted(self.candidates()):
            heading = self.heading_from(row) if row > used else None
            if heading:
                used = heading.row
                yield heading

    def heading_from(self, row):
        """The heading that names most with this row, one row before two; or None."""
        options = []
        if not any(map(numeric, self.grid.row(row))):
            options.append(Heading(row, 1, self.grid.row(row)))
        for end in (row, row + 1):
            if end <= self.end and (cells := pair_cells(self.grid, end)):
                options.append(Heading(end, 2, cells))
        return max(options, key=lambda x: len(known_columns(x.cells)), default=None)

    def candidates(self):
        """Rows that hold at least two headings, known ones or those of ours."""
        ours = set(self.header.texts.values())
        hits = {}
        for column in self.grid.columns:
            texts = {cell for cell in set(column) if type(cell) is str}
            heads = heads_among(texts, ours)
            if not heads:
                continue
            for row, cell in enumerate(column, 1):
                if cell in heads:
                    hits[row] = hits.get(row, 0) + 1
        first, last = self.header.row, self.end
        return [row for row, count in hits.items() if count > 1 and first < row <= last]

    def header_at(self, heading):
        """The `Header` that a row holds; None where it holds none.

        Refuses a table of another kind.
        """
        if self.is_ours(heading):
            return replaced(self.header, row=heading.row, beside=())
        found = known_columns(heading.cells)
        if self.is_translation(heading, found):
            self.repeats.append(heading.row)
            return None
        if is_table(found):
            header = self.alike(heading)
            if header is None and self.begins_table(heading):
                self.refuse(heading)
            return header
        if self.after_blank(heading) and self.is_numbered(heading):
            self.refuse(heading)
        return None

    def alike(self, heading):
        """The `Header` of a table of our kind, its columns elsewhere, or None."""
        finder = Finder(self.grid, self.profile, self.file)
        single = one_each(finder.columns_in(heading))
        if not single or essence(single) != essence(self.header.columns):
            return None
        if not self.is_basis(heading, single):
            return None
        return finder.single_header(heading, single, self.header.span)

    def begins_table(self, heading):
        """Whether a heading of another kind stands above a table."""
        below = self.grid.row(heading.row + 1) if heading.row < self.grid.height else ()
        return self.after_blank(heading) or any(map(numeric, below))

    def is_ours(self, heading):
        """Whether most headings of the first table stand there again."""
        cells = heading.cells
        if self.header.depth == 2 and heading.depth == 1:
            cells = pair_cells(self.grid, heading.row) or [""] * len(cells)
        columns = {n: c for n, c in self.header.columns.items() if c.header}
        again = 0
        for name, column in columns.items():
            cell = cells[column.index] if column.index < len(cells) else ""
            same = str(cell).strip() == column.header
            again += same
            if name in ESSENTIAL and not same and is_other(cell, name):
                return False
        return again * 2 > len(columns)

    def is_translation(self, heading, found):
        """Whether the row says in other words what our heading says, in place."""
        ours = {name: column.index for name, column in self.header.columns.items()}
        same = sum(ours.get(name) in indexes for name, indexes in found.items())
        if same < 2 or same * 2 < len(found):
            return False
        return heading.row == self.header.row + 1 or not self.has_lines(heading)

    def has_lines(self, heading):
        """Whether a figure stands between our heading and this one."""
        rows = range(self.header.row + 1, heading.row)
        return any(numeric(cell) for row in rows for cell in self.grid.row(row))

    def is_basis(self, heading, single):
        """Whether the amount stands on the same side of the tax as ours."""
        ours, theirs = self.header.columns.get("amount"), single.get("amount")
        if ours is None or theirs is None:
            return True
        return amount_basis(ours.header) == amount_basis(str(heading.cells[theirs]))

    def is_numbered(self, heading):
        """Whether a row continues numbered headings: "Part 3" below "Part 1"."""
        head = self.grid.row(self.header.row) if self.header.row else ()
        pairs = [
            (NUMBERS.sub("#", str(one)), NUMBERS.sub("#", str(two)))
            for one, two in zip(head, heading.cells, strict=False)
            if two != ""
        ]
        return len(pairs) >= 3 and all(a == b and "#" in a for a, b in pairs)

    def after_blank(self, heading):
        """Whether the row above is empty."""
        return all(cell == "" for cell in self.grid.row(heading.row - 1))

    def refuse(self, heading):
        """Refuse a second table by the cell it begins in."""
        index = next(i for i, cell in enumerate(heading.cells) if cell != "")
        cell = f"{letter_of(index)}{heading.row}"
        values = {"cell": cell, "sheet": self.grid.name, "file": self.file}
        raise Refused(Text(OTHER_BLOCK, values), self.file, self.grid.name, cell)

    # --- titles ---

    def is_page(self, header, title, starts):
        """Whether a heading only stands there again, as on a further page."""
        before = starts[-1][1]
        if {c.index for c in header.columns.values()} != {
            c.index for c in before.columns.values()
        }:
            return False
        return not title or page_less(title) == page_less(starts[-1][2])

    def title_rows(self, row):
        """(title, first row) of what stands above a heading that begins in `row`."""
        title, first, stated = "", row, False
        for above in range(row - 1, max(0, row - 1 - MOST_TITLE_ROWS), -1):
            cells = self.grid.row(above)
            filled = [cell for cell in cells if cell != ""]
            if not filled:
                if title:
                    break
                continue
            if not is_title_row(filled):
                break
            text = joined_title(filled)
            if not stated and (partner_in(text) or not title):
                if not squeeze(text).startswith(FOOTER_WORDS) or partner_in(text):
                    title, stated = text, bool(partner_in(text))
            first = above
        return title, first


def is_other(cell, name):
    """Whether a heading names another field than this one."""
    hit = meaning(cell) if cell != "" else None
    return bool(hit) and hit[0] != name


def heads_among(texts, ours):
    """The texts that are headings of ours or usual ones.

    A usual heading has no digit in it; most other texts of a ledger have.
    """
    parts = {text.rsplit("/", 1)[-1] for text in ours} | set(ours)
    numbered = {NUMBERS.sub("#", text) for text in ours if NUMBERS.search(text)}
    found = texts & parts
    for text in texts - found:
        if NUMBERS.search(text):
            if numbered and NUMBERS.sub("#", text) in numbered:
                found.add(text)
        elif meaning_of_text(text):
            found.add(text)
    return found


def is_title_row(filled):
    """Whether a row with these cells stands above a heading: words, no total."""
    texts = [cell for cell in filled if isinstance(cell, str)]
    labels = [label for text in texts if (label := label_of(text))]
    if SUBTOTAL in labels or TOTAL in labels:
        return False
    if labels:
        return True
    if any(is_amount(cell) for cell in filled):
        return False
    title = joined_title(filled)
    return len(title) <= MOST_TITLE_LETTERS and (
        len(filled) <= 2 or bool(partner_in(title))
    )


def is_amount(cell):
    """Whether a cell holds one number, typed as such or as text."""
    try:
        return not isinstance(cell, str) or number(cell) is not None
    except UnreadableError:
        return False


def is_section(filled):
    """Whether a row says nothing but a party's name, and a balance perhaps."""
    texts = [c for c in filled if isinstance(c, str) and not label_of(c)]
    names = [text for text in texts if not is_amount(text)]
    has_label = len(texts) < sum(isinstance(c, str) for c in filled)
    return len(names) == 1 and (len(filled) == 1 or has_label)


def joined_title(filled):
    """The words of a title row, a label joined to the name in the next cell.

    What a balance is called is no part of it, nor the mark of a page.
    """
    texts = [cell for cell in filled if isinstance(cell, str)]
    words = [text.strip() for text in texts if not label_of(text)]
    title = " ".join(words)
    return title if page_less(title) else ""


def page_less(title):
    """A title without what differs from page to page."""
    return PAGE.sub("", squeeze(title))


def partner_in(title):
    """The party that a title states, "" where it states none."""
    if match := PARTNER.search(title):
        name = NAME_END.split(match["name"].strip(), 1)[0]
        return name.strip(" 　()（）【】[]")
    bare = NUMBERED.sub("", title.strip(" 　【】[]「」"))
    bare = STATEMENT_WORDS.sub("", bare).strip(" 　-—:：【】[]「」")
    return bare if COMPANY.search(bare) and " " not in bare.strip() else ""
