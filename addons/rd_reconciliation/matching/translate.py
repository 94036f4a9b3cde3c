# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Their lines in our terms: known part numbers, units, notes, notes in remarks."""

import re
from typing import NamedTuple

from .codes import _
from .data import Text

ALIAS = Text(_("They agree under the known other part number."))
LEARNED_ALIAS = _(
    "They agree under the other part number, as %(origin)s has confirmed it."
)
LEARNED_NOTE = _(
    "They agree once the note is read without what they add, as %(origin)s has "
    "confirmed it."
)
LEARNED_UNIT = _("They agree in our unit, as %(origin)s has confirmed it.")
IN_REMARK = _("They agree; the note %(note)s stands in the remark.")
WORD = re.compile(r"[\w./-]+")
# Shorter numbers in a remark may be anything: pieces, boxes, days.
SHORTEST_NOTE = 5


class Hit(NamedTuple):
    """How a line was brought to our terms: rule and sentence when it agrees."""

    rule: str
    reason: Text


class Translator:
    """Turns one of their lines into our terms; false when nothing is known."""

    def __init__(self, rules, cleaned):
        self.cleaned = cleaned
        self.aliases = {cleaned[theirs]: ours for theirs, ours in rules.aliases.items()}
        self.notes, self.units = [], {}
        self.learned = {}
        for habit in rules.habits:
            if habit.kind == "note_rule":
                self.notes.append(habit)
            elif habit.kind == "unit":
                self.units[cleaned[habit.value["part"]]] = habit

    def __bool__(self):
        return bool(self.aliases or self.notes or self.units)

    def __call__(self, line):
        """The line with our note, part and unit as far as they are known."""
        for translate in (self.note, self.part, self.unit):
            line = translate(line)
        return line

    def note(self, line):
        """The note without what they put around ours."""
        text = self.cleaned[line.note]
        for habit in self.notes:
            prefix = self.cleaned[habit.value.get("prefix", "")]
            suffix = self.cleaned[habit.value.get("suffix", "")]
            inner = text[len(prefix) : len(text) - len(suffix)]
            if inner and text == f"{prefix}{inner}{suffix}":
                self.remember(line, "learned_note", LEARNED_NOTE, habit.origin)
                return line._replace(note=inner)
        return line

    def part(self, line):
        """Our part number for theirs, with quantities in our unit."""
        known = self.aliases.get(self.cleaned[line.part])
        if not known:
            return line
        part, factor, *origin = known
        if origin:
            self.remember(line, "learned_alias", LEARNED_ALIAS, origin[0])
        else:
            self.learned["theirs", line.ref] = Hit("alias", ALIAS)
        return in_our_terms(line, part, factor)

    def unit(self, line):
        """Quantities in our unit where they count the part in another."""
        habit = self.units.get(self.cleaned[line.part])
        if not habit:
            return line
        self.remember(line, "learned_unit", LEARNED_UNIT, habit.origin)
        return in_our_terms(line, line.part, habit.value["factor"])

    def remember(self, line, rule, template, origin):
        """Keep how a line was translated, for the sentence that is shown."""
        reason = Text(template, {"origin": origin})
        self.learned["theirs", line.ref] = Hit(rule, reason)


def in_our_terms(line, part, factor):
    """Their line with our part number, its quantities in our unit."""
    changes = {"part": part}
    if factor != 1:
        for name in ("quantity", "accepted"):
            value = getattr(line, name)
            changes[name] = None if value is None else value * factor
        changes["price"] = None if line.price is None else line.price / factor
    return line._replace(**changes)


def with_hidden_notes(lines, known, side, cleaned, learned):
    """The lines; one without note takes the only known note that its remark names.

    `known` are the cleaned notes of the other side, `learned` takes up how.
    """
    return [
        found_note(line, known, side, cleaned, learned)
        if line.remark and not cleaned[line.note]
        else line
        for line in lines
    ]


def found_note(line, known, side, cleaned, learned):
    """The line with the note from its remark, if there is exactly one."""
    words = {cleaned[word] for word in WORD.findall(line.remark)}
    notes = {word for word in words if len(word) >= SHORTEST_NOTE and word in known}
    if len(notes) != 1:
        return line
    note = notes.pop()
    learned[side, line.ref] = Hit("note_in_remark", Text(IN_REMARK, {"note": note}))
    return line._replace(note=note)
