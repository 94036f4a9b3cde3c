# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a file looked like, to notice when the next one looks different."""

from .fields import labelled
from .text import Text, _

GONE = _("The column “%(header)s” (%(field)s) is gone.")
NEW = _("The column “%(header)s” (%(field)s) is new.")
RENAMED = _("The column for the %(field)s is called “%(new)s” now, not “%(old)s”.")
BASIS = _("The amounts stand on the other side of the tax.")


def layout_of(table):
    """What is remembered of a `Table`, as plain data."""
    return {
        "columns": {name: column.header for name, column in table.columns.items()},
        "tax_basis": table.tax_basis,
    }


def deviations(table, remembered):
    """A sentence (`Text`) for each way in which a file is not as remembered."""
    now, before = layout_of(table), remembered
    found = []
    for name, header in before["columns"].items():
        new = now["columns"].get(name)
        values = {"field": labelled([name]), "header": header}
        if new is None:
            found.append(Text(GONE, values))
        elif new != header:
            found.append(Text(RENAMED, {**values, "old": header, "new": new}))
    for name, header in now["columns"].items():
        if name not in before["columns"]:
            found.append(Text(NEW, {"field": labelled([name]), "header": header}))
    if now["tax_basis"] != before["tax_basis"]:
        found.append(Text(BASIS))
    return found
