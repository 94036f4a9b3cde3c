# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The ladder: strict keys first, then suggestions, then timing, then missing.

Lines are gathered by cleaned key and each step works on dictionaries, so the
time grows with the number of lines. The answer depends on the lines alone,
never on their order.
"""

import gc
import re
from collections import defaultdict
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from operator import attrgetter

from .clean import clean_key, note_variants, part_base, similar
from .codes import CODES, _
from .data import Count, Group, Result, Rules, Scope, Text, as_moment
from .joins import join_all, join_orders
from .judge import EQUAL, Pair, further_codes, judge, plain, settled, total
from .translate import Translator, with_hidden_notes

SUFFIX = _("Same note and quantity; the part is %(ours)s here and %(theirs)s there.")
NOTE = _(
    "Same part, quantity and time; the note is %(ours)s here and %(theirs)s there."
)
NO_NOTE = _("Same part, quantity and time; one side states no note number.")
AFTER_END = _("Dated after the other side's last entry of %(edge)s.")
BEFORE_START = _("Dated before the other side's first entry of %(edge)s.")
NEXT_PERIOD = Text(_("Both agree, but one side booked it outside the period."))
OURS_ONLY = Text(_("On our side only, within the time the other side covers."))
THEIRS_ONLY = Text(_("On their side only, within the time our side covers."))
DEDUCTION = Text(_("They deduct an amount for which we have no document."))
LEARNED_CUTOFF = _(
    "They book some days later, as %(origin)s has confirmed it; after the other "
    "side's last entry of %(edge)s."
)
PARTED = Text(_("Parted by a person."))
SPLIT = Text(_("Split off by a person; the other part is settled."))
BY_HAND = Text(_("Put together by a person; quantity and amount agree."))
TAKEN_BACK = Text(_("Booked and wholly taken back on one side; nothing is left."))
UNCLEAR = _("On one side only; %(count)s lines of the other side would fit equally.")
OVER_LIMIT = _(
    "A rounding of %(delta)s; all roundings together exceed %(limit)s and need a look."
)
MOST_CANDIDATES = 20
BY_LINES = attrgetter("ours", "theirs")
DOCUMENTS = ("note", "order")
DEDUCTIONS = ("扣款", "索赔", "索賠", "罚款", "罰款", "deduction", "claim", "penalty")


def compare(ours, theirs, rules=None):
    """Group the lines of both sides and name the reason of every difference.

    Returns a `Result`. Every line is in exactly one group, or counted in its
    scope. Refs must be unique and sortable within a side.
    """
    with paused_collector():
        return Engine(list(ours), list(theirs), rules or Rules()).run()


def pair_by_hand(ours, theirs, rules=None):
    """The `Group` of lines that a person says belong together, and what differs.

    Raises ValueError when one side is empty.
    """
    ours, theirs, rules = list(ours), list(theirs), rules or Rules()
    if not ours or not theirs:
        raise ValueError("both sides need a line")
    translator = Translator(rules, Cleaned(rules.leading_zeros))
    pair = Pair(
        sorted(ours, key=ref_of),
        sorted((translator(line) for line in theirs), key=ref_of),
        rules,
    )
    code, _rule, reason = judge(pair, rules)
    return group_of(code, "by_hand", BY_HAND if code == "match" else reason, pair, ())


@contextmanager
def paused_collector():
    """Keep the cycle collector still while many small lasting objects are made.

    None of them is part of a cycle, and looking at all of them again and again
    makes the time grow faster than the lines.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Cleaned(dict):
    """Cleaned codes by what was typed, each cleaned once."""

    def __init__(self, leading_zeros):
        super().__init__()
        self.leading_zeros = leading_zeros

    def __missing__(self, text):
        result = self[text] = clean_key(text, self.leading_zeros)
        return result


