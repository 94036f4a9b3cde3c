# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What goes into a comparison and what comes out."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

# A name of its own, because `Line` has a field called date.
Day = date


class Text(NamedTuple):
    """A sentence: a template with named placeholders, and its values.

    `str()` gives English; translate `template` first for another language.
    """

    template: str
    values: dict[str, Any] = {}

    def __str__(self):
        return self.template % self.values if self.values else self.template


class Line(NamedTuple):
    """One line of one side; quantities are negative on a return.

    `ref` identifies the line on its side. `quantity` is what was sent,
    `accepted` what was taken in, where that is known. `scope` names the party
    or plant by which both sides are first narrowed to what they share, `origin`
    the note that a return takes back.
    """

    ref: Hashable
    note: str = ""
    part: str = ""
    quantity: Decimal | None = None
    accepted: Decimal | None = None
    amount: Decimal | None = None
    price: Decimal | None = None
    date: Day | None = None
    order: str = ""
    order_line: str = ""
    unit: str = ""
    tax_rate: Decimal | None = None
    tax_basis: str | None = None
    kind: str = ""
    scope: str = ""
    name: str = ""
    remark: str = ""
    klass: str = ""
    origin: str = ""


class Tolerance(NamedTuple):
    """How far figures may lie apart and still agree.

    `amount` is per line, `percent` of our amount (the larger of both counts),
    `quantity` per delivery, `days` around the ends of the other side's span.
    """

    amount: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)
    quantity: Decimal = Decimal(0)
    days: int = 0


class Habit(NamedTuple):
    """How the other side writes things, as a person once confirmed it.

    `kind` is "note_rule" (value: prefix and suffix around our note), "unit"
    (part and factor: ours for one of theirs), "cutoff_days" (days they book
    later) or, only as the answer of `learn`, "alias" (part and ours). `origin`
    says who confirmed it and when, as it is shown.
    """

    kind: str
    value: Mapping
    origin: str = ""


def line_from(ref, values, tax_basis=None, **overrides):
    """A `Line` from a mapping of field values, such as a ledger row's.

    The amount is the one that includes tax where there is one; `tax_basis`
    tells what a plain "amount" is.
    """
    picked = {name: values.get(name) for name in LINE_TEXTS if values.get(name)}
    for name in ("quantity", "accepted", "price", "date", "tax_rate"):
        picked[name] = values.get(name)
    picked["amount"], picked["tax_basis"] = values.get("amount"), tax_basis
    if values.get("total") is not None:
        picked["amount"], picked["tax_basis"] = values["total"], "included"
    picked["scope"] = values.get("partner") or ""
    return Line(ref, **(picked | overrides))


LINE_TEXTS = (
    *("note", "part", "order", "order_line", "unit", "kind", "name"),
    *("remark", "klass"),
)

TAX_RATES = tuple(Decimal(rate) for rate in ("0.13", "0.09", "0.06", "0.03", "0.01"))
UNIT_RATIOS = tuple(map(Decimal, (10, 12, 100, 144, 1000)))


@dataclass(frozen=True)
class Rules:
    """How strict a comparison is; amounts in the statement's currency.

    `key` names the fields that identify a delivery. `aliases` maps their part
    to (our part, factor): one of theirs is `factor` of ours. `ours_span` and
    `theirs_span` are (first, last) event of each side, found from the lines
    when None; a one-sided line outside the other side's span, or within
    `window_days` of its ends, is a matter of timing. `period` is the (first,
    last) day that is compared at all.

    `tolerances` are by class of line, "" for all others; where there is none the
    tolerance per line and the window stand. `habits` are what a person confirmed
    of the other side, an alias may carry its origin as a third item. `forbidden`
    are pairs (our ref, their ref) that a person has parted: they are not put
    together again.
    """

    key: tuple[str, ...] = ("note", "part")
    basis: str = "accepted"
    line_tolerance: Decimal = Decimal("0.05")
    statement_tolerance: Decimal = Decimal("1.00")
    price_tolerance: Decimal = Decimal("0.005")
    aliases: Mapping = field(default_factory=dict)
    leading_zeros: str = "keep"
    part_suffix: str = r"-\d{1,3}$"
    tax_rates: tuple[Decimal, ...] = TAX_RATES
    unit_ratios: tuple[Decimal, ...] = UNIT_RATIOS
    pack_sizes: Mapping = field(default_factory=dict)
    ours_span: tuple | None = None
    theirs_span: tuple | None = None
    period: tuple | None = None
    window_days: int = 0
    doc_ref_days: int = 3
    scoped: bool = True
    tolerances: Mapping = field(default_factory=dict)
    habits: tuple[Habit, ...] = ()
    forbidden: frozenset = frozenset()

    def tolerance(self, klass=""):
        """The tolerance that stands for a class of lines."""
        found = self.tolerances.get(klass) or self.tolerances.get("")
        return found or Tolerance(amount=self.line_tolerance, days=self.window_days)

    @classmethod
    def from_dict(cls, values):
        """Rules from plain data (numbers as text). Raises ValueError."""
        known = {item.name: item for item in fields(cls)}
        if unknown := sorted(set(values) - set(known)):
            raise ValueError(unknown[0])
        return cls(**{name: convert(name, value) for name, value in values.items()})


