# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Units as the trade writes them: which spellings mean the same."""

from ..ledger.clean import clean_key

_SPELLINGS = [
    set("件 个 個 只 支 枚 块 单位 單位 PCS PC EA UNIT UNITS".split()),
    {"套", "SET", "SETS", "副"},
    {"台", "台套"},
    {"KG", "公斤", "千克", "KGS"},
    {"G", "克"},
    {"T", "吨", "噸"},
    {"M", "米"},
    {"MM", "毫米"},
    {"㎡", "M2", "平方米", "M²"},
    {"DOZEN", "DOZENS", "打"},
    {"次", "项", "項"},
]
_GROUP = {
    clean_key(spelling): number
    for number, group in enumerate(_SPELLINGS)
    for spelling in group
}


def same_unit(one, other):
    """Tell whether two spellings mean the same unit; blank means any.

    >>> same_unit("pcs", "件"), same_unit("千只", "只"), same_unit("", "kg")
    (True, False, True)
    >>> same_unit("件", "单位")  # as Odoo calls its pieces in Chinese
    True
    """
    first, second = clean_key(one or ""), clean_key(other or "")
    if not first or not second or first == second:
        return True
    return first in _GROUP and _GROUP[first] == _GROUP.get(second)
