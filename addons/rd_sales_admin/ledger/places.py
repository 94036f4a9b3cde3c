# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The places of rows and cells that a sheet's XML leaves to be counted.

Used by the helper process alone. A place may be left out where it is the next one;
the parser counts, and whoever looks for cells in the XML must count alike.
"""

import re

from guard import column_letters, column_number

ELEMENT = re.compile(rb"(<(?:\w+:)?(row|c))((?=[\s/>])[^>]*>)")
REFERENCE = re.compile(rb"\sr=[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
ANY_ROW = re.compile(rb"\sr\s*=\s*[\"'](\d{1,7})[\"']")
ANY_CELL = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
ANY_PLACE = re.compile(rb"\sr\s*=")


class Places:
    """Follows a sheet piece by piece and writes its places as most programs do."""

    def __init__(self):
        self.row = self.column = 0

    def written(self, piece):
        """The piece, in which every row and every cell has a place."""
        odd = b"<c>" in piece or b":c" in piece or b":row" in piece
        odd = odd or piece.count(b"<c ") != piece.count(b"<c r=")
        if odd or piece.count(b"<row") != piece.count(b"<row r="):
            return ELEMENT.sub(self.place, piece)
        # Only where the next piece begins matters.
        ELEMENT.sub(self.place, piece[max(piece.rfind(b"<row"), 0) :])
        return piece

    def place(self, match):
        """One opening tag with its place in the usual notation."""
        start, kind, rest = match.groups()
        stated = (ANY_ROW if kind == b"row" else ANY_CELL).search(rest)
        if not stated and ANY_PLACE.search(rest):
            # Beyond every sheet, or in a notation that the parser refuses.
            return match[0]
        if kind == b"row":
            self.row = int(stated[1]) if stated else self.row + 1
            self.column, place = 0, b"%d" % self.row
        elif stated:
            self.column = column_number(stated[1])
            place = stated[1] + stated[2]
        else:
            self.column += 1
            place = b"%s%d" % (column_letters(self.column).encode(), self.row)
        if stated:
            rest = rest[: stated.start()] + rest[stated.end() :]
        return b'%s r="%s"%s' % (start, place, rest)
