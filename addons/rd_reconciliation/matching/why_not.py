# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Why was this line not matched: its nearest counterpart and what spoke against it.

Made only when a person asks. The indexes are built once per comparison; a
question looks at the few lines that share a note, a similar note, a part, an
order or an amount with the line. Only similar notes are looked for among all,
in one pass: a question or two is cheaper so than an index of every slip.
"""

from collections import defaultdict
from collections.abc import Hashable
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .clean import similar
from .codes import _
from .data import Rules, Text, as_moment
from .engine import MOST_CANDIDATES, Cleaned, compare, show_moment
from .judge import plain, settled
from .translate import Translator

PARTED = Text(_("A person has parted these two."))
TAKEN = Text(_("It already belongs to another line."))
NO_NOTE = Text(_("Only one of the two states a note number."))
ONE_CHARACTER = _("The note differs by one character: %(ours)s and %(theirs)s.")
OTHER_NOTE = _("The note is another one: %(ours)s and %(theirs)s.")
OTHER_PART = _("The part is another one: %(ours)s and %(theirs)s.")
OTHER_QUANTITY = _("The quantity is %(ours)s against %(theirs)s.")
DAYS_APART = _("%(days)s days lie between %(ours)s and %(theirs)s.")
OTHER_PARTY = _("It belongs to another party or plant: %(ours)s and %(theirs)s.")
OUTSIDE = Text(_("It is dated outside the period that is compared."))
ONLY_AMOUNT = Text(_("Nothing but the amount is equal, and that proves nothing."))
# The lower, the nearer: a line that differs by a character alone stands before one
# with another quantity, and that before one with another note.
WEIGHTS = {
    "parted": 0,
    "taken": 1,
    "period": 2,
    "number": 2,
    "quantity": 3,
    "days": 3,
    "scope": 3,
    "no_note": 4,
    "note": 6,
    "part": 6,
    "amount": 12,
}
# Shorter notes are alike by chance.
SHORTEST_ALIKE = 5
# So many characters at an end may be missing.
LONGEST_END = 3
# How many lines of one look are weighed; a look shared by more says little.
MOST_WEIGHED = 10 * MOST_CANDIDATES


class Criterion(NamedTuple):
    """One thing that spoke against a pair."""

    name: str
    reason: Text


class Near(NamedTuple):
    """The nearest line of the other side and every criterion that failed."""

    ref: Hashable
    criteria: tuple[Criterion, ...]
    distance: int


class WhyNot:
    """Answers for the lines of one comparison.

    `taken` are the refs of each side that are already matched; they are found
    here when they are not given.
    """

    def __init__(self, ours, theirs, rules=None, taken=None):
        self.rules = rules = rules or Rules()
        self.cleaned = Cleaned(rules.leading_zeros)
        ours, theirs = list(ours), list(theirs)
        self.taken = taken or taken_in(compare(ours, theirs, rules).groups)
        if translator := Translator(rules, self.cleaned):
            theirs = [translator(line) for line in theirs]
        self.lines = {
            "ours": {line.ref: line for line in ours},
            "theirs": {line.ref: line for line in theirs},
        }
        self.indexes = {}

    def nearest(self, side, ref):
        """The `Near` of a line of one side, None where nothing is alike.

        Raises KeyError for a line that was not compared.
        """
        line = self.lines[side][ref]
        other = "theirs" if side == "ours" else "ours"
        index = self.index(other)
        looks = self.looks(line) + self.alike(line, index)
        refs = {found for look in looks for found in index.get(look, ())[:MOST_WEIGHED]}
        nears = [self.weigh(side, line, found) for found in refs]
        return min(nears, key=lambda near: (near.distance, near.ref), default=None)

    def index(self, side):
        """{look: refs in order} of one side, made at the first question."""
        if side not in self.indexes:
            found = defaultdict(list)
            for ref in sorted(self.lines[side]):
                for look in self.looks(self.lines[side][ref]):
                    found[look].append(ref)
            self.indexes[side] = dict(found)
        return self.indexes[side]

    def looks(self, line):
        """What a line may be found by."""
        note, part = self.cleaned[line.note], self.cleaned[line.part]
        quantity = settled(line, self.rules.basis)
        looks = [("note", note)] if note else []
        if part and quantity is not None:
            looks.append(("figure", part, quantity))
        if part and line.order:
            looks.append(("order", part, self.cleaned[line.order]))
        if part and line.date:
            looks.append(("day", part, as_moment(line.date).date()))
        if line.amount:
            looks.append(("amount", line.amount))
        return looks

    def alike(self, line, index):
        """The looks of the other side's notes that differ by a slip or an end."""
        note = self.cleaned[line.note]
        if len(note) < SHORTEST_ALIKE:
            return []
        notes = [look[1] for look in index if look[0] == "note"]
        found = process.extract(
            note, notes, scorer=OSA.distance, score_cutoff=LONGEST_END, limit=None
        )
        return [("note", text) for text, *_rest in found if similar(note, text)]

    def weigh(self, side, line, ref):
        """How far a line of the other side is away, and by what."""
        other = "theirs" if side == "ours" else "ours"
        found = self.lines[other][ref]
        ours, theirs = (line, found) if side == "ours" else (found, line)
        failed = tuple(filter(None, (test(self, ours, theirs) for test in TESTS)))
        if {item.name for item in failed} >= {"part", "quantity"}:
            note = self.cleaned[ours.note] == self.cleaned[theirs.note]
            if not note or not ours.note:
                failed = (Criterion("amount", ONLY_AMOUNT),)
        if ref in self.taken[other]:
            failed = (*failed, Criterion("taken", TAKEN))
        return Near(ref, failed, sum(WEIGHTS[item.name] for item in failed))

    # --- what may speak against two lines; each answers a Criterion or None ---

    def test_parted(self, ours, theirs):
        """A person's decision."""
        if (ours.ref, theirs.ref) in self.rules.forbidden:
            return Criterion("parted", PARTED)
        return None

    def test_note(self, ours, theirs):
        """The note, by a character or wholly."""
        one, two = self.cleaned[ours.note], self.cleaned[theirs.note]
        if one == two:
            return None
        if not one or not two:
            return Criterion("no_note", NO_NOTE)
        values = {"ours": ours.note, "theirs": theirs.note}
        if similar(one, two):
            return Criterion("number", Text(ONE_CHARACTER, values))
        return Criterion("note", Text(OTHER_NOTE, values))

    def test_part(self, ours, theirs):
        """The part."""
        if self.cleaned[ours.part] == self.cleaned[theirs.part]:
            return None
        values = {"ours": ours.part or "—", "theirs": theirs.part or "—"}
        return Criterion("part", Text(OTHER_PART, values))

    def test_quantity(self, ours, theirs):
        """98 against 100."""
        basis = self.rules.basis
        one, two = settled(ours, basis), settled(theirs, basis)
        if one is None or two is None or one == two:
            return None
        values = {"ours": plain(one), "theirs": plain(two)}
        return Criterion("quantity", Text(OTHER_QUANTITY, values))

    def test_days(self, ours, theirs):
        """More days apart than two numbers for one delivery may lie."""
        if ours.date is None or theirs.date is None:
            return None
        one, two = as_moment(ours.date), as_moment(theirs.date)
        days = abs(one.toordinal() - two.toordinal())
        if days <= self.rules.doc_ref_days:
            return None
        values = {"days": days, "ours": show_moment(one), "theirs": show_moment(two)}
        return Criterion("days", Text(DAYS_APART, values))

    def test_scope(self, ours, theirs):
        """Another party or plant."""
        one, two = self.cleaned[ours.scope], self.cleaned[theirs.scope]
        if not one or not two or one == two:
            return None
        values = {"ours": ours.scope, "theirs": theirs.scope}
        return Criterion("scope", Text(OTHER_PARTY, values))

    def test_period(self, ours, theirs):
        """One of the two lies outside the period."""
        if not self.rules.period:
            return None
        first, last = self.rules.period
        for line in (ours, theirs):
            day = line.date and as_moment(line.date).date()
            if day and ((first and day < first) or (last and day > last)):
                return Criterion("period", OUTSIDE)
        return None


def taken_in(groups):
    """The refs of each side that have found the other side's."""
    taken = {"ours": set(), "theirs": set()}
    for group in groups:
        if group.ours and group.theirs:
            taken["ours"].update(group.ours)
            taken["theirs"].update(group.theirs)
    return taken


TESTS = (
    WhyNot.test_parted,
    WhyNot.test_note,
    WhyNot.test_part,
    WhyNot.test_quantity,
    WhyNot.test_days,
    WhyNot.test_scope,
    WhyNot.test_period,
)
