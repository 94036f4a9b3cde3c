# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Codes as people type them, made comparable."""

import re
import unicodedata

# Everything that prints as nothing: blanks, controls, zero-width marks.
NOTHING = re.compile("[\\s\x00-\x1f\x7f\u00a0\u00ad\u200b-\u200f\u2060\u3000\ufeff]+")
DASHES = re.compile("[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d\u30fc\u2500]")
TIMES = re.compile("[*\u00d7\u2715\u2716]")
PHI = re.compile("[\u03a6\u03c6\u03d5\u0424\u0444\u00d8\u00f8\u2300]")
NOT_ALNUM = re.compile(r"[\W_]+")


def clean_key(text, leading_zeros="keep"):
    """`text` without what cannot be seen, half-width, upper case, one dash.

    With `leading_zeros="strip"` zeros before a digit fall away. Cleaning a
    cleaned key changes nothing.
    """
    if not text:
        return ""
    text = str(text)
    if not (text.isascii() and text.isalnum()):
        text = unicodedata.normalize("NFKC", DASHES.sub("-", NOTHING.sub("", text)))
        text = PHI.sub("Φ", TIMES.sub("X", text.upper()))
        # A mark may join the letter before it once the blank between has gone.
        text = unicodedata.normalize("NFKC", NOTHING.sub("", text))
    text = text.upper()
    if leading_zeros == "strip" and text[:1] == "0":
        text = text.lstrip("0") or "0"
    return text


def part_base(part, suffix):
    """A cleaned part without its revision suffix and without punctuation."""
    return NOT_ALNUM.sub("", suffix.sub("", part)) or part


def note_variants(note):
    """What a note number can look like after one slip or a cut-off end.

    Two notes that differ by one wrong, missing, extra or swapped character
    share a variant, so a dictionary finds them without comparing all pairs.
    """
    variants = {note}
    variants.update(note[:i] + note[i + 1 :] for i in range(len(note)))
    for cut in (2, 3):
        variants.update((note[:-cut], note[cut:]))
    return variants


def similar(one, two):
    """Whether one note is the other with one slip or up to three missing ends."""
    if len(one) > len(two):
        one, two = two, one
    if len(one) < 5 or len(two) - len(one) > 3:
        return False
    if two.startswith(one) or two.endswith(one):
        return True
    return one_slip(one, two)


def one_slip(short, long):
    """One substitution, insertion, or swap of neighbours apart."""
    if len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return True
    swapped = short[start : start + 2] == long[start : start + 2][::-1]
    return swapped and short[start + 2 :] == long[start + 2 :]
