# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lines that were split or merged: n of one side stand for m of the other.

Each join looks at what the keys left over, takes only what adds up in one way
and in one way alone, and says so when there is too much to try.
"""

import re
from collections import defaultdict
from itertools import combinations

from .codes import _
from .data import Text
from .judge import Pair

SEQUENCE = re.compile(r"^(.{5,}?)[-_/#.](\d{1,2})$")
APPENDED = _("One side numbers the parts of note %(note)s; together they agree.")
WHOLE_NOTE = _("They state note %(note)s as one sum; the lines together agree.")
ORDER_SUM = _("Together these lines of order %(order)s agree; their notes do not.")
TOO_MANY = _(
    "More than %(limit)s lines of order %(order)s are open; sums of them were not "
    "tried."
)
TAKEN_BACK = Text(_("Delivered and taken back; the other side knows of neither."))
SEVERAL = _("Several sums of order %(order)s would fit; none was taken.")
MOST_ITEMS = 20
MOST_TERMS = 4


def join_all(engine):
    """Every join on one note, strictest first."""
    if engine.document is None:
        return
    join_returns(engine)
    if not engine.ours or not engine.theirs:
        return
    join_sequences(engine)
    join_whole_notes(engine)


def pooled(engine, place):
    """{place: (our keys, their keys)} of what is left, where both sides have any.

    `place` gives where a delivery may belong, or None.
    """
    pools = defaultdict(lambda: ([], []))
    for side, remaining in enumerate((engine.ours, engine.theirs)):
        for key, lines in remaining.items():
            found = place(key, lines)
            if found is not None:
                pools[found][side].append(key)
    return {
        found: (sorted(ours, key=str), sorted(theirs, key=str))
        for found, (ours, theirs) in pools.items()
        if ours and theirs
    }


def join_returns(engine):
    """A return against its own delivery, where the other side knows of neither."""
    for remaining, swapped in ((engine.ours, False), (engine.theirs, True)):
        backs = defaultdict(list)
        for key, lines in remaining.items():
            origins = {engine.cleaned[line.origin] for line in lines} - {""}
            if len(origins) == 1:
                part = key[engine.part] if engine.part is not None else ""
                backs[origins.pop(), part].append(key)
        for (origin, part), keys in sorted(backs.items()):
            deliveries = [
                key
                for key in remaining
                if key[engine.document] == origin
                and (engine.part is None or key[engine.part] == part)
            ]
            join_taken_back(engine, sorted((*deliveries, *keys), key=str), swapped)


def join_taken_back(engine, keys, swapped):
    """One group of one side's lines that come to nothing together."""
    sides = ((), keys) if swapped else (keys, ())
    pair = pair_of(engine, *sides)
    quantity = pair.theirs_qty if swapped else pair.ours_qty
    amount = pair.theirs_amount if swapped else pair.ours_amount
    if len(keys) < 2 or quantity != 0 or amount:
        return
    remaining = engine.theirs if swapped else engine.ours
    for key in keys:
        del remaining[key]
    engine.add_group("match", "taken_back", TAKEN_BACK, pair, keys[0])


def join_sequences(engine):
    """810826-1 and 810826-2 on one side, 810826 on the other."""

    def place(key, _lines):
        note = key[engine.document]
        part = key[engine.part] if engine.part is not None else ""
        numbered = SEQUENCE.match(note)
        return (numbered[1] if numbered else note, part) if note else None

    for (note, _part), (ours, theirs) in sorted(pooled(engine, place).items()):
        plain = [
            all(key[engine.document] == note for key in keys) for keys in (ours, theirs)
        ]
        numbered = [
            all(key[engine.document] != note for key in keys) for keys in (ours, theirs)
        ]
        if plain[0] and numbered[1] or plain[1] and numbered[0]:
            reason = Text(APPENDED, {"note": note})
            join_if_equal(engine, ours, theirs, "note_sequence", reason)


def join_whole_notes(engine):
    """One side names no parts: one sum for the whole note."""
    if engine.part is None:
        return

    def place(key, _lines):
        return key[engine.document] or None

    for note, (ours, theirs) in sorted(pooled(engine, place).items()):
        nameless = [
            all(not key[engine.part] for key in keys) for keys in (ours, theirs)
        ]
        if nameless[0] != nameless[1]:
            reason = Text(WHOLE_NOTE, {"note": note})
            join_if_equal(engine, ours, theirs, "note_total", reason)


