# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The plainest formulas computed, where a file holds no result for them.

Used by the helper process alone. Sums, products, quotients, SUM and ROUND of
plain numbers in the same sheet are computed in exact fractions; whatever else a
formula says stays without a value and is shown to a person.
"""

import re
from decimal import Decimal
from fractions import Fraction

from guard import column_letters, column_number

LONGEST = 250
DEEPEST = 40
# Cells that all sums of one sheet together may look at.
MOST_VISITED = 2_000_000
MOST_DIGITS = 40

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*|\.\d+)(?![\w.!])"
    r"|(?P<cell>\$?[A-Z]{1,3}\$?[1-9]\d{0,6})(?![\w.!(])"
    r"|(?P<name>SUM|ROUND)(?=\()"
    r"|(?P<sign>[-+*/(),:%]))"
)
CELL_PARTS = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)$")
PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)$")
SHIFTED = re.compile(
    r"(\"[^\"]*\"|'[^']*'!)|(\$?)\b([A-Z]{1,3})(\$?)(\d{1,7})\b(?![(!])"
)


class NotPlainError(Exception):
    """The formula says more than can be computed here without a doubt."""


def settle(sheet):
    """Fill in, in a sheet's answer, the results of its plain formulas.

    Each one computed moves from `problems` to `computed`, with its formula.
    """
    sheet["computed"] = computed = {}
    formulas, problems = sheet["formulas"], sheet["problems"]
    if not formulas:
        return
    make_room(sheet)
    solver = Solver(sheet["columns"], formulas, problems)
    for place in sorted(formulas):
        value = solver.solve(place)
        if value is None or (cell := as_cell(value)) is None:
            continue
        row, column = place
        sheet["columns"][column - 1][row - 1] = cell
        computed[place] = formulas[place]
    for place in computed:
        del problems[place], formulas[place]


def make_room(sheet):
    """Widen the columns to hold every formula."""
    height = max(sheet["height"], *(row for row, _column in sheet["formulas"]))
    width = max(column for _row, column in sheet["formulas"])
    columns = sheet["columns"]
    for cells in columns:
        cells.extend([""] * (height - len(cells)))
    columns.extend([""] * height for _more in range(width - len(columns)))
    sheet["height"] = height


def as_cell(value):
    """A number as the sheet would store it, text where a float is too coarse."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(exact) != value:
        # A third has no end: nobody agreed to how it is to be rounded.
        return None
    if Decimal(format(float(exact), ".15g")) == exact:
        return float(exact)
    return format(exact, "f")


class Solver:
    """Computes the formulas of one sheet, each once."""

    def __init__(self, columns, formulas, problems):
        self.columns = columns
        self.formulas = formulas
        self.problems = problems
        self.known = {}
        self.depth = 0
        self.visits = MOST_VISITED

    def solve(self, place):
        """The value of the formula at a place, None when it is not plain."""
        if place not in self.known:
            # Whoever comes back here while this is None runs in a circle.
            self.known[place] = None
            if self.depth >= DEEPEST:
                return None
            self.depth += 1
            try:
                self.known[place] = Parser(self, self.formulas[place]).result()
            except (NotPlainError, ZeroDivisionError, RecursionError):
                self.known[place] = None
            self.depth -= 1
        return self.known[place]

    def cell(self, row, column):
        """The content of a cell: a Fraction, or text, "" for nothing."""
        if (row, column) in self.formulas:
            value = self.solve((row, column))
            if value is None:
                raise NotPlainError
            return value
        if (row, column) in self.problems:
            raise NotPlainError
        if column > len(self.columns) or row > len(self.columns[column - 1]):
            return ""
        cell = self.columns[column - 1][row - 1]
        if type(cell) is str:
            return cell
        try:
            return Fraction(format(cell, ".15g"))
        except (ValueError, OverflowError):
            raise NotPlainError from None

    def number(self, row, column):
        """The number in a cell; text counts when it is nothing but one."""
        cell = self.cell(row, column)
        if type(cell) is str:
            if not PLAIN.match(cell.strip()) or len(cell) > MOST_DIGITS:
                raise NotPlainError
            return Fraction(cell.strip())
        return cell

    def sum(self, first, last):
        """The sum of a range as spreadsheets make it: words are passed over.

        A number kept as text would be passed over too, and a date be added as a
        count of days; where there is one, nobody knows what was meant.
        """
        top, bottom = sorted((first[0], last[0]))
        left, right = sorted((first[1], last[1]))
        bottom = min(bottom, max(map(len, self.columns), default=0))
        right = min(right, len(self.columns))
        self.visits -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if self.visits < 0:
            raise NotPlainError
        numbers = []
        for column in range(left, right + 1):
            for row in range(top, bottom + 1):
                cell = self.cell(row, column)
                if type(cell) is not str:
                    numbers.append(cell)
                elif any(mark.isdigit() for mark in cell):
                    raise NotPlainError
        if not numbers:
            # The sum of nothing is a 0 that nobody has written.
            raise NotPlainError
        return sum(numbers)


