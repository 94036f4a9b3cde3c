# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Labels of rows that are no lines: subtotals, totals, balances."""

import re

from .detect import squeeze
from .fields import BALANCE_WORDS, SUBTOTAL_WORDS, TOTAL_WORDS
from .text import _

BALANCE = _("A balance or running figure, not a line.")
TOTAL = _("A total, computed anew from the lines.")
SUBTOTAL = _("A subtotal, computed anew from the lines.")
BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
LABEL_TAIL = re.compile(r"(?:金额|金額|数量|數量|元|amount|qty)?[:：]?$")
SUBTOTAL_LABELS = frozenset(SUBTOTAL_WORDS)
TOTAL_LABELS = frozenset(TOTAL_WORDS)
BALANCE_LABELS = frozenset(BALANCE_WORDS) | {
    LABEL_TAIL.sub("", word) for word in BALANCE_WORDS
}
LABEL_STARTS = {word[0] for word in (*SUBTOTAL_WORDS, *TOTAL_WORDS, *BALANCE_WORDS)}
LABEL_MARKS = (
    *("计", "計", "金额", "金額", "余额", "餘額", "结转", "結轉", "期", "上月", "本月"),
    *("ttl", "total", "movement", "balance", "forward", "increase", "payments"),
    *("charges", "receipts"),
)


def find_labels(texts):
    """{text: label} of the texts that label a total or a balance."""
    joined = "\n".join(texts).lower()
    if not any(mark in joined for mark in LABEL_MARKS):
        return {}
    labels = ((text, label_of(text)) for text in texts)
    return {text: label for text, label in labels if label}


def label_of(text):
    """SUBTOTAL, TOTAL or BALANCE when a cell labels such a row, else None."""
    if text[-1:].isdigit():
        return None
    bare = text.strip(" \t\r\n:：　")
    if len(bare) > 30 or (
        bare[:1].lower() not in LABEL_STARTS and bare[-1:] not in "计計"
    ):
        return None
    word = LABEL_TAIL.sub("", squeeze(BRACKETED.sub("", bare)))
    if word in BALANCE_LABELS:
        return BALANCE
    if word in SUBTOTAL_LABELS or word.endswith(("小计", "小計")):
        return SUBTOTAL
    if word in TOTAL_LABELS or word.endswith(("合计", "合計", "总计", "總計")):
        return TOTAL
    return None