class Engine:
    """One comparison."""

    def __init__(self, ours, theirs, rules):
        self.rules = rules
        self.cleaned = Cleaned(rules.leading_zeros)
        self.suffix = re.compile(rules.part_suffix)
        self.groups = []
        self.scope = Scope(len(ours), len(theirs))
        self.scope.ours_span = rules.ours_span or span(ours)
        self.scope.theirs_span = rules.theirs_span or span(theirs)
        names = rules.key
        self.document = next((i for i, n in enumerate(names) if n in DOCUMENTS), None)
        self.part = names.index("part") if "part" in names else None
        self.unclear = {}
        self.not_tried = {}
        self.learned = {}
        ours, theirs = self.in_our_terms(ours, theirs)
        self.plain = not (self.learned or rules.period or rules.forbidden)
        self.ours = self.by_key(ours, "ours")
        self.theirs = self.by_key(theirs, "theirs")

    def run(self):
        """All steps of the ladder in their order."""
        self.scope.ours_keys = len(self.ours)
        self.scope.theirs_keys = len(self.theirs)
        self.leave_out_period()
        self.leave_out_others()
        self.match_keys()
        self.suggest(self.suffix_looks, lambda ours, theirs: True, self.pair_suffix)
        join_all(self)
        self.suggest(self.note_looks, self.notes_fit, self.pair_note)
        # One slip in a number says more than a sum that comes out right.
        join_orders(self)
        self.explain_rest()
        rounding = self.check_rounding()
        groups = in_order(self.groups)
        return Result(groups, self.scope, summarise(groups), rounding)

    # --- keys ---

    def in_our_terms(self, ours, theirs):
        """Both sides with what is known of their parts, units and notes."""
        translator = Translator(self.rules, self.cleaned)
        if translator:
            theirs = [translator(line) for line in theirs]
            self.learned.update(translator.learned)
        if "note" not in self.rules.key:
            return ours, theirs
        return self.hidden("ours", ours, theirs), self.hidden("theirs", theirs, ours)

    def hidden(self, side, lines, others):
        """The lines of a side, with notes that stand in remarks only."""
        if not any(line.remark and not line.note for line in lines):
            return lines
        known = {self.cleaned[line.note] for line in others}
        return with_hidden_notes(lines, known, side, self.cleaned, self.learned)

    def by_key(self, lines, side):
        """{cleaned key: [lines]}; lines of one key in the order of their refs.

        A line without a document number has a key of its own: what several of
        them share is no evidence that they belong together.
        """
        clean, document = self.cleaned.__getitem__, self.document
        pick = attrgetter(*self.rules.key)
        if len(self.rules.key) == 1:
            pick = single(pick)
        found = {}
        for line in lines:
            key = tuple(map(clean, pick(line)))
            if document is not None and not key[document]:
                key = (*key, side, line.ref)
            if key in found:
                found[key].append(line)
            else:
                found[key] = [line]
        for group in found.values():
            if len(group) > 1:
                group.sort(key=ref_of)
        return found

    # --- what is compared at all ---

    def leave_out_period(self):
        """Leave out deliveries that neither side dates inside the period."""
        if not self.rules.period:
            return
        outside_ours, outside_theirs = [], []
        for key in list(self.ours.keys() | self.theirs.keys()):
            lines = self.ours.get(key, []) + self.theirs.get(key, [])
            if all(self.is_outside(line) for line in lines):
                self.scope.common_keys += key in self.ours and key in self.theirs
                outside_ours += [line.ref for line in self.ours.pop(key, ())]
                outside_theirs += [line.ref for line in self.theirs.pop(key, ())]
        self.scope.outside_ours = tuple(sorted(outside_ours))
        self.scope.outside_theirs = tuple(sorted(outside_theirs))

    def is_outside(self, line):
        """Whether a dated line lies outside the period."""
        first, last = self.rules.period
        if line.date is None:
            return False
        day = line.date.date() if isinstance(line.date, datetime) else line.date
        return (first is not None and day < first) or (last is not None and day > last)

    def leave_out_others(self):
        """Leave out their deliveries of parties that our side never names.

        Only theirs: a party of ours that they never name is a difference.
        """
        named = {x.scope for lines in self.ours.values() for x in lines}
        named = {self.cleaned[scope] for scope in named} - {""}
        if not self.rules.scoped or not named:
            return
        rows, others = [], defaultdict(int)
        for key, lines in list(self.theirs.items()):
            if key in self.ours or not self.all_others(lines, named):
                continue
            del self.theirs[key]
            self.scope.other_keys += 1
            rows += [line.ref for line in lines]
            for line in lines:
                others[line.scope] += 1
        self.scope.other_rows = tuple(sorted(rows))
        self.scope.others = dict(sorted(others.items()))

    def all_others(self, lines, named):
        """Whether every line names a party, and none that we know."""
        scopes = {self.cleaned[line.scope] for line in lines}
        return "" not in scopes and not scopes & named

    # --- exact keys ---

    def match_keys(self):
        """One group for every key that both sides have."""
        take, rest, parted = self.theirs.pop, {}, {}
        for key, lines in self.ours.items():
            others = take(key, None)
            if others is None:
                rest[key] = lines
            elif self.is_parted(lines, others):
                rest[key], parted[key] = lines, others
            else:
                self.groups.append(self.matched_group(key, lines, others))
        self.scope.common_keys += len(self.groups)
        self.ours = rest
        self.theirs.update(parted)

    def is_parted(self, ours, theirs):
        """Whether a person has parted any two of these lines."""
        pairs = self.rules.forbidden
        if not pairs:
            return False
        return any((one.ref, two.ref) in pairs for one in ours for two in theirs)

    def is_forbidden(self, pair):
        """The same of a pair."""
        return self.is_parted(pair.ours, pair.theirs)

    def matched_group(self, key, ours, theirs):
        """The judged group of one key that both sides have."""
        rules = self.rules
        if self.plain and (group := agreed(key, ours, theirs, rules.basis)):
            return group
        pair = Pair(ours, theirs, rules)
        code, rule, reason = judge(pair, rules)
        if self.learned and (hit := self.hit_of(pair)):
            rule = f"alias_{rule}" if hit.rule == "alias" else hit.rule
            reason = hit.reason if code == "match" else reason
        if code == "match" and rules.period and self.split_by_period(pair):
            code, rule, reason = "timing", "adjacent_period", NEXT_PERIOD
        return group_of(code, rule, reason, pair, key)

    def hit_of(self, pair):
        """How any of the lines was brought to our terms, else None."""
        sides = (("theirs", pair.theirs), ("ours", pair.ours))
        found = (
            self.learned.get((side, x.ref)) for side, lines in sides for x in lines
        )
        return next(filter(None, found), None)

    def split_by_period(self, pair):
        """Whether one side is wholly outside the period and the other inside."""
        sides = [
            {self.is_outside(line) for line in lines}
            for lines in (pair.ours, pair.theirs)
        ]
        return all(len(side) == 1 for side in sides) and sides[0] != sides[1]

    # --- suggestions among what is left ---

    def suggest(self, looks_of, fits, make_group):
        """Pair what fits one partner only, both ways; keep the others as unclear.

        `looks_of` gives what a delivery may be found by: two that belong
        together share at least one look, and `fits` has the last word.
        """
        if self.document is None or not self.ours or not self.theirs:
            return
        index = self.index_theirs(looks_of)
        forward, backward = {}, defaultdict(set)
        for key, lines in self.ours.items():
            hits = {
                hit
                for look in looks_of(key, lines, "ours")
                for hit in index.get(look, ())
            }
            hits = {hit for hit in hits if fits(key, hit)}
            if hits:
                forward[key] = hits
            for hit in hits:
                backward[hit].add(key)
        for key, hits in forward.items():
            hit = next(iter(hits))
            if len(hits) == 1 and len(backward[hit]) == 1:
                make_group(key, hit)
        self.keep_candidates("ours", self.ours, forward, self.theirs)
        self.keep_candidates("theirs", self.theirs, backward, self.ours)

    def index_theirs(self, looks_of):
        """{look: their keys}, only where ours has the same part and figure.

        A look that very many share proves nothing; it is cut to what a person
        can still go through, so that equal figures do not cost the square.
        """
        wanted = {self.figure(lines) for lines in self.ours.values()}
        index = defaultdict(list)
        for key in sorted(self.theirs):
            lines = self.theirs[key]
            if self.figure(lines) in wanted:
                for look in looks_of(key, lines, "theirs"):
                    if len(index[look]) <= MOST_CANDIDATES:
                        index[look].append(key)
        return index

    def figure(self, lines):
        """The quantity of a delivery, its amount where it has no quantity."""
        quantity = total([settled(line, self.rules.basis) for line in lines])
        if quantity is not None:
            return "quantity", quantity
        return "amount", total([line.amount for line in lines])

    def suffix_looks(self, key, lines, _side):
        """Same document and figure, same part but for revision and punctuation."""
        figure = self.figure(lines)
        if self.part is None or figure[1] is None or not key[self.document]:
            return ()
        base = part_base(key[self.part], self.suffix)
        return ((key[self.document], base, figure),)

    def note_looks(self, key, lines, side):
        """Same part and figure, a document number that looks alike, or none."""
        figure = self.figure(lines)
        if figure[1] is None:
            return []
        part = key[self.part] if self.part is not None else ""
        number = key[self.document]
        if number:
            looks = [(part, figure, variant) for variant in note_variants(number)]
            without = "theirs" if side == "ours" else "ours"
            reach = 0
        else:
            looks, without, reach = [], side, self.rules.doc_ref_days
        # A line without number is found by its day, give or take a few.
        if part and lines[0].date:
            day = as_moment(lines[0].date).toordinal()
            days = range(day - reach, day + reach + 1)
            looks += [(part, figure, without, near) for near in days]
        return looks

    def notes_fit(self, ours, theirs):
        """Whether the numbers are alike (or one is missing) and the days close."""
        numbers = ours[self.document], theirs[self.document]
        if all(numbers) and not similar(*numbers):
            return False
        one, two = self.ours[ours][0].date, self.theirs[theirs][0].date
        if one is None or two is None:
            return all(numbers)
        apart = abs(as_moment(one).toordinal() - as_moment(two).toordinal())
        return apart <= self.rules.doc_ref_days

    def pair_suffix(self, ours, theirs):
        """Suggest that two part numbers mean the same part."""
        values = {"ours": ours[self.part], "theirs": theirs[self.part]}
        self.add_suggestion(
            "part_alias", "part_suffix", Text(SUFFIX, values), ours, theirs
        )

    def pair_note(self, ours, theirs):
        """Suggest that two document numbers mean the same delivery."""
        values = {"ours": ours[self.document], "theirs": theirs[self.document]}
        rule, template = "note_similar", NOTE
        if not all(values.values()):
            rule, template, values = "note_missing", NO_NOTE, {}
        self.add_suggestion("doc_ref", rule, Text(template, values), ours, theirs)

    def add_suggestion(self, code, rule, reason, ours, theirs):
        """Move both deliveries into one group."""
        if not self.is_parted(self.ours[ours], self.theirs[theirs]):
            pair = Pair(self.ours.pop(ours), self.theirs.pop(theirs), self.rules)
            self.add_group(code, rule, reason, pair, ours)

    def add_group(self, code, rule, reason, pair, key):
        """One more group of both sides."""
        self.groups.append(group_of(code, rule, reason, pair, key))

    def keep_candidates(self, side, remaining, hits_of, others):
        """Remember for what is left which lines of the other side would fit."""
        for key, hits in hits_of.items():
            if key in remaining:
                refs = [line.ref for hit in hits for line in others.get(hit, ())]
                if refs:
                    self.unclear[side, key] = tuple(sorted(refs)[:MOST_CANDIDATES])

    # --- timing, and what is really missing ---

    def explain_rest(self):
        """Timing where the other side could not have it yet, else missing."""
        for key, lines in self.ours.items():
            pair = Pair(lines, [], self.rules)
            answer = taken_back(pair.ours, pair.ours_qty, pair.ours_amount)
            answer = answer or self.explain(lines, self.scope.theirs_span, "ours", key)
            code, rule, reason = answer or ("not_in_theirs", "ours_only", OURS_ONLY)
            self.add_one_sided(code, rule, reason, pair, key, "ours")
        for key, lines in self.theirs.items():
            pair = Pair([], lines, self.rules)
            answer = taken_back(pair.theirs, pair.theirs_qty, pair.theirs_amount)
            answer = answer or self.explain(lines, self.scope.ours_span, "theirs", key)
            code, rule, reason = answer or ("not_in_ours", "theirs_only", THEIRS_ONLY)
            self.add_one_sided(code, rule, reason, pair, key, "theirs")

    def explain(self, lines, other_span, side, key):
        """(code, rule, reason) of a one-sided delivery, None if just missing."""
        other = "their" if side == "ours" else "our"
        if answer := self.timing(lines, other_span, other):
            return answer
        code = "not_in_theirs" if side == "ours" else "not_in_ours"
        if candidates := self.unclear.get((side, key)):
            reason = self.not_tried.get((side, key))
            reason = reason or Text(UNCLEAR, {"count": len(candidates)})
            return code, "several_candidates", reason
        if reason := self.not_tried.get((side, key)):
            return code, "too_many_to_try", reason
        if side == "theirs" and all(map(is_deduction, lines)):
            return "deduction", "their_deduction", DEDUCTION
        return None

    def timing(self, lines, other_span, other):
        """The timing answer when every line lies beyond the other side's span."""
        first, last = other_span
        days = [line.date for line in lines]
        if None in days or first is None:
            return None
        window = timedelta(days=self.rules.tolerance(lines[0].klass).days)
        if all(is_after(day, last - window) for day in days):
            reason = Text(AFTER_END, {"edge": show_moment(last)})
            return "timing", f"after_{other}_end", reason
        if all(is_after(first + window, day) for day in days):
            reason = Text(BEFORE_START, {"edge": show_moment(first)})
            return "timing", f"before_{other}_start", reason
        return self.late_by_habit(days, last) if other == "their" else None

    def late_by_habit(self, days, last):
        """The timing answer where they are known to book some days later."""
        for habit in self.rules.habits:
            if habit.kind == "cutoff_days":
                late = timedelta(days=habit.value["days"])
                if all(is_after(day, last - late) for day in days):
                    values = {"origin": habit.origin, "edge": show_moment(last)}
                    return "timing", "learned_cutoff", Text(LEARNED_CUTOFF, values)
        return None

    def add_one_sided(self, code, rule, reason, pair, key, side):
        """A group with one empty side."""
        candidates = self.unclear.get((side, key), ())
        self.groups.append(group_of(code, rule, reason, pair, key, candidates))

    # --- the statement as a whole ---

    def check_rounding(self):
        """The sum of all roundings; what goes beyond the tolerance is none.

        The smallest are accepted first, so that a larger tolerance never takes
        back what a smaller one accepted.
        """
        found = [group for group in self.groups if group.rule == "rounding_line"]
        limit, result, accepted = self.rules.statement_tolerance, Decimal(0), 0
        found.sort(key=rounding_size)
        running = Decimal(0)
        for count, group in enumerate(found, 1):
            running += group.ours_amount - group.theirs_amount
            if abs(running) <= limit:
                accepted, result = count, running
        beyond = {group.ours for group in found[accepted:]}
        if beyond:
            self.groups = [
                over_limit(group, limit)
                if group.rule == "rounding_line" and group.ours in beyond
                else group
                for group in self.groups
            ]
        return result


