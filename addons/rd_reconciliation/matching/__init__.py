# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two ledgers in, explained groups out: which lines agree and why others do not.

Pure Python: it knows nothing of Odoo, of files or of a database.
"""

from .answer import Answer, answer_group
from .clean import clean_key
from .codes import CODES, RULES, Default, rule_label
from .data import (
    Count,
    Group,
    Habit,
    Line,
    Result,
    Rules,
    Scope,
    Text,
    Tolerance,
    line_from,
)
from .engine import PARTED, SPLIT, compare, pair_by_hand
from .learn import learn
from .why_not import Near, WhyNot

__all__ = [
    "CODES",
    "PARTED",
    "RULES",
    "SPLIT",
    "Answer",
    "Count",
    "Default",
    "Group",
    "Habit",
    "Line",
    "Near",
    "Result",
    "Rules",
    "Scope",
    "Text",
    "Tolerance",
    "WhyNot",
    "answer_group",
    "clean_key",
    "compare",
    "learn",
    "line_from",
    "pair_by_hand",
    "rule_label",
]
