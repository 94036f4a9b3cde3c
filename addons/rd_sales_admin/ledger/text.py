# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Sentences for people, kept apart from their values so that they translate."""

from typing import Any, NamedTuple


def _(message):
    """Mark `message` for extraction; the caller who shows it translates it."""
    return message


class Text(NamedTuple):
    """A template with named placeholders, and the values that fill it.

    `str()` gives the English sentence; for another language translate
    `template` first and apply `values` with `%`.
    """

    template: str
    values: dict[str, Any] = {}

    def __str__(self):
        return self.template % self.values if self.values else self.template


class Finding(NamedTuple):
    """Something to tell about one spreadsheet row: a skip or a warning.

    `row` is the spreadsheet's own row number, `cell` an address such as
    "H12" or None when the whole row is meant, `value` the text in that cell.
    """

    row: int
    cell: str | None
    value: str
    reason: Text


class Refused(Exception):  # noqa: N818  (a refusal is no programming error)
    """The file, or a whole sheet of it, cannot be read; nothing was taken.

    `reason` is one sentence for a person that says what to do next.
    """

    def __init__(self, reason, file=None, sheet=None, cell=None):
        super().__init__(reason)
        self.reason = reason
        self.file = file
        self.sheet = sheet
        self.cell = cell

    def __str__(self):
        return str(self.reason)

    def as_dict(self):
        """The refusal as plain data, its reason in English."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "reason": str(self.reason),
        }


class UnreadableError(Exception):
    """One cell does not hold one clear value; raised by the value readers."""

    def __init__(self, template, **values):
        super().__init__(template)
        self.reason = Text(template, values)
