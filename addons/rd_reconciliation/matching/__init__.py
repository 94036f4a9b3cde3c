# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two ledgers in, explained groups out: which lines agree and why others do not.

Pure Python: it knows nothing of Odoo, of files or of a database.
"""

from .clean import clean_key
from .codes import CODES, Default
from .data import Count, Group, Line, Result, Rules, Scope, Text, line_from
from .engine import compare

__all__ = [
    "CODES",
    "Count",
    "Default",
    "Group",
    "Line",
    "Result",
    "Rules",
    "Scope",
    "Text",
    "clean_key",
    "compare",
    "line_from",
]
