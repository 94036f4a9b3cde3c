# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One cell, one value, or a plain sentence: every way people type."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from ledger.text import UnreadableError
from ledger.values import DateReader, clean_code, clean_text, number, rate

MANY, NOT = "several values", "is not"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (1234.565, "1234.565"),
        (-3.5, "-3.5"),
        ("744,800 ", "744800"),
        (" 1,234.50", "1234.50"),
        ("￥5000", "5000"),
        ("5000元", "5000"),
        ("￥600元整", "600"),
        ("RMB 1,200.00", "1200.00"),
        ("$1,500.50", "1500.50"),
        ("150万", "1500000"),
        ("1.5万元", "15000"),
        ("(1,234.56)", "-1234.56"),
        ("（12.00）", "-12.00"),
        ("1,234.56-", "-1234.56"),
        ("-3,955", "-3955"),
        ("１２３．４５", "123.45"),
        ("1，200", "1200"),
        ("-", "0"),
        ("—", "0"),
        ("+8", "8"),
        (".5", ".5"),
        ("1.2E+3", "1200"),
        ("12\u200b.5", "12.5"),
    ],
)
def test_number(cell, expected):
    assert number(cell) == Decimal(expected)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("989000   49450", MANY),
        ("275500/775225", MANY),
        ("51600\n141450\n968100", MANY),
        ("1、1307410；      2、5600", MANY),
        ("440000；   每台提货前支付", NOT),
        ("待定", NOT),
        ("赠送", NOT),
        ("1,5", NOT),
        ("12,34,567", NOT),
        ("1 234", MANY),
        ("NaN", NOT),
        ("inf", NOT),
        ("1e400", NOT),
        ("12件", NOT),
        ("30%", NOT),
        (float("inf"), NOT),
        (float("nan"), NOT),
        (datetime(2026, 3, 1), NOT),
    ],
)
def test_number_is_never_guessed(cell, sentence):
    with pytest.raises(UnreadableError) as caught:
        number(cell)
    assert sentence in str(caught.value.reason)


@pytest.mark.parametrize("cell", ["", "  ", "\u200b", "\xa0"])
def test_empty_is_no_zero(cell):
    assert number(cell) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (0.13, "0.13"),
        (13.0, "0.13"),
        ("13%", "0.13"),
        ("１３％", "0.13"),
        ("0.13", "0.13"),
        ("1%", "0.01"),
        (1.0, "0.01"),
        ("免税", "0"),
        (0.0, "0"),
    ],
)
def test_rate(cell, expected):
    assert rate(cell) == Decimal(expected)


def test_rate_with_two_values_is_unreadable():
    with pytest.raises(UnreadableError):
        rate("1%/3%")


MARCH = {"first": date(2026, 2, 26), "last": date(2026, 3, 25)}
WINTER = {"first": date(2025, 12, 26), "last": date(2026, 1, 25)}


@pytest.mark.parametrize(
    ("cell", "options", "expected"),
    [
        (date(2026, 3, 9), {}, date(2026, 3, 9)),
        (datetime(2026, 3, 9, 8, 5), {}, datetime(2026, 3, 9, 8, 5)),
        (46090.0, {}, date(2026, 3, 9)),
        (46090.5, {}, datetime(2026, 3, 9, 12, 0)),
        (46090.0 - 1462, {"epoch_1904": True}, date(2026, 3, 9)),
        ("46090.00 ", {}, date(2026, 3, 9)),
        (20260309.0, {}, date(2026, 3, 9)),
        ("20260309", {}, date(2026, 3, 9)),
        ("2026-3-9", {}, date(2026, 3, 9)),
        ("2026.3.9", {}, date(2026, 3, 9)),
        ("2026/03/09", {}, date(2026, 3, 9)),
        ("2026年3月9日", {}, date(2026, 3, 9)),
        ("２０２６－３－９", {}, date(2026, 3, 9)),
        ("2026-03-09 14:05:06", {}, datetime(2026, 3, 9, 14, 5, 6)),
        ("2026-03-09T14:05", {}, datetime(2026, 3, 9, 14, 5)),
        ("16/03/2026", {}, date(2026, 3, 16)),
        ("03/16/2026", {}, date(2026, 3, 16)),
        ("04/03/2026", {"order": "dmy"}, date(2026, 3, 4)),
        ("04/03/2026", {"order": "mdy"}, date(2026, 4, 3)),
        ("3月9日", MARCH, date(2026, 3, 9)),
        ("3.9", MARCH, date(2026, 3, 9)),
        ("12.28", WINTER, date(2025, 12, 28)),
        ("1.3", WINTER, date(2026, 1, 3)),
        ("9/3", {**MARCH, "order": "dmy"}, date(2026, 3, 9)),
        ("无", {}, None),
        ("", {}, None),
    ],
)
def test_date(cell, options, expected):
    assert DateReader(**options)(cell) == expected


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("04/03/2026", "two different days"),
        ("3月9日", "no year"),
        ("2026年3月", "names no day"),
        ("9月", "names no day"),
        ("2018-18", "names no day"),
        ("2016-1-221", NOT),
        ("2026-02-30", "does not exist"),
        ("2016.3.10/2016.4.12", MANY),
        ("详见合同", NOT),
        (9.1, NOT),
        (99999999.0, NOT),
    ],
)
def test_date_is_never_guessed(cell, sentence):
    with pytest.raises(UnreadableError) as caught:
        DateReader()(cell)
    assert sentence in str(caught.value.reason)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (4500012345.0, "4500012345"),
        ("0000611365", "0000611365"),
        ("  A 1\xa0\u3000B ", "A 1 B"),
        ("\x7f81000\u200b123\ufeff", "81000123"),
        ("左\n夹具", "左 夹具"),
        (12.5, "12.5"),
        ("\t", None),
    ],
)
def test_text(cell, expected):
    assert clean_text(cell) == expected


@pytest.mark.parametrize("cell", [1.23e17, "1.23E+17", 123456789012345678.0])
def test_code_that_lost_digits_is_unreadable(cell):
    with pytest.raises(UnreadableError):
        clean_code(cell)
