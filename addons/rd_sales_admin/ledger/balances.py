# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Opening, increase, receipts and closing, wherever a statement states them.

They stand above the table or below it, on a row among the lines, in one cell
with their label or beside it. An amount is taken only where one can be meant.
"""

import re
from decimal import Decimal

from .detect import letter_of, squeeze
from .fields import BALANCE_KINDS
from .table import Balance
from .text import Finding, UnreadableError, _
from .values import number, number_from_text, shown

KINDS = {word: kind for kind, words in BALANCE_KINDS.items() for word in words}
MARKS = ("期", "余额", "餘額", "结余", "結餘", "上月", "本月", "已收", "已付", "累")
LATIN_MARKS = ("balance", "forward", "increase", "charges", "receipts", "payments")
MOST_LETTERS = 60
BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
TAIL = re.compile(r"(?:金额|金額|总额|總額|元|amount)$")
AMOUNT_BEHIND = re.compile(r"([^:：=]+)[:：=]\s*(\S.*)$")
# Where a row states several amounts, the one of the running balance counts for
# these kinds.
STANDING = ("opening", "closing")
AMOUNTS = ("total", "amount")

MANY_AMOUNTS = _(
    "“%(value)s” stands beside several amounts; none of them was taken. "
    "Write one amount beside it."
)


def kind_of(text):
    """The kind that a label names, or None."""
    bare = squeeze(BRACKETED.sub("", text)).rstrip(":：=")
    return KINDS.get(bare) or KINDS.get(TAIL.sub("", bare))


def label_and_amount(text):
    """(kind, text of the amount in the same cell or None), or None."""
    if kind := kind_of(text):
        return kind, None
    if match := AMOUNT_BEHIND.match(text):
        if kind := kind_of(match[1]):
            return kind, match[2]
    return None


def find_balances(reader, rows):
    """Every `Balance` of one table, in the order of rows and columns."""
    labels = find_places(reader)
    result = columns_of_balances(reader, rows)
    for (index, column), (kind, behind) in sorted(labels.items()):
        try:
            found = amount_of(reader, labels, index, column, kind, behind)
        except UnreadableError as error:
            row = reader.row_at(index)
            text = shown(reader.lines[index][column])
            cell = f"{letter_of(column)}{row}"
            reader.warnings.append(Finding(row, cell, text, error.reason))
            continue
        if found:
            amount, *where = found
            result.append(Balance(kind, signed(reader, kind, amount), *where))
    return sorted(result, key=lambda item: item.row)


def signed(reader, kind, amount):
    """The amount, positive where money is owed, as the profile says it is written."""
    return -amount if reader.profile.owed_negative and kind in STANDING else amount


def columns_of_balances(reader, rows):
    """The balances of a list that has a column for each of them."""
    kinds = [kind for kind in BALANCE_KINDS if kind in reader.columns]
    result = []
    for row in rows if kinds else ():
        for kind in kinds:
            amount = row.values[kind]
            if amount is not None:
                cell = f"{reader.columns[kind].letter}{row.number}"
                amount = signed(reader, kind, amount)
                result.append(Balance(kind, amount, row.number, cell, row.raw[kind]))
    return result


def find_places(reader):
    """{(row index, column index): (kind, amount text)} of the labels, no lines."""
    places = {}
    remark = reader.columns.get("remark")
    for column, cells in enumerate(reader.grid.columns):
        if remark and remark.index == column:
            continue
        labels = labels_among(reader.distinct_texts(column))
        if not labels:
            continue
        for index, cell in enumerate(cells[: len(reader.lines)]):
            if cell in labels and reader.reasons[index] is not None:
                if not 0 < reader.header.row - index <= reader.header.depth:
                    places[index, column] = labels[cell]
    return places


def labels_among(texts):
    """{text: (kind, amount text)} of the texts that are such labels."""
    joined = "\n".join(texts)
    lower = joined.lower()
    if not any(m in joined for m in MARKS) and not any(m in lower for m in LATIN_MARKS):
        return {}
    short = (text for text in texts if len(text) <= MOST_LETTERS)
    found = ((text, label_and_amount(text)) for text in short)
    return {text: label for text, label in found if label}


def amount_of(reader, labels, index, column, kind, behind):
    """(amount, row, cell, raw) that belongs to a label, or None.

    Raises `UnreadableError` where several amounts could be meant.
    """
    if behind is not None:
        amount = number_from_text(behind)
        return None if amount is None else place(reader, index, column, amount)
    if index >= reader.header.row:
        names = ("balance", *AMOUNTS) if kind in STANDING else AMOUNTS
        for name in names:
            if found := in_column(reader, index, name):
                return found
    return beside(reader, labels, index, column) or below(reader, labels, index, column)


def in_column(reader, index, name):
    """The amount that the row states in the column of a field, or None."""
    values = reader.printed.get(name) or reader.values.get(name)
    if not values or values[index] is None:
        return None
    return place(reader, index, reader.columns[name].index, values[index])


def beside(reader, labels, index, column):
    """The one amount between a label and the next label on its row, or None."""
    line = reader.lines[index]
    found = []
    for other in range(column + 1, len(line)):
        if (index, other) in labels:
            break
        amount = plain_amount(reader, index, other)
        if amount is not None:
            found.append((other, amount))
    # A zero in another column states nothing of its own.
    filled = [item for item in found if item[1]] or found[:1]
    if len({amount for _column, amount in filled}) > 1:
        raise UnreadableError(MANY_AMOUNTS, value=shown(line[column]))
    return place(reader, index, *filled[0]) if filled else None


def below(reader, labels, index, column):
    """The amount under a label, where labels head a small table of their own."""
    row = [other for place_index, other in labels if place_index == index]
    under = index + 1
    if len(row) < 2 or under >= len(reader.lines):
        return None
    if reader.reasons[under] is None or under == reader.header.row - 1:
        return None
    amount = plain_amount(reader, under, column)
    return None if amount is None else place(reader, under, column, amount)


def plain_amount(reader, index, column):
    """The number in a cell, None for text; raises for a formula without result."""
    if (index + 1, column + 1) in reader.grid.problems:
        raise reader.problem(index, column)
    cell = reader.lines[index][column]
    if isinstance(cell, str):
        try:
            return number_from_text(cell) if any(map(str.isdigit, cell)) else None
        except UnreadableError:
            return None
    return number(cell) if type(cell) in (float, int) else None


def place(reader, index, column, amount):
    """(amount, row, cell, raw) of a place."""
    row = reader.row_at(index)
    cell = f"{letter_of(column)}{row}"
    return Decimal(amount), row, cell, shown(reader.lines[index][column])