def convert(name, value):
    """One setting from plain data to its type."""
    if name.endswith("_tolerance"):
        return Decimal(str(value))
    if name in ("tax_rates", "unit_ratios"):
        return tuple(Decimal(str(item)) for item in value)
    if name == "aliases":
        return {theirs: alias(ours) for theirs, ours in value.items()}
    if name == "pack_sizes":
        return {part: Decimal(str(size)) for part, size in value.items()}
    if name in ("ours_span", "theirs_span", "period"):
        return tuple(map(as_day, value))
    return tuple(value) if isinstance(value, list) else value


def alias(value):
    """(our part, factor) from a part alone or a pair; an origin stays behind it."""
    if isinstance(value, str):
        return value, Decimal(1)
    part, factor, *origin = value
    return part, Decimal(str(factor)), *origin


def as_day(value):
    """A date from ISO text; anything else as it is."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_moment(day):
    """A datetime from a date or datetime."""
    return day if isinstance(day, datetime) else datetime.combine(day, time.min)


class Group(NamedTuple):
    """Lines that belong together, what they show, and by which rule.

    `ours` and `theirs` are refs in order. Quantities are on the basis of the
    rules, amounts on our tax basis where a declared one was converted.
    `candidates` lists refs of the other side when several would fit equally:
    none was picked. `also` are further codes that are right as well.
    """

    code: str
    rule: str
    reason: Text
    ours: tuple
    theirs: tuple
    ours_qty: Decimal | None
    theirs_qty: Decimal | None
    ours_amount: Decimal | None
    theirs_amount: Decimal | None
    key: tuple = ()
    candidates: tuple = ()
    also: tuple = ()

    @property
    def codes(self):
        """Every code that is right, the one that decides first."""
        return (self.code, *self.also)

    @property
    def status(self):
        """How sure the group is: exact, suggested, mismatch, or one side only."""
        if not self.theirs:
            return "only_ours"
        if not self.ours:
            return "only_theirs"
        return STATUSES.get(self.code, "mismatch")


STATUSES = {
    "match": "exact",
    "rounding": "exact",
    "part_alias": "suggested",
    "doc_ref": "suggested",
}


class Count(NamedTuple):
    """How much one code covers."""

    groups: int
    ours_rows: int
    theirs_rows: int


@dataclass
class Scope:
    """What was compared, and what was left out and why.

    `others` counts the lines of parties that the other side never names;
    `keys` are the deliveries behind them.
    """

    ours_rows: int = 0
    theirs_rows: int = 0
    ours_keys: int = 0
    theirs_keys: int = 0
    common_keys: int = 0
    other_keys: int = 0
    other_rows: tuple = ()
    others: dict[str, int] = field(default_factory=dict)
    outside_ours: tuple = ()
    outside_theirs: tuple = ()
    ours_span: tuple = (None, None)
    theirs_span: tuple = (None, None)


@dataclass
class Result:
    """Every line of both sides in exactly one group or in the scope's remainder."""

    groups: list[Group]
    scope: Scope
    summary: dict[str, Count]
    rounding_total: Decimal
