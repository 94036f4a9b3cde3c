# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two ledgers in, explained groups out: which lines agree and why others do not.

Pure Python: it knows nothing of Odoo, of files or of a database.
"""

from .account import (
    Account,
    AccountResult,
    AccountRules,
    Entry,
    Sister,
    compare_accounts,
)
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
from .learn import days_early, days_late, learn, learn_together
from .proof import (
    Item,
    Proof,
    account_items,
    brought_item,
    line_items,
    prove,
    stated_items,
)
from .why_not import Near, WhyNot

__all__ = [
    "CODES",
    "PARTED",
    "RULES",
    "SPLIT",
    "Account",
    "AccountResult",
    "AccountRules",
    "Answer",
    "Count",
    "Default",
    "Entry",
    "Group",
    "Habit",
    "Item",
    "Line",
    "Near",
    "Proof",
    "Result",
    "Rules",
    "Scope",
    "Sister",
    "Text",
    "Tolerance",
    "WhyNot",
    "account_items",
    "brought_item",
    "answer_group",
    "clean_key",
    "compare",
    "compare_accounts",
    "days_early",
    "days_late",
    "learn",
    "learn_together",
    "line_from",
    "line_items",
    "pair_by_hand",
    "prove",
    "rule_label",
    "stated_items",
]
