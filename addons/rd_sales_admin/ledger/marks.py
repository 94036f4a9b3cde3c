# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a sheet says without words: colours, strokes, comments, what it hides.

None of it is taken for a value. Only where the profile says that red figures are
returns do they count negative; else a person is told where to look.
"""

from collections import Counter

from .detect import letter_of
from .fields import FIELDS
from .text import Finding, Text, _
from .values import shown

HIDDEN_ROWS = _("%(count)s hidden rows were read like the others.")
HIDDEN_COLUMNS = _("The hidden columns %(columns)s were read like the others.")
FILTERED = _("A filter is active; the rows it hides were read like the others.")
LINKED = _(
    "%(count)s cells take their value from another file; it may have changed since."
)
UNREAD = _(
    "The file holds too many styles or comments to look through; colours and "
    "comments were not noticed."
)
COMPUTED = _(
    "%(count)s formulas without a stored result were computed here: %(cells)s."
)
RED_FIGURES = _(
    "Red figures without a minus sign stand in the rows %(rows)s; if red means a "
    "return, say so in the profile."
)
RED_RETURNS = _("The red figures in the rows %(rows)s count as returns.")
RED_TEXT = _("Text in red stands in the rows %(rows)s; read what it means.")
STRUCK = _(
    "Struck-through cells stand in the rows %(rows)s; they were read like the others."
)
FILLED = _("Coloured cells stand in the rows %(rows)s; the colour was not read.")
COMMENT = _("The cell has a comment: %(text)s")
COMMENT_UNREAD = _("The cell has a comment; open the file to read it.")

TWO_SIDES = _(
    "Column %(column)s tells %(words)s apart, and no sign was taken from it; state "
    "in the profile which of them counts negative."
)

SIDES = (
    frozenset(("借", "贷")),
    frozenset(("借", "貸")),
    frozenset(("借方", "贷方")),
    frozenset(("借方", "貸方")),
    frozenset(("dr", "cr")),
)
MOST_COMMENTS = 50
MOST_CELLS = 12
# A colour on more than this share of the lines is decoration.
MOST_COLOURED = 0.3


def red_lines(grid, columns):
    """{row} of the rows, counted from 1, with a red figure in a signed column."""
    red = grid.marks.get("red", {})
    return {
        row
        for name, column in columns.items()
        if name in FIELDS and FIELDS[name].signed
        for row in red.get(column.index + 1, ())
    }


def negate(values, rows):
    """The values with those of these rows negative, however they were typed."""
    for row in rows:
        value = values[row - 1] if row <= len(values) else None
        if value and value > 0:
            values[row - 1] = -value
    return values


class SheetWarnings:
    """The findings of one sheet, for the columns and the lines that were read.

    `above` is how many rows of the sheet lie above a grid that is a part of it.
    """

    def __init__(self, grid, header_row, columns, reasons, profile, above=0):
        self.grid = grid
        self.header_row = header_row
        self.above = above
        self.kind = columns.get("kind")
        self.profile = profile
        self.columns = {column.index + 1: column for column in columns.values()}
        self.signed = {
            column.index + 1
            for name, column in columns.items()
            if name in FIELDS and FIELDS[name].signed
        }
        self.lines = set()
        if grid.marks:
            lines = enumerate(reasons, 1)
            self.lines = {number for number, reason in lines if reason is None}

    def all(self):
        """Every finding, what is hidden first."""
        return [
            *self.hidden(),
            *self.computed(),
            *self.sides(),
            *self.red(),
            *self.marked("strike", STRUCK),
            *self.coloured(),
            *self.comments(),
        ]

    def sheet(self, template, **values):
        """A finding about the sheet as a whole."""
        return Finding(self.header_row + self.above, None, "", Text(template, values))

    def hidden(self):
        """What a person who opens the file does not see."""
        if self.grid.hidden:
            yield self.sheet(HIDDEN_ROWS, count=self.grid.hidden)
        used = [c for c in self.grid.hidden_columns if c in self.columns]
        if used:
            letters = "、".join(letter_of(column - 1) for column in used)
            yield self.sheet(HIDDEN_COLUMNS, columns=letters)
        if self.grid.filtered:
            yield self.sheet(FILTERED)
        if self.grid.unread:
            yield self.sheet(UNREAD)
        if self.grid.links:
            yield self.sheet(LINKED, count=self.grid.links)

    def computed(self):
        """How many values are ours and not the file's."""
        places = sorted(
            place for place in self.grid.computed
            if place[1] in self.columns and place[0] > self.header_row
        )  # fmt: skip
        if not places:
            return
        cells = [
            f"{letter_of(place[1] - 1)}{place[0] + self.above} = "
            f"{self.grid.computed[place]}"
            for place in places[:MOST_CELLS]
        ]
        if len(places) > MOST_CELLS:
            cells.append("…")
        yield self.at(*places[0], COMPUTED, count=len(places), cells="、".join(cells))

    def sides(self):
        """A column of debit and credit, which has no sign until someone says so."""
        if not self.kind or self.kind.index >= len(self.grid.columns):
            return
        cells = self.grid.columns[self.kind.index]
        words = {cell.strip().lower() for cell in cells if type(cell) is str}
        stated = {word.lower() for word in self.profile.negative}
        for pair in SIDES:
            if pair <= words and not pair & stated:
                yield self.sheet(
                    TWO_SIDES, column=self.kind.letter, words="、".join(sorted(pair))
                )

    def at(self, row, column, template, **values):
        """A finding about one cell, or about several that begin with it."""
        cells = self.grid.columns[column - 1]
        value = shown(cells[row - 1]) if row <= len(cells) else ""
        row += self.above
        return Finding(
            row, f"{letter_of(column - 1)}{row}", value, Text(template, values)
        )

    def places(self, kind, columns=None):
        """Sorted (row, column) of the lines' cells with a mark."""
        marks = self.grid.marks.get(kind, {})
        return sorted(
            (row, column)
            for column in (self.columns if columns is None else columns)
            for row in set(marks.get(column, ())) & self.lines
        )

    def marked(self, kind, template, places=None):
        """One finding for all lines with a mark."""
        places = self.places(kind) if places is None else places
        if places:
            rows = ranges(row + self.above for row, _column in places)
            yield self.at(*places[0], template, rows=rows)

    def red(self):
        """Red figures, which may be returns, and other red text."""
        figures = self.places("red", self.signed)
        plus = [place for place in figures if not self.is_negative(*place)]
        template = RED_RETURNS if self.profile.red_is_return else RED_FIGURES
        yield from self.marked("red", template, plus)
        known = {row for row, _column in figures}
        others = [
            place
            for place in self.places("red", set(self.columns) - self.signed)
            if place[0] not in known
        ]
        yield from self.marked("red", RED_TEXT, others)

    def is_negative(self, row, column):
        """Whether a figure has a minus sign of its own."""
        return shown(self.grid.columns[column - 1][row - 1]).strip()[:1] in "-(（−－"

    def coloured(self):
        """Lines whose background differs from that of most lines."""
        places = self.places("fill")
        by_column = Counter(column for _row, column in places)
        most = MOST_COLOURED * len(self.lines)
        few = [place for place in places if by_column[place[1]] <= most]
        yield from self.marked("fill", FILLED, few)

    def comments(self):
        """Every comment by its cell, as far as a person can read them all."""
        for (row, column), text in sorted(self.grid.comments.items())[:MOST_COMMENTS]:
            if column > len(self.grid.columns):
                continue
            if text.strip():
                yield self.at(row, column, COMMENT, text=" ".join(text.split()))
            else:
                yield self.at(row, column, COMMENT_UNREAD)


def ranges(rows):
    """ "3、7–9" for 3, 7, 8, 9."""
    spans = []
    for row in sorted(set(rows)):
        if spans and spans[-1][1] == row - 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    texts = [str(a) if a == b else f"{a}–{b}" for a, b in spans[:20]]
    if len(spans) > 20:
        texts.append("…")
    return "、".join(texts)