def join_orders(engine):
    """Other notes, but the same order, part and sum."""
    if engine.document is None or not engine.ours or not engine.theirs:
        return

    def place(key, lines):
        orders = {engine.cleaned[line.order] for line in lines}
        part = key[engine.part] if engine.part is not None else ""
        if len(orders) != 1 or "" in orders or not part:
            return None
        return orders.pop(), part

    for (order, _part), (ours, theirs) in sorted(pooled(engine, place).items()):
        if max(len(ours), len(theirs)) > MOST_ITEMS:
            note_open(engine, ours, theirs, Text(TOO_MANY, of(order, MOST_ITEMS)))
            continue
        reason = Text(ORDER_SUM, {"order": order})
        if len(ours) + len(theirs) > 2 and join_if_equal(
            engine, ours, theirs, "order_sum", reason
        ):
            continue
        join_unique_sums(engine, ours, theirs, order)


def of(order, limit):
    """The values of a sentence about one order."""
    return {"order": order, "limit": limit}


def join_unique_sums(engine, ours, theirs, order):
    """One line against the only two to four of the other side that make it up."""
    reason = Text(ORDER_SUM, {"order": order})
    for singles, others, swapped in ((ours, theirs, False), (theirs, ours, True)):
        for single in singles:
            sums = list(fitting_sums(engine, single, others, swapped))
            if len(sums) == 1:
                sides = (sums[0], [single]) if swapped else ([single], sums[0])
                join_if_equal(engine, *sides, "order_sum", reason)
            elif sums:
                keep_sums(engine, single, sums, order, swapped)


def keep_sums(engine, single, sums, order, swapped):
    """List every line of every sum that fits; none is picked."""
    sides = ((), [single]) if swapped else ([single], ())
    note_open(engine, *sides, Text(SEVERAL, {"order": order}))
    rest = engine.ours if swapped else engine.theirs
    refs = {line.ref for keys in sums for key in keys for line in rest[key]}
    side = "theirs" if swapped else "ours"
    engine.unclear[side, single] = tuple(sorted(refs)[:MOST_ITEMS])


def fitting_sums(engine, single, others, swapped):
    """Each combination of two to four others that agrees with the single one."""
    mine, rest = (
        (engine.theirs, engine.ours) if swapped else (engine.ours, engine.theirs)
    )
    if single not in mine:
        return
    others = [key for key in others if key in rest]
    for count in range(2, MOST_TERMS + 1):
        for keys in combinations(others, count):
            sides = (list(keys), [single]) if swapped else ([single], list(keys))
            if agrees(pair_of(engine, *sides)):
                yield list(keys)


def pair_of(engine, ours, theirs):
    """All lines of some keys of both sides as one pair."""
    return Pair(
        sorted((x for key in ours for x in engine.ours[key]), key=ref_of),
        sorted((x for key in theirs for x in engine.theirs[key]), key=ref_of),
        engine.rules,
    )


def ref_of(line):
    """What lines are ordered by."""
    return line.ref


def agrees(pair):
    """Whether the sums agree and there is a figure to say so."""
    delta = pair.amount_delta()
    known = None not in (pair.ours_qty, pair.theirs_qty)
    if not known and delta is None:
        return False
    if known and pair.ours_qty != pair.theirs_qty:
        return False
    return delta is None or abs(delta) <= pair.amount_limit()


def join_if_equal(engine, ours, theirs, rule, reason):
    """Move all of them into one suggested group if they agree; whether they did."""
    pair = pair_of(engine, ours, theirs)
    if not agrees(pair) or engine.is_forbidden(pair):
        return False
    for keys, remaining in ((ours, engine.ours), (theirs, engine.theirs)):
        for key in keys:
            del remaining[key]
    engine.add_group("doc_ref", rule, reason, pair, ours[0])
    return True


def note_open(engine, ours, theirs, reason):
    """Keep why a join was not made, for the sentence of what stays open."""
    for side, keys in (("ours", ours), ("theirs", theirs)):
        for key in keys:
            engine.not_tried[side, key] = reason