class Parser:
    """Computes one formula while reading it."""

    def __init__(self, solver, text):
        self.solver = solver
        self.tokens = tokens_of(text)
        self.at = 0

    def result(self):
        """The value of the whole formula."""
        value = self.sum()
        if self.at != len(self.tokens):
            raise NotPlainError
        return value

    def peek(self):
        """The next token, a pair of kind and text."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, *wanted):
        """The next token's text when it is one of those wanted, else None."""
        kind, text = self.peek()
        if text in wanted or kind in wanted:
            self.at += 1
            return text
        return None

    def need(self, *wanted):
        """Like `take`, but nothing else may stand here."""
        text = self.take(*wanted)
        if text is None:
            raise NotPlainError
        return text

    def sum(self):
        """Terms with plus and minus between."""
        value = self.product()
        while sign := self.take("+", "-"):
            other = self.product()
            value = small(value + other if sign == "+" else value - other)
        return value

    def product(self):
        """Factors with times and divided by between."""
        value = self.factor()
        while sign := self.take("*", "/"):
            other = self.factor()
            value = small(value * other if sign == "*" else value / other)
        return value

    def factor(self):
        """A signed number, cell, function or bracket, with percent signs behind."""
        if sign := self.take("+", "-"):
            return -self.factor() if sign == "-" else self.factor()
        value = self.primary()
        while self.take("%"):
            value /= 100
        return value

    def primary(self):
        """One value."""
        if text := self.take("number"):
            return small(Fraction(text))
        if text := self.take("cell"):
            return self.solver.number(*place_of(text))
        if name := self.take("name"):
            self.need("(")
            value = self.summed() if name == "SUM" else self.rounded()
        else:
            self.need("(")
            value = self.sum()
        self.need(")")
        return value

    def summed(self):
        """What stands in the brackets of SUM."""
        total = Fraction(0)
        while True:
            kind, text = self.peek()
            following = self.tokens[self.at + 1 : self.at + 2]
            if kind == "cell" and following in ([("sign", ":")], [("sign", ",")],
                                                [("sign", ")")]):  # fmt: skip
                self.at += 1
                first = last = place_of(text)
                if self.take(":"):
                    last = place_of(self.need("cell"))
                total += self.solver.sum(first, last)
            else:
                total += self.sum()
            if not self.take(","):
                return small(total)

    def rounded(self):
        """What stands in the brackets of ROUND, rounded half away from zero."""
        value = self.sum()
        self.need(",")
        places = self.sum()
        if places.denominator != 1 or not -10 <= places <= 10:
            raise NotPlainError
        factor = Fraction(10) ** int(places)
        whole = (abs(value) * factor * 2 + 1) // 2
        return (whole if value >= 0 else -whole) / factor


def small(value):
    """The value, unless it has grown beyond any sum of money."""
    limit = 10**MOST_DIGITS
    if abs(value.numerator) > limit or value.denominator > limit:
        raise NotPlainError
    return value


def tokens_of(text):
    """The (kind, text) pairs of a formula."""
    if len(text) > LONGEST:
        raise NotPlainError
    tokens, at = [], 0
    text = text.strip().lstrip("=").rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise NotPlainError
        tokens.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return tokens


def place_of(text):
    """(row, column) of an address such as $B$3."""
    letters, digits = CELL_PARTS.match(text).group(2, 4)
    return int(digits), column_number(letters.encode())


def shift(text, rows, columns):
    """A shared formula as it reads so many rows and columns further on."""

    def moved(match):
        if match[1]:
            return match[0]
        _word, fixed_column, letters, fixed_row, digits = match.groups()
        column = column_number(letters.encode()) + (0 if fixed_column else columns)
        row = int(digits) + (0 if fixed_row else rows)
        if row < 1 or column < 1:
            return "#REF!"
        return f"{fixed_column}{column_letters(column)}{fixed_row}{row}"

    return SHIFTED.sub(moved, text)
