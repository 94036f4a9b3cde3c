# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The places of rows and cells that a sheet's XML leaves to be counted.

Used by the helper process alone. A place may be left out where it is the next one;
the parser counts, and whoever looks for cells in the XML must count alike.
"""

import re

from guard import column_letters, column_number

ELEMENT = re.compile(rb"(<(?:\w+:)?(row|c))((?=[\s/>])[^>]*>)")
ROW_NUMBER = re.compile(rb"\sr=[\"'](\d{1,7})[\"']")
REFERENCE = re.compile(rb"\sr=[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
PLACE = re.compile(rb"\sr\s*=")


class Places:
    """Follows a sheet piece by piece and writes the places that are left out."""

    def __init__(self):
        self.row = self.column = 0

    def written(self, piece):
        """The piece, in which every row and every cell has its place."""
        cells = piece.count(b"<c>") + piece.count(b"<c ") + piece.count(b":c")
        rows = piece.count(b"<row") + piece.count(b":row")
        placed = piece.count(b"<c r=") + piece.count(b"<row r=")
        if placed < cells + rows:
            return ELEMENT.sub(self.place, piece)
        # Only where the next piece begins matters.
        ELEMENT.sub(self.place, piece[max(piece.rfind(b"<row"), 0) :])
        return piece

    def place(self, match):
        """One opening tag with its place."""
        start, kind, rest = match.groups()
        stated = (ROW_NUMBER if kind == b"row" else REFERENCE).search(rest)
        if kind == b"row":
            self.row = int(stated[1]) if stated else self.row + 1
            self.column, place = 0, b"%d" % self.row
        else:
            self.column = column_number(stated[1]) if stated else self.column + 1
            place = b"%s%d" % (column_letters(self.column).encode(), self.row)
        if PLACE.search(rest):
            return match[0]
        return b'%s r="%s"%s' % (start, place, rest)
