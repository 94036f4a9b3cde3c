# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The second section of a comparison: opening, payments and invoices of both sides.

An opening is compared with an opening, never with lines. A payment is the same on
both sides by its reference, or by its amount on a near day, never by its amount
alone. Everything is counted in minor units of the currency.
"""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from .clean import clean_key
from .codes import _
from .data import Day, Group, Text, as_moment

BALANCES = ("opening", "increase", "receipts", "closing")
# A reference shorter than this may be equal by chance.
SHORTEST_NUMBER = 4
MOST_SUMMANDS = 4
MOST_TRIED = 20

AGREES = _("Both sides booked it.")
BY_SUM = _("Several entries of one side come to one of the other.")
TOTALS_AGREE = _("They state only a sum; it is what we booked.")
OPENING = _(
    "They begin with %(theirs)s, we with %(ours)s; the last month closed "
    "without this difference."
)
OPENING_BROUGHT = _(
    "They begin with %(theirs)s, we with %(ours)s; of the difference %(known)s was "
    "known at the last closing."
)
PAYMENT_TOTAL = _("They state %(theirs)s of payments, we booked %(ours)s.")
PAYMENT_AMOUNT = _("Under %(number)s they booked %(theirs)s, we booked %(ours)s.")
PAYMENT_OURS = _("We booked %(amount)s received on %(day)s; they have no such payment.")
PAYMENT_THEIRS = _("They booked %(amount)s paid on %(day)s; we have not received it.")
PAYMENT_LATER = _("They paid on %(day)s; we booked it on %(other)s, after the period.")
PAYMENT_EARLIER = _("They booked it on %(other)s already, in an earlier period.")
SEVERAL = _("%(count)s entries over %(amount)s would fit each other; none was taken.")
INVOICE_TOTAL = _("They state %(theirs)s of invoices, we booked %(ours)s.")
INVOICE_AMOUNT = _("Invoice %(number)s: they booked %(theirs)s, we booked %(ours)s.")
INVOICE_OURS = _("We invoiced %(amount)s with %(number)s; they have not booked it.")
INVOICE_THEIRS = _("They booked %(amount)s with %(number)s; we have no such invoice.")
PARTY_ENTRY = _("%(amount)s of theirs is booked with us under %(sister)s.")
PARTY_MIRROR = _(
    "The openings differ by %(amount)s, those with %(sister)s by the same the other "
    "way round."
)
PARTY_BALANCE = _("The openings differ by %(amount)s, the opening of %(sister)s.")


class Entry(NamedTuple):
    """One payment or invoice of one side; a payment is above zero."""

    ref: Hashable
    amount: Decimal
    date: Day | None = None
    number: str = ""
    name: str = ""


@dataclass(frozen=True)
class Account:
    """What one side says of the account; None is what it does not state.

    `later` are our payments shortly after the period, `earlier` theirs of earlier
    periods that found nothing yet: both explain a payment without being in it.
    """

    opening: Decimal | None = None
    increase: Decimal | None = None
    receipts: Decimal | None = None
    closing: Decimal | None = None
    payments: tuple[Entry, ...] = ()
    invoices: tuple[Entry, ...] = ()
    later: tuple[Entry, ...] = ()
    earlier: tuple[Entry, ...] = ()

    def completed(self):
        """The account with the one balance that is missing, as the others mean it.

        Payments that are taken off are above zero, however they were written.
        """
        account = self
        if account.receipts is None and account.payments:
            account = replace(account, receipts=total(account.payments))
        missing = [name for name in BALANCES if getattr(account, name) is None]
        if len(missing) == 1:
            name = missing[0]
            sign = -1 if name in ("opening", "increase") else 1
            return replace(account, **{name: sign * account.gap()})
        if not missing and account.receipts < 0 and account.gap():
            turned = replace(account, receipts=-account.receipts)
            return account if turned.gap() else turned
        return account

    def gap(self):
        """By how much opening, increase and receipts do not give the closing."""
        known = {name: getattr(self, name) or Decimal(0) for name in BALANCES}
        end = known["opening"] + known["increase"] - known["receipts"]
        return end - known["closing"]


class Sister(NamedTuple):
    """Another company of the same group, as our books know it.

    `gap` is by how much its own opening differs from ours, where that is known.
    """

    ref: Hashable
    name: str
    entries: tuple[Entry, ...] = ()
    opening: Decimal | None = None
    gap: Decimal | None = None


@dataclass(frozen=True)
class AccountRules:
    """How the accounts are compared.

    `basis` is what their balances count: "goods" they took in, or "invoiced"
    only; invoices are compared on the second. `brought` is what of the difference
    of the openings (ours less theirs) the last closing had explained.
    """

    basis: str = "goods"
    window_days: int = 5
    decimals: int = 2
    brought: Decimal = Decimal(0)


@dataclass
class AccountResult:
    """Both accounts, completed, and every group with its section as the key."""

    ours: Account
    theirs: Account
    groups: list[Group] = field(default_factory=list)


def compare_accounts(ours, theirs, sisters=(), rules=None):
    """The `AccountResult` of two sides; the order of entries does not matter."""
    work = Comparison(ours.completed(), theirs.completed(), sisters, rules)
    work.compare_opening()
    work.compare_payments()
    if work.rules.basis == "invoiced":
        work.compare_invoices()
    groups = sorted(work.groups, key=group_order)
    return AccountResult(work.ours, work.theirs, groups)


class Comparison:
    """One comparison while it runs; every entry ends in exactly one group."""

    def __init__(self, ours, theirs, sisters, rules):
        self.ours = ours
        self.theirs = theirs
        self.sisters = sorted(sisters, key=lambda item: (item.name, str(item.ref)))
        self.rules = rules or AccountRules()
        self.groups = []

    def minor(self, amount):
        """An amount in minor units, None as nothing."""
        return int(((amount or Decimal(0)) * 10**self.rules.decimals).to_integral())

    def add(self, section, code, rule, reason, ours=(), theirs=(), **values):
        """One group of entries; amounts are their sums unless they are given."""
        amounts = {
            "ours_amount": total(ours) if ours else None,
            "theirs_amount": total(theirs) if theirs else None,
        }
        figures = {name: values.pop(name, amounts[name]) for name in amounts}
        group = Group(
            code=code,
            rule=rule,
            reason=reason,
            ours=tuple(entry.ref for entry in ours),
            theirs=tuple(entry.ref for entry in theirs),
            ours_qty=None,
            theirs_qty=None,
            key=(section,),
            **figures,
            **values,
        )
        self.groups.append(group)

    # --- opening ---

    def compare_opening(self):
        """Their opening against ours, less what the last closing explained."""
        if self.ours.opening is None or self.theirs.opening is None:
            return
        gap = self.ours.opening - self.theirs.opening - self.rules.brought
        figures = {
            "ours_amount": self.ours.opening - self.rules.brought,
            "theirs_amount": self.theirs.opening,
        }
        if not self.minor(gap):
            self.add("opening", "match", "opening_equal", Text(AGREES), **figures)
            return
        code, rule, reason, found = self.why_opening(gap)
        self.add("opening", code, rule, reason, candidates=found, **figures)

    def why_opening(self, gap):
        """(code, rule, reason, sisters) of openings that differ."""
        for rule, template, fits in (
            ("party_mirror", PARTY_MIRROR, lambda item: same(item.gap, -gap)),
            ("party_balance", PARTY_BALANCE, lambda item: same(item.opening, -gap)),
        ):
            found = [item for item in self.sisters if fits(item)]
            if len(found) == 1:
                values = {"amount": shown(abs(gap)), "sister": found[0].name}
                return "party", rule, Text(template, values), (found[0].ref,)
        values = {
            "ours": shown(self.ours.opening),
            "theirs": shown(self.theirs.opening),
            "known": shown(self.rules.brought),
        }
        template = OPENING_BROUGHT if self.minor(self.rules.brought) else OPENING
        return "opening", "opening_differs", Text(template, values), ()

    # --- payments ---

    def compare_payments(self):
        """Payment by payment where they list them, else the sums."""
        ours, theirs = in_order(self.ours.payments), in_order(self.theirs.payments)
        stated = self.theirs.receipts
        if not theirs and (stated is None or self.minor(stated)):
            self.compare_sums("payment", ours, self.ours.receipts, stated)
            return
        ours, theirs = self.by_number("payment", ours, theirs)
        ours, theirs = self.by_day("payment", ours, theirs)
        ours, theirs = self.by_sums(ours, theirs)
        ours, theirs = self.other_amounts("payment", ours, theirs)
        theirs = self.in_other_period(theirs, self.ours.later, PAYMENT_LATER)
        ours = self.in_other_period(ours, self.theirs.earlier, PAYMENT_EARLIER)
        theirs = self.at_sisters("payment", theirs)
        self.add_left("payment", ours, theirs)

    def by_number(self, section, ours, theirs):
        """Take what has the same reference and comes to the same amount."""
        left = [list(ours), list(theirs)]
        mine, other = by_key(ours), by_key(theirs)
        for number in sorted(set(mine) & set(other)):
            one, two = mine[number], other[number]
            if self.minor(total(one)) == self.minor(total(two)):
                self.add(section, "match", f"{section}_number", Text(AGREES), one, two)
                take(left, one, two)
        return left

    def by_day(self, section, ours, theirs):
        """Take equal amounts on near days where it is clear which is which."""
        left = [list(ours), list(theirs)]
        for window in (0, self.rules.window_days):
            mine, other = self.by_amount(left[0]), self.by_amount(left[1])
            for amount in sorted(set(mine) & set(other)):
                for one, two in near(mine[amount], other[amount], window):
                    if len(one) == len(two):
                        self.add_pairs(section, one, two)
                    elif one and two and window:
                        self.add_several(section, one, two)
                    else:
                        continue
                    take(left, one, two)
        return left

    def add_pairs(self, section, ours, theirs):
        """One agreeing group for each of both."""
        for one, two in zip(ours, theirs, strict=True):
            self.add(section, "match", f"{section}_day", Text(AGREES), [one], [two])

    def add_several(self, section, one, two):
        """More entries of one side than of the other: which is missing is open."""
        values = {"count": len(one) + len(two), "amount": shown(one[0].amount)}
        code = self.code_of(section, one if len(one) > len(two) else ())
        reason = Text(SEVERAL, values)
        self.add(section, code, "several_candidates", reason, one, two)

    def by_amount(self, entries):
        """{minor units: entries that have a day}."""
        found = defaultdict(list)
        for entry in entries:
            if entry.date:
                found[self.minor(entry.amount)].append(entry)
        return found

    def by_sums(self, ours, theirs):
        """Take one payment that several on near days add up to, if only they do."""
        left = [list(ours), list(theirs)]
        for side in (0, 1):
            for single in list(left[side]):
                found = self.sums_of(single, left[1 - side])
                if len(found) == 1:
                    pair = ([single], list(found[0]))
                    one, two = pair if side == 0 else pair[::-1]
                    self.add("payment", "match", "payment_sum", Text(BY_SUM), one, two)
                    take(left, one, two)
        return left

    def sums_of(self, single, others):
        """The sums of two to four entries that a single one may stand for."""
        near = [entry for entry in others if self.is_near(single, entry)]
        if not single.date or len(near) > MOST_TRIED:
            return []
        wanted = self.minor(single.amount)
        return [
            parts
            for size in range(2, MOST_SUMMANDS + 1)
            for parts in combinations(near, size)
            if sum(self.minor(part.amount) for part in parts) == wanted
        ]

    def is_near(self, one, two):
        """Whether two entries have days within the window."""
        if not one.date or not two.date:
            return False
        return abs((day_of(one) - day_of(two)).days) <= self.rules.window_days

    def other_amounts(self, section, ours, theirs):
        """Name what has the same reference and another amount."""
        left = [list(ours), list(theirs)]
        mine, other = by_key(ours), by_key(theirs)
        for number in sorted(set(mine) & set(other)):
            one, two = mine[number], other[number]
            values = {
                "number": one[0].number,
                "ours": shown(total(one)),
                "theirs": shown(total(two)),
            }
            more = total(one) > total(two)
            code = self.code_of(section, one if more else ())
            template = PAYMENT_AMOUNT if section == "payment" else INVOICE_AMOUNT
            self.add(
                section, code, f"{section}_amount", Text(template, values), one, two
            )
            take(left, one, two)
        return left

    def in_other_period(self, entries, others, template):
        """Explain entries by what the other side booked in another period."""
        left, free = [], in_order(others)
        for entry in entries:
            fitting = [other for other in free if self.fits(entry, other)]
            if len(fitting) != 1:
                left.append(entry)
                continue
            free.remove(fitting[0])
            days = {"day": text_of(entry.date), "other": text_of(fitting[0].date)}
            later = template is PAYMENT_LATER
            self.add(
                "payment",
                "timing",
                "payment_later" if later else "payment_earlier",
                Text(template, days),
                *(((), [entry]) if later else ([entry], ())),
                candidates=(fitting[0].ref,),
            )
        return left

    def fits(self, one, two):
        """Whether amount and reference, or amount and day, are the same."""
        if self.minor(one.amount) != self.minor(two.amount):
            return False
        number = key_of(one)
        return bool(number and number == key_of(two)) or self.is_near(one, two)

    def at_sisters(self, section, entries):
        """Name what of theirs we booked under another company of the group."""
        left = []
        for entry in entries:
            found = [
                (sister, other)
                for sister in self.sisters
                for other in in_order(sister.entries)
                if self.fits(entry, other)
            ]
            if len(found) != 1:
                left.append(entry)
                continue
            sister, other = found[0]
            values = {"amount": shown(entry.amount), "sister": sister.name}
            self.add(
                section,
                "party",
                f"party_{section}",
                Text(PARTY_ENTRY, values),
                theirs=[entry],
                candidates=(other.ref,),
            )
        return left

    def add_left(self, section, ours, theirs):
        """Name what stands on one side only; equal amounts are listed, not taken."""
        for entry in ours:
            candidates = self.equal_to(entry, theirs)
            reason = self.reason_of(section, entry, True)
            code = self.code_of(section, [entry])
            rule = f"{section}_ours"
            self.add(section, code, rule, reason, [entry], candidates=candidates)
        for entry in theirs:
            candidates = self.equal_to(entry, ours)
            reason = self.reason_of(section, entry, False)
            code = self.code_of(section, ())
            rule = f"{section}_theirs"
            self.add(section, code, rule, reason, theirs=[entry], candidates=candidates)

    def equal_to(self, entry, others):
        """Refs of the other side's entries over the same amount."""
        amount = self.minor(entry.amount)
        return tuple(item.ref for item in others if self.minor(item.amount) == amount)

    def reason_of(self, section, entry, ours):
        """The sentence for an entry of one side."""
        values = {
            "amount": shown(entry.amount),
            "day": text_of(entry.date),
            "number": entry.number or entry.name,
        }
        if section == "payment":
            return Text(PAYMENT_OURS if ours else PAYMENT_THEIRS, values)
        return Text(INVOICE_OURS if ours else INVOICE_THEIRS, values)

    def code_of(self, section, more_of_ours):
        """The kind of a difference; of invoices it depends on who has more."""
        if section == "payment":
            return "payment"
        return "invoiced_not_received" if more_of_ours else "received_not_invoiced"

    # --- invoices and sums ---

    def compare_invoices(self):
        """Invoice by invoice where they list them, else the sums."""
        ours, theirs = in_order(self.ours.invoices), in_order(self.theirs.invoices)
        if not theirs:
            self.compare_sums("invoice", ours, self.ours.increase, self.theirs.increase)
            return
        ours, theirs = self.by_number("invoice", ours, theirs)
        ours, theirs = self.other_amounts("invoice", ours, theirs)
        ours, theirs = self.by_day("invoice", ours, theirs)
        theirs = self.at_sisters("invoice", theirs)
        self.add_left("invoice", ours, theirs)

    def compare_sums(self, section, entries, ours, theirs):
        """Sums only: what differs is one difference, likely entries are listed."""
        if ours is None or theirs is None:
            return
        gap = self.minor(ours) - self.minor(theirs)
        figures = {"ours_amount": ours, "theirs_amount": theirs}
        rule = f"{section}_total"
        if not gap:
            self.add(section, "match", rule, Text(TOTALS_AGREE), entries, **figures)
            return
        others = self.ours.later if section == "payment" else ()
        likely = [entry.ref for entry in entries if self.minor(entry.amount) == gap]
        likely += [entry.ref for entry in others if self.minor(entry.amount) == -gap]
        template = PAYMENT_TOTAL if section == "payment" else INVOICE_TOTAL
        values = {"ours": shown(ours), "theirs": shown(theirs)}
        code = self.code_of(section, gap > 0)
        self.add(
            section,
            code,
            rule,
            Text(template, values),
            entries,
            candidates=tuple(likely),
            **figures,
        )


