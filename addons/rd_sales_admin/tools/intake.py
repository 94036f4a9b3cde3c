# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a kind of import is made of: its columns, and the two ways a row ends early."""

from typing import NamedTuple

from ..ledger.fields import DATE, NUMBER, RATE, TEXT

__all__ = ["CHOICE", "DATE", "NUMBER", "RATE", "TEXT", "Column", "KnownRow", "MendRow"]

CHOICE = "choice"


class Column(NamedTuple):
    """One column of a form, in the words of the one who fills it in."""

    label: str
    """Its heading."""
    help: str
    """One sentence: what to write."""
    example: str
    """What stands in the explained example row."""
    kind: str = TEXT
    words: str = ""
    """Further headings people use, cut at bars."""
    required: bool = False
    """Whether every row must fill it in."""
    choices: tuple = ()
    """Pairs of value and label, of a choice."""
    written: dict = {}
    """What else people write for a value of a choice, cut at bars."""
    instead: str = ""
    """Headings of another column that is read where this one is empty or missing."""


class MendRow(Exception):
    """This row cannot be taken: says what to do, and in which column."""

    def __init__(self, column, message):
        super().__init__(message)
        self.column = column
        self.message = message


class KnownRow(Exception):
    """What this row says is here already."""

    def __init__(self, message, record=None):
        super().__init__(message)
        self.message = message
        self.record = record
