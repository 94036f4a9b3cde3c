# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a heading means: the field it names, and on which side of the tax."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

from .fields import (
    BALANCE_KINDS,
    FIELDS,
    IDENTITY,
    MEASURES,
    NUMBER,
    SIDES,
    TAX_PHRASES,
    TAXED_WORDS,
    UNTAXED_WORDS,
)
from .headings import Pair
from .script import fold

BRACKETS = re.compile(r"[(\[【][^)\]】]*[)\]】]")


class Column(NamedTuple):
    """Where a field stands: its letter, its header text, its index from 0."""

    letter: str
    header: str
    index: int


@dataclass(frozen=True)
class Header:
    """The header row (counted from 1; 0 for none) and the column of each field.

    `depth` tells over how many rows it goes, `row` is its last. `texts` are all
    headings by their column's letter. `span` is (first, last) column index where
    the table takes a part of the sheet; tables that stand beside it are `beside`.
    """

    row: int
    columns: dict[str, Column]
    depth: int = 1
    texts: dict[str, str] = field(default_factory=dict)
    span: tuple[int, int] | None = None
    beside: tuple["Header", ...] = ()


def letter_of(index):
    """ "A" for 0, "AA" for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def index_of(letters):
    """0 for "A"."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def squeeze(text):
    """A header for comparison: half-width, lower case, without any blank."""
    return "".join(unicodedata.normalize("NFKC", str(text)).lower().split())


def readings(text):
    """Ways to read one header cell, the most literal first."""
    lines = [squeeze(line) for line in str(text).splitlines()]
    whole = squeeze(text)
    result = [whole, *lines]
    for item in list(result):
        # A bracket that speaks of tax is part of the name, any other is a hint.
        bare = BRACKETS.sub(
            lambda m: m[0][1:-1] if "税" in m[0] or "稅" in m[0] else "", item
        )
        result.append(bare)
        result.append(re.sub(r"[!-~]+", "", bare))
        result.append(re.sub(r"[^ -~]+", "", bare).strip(":/."))
    return [item for item in dict.fromkeys(result) if item]


SYNONYMS = {
    fold(squeeze(text)): (name, rank)
    for name, field in FIELDS.items()
    for rank, text in enumerate(field.headers)
}


def meaning(cell):
    """(field, rank) that a header cell names, or None."""
    if isinstance(cell, Pair):
        return meaning_of_pair(cell)
    return meaning_of_text(cell) if isinstance(cell, str) else None


# What both headings say together comes before what one of them says alone.
ALONE = 100


def meaning_of_pair(pair):
    """(field, rank) of a heading with a group's heading above it, or None."""
    group, own = pair
    if not group or not own:
        return meaning_of_text(group or own)
    for text in (group + own, own + group):
        if hit := meaning_of_text(text):
            return hit
    hit = meaning_of_text(own) or meaning_of_text(group)
    if not hit and (basis := amount_basis(own)) and is_tax_alone(own):
        hit = ("total" if basis == "included" else "amount"), 0
    return (hit[0], hit[1] + ALONE) if hit else None


def is_tax_alone(text):
    """Whether a heading says nothing but on which side of the tax it stands."""
    bare = squeeze(text)
    for phrase in TAX_PHRASES:
        bare = bare.replace(phrase, "")
    return not bare.strip("()（）[]【】.,/:-")


def meaning_of_text(text):
    """(field, rank) that one heading names, or None."""
    if not isinstance(text, str) or not text.strip() or len(text) > 60:
        return None
    for reading in readings(text):
        if fold(reading) in SYNONYMS:
            return SYNONYMS[fold(reading)]
    return meaning_but_for_tax(text)


def meaning_but_for_tax(text):
    """The field of an amount or price whose header also speaks of the tax."""
    basis = amount_basis(text)
    if basis is None:
        return None
    bare = fold(squeeze(text))
    for phrase in TAX_PHRASES:
        bare = bare.replace(fold(phrase), "")
    name, rank = SYNONYMS.get(bare.strip("()（）[]【】.,/:-"), (None, 0))
    if name in ("amount", "total"):
        return ("total" if basis == "included" else "amount"), rank
    return (name, rank) if name == "price" else None


ESSENTIAL = frozenset((*MEASURES, *SIDES, "note", "order", "part"))


def known_columns(cells, usual=None):
    """{field: [column index, …]} by usual names, best ranked columns only.

    :param usual: headings per field that come before those, the first one wins
    """
    found = {}
    for index, cell in enumerate(cells):
        if cell != "" and (hit := meaning(cell)):
            found.setdefault(hit[0], []).append((hit[1], index))
    result = {}
    for name, hits in found.items():
        best = min(hits)[0]
        result[name] = [index for rank, index in hits if rank == best]
    for name, headings in (usual or {}).items():
        hits = (columns_headed(heading, cells) for heading in headings)
        result[name] = next(filter(None, hits), result.get(name))
    return {name: indexes for name, indexes in result.items() if indexes}


def columns_headed(heading, cells):
    """The indexes of the cells that say this heading and nothing else of weight."""
    wanted = fold(squeeze(heading))
    return [
        index
        for index, cell in enumerate(cells)
        if wanted in map(fold, readings(cell.own if isinstance(cell, Pair) else cell))
    ]


def is_balance_table(found):
    """Whether these fields make a list of parties with their balances."""
    return "partner" in found and sum(name in found for name in BALANCE_KINDS) > 1


def is_table(found):
    """Whether these fields make a table worth reading."""
    return (
        len(found) >= 2
        and any(name in found for name in (*MEASURES, *SIDES))
        and any(name in found for name in (*IDENTITY, "name", "partner"))
    )


def numeric(value):
    """Whether a cell is a number or digits."""
    return isinstance(value, float | int) or (
        isinstance(value, str) and value.strip().replace(".", "", 1).isdigit()
    )


def amount_basis(header):
    """ "included" or "excluded" as the amount's header says, else None."""
    text = squeeze(header)
    if any(word in text for word in UNTAXED_WORDS):
        return "excluded"
    if any(word in text for word in TAXED_WORDS):
        return "included"
    return None


NUMBER_FIELDS = tuple(n for n, field in FIELDS.items() if field.kind == NUMBER)
