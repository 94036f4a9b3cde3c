# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One file that is read more than once: parsed once, under any profile."""

import hashlib
from functools import cached_property

from .book import Book, load
from .limits import DEFAULT
from .profile import EMPTY
from .reader import paused_collector, read_book


class Source:
    """The content of one spreadsheet file and what has been parsed of it."""

    def __init__(self, data, filename, limits=DEFAULT):
        self.data = data
        self.filename = filename
        self.limits = limits
        self.books = {}

    @cached_property
    def sha256(self):
        """What identifies the content."""
        return hashlib.sha256(self.data).hexdigest()

    def table(self, profile):
        """The `Table` that a profile makes of the file. Raises only `Refused`."""
        with paused_collector():
            table = read_book(self.book(profile), profile)
        table.sha256 = self.sha256
        return table

    def book(self, profile):
        """The parsed sheets that a profile asks for."""
        written = profile.encoding, profile.delimiter
        whole = self.books.get((None, *written))
        if whole and profile.sheet in whole.sheets:
            sheets = {profile.sheet: whole.sheets[profile.sheet]}
            return Book(self.filename, sheets)
        key = profile.sheet, *written
        if key not in self.books:
            self.books[key] = load(
                self.data, self.filename, self.limits, profile.sheet, *written
            )
        return self.books[key]


def read(data, filename, profile=EMPTY, limits=DEFAULT):
    """The ledger in one spreadsheet file as a `Table`. Raises only `Refused`."""
    return Source(data, filename, limits).table(profile)
