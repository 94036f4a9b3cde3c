# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a pair that a person confirmed says about how the other side writes."""

from collections import Counter

from .clean import clean_key
from .data import Habit, Rules, as_moment
from .judge import settled

# A number shorter than this may stand inside another one by chance.
SHORTEST_NOTE = 5
MOST_DAYS = 10
# So many timing differences of one month have to show the same days.
LEAST_ALIKE = 2


def learn(ours, theirs, rules=None):
    """The habits that one line of ours and one of theirs teach, often none.

    Nothing is guessed: their note must contain ours whole and once, the quantities
    must differ by a known unit ratio, their month must follow ours.
    """
    rules = rules or Rules()
    found = (
        learn_note(ours, theirs, rules),
        learn_part(ours, theirs, rules),
        learn_unit(ours, theirs, rules),
        learn_cutoff(ours, theirs),
    )
    return [habit for habit in found if habit]


def learn_note(ours, theirs, rules):
    """What they put around our note number."""
    one = clean_key(ours.note, rules.leading_zeros)
    two = clean_key(theirs.note, rules.leading_zeros)
    if len(one) < SHORTEST_NOTE or one == two or two.count(one) != 1:
        return None
    prefix, suffix = two.split(one)
    return Habit("note_rule", {"prefix": prefix, "suffix": suffix})


def learn_part(ours, theirs, rules):
    """Their number of our part."""
    one, two = clean_key(ours.part), clean_key(theirs.part)
    if not one or not two or one == two:
        return None
    return Habit("alias", {"part": theirs.part, "ours": ours.part})


def learn_unit(ours, theirs, rules):
    """How many of ours one of theirs is."""
    one, two = settled(ours, rules.basis), settled(theirs, rules.basis)
    if not one or not two or one == two or not ours.part:
        return None
    for factor in (one / two, two / one):
        if factor in rules.unit_ratios or factor == rules.pack_sizes.get(ours.part):
            return Habit("unit", {"part": ours.part, "factor": one / two})
    return None


def learn_cutoff(ours, theirs):
    """How many days later they book what we delivered at the end of a month."""
    if ours.date is None or theirs.date is None:
        return None
    one, two = as_moment(ours.date).date(), as_moment(theirs.date).date()
    days = (two - one).days
    if (one.year, one.month) == (two.year, two.month) or not 0 < days <= MOST_DAYS:
        return None
    return Habit("cutoff_days", {"days": days})


def learn_together(days):
    """The cut-off that several confirmed timing differences of one month teach.

    `days` are what each of them shows (`days_late`, `days_early`), None where it
    shows nothing. At least two have to show the same, and no others as often.
    """
    counted = Counter(number for number in days if number).most_common(2)
    if not counted or counted[0][1] < LEAST_ALIKE:
        return None
    if len(counted) > 1 and counted[1][1] == counted[0][1]:
        return None
    return Habit("cutoff_days", {"days": counted[0][0]})


def days_late(ours, theirs):
    """How many days later a pair of two months was booked by them, or None."""
    habit = learn_cutoff(ours, theirs)
    return habit.value["days"] if habit else None


def days_early(line, last, end):
    """How many days before the end of the period they stopped booking, or None.

    `line` is a delivery that they booked next month, `last` their last entry.
    """
    if line.date is None or last is None or end is None:
        return None
    day, last, end = (as_moment(item).date() for item in (line.date, last, end))
    days = (end - last).days
    return days if last < day <= end and 0 < days <= MOST_DAYS else None
