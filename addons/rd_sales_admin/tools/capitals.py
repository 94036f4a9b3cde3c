# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Amounts in Chinese financial capitals (人民币大写)."""

from decimal import ROUND_HALF_UP, Decimal

LIMIT = Decimal(10) ** 16

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))
_CENT = Decimal("0.01")


def amount_in_capitals(amount):
    """Return an amount in yuan as it is written on financial papers.

    The amount is rounded half up to the cent. A float is taken at its shortest
    decimal writing, so that 2.675 is rounded as 2.675 and not as 2.67499….

    >>> amount_in_capitals(12465)
    '壹万贰仟肆佰陆拾伍元整'
    >>> amount_in_capitals(-100.05)
    '负壹佰元零伍分'

    :param amount: Decimal, int or float, up to 10^16 in absolute value
    :raise ValueError: when the amount is no finite number or exceeds the limit
    """
    value = Decimal(str(amount))
    if not value.is_finite() or abs(value) > LIMIT:
        raise ValueError(f"{amount} cannot be written in capitals")
    cents = int(abs(value).quantize(_CENT, ROUND_HALF_UP) * 100)
    sign = "负" if value < 0 and cents else ""
    yuan, rest = divmod(cents, 100)
    return sign + (_yuan(yuan) + _cents(rest, bool(yuan)) or "零元整")


def _yuan(number):
    return _integer(number) + "元" if number else ""


def _cents(number, after_yuan):
    """Return the part below one yuan; 整 closes what does not reach the cent."""
    if not number:
        return "整" if after_yuan else ""
    jiao, fen = divmod(number, 10)
    text = _DIGITS[jiao] + "角" if jiao else "零" if after_yuan else ""
    return text + (_DIGITS[fen] + "分" if fen else "整")


def _integer(number):
    """Return a positive integer; one 零 stands for each inner run of zeros."""
    for size, unit in _UNITS:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _integer(high) + unit + gap + (_integer(low) if low else "")
    return _DIGITS[number]