def rounding_size(group):
    """How large a rounding is for its number of lines; the refs break ties."""
    lines = max(len(group.ours), len(group.theirs))
    return abs(group.ours_amount - group.theirs_amount) / lines, group.ours


def over_limit(group, limit):
    """A rounding turned into a difference in amount."""
    delta = plain(group.ours_amount - group.theirs_amount)
    reason = Text(OVER_LIMIT, {"delta": delta, "limit": plain(limit)})
    return group._replace(code="amount", rule="rounding_over_limit", reason=reason)


def taken_back(lines, quantity, amount):
    """The answer for what one side booked and took back itself, else None."""
    if len(lines) > 1 and quantity == 0 and not amount:
        return "match", "taken_back", TAKEN_BACK
    return None


def is_deduction(line):
    """Whether a line of theirs takes money off without a delivery behind it."""
    if any(word in text for word in DEDUCTIONS for text in (line.name, line.remark)):
        return True
    negative = line.amount is not None and line.amount < 0
    return negative and not line.note and not line.quantity


def single(pick):
    """The picker of one field, its value in a tuple."""
    return lambda line: (pick(line),)


def ref_of(line):
    """What lines of one key are ordered by."""
    return line.ref


def span(lines):
    """(first, last) moment of the dates of all lines, or (None, None)."""
    days = {line.date for line in lines}
    days.discard(None)
    moments = [as_moment(day) for day in days]
    return (min(moments), max(moments)) if moments else (None, None)


