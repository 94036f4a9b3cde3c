# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which lines a profile takes: what they must have, what is kept, what dropped."""

from .fields import labelled
from .text import Text, _

REQUIRED = _("There is no %(field)s; fill it in.")
OTHER_SCOPE = _("“%(value)s” is left out by the profile.")


def left_out(profile, values):
    """(field, reason) why a line with these values is not taken, or None."""
    for names in profile.required:
        # "note|part" asks for either.
        wanted = names.split("|")
        if all(values.get(name) in (None, "") for name in wanted):
            return wanted[0], Text(REQUIRED, {"field": labelled(wanted)})
    for name, allowed in profile.keep.items():
        if values.get(name) not in allowed:
            return name, other_scope(values, name)
    for name, refused in profile.drop.items():
        if values.get(name) in refused:
            return name, other_scope(values, name)
    return None


def other_scope(values, name):
    """The reason of a filter."""
    return Text(OTHER_SCOPE, {"value": str(values.get(name) or "")})
