# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Amounts in Chinese capitals: a fixed table, and cn2an as an oracle."""

import random
import re
from decimal import Decimal

import alone
import pytest

capitals = alone.load("rd_sales_admin/tools/capitals.py")
amount_in_capitals = capitals.amount_in_capitals

TABLE = [
    ("0", "零元整"),
    ("0.004", "零元整"),
    ("-0.004", "零元整"),
    ("0.01", "壹分"),
    ("0.10", "壹角整"),
    ("0.55", "伍角伍分"),
    ("1", "壹元整"),
    ("1.05", "壹元零伍分"),
    ("1.50", "壹元伍角整"),
    ("10", "壹拾元整"),
    ("10.01", "壹拾元零壹分"),
    ("110", "壹佰壹拾元整"),
    ("101", "壹佰零壹元整"),
    ("1001", "壹仟零壹元整"),
    ("1010", "壹仟零壹拾元整"),
    ("1100", "壹仟壹佰元整"),
    ("10000", "壹万元整"),
    ("10001", "壹万零壹元整"),
    ("10100", "壹万零壹佰元整"),
    ("11000", "壹万壹仟元整"),
    ("12465.00", "壹万贰仟肆佰陆拾伍元整"),
    ("100500", "壹拾万零伍佰元整"),
    ("101000", "壹拾万壹仟元整"),
    ("1000005", "壹佰万零伍元整"),
    ("10000100", "壹仟万零壹佰元整"),
    ("100000000", "壹亿元整"),
    ("100000001", "壹亿零壹元整"),
    ("100010001.01", "壹亿零壹万零壹元零壹分"),
    ("105000000", "壹亿零伍佰万元整"),
    ("150000000", "壹亿伍仟万元整"),
    ("500004001", "伍亿零肆仟零壹元整"),
    ("1000500000", "壹拾亿零伍拾万元整"),
    ("1000000000000", "壹万亿元整"),
    ("1000500000000", "壹万零伍亿元整"),
    (
        "9999999999999999.99",
        "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿" + "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    ),
    ("10000000000000000", "壹亿亿元整"),
    ("-3955", "负叁仟玖佰伍拾伍元整"),
    ("-0.07", "负柒分"),
    ("2.675", "贰元陆角捌分"),
    ("2.665", "贰元陆角柒分"),
    ("0.005", "壹分"),
    ("999.995", "壹仟元整"),
]


@pytest.mark.parametrize(("amount", "expected"), TABLE)
def test_table(amount, expected):
    assert amount_in_capitals(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (2.675, "贰元陆角捌分"),
        (0.1 + 0.2, "叁角整"),
        (1e15, "壹仟万亿元整"),
        (0.0, "零元整"),
    ],
)
def test_floats_are_taken_as_written(amount, expected):
    assert amount_in_capitals(amount) == expected


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "1e17"])
def test_what_cannot_be_written_is_refused(amount):
    with pytest.raises(ValueError, match="capitals"):
        amount_in_capitals(Decimal(amount))


def _oracle(cn2an, amount):
    """Return what cn2an writes, with 整 after 角 (both ways are right)."""
    text = cn2an.an2cn(str(amount), "rmb")
    return text + "整" if text.endswith("角") else text


def _alike(text):
    """Drop 零 where an empty 万 section lies between 亿 and 仟.

    cn2an leaves it out there and nowhere else; the rule for bills asks for one
    零 wherever zeros stand between digits, so ours writes it.
    """
    return re.sub(r"亿零(.仟[^万亿]*)$", r"亿\1", text)


def test_against_cn2an():
    cn2an = pytest.importorskip("cn2an")
    draw = random.Random(20260131)
    for _count in range(5000):
        digits = draw.randint(1, 17)
        cents = draw.randrange(10**digits)
        if draw.random() < 0.5:  # many zeros are where mistakes live
            cents = int("".join(c if draw.random() < 0.3 else "0" for c in str(cents)))
        amount = Decimal(cents) / 100
        assert _alike(amount_in_capitals(amount)) == _oracle(cn2an, amount), amount


def test_oracle_agrees_on_negative_amounts():
    cn2an = pytest.importorskip("cn2an")
    assert amount_in_capitals(-105.2) == _oracle(cn2an, Decimal("-105.2"))