# --- helpers ---


def total(entries):
    """The sum of entries."""
    return sum((entry.amount for entry in entries), Decimal(0))


def in_order(entries):
    """Entries in an order that does not depend on how they came."""
    return sorted(
        entries,
        key=lambda e: (day_of(e), e.amount, clean_key(e.number), str(e.ref)),
    )


def day_of(entry):
    """The day of an entry; one without stands before all."""
    return as_moment(entry.date).date() if entry.date else Day.min


def key_of(entry):
    """The cleaned reference, nothing where it is too short to tell."""
    number = clean_key(entry.number)
    return number if len(number) >= SHORTEST_NUMBER else ""


def by_key(entries):
    """{cleaned reference: entries}."""
    found = defaultdict(list)
    for entry in entries:
        if key_of(entry):
            found[key_of(entry)].append(entry)
    return found


def near(ours, theirs, window):
    """Clusters of entries whose days follow each other within a window."""
    marked = [(day_of(e), 0, e) for e in ours] + [(day_of(e), 1, e) for e in theirs]
    clusters, last = [], None
    for day, side, entry in sorted(marked, key=lambda item: item[:2]):
        if last is None or (day - last).days > window:
            clusters.append(([], []))
        clusters[-1][side].append(entry)
        last = day
    return [pair for pair in clusters if all_near(*pair, window)]


def all_near(one, two, window):
    """Whether entries are near each other when they are paired in their order.

    A long chain of days is no pair. Where the numbers differ nothing is paired.
    """
    if len(one) != len(two):
        return True
    pairs = zip(one, two, strict=True)
    return all(abs((day_of(a) - day_of(b)).days) <= window for a, b in pairs)


def take(left, ours, theirs):
    """Take entries off what is left of both sides."""
    for place, taken in zip(left, (ours, theirs), strict=True):
        for entry in taken:
            place.remove(entry)


def same(one, two):
    """Whether two amounts are known, equal and not nothing."""
    return one is not None and bool(two) and one == two


def shown(amount):
    """An amount as a sentence shows it."""
    return f"{amount:,.2f}"


def text_of(day):
    """A day as a sentence shows it."""
    return str(as_moment(day).date()) if day else "?"


def group_order(group):
    """Sections as they are read, then agreeing ones last, then by amount."""
    section = ("opening", "payment", "invoice").index(group.key[0])
    amounts = (group.ours_amount or Decimal(0), group.theirs_amount or Decimal(0))
    refs = (*map(str, group.ours), "|", *map(str, group.theirs))
    return section, group.code == "match", amounts, refs
