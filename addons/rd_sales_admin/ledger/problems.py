# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Cells that hold no usable value: errors, formulas without a result."""

from .text import UnreadableError, _

NO_RESULT = _(
    "The formula in this cell has no stored result; "
    "open the file in a spreadsheet program and save it again."
)
ERROR_CELL = _("The cell holds the error %(value)s; correct the formula.")


def problem_of(problem):
    """The error for a cell without a usable value."""
    if problem[0] == "=":
        return UnreadableError(NO_RESULT)
    return UnreadableError(ERROR_CELL, value=problem)
