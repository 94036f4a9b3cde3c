# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

# A comma only parts thousands: “1,5” could be one and a half as well as fifteen
NUMBER = re.compile(r"([0-9]{1,3}(,[0-9]{3}){1,2}|[0-9]{1,9})(\.[0-9]{1,6})?")


def typed_pieces(text):
    """Return the number of pieces that somebody typed; 0 for an empty field.

    :raise ValueError: for what is no number, or could be read in two ways
    """
    text = str(text or "").strip().replace("，", ",")
    if text and not NUMBER.fullmatch(text):
        raise ValueError(text[:40])
    return float(text.replace(",", "") or 0)
