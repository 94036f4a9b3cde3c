# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One way of writing a code, so that two spellings of it compare equal."""

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-")
_INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]+")


def clean_key(text):
    """Return `text` as compared: half width, no blanks, upper case, plain dashes.

    >>> clean_key(" ＡＢ－12\\x7f ")
    'AB-12'
    """
    folded = unicodedata.normalize("NFKC", str(text)).translate(_DASHES)
    return _INVISIBLE.sub("", folded).upper()