def is_after(day, edge):
    """Whether a day lies after an edge; by date where either has no time."""
    if isinstance(day, datetime) and isinstance(edge, datetime):
        if has_time(day) and has_time(edge):
            return day > edge
    return as_moment(day).date() > as_moment(edge).date()


def has_time(moment):
    """Whether a moment is more than a date."""
    return bool(moment.hour or moment.minute or moment.second)


def show_moment(moment):
    """A date or moment as it is read."""
    if isinstance(moment, datetime) and has_time(moment):
        return moment.strftime("%Y-%m-%d %H:%M")
    return as_moment(moment).strftime("%Y-%m-%d")


def agreed(key, ours, theirs, basis):
    """The group of one line each that agree in every figure, else None.

    What `judge` would say, at once: nearly every line of a ledger is of this kind.
    """
    if len(ours) != 1 or len(theirs) != 1:
        return None
    one, two = ours[0], theirs[0]
    quantity, other = settled(one, basis), settled(two, basis)
    amount, tax_basis = one.amount, one.tax_basis
    if quantity is None or quantity != other:
        return None
    if amount != two.amount or tax_basis != two.tax_basis:
        return None
    refs, others = (one.ref,), (two.ref,)
    return Group(
        "match",
        "key_exact",
        EQUAL,
        refs,
        others,
        quantity,
        other,
        amount,
        two.amount,
        key,
    )


def refs_of(lines):
    """The refs of some lines."""
    if len(lines) == 1:
        return (lines[0].ref,)
    return tuple([line.ref for line in lines])


def group_of(code, rule, reason, pair, key, candidates=()):
    """The `Group` of a pair."""
    return Group(
        code,
        rule,
        reason,
        refs_of(pair.ours),
        refs_of(pair.theirs),
        pair.ours_qty,
        pair.theirs_qty,
        pair.ours_amount,
        pair.theirs_amount,
        key,
        candidates,
        further_codes(code, pair),
    )


def in_order(groups):
    """The groups by code in the order of testing, then by their lines."""
    by_code = {code: [] for code in CODES}
    for group in sorted(groups, key=BY_LINES):
        by_code[group.code].append(group)
    return [group for found in by_code.values() for group in found]


def summarise(groups):
    """{code: `Count`} in the order of the codes."""
    counts = {}
    for group in groups:
        entry = counts.setdefault(group.code, [0, 0, 0])
        entry[0] += 1
        entry[1] += len(group.ours)
        entry[2] += len(group.theirs)
    return {code: Count(*counts[code]) for code in CODES if code in counts}
