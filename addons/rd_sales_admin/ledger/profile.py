# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is known about one partner's spreadsheet, as data."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from .fields import MEASURES, NEGATIVE_WORDS
from .text import Refused, Text, _

CROSSTAB_FIELDS = ("partner", "part", "name", "warehouse", "date")


@dataclass(frozen=True)
class Profile:
    """How to read one partner's sheet; every part may be left to be found.

    `columns` maps a field to a header text, a column letter or a list of either
    in order of preference; None there, or for the whole mapping, finds columns
    by their usual names. A field that a given mapping leaves out is not read.
    `key_pattern` cuts the note number out of its cell (group 1, else the whole
    match). `negative` are words in the kind column that mean a return; `keep`
    and `drop` take or leave rows by the text of a field. `period_from` and
    `period_to` supply the year of dates written without one. `fill_down` are
    fields whose blank cells repeat the value above. With `red_is_return` the
    figures of a row count negative when one of them is written in red.

    `usual` are headings per field that go before the usual names of columns;
    what cannot be read in a `lenient` field is left empty, with a warning.

    `crosstab` makes lines of a cross table: the field that its headings across
    mean, "date" where days stand across; `crosstab_figures` is the field of its
    cells. `sign` tells which of two columns adds to the amount, "debit" or
    "credit". `owed_negative` says that balances are negative where money is owed.
    """

    sheet: str | None = None
    header_row: int | None = None
    last_row: int | None = None
    columns: Mapping | None = None
    key_pattern: str | None = None
    negative: tuple[str, ...] = NEGATIVE_WORDS
    tax_basis: str | None = None
    date_order: str | None = None
    period_from: date | None = None
    period_to: date | None = None
    required: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    red_is_return: bool = False
    keep: Mapping = field(default_factory=dict)
    drop: Mapping = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    crosstab: str | None = None
    crosstab_figures: str = "quantity"
    sign: str | None = None
    owed_negative: bool = False
    usual: Mapping = field(default_factory=dict)
    lenient: tuple[str, ...] = ()

    def __post_init__(self):
        """Refuse at once what could only fail later, in the middle of a file."""
        for name in ("negative", "required", "fill_down", "lenient"):
            value = getattr(self, name)
            value = (value,) if isinstance(value, str) else tuple(value)
            object.__setattr__(self, name, value)
        self._check_choice("tax_basis", ("included", "excluded"))
        self._check_choice("date_order", ("ymd", "dmy", "mdy"))
        self._check_choice("crosstab", CROSSTAB_FIELDS)
        self._check_choice("crosstab_figures", MEASURES)
        self._check_choice("sign", ("debit", "credit"))
        try:
            re.compile(self.key_pattern or "")
        except re.error:
            raise wrong_setting("key_pattern", self.key_pattern) from None

    def _check_choice(self, name, allowed):
        value = getattr(self, name)
        if value is not None and value not in allowed:
            raise wrong_setting(name, value)

    @classmethod
    def from_dict(cls, values):
        """A profile from plain data; dates may be ISO text. Raises `Refused`."""
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise wrong_setting(unknown[0], values[unknown[0]])
        values = dict(values)
        for name in ("period_from", "period_to"):
            if isinstance(values.get(name), str):
                values[name] = date.fromisoformat(values[name])
        return cls(**values)

    @classmethod
    def from_toml(cls, text):
        """A profile from the text of a TOML file."""
        return cls.from_dict(tomllib.loads(text))

    def to_dict(self):
        """Plain data that `from_dict` takes back; settings left alone are absent."""
        result = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if value == getattr(EMPTY, item.name):
                continue
            if isinstance(value, date):
                value = value.isoformat()
            elif isinstance(value, tuple):
                value = list(value)
            elif isinstance(value, Mapping):
                value = dict(value)
            result[item.name] = value
        return result


def wrong_setting(name, value):
    """The refusal of a profile that cannot be right."""
    reason = _(
        "The profile's setting “%(name)s” cannot be “%(value)s”; correct the profile."
    )
    return Refused(Text(reason, {"name": name, "value": str(value)}))


EMPTY = Profile()
