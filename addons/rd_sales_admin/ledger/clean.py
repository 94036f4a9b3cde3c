# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Codes as people type them, made comparable.

The same function stands in `matching.clean`, which must load without this
package; a test holds the two together.
"""

import re
import unicodedata

# Everything that prints as nothing: blanks, controls, zero-width marks.
NOTHING = re.compile("[\\s\x00-\x1f\x7f\u00a0\u00ad\u200b-\u200f\u2060\u3000\ufeff]+")
DASHES = re.compile("[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d\u30fc\u2500]")
TIMES = re.compile("[*\u00d7\u2715\u2716]")
PHI = re.compile("[\u03a6\u03c6\u03d5\u0424\u0444\u00d8\u00f8\u2300]")


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
