# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Sums of a column, to hold against the totals that a file states."""

from decimal import Decimal

from .labels import SUBTOTAL, TOTAL

TOTAL_TOLERANCE = Decimal("0.005")


class Sums:
    """Running sums of one column: all, of the block, since a total, since any label."""

    def __init__(self):
        self.signed = [Decimal(0)] * 4
        self.plain = [Decimal(0)] * 4

    def begin(self):
        """Begin another block of the sheet."""
        for sums in (self.signed, self.plain):
            sums[1:] = [Decimal(0)] * 3

    def add(self, signed, plain):
        """Take one line."""
        if signed:
            self.signed = [total + signed for total in self.signed]
            self.plain = [total + plain for total in self.plain]

    def agree(self, stated):
        """Whether a stated total is one of the sums, signed or as printed."""
        sums = (*self.signed, *self.plain)
        return any(abs(stated - total) <= TOTAL_TOLERANCE for total in sums)

    def expected(self, label, stated):
        """What a label of this kind should state; a total, of block or sheet."""
        if label is SUBTOTAL:
            return self.signed[3]
        return min(self.signed[:2], key=lambda total: abs(stated - total))

    def close(self, label):
        """Begin anew after a label."""
        for sums in (self.signed, self.plain):
            sums[3] = Decimal(0)
            if label is TOTAL:
                sums[2] = Decimal(0)
