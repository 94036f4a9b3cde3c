# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Cell contents to exact values, without ever guessing.

Each reader returns a value, None for an empty cell, or raises
`UnreadableError` with one sentence. Where a cell could mean two things it is
unreadable, because a wrong amount costs more than a question.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite

from .text import UnreadableError, _

MANY = _("“%(value)s” holds several values; put one value into the cell.")
NO_NUMBER = _("“%(value)s” is not a number; write one number into the cell.")
NO_DATE = _("“%(value)s” is not a date; write the day as 2026-03-31.")
NO_DAY = _("“%(value)s” names no day; write the day as 2026-03-31.")
NO_YEAR = _("“%(value)s” has no year; state the period or write 2026-03-31.")
TWO_DATES = _(
    "“%(value)s” can be two different days; set the order of day and month "
    "in the profile."
)
IMPOSSIBLE = _("“%(value)s” is a day that does not exist; correct the date.")
LOST_DIGITS = _(
    "The number “%(value)s” has lost its last digits; "
    "format the column as text and enter it again."
)

# Zero-width marks, byte-order mark, soft hyphen, and the control characters.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]")
BLANKS = re.compile(r"\s+")

PLAIN_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)$")
GROUPED_NUMBER = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[Ee][+-]?\d{1,2}$")
CURRENCY = re.compile(
    r"^([+-]?)\s*(?:人民币|人民幣|RMB|CNY|USD|NTD|TWD|HKD|NT\$|HK\$|US\$|[¥$€£])"
    r"\s*[:：]?\s*",
    re.I,
)
MONEY_TAIL = re.compile(r"\s*(?:元整|元|圆|圓|RMB|CNY|USD)$", re.I)
DIGITS_APART = re.compile(r"\d[^\d.,eE]+\d")
ZERO_MARKS = frozenset("-–—−")
NO_TAX = frozenset(("免税", "免稅", "不征税", "零税率"))
NO_DATE_WORDS = frozenset(("无", "無", "-", "/", "—", "n/a", "N/A"))

ISO_LIKE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$"
)
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\.0+)?$")
SERIAL_TEXT = re.compile(r"(\d{5})(?:\.\d+)?$")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
NO_YEAR_DATE = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
MONTH_ONLY = re.compile(r"(?:\d{4}\s*[-/.年])?\s*\d{1,2}\s*月?$|\d{4}\s*年$")

FIRST_SERIAL, LAST_SERIAL = 18_264, 73_415  # 1950 to 2100
SHIFT_1904 = 1462


def clean_text(value):
    """Text without control and zero-width marks, single blanks; None if empty."""
    if type(value) is float and value.is_integer():
        value = format(value, ".0f")
    text = str(value)
    if not text.isprintable():
        text = INVISIBLE.sub("", text)
    if " " in text or not text.isprintable():
        text = BLANKS.sub(" ", text).strip()
    return text or None


def is_clean(texts):
    """Whether `clean_text` and `clean_code` would leave all these as they are."""
    joined = "".join(texts)
    return joined.isprintable() and " " not in joined and "E+" not in joined


def clean_code(value):
    """Like `clean_text`, refusing a number that cannot be the whole code."""
    if type(value) is float and abs(value) >= 1e15:
        raise UnreadableError(LOST_DIGITS, value=shown(value))
    text = clean_text(value)
    if text and "E+" in text and SCIENTIFIC.match(text):
        raise UnreadableError(LOST_DIGITS, value=text)
    return text


def shown(value):
    """A cell as a person sees it."""
    if type(value) is float:
        return format(value, ".15g")
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value)


def number(value):
    """A Decimal from a cell; fifteen digits of a float, as spreadsheets keep."""
    kind = type(value)
    if kind is float or kind is int:
        if value - value != 0:
            raise UnreadableError(NO_NUMBER, value=value)
        return Decimal(format(value, ".15g"))
    if kind is not str:
        raise UnreadableError(NO_NUMBER, value=shown(value))
    return number_from_text(value)


def numbers(values):
    """{value: Decimal} for floats, or None if one of them is not finite."""
    if not isfinite(sum(values)):
        return None
    return {value: Decimal(format(value, ".15g")) for value in values}


def number_from_text(value):
    """A Decimal from what people type for a sum of money or a quantity."""
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", value)).strip()
    if not text:
        return None
    if text in ZERO_MARKS:
        return Decimal(0)
    text, negative = without_sign(text)
    text = MONEY_TAIL.sub("", CURRENCY.sub(r"\1", text, count=1)).strip()
    factor = 1
    if text.endswith("万") or text.endswith("萬"):
        text, factor = text[:-1].strip(), 10_000
    text = text.replace("\u2212", "-")
    if GROUPED_NUMBER.match(text):
        text = text.replace(",", "")
    elif not PLAIN_NUMBER.match(text) and not SCIENTIFIC.match(text):
        raise UnreadableError(
            MANY if DIGITS_APART.search(text) else NO_NUMBER, value=value.strip()
        )
    result = Decimal(text) * factor
    return -result if negative else result


def without_sign(text):
    """(text, whether it was written as negative in the bookkeepers' way)."""
    if text[0] == "(" and text[-1] == ")":
        return text[1:-1].strip(), True
    if text[-1] in ZERO_MARKS and text[0] not in ZERO_MARKS:
        return text[:-1].strip(), True
    return text, False


def rate(value):
    """A tax rate as a fraction: 0.13 from 0.13, 13 or "13%"."""
    if type(value) is str:
        text = unicodedata.normalize("NFKC", value).strip()
        if text in NO_TAX:
            return Decimal(0)
        if text.endswith("%"):
            result = number_from_text(text[:-1])
            return None if result is None else result / 100
        value = text
    result = number(value)
    if result is None or -1 < result < 1:
        return result
    return result / 100


# --- dates -------------------------------------------------------------------


class DateReader:
    """Reads the dates of one sheet: its epoch, its order, its period."""

    def __init__(self, epoch_1904=False, order=None, first=None, last=None):
        self.shift = SHIFT_1904 if epoch_1904 else 0
        self.order = order
        self.first = first
        self.last = last or first

    def __call__(self, value):
        """A date, or a datetime when the cell has a time of day."""
        if isinstance(value, date):
            return value
        if type(value) is float or type(value) is int:
            return self.from_number(value)
        return self.from_text(value)

    def from_number(self, value):
        """A day from a serial number or from digits such as 20260331."""
        if FIRST_SERIAL <= value + self.shift <= LAST_SERIAL:
            return from_serial(value + self.shift)
        digits = format(value, ".15g")
        if match := COMPACT.match(digits):
            return make_date(digits, *match.groups())
        # A number such as 9.1 may be 1 or 10 September: never guessed.
        raise UnreadableError(NO_DATE, value=digits)

    def from_text(self, value):
        """A day from what people type."""
        text = unicodedata.normalize("NFKC", INVISIBLE.sub("", value)).strip()
        if not text or text in NO_DATE_WORDS:
            return None
        if match := ISO_LIKE.match(text):
            return make_date(text, *match.groups())
        if match := COMPACT.match(text):
            return make_date(text, *match.groups())
        if SERIAL_TEXT.match(text):
            return self.from_number(float(text))
        if match := YEAR_LAST.match(text):
            return self.year_last(text, *match.groups())
        if match := NO_YEAR_DATE.match(text):
            return self.without_year(text, int(match[1]), int(match[2]))
        if MONTH_ONLY.match(text):
            raise UnreadableError(NO_DAY, value=text)
        many = re.search(r"\d.*[/;、\s].*\d", text) and len(text) > 12
        raise UnreadableError(MANY if many else NO_DATE, value=text)

    def year_last(self, text, one, two, year):
        """31/03/2026 or 03/31/2026, by the profile or because only one can be."""
        if self.order == "dmy" or (self.order != "mdy" and int(one) > 12):
            return make_date(text, year, two, one)
        if self.order == "mdy" or int(two) > 12:
            return make_date(text, year, one, two)
        if one == two:
            return make_date(text, year, one, two)
        raise UnreadableError(TWO_DATES, value=text)

    def without_year(self, text, month, day):
        """A day of the statement's period."""
        if self.order == "dmy":
            month, day = day, month
        if not self.first:
            raise UnreadableError(NO_YEAR, value=text)
        year = self.first.year if month >= self.first.month else self.last.year
        return make_date(text, year, month, day)


def from_serial(value):
    """The day (and the second) that a spreadsheet's serial number means."""
    moment = datetime(1899, 12, 30) + timedelta(seconds=round(value * 86_400))
    return moment if moment.time() != datetime.min.time() else moment.date()


def make_date(text, year, month, day, hour=None, minute="0", second="0"):
    """A date or datetime; `text` is named when the day does not exist."""
    try:
        day = date(int(year), int(month), int(day))
        if hour is None:
            return day
        return datetime(
            day.year, day.month, day.day, int(hour), int(minute), int(second or 0)
        )
    except ValueError:
        raise UnreadableError(IMPOSSIBLE, value=text) from None
