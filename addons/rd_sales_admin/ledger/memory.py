# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a partner's file looked like, and what has changed since.

The memory is plain data that can be stored as JSON. A file that deviates is
read all the same; the sentences only say where somebody should look.
"""

import re

from .detect import squeeze
from .fields import LABELS
from .text import Text, _

SHEET = _("The table stands in the sheet “%(now)s”, before in “%(before)s”.")
HEADING = _("The headings end in row %(now)s, before in row %(before)s.")
NEW = _("The column “%(header)s” (%(now)s) is new.")
MISSING = _("The column “%(header)s” is missing; before it stood in %(before)s.")
RENAMED = _(
    "The column of the %(field)s is headed “%(now)s” (%(cell)s), before “%(before)s”."
)
MOVED = _("The column “%(header)s” stands in %(now)s, before in %(before)s.")
SHIFTED = _("The table begins in column %(now)s, before in %(before)s.")
BASIS = _("The amounts are %(now)s, before %(before)s.")
DATES = _("Dates are written %(now)s, before %(before)s.")
LISTED = _("The sheet is a plain list; before it was a cross table.")
CROSSED = _("The sheet is a cross table; before it was a plain list.")
BLOCKS = _("The sheet holds several tables, one below or beside the other.")
NO_BLOCKS = _("The sheet holds a single table; before it held several.")

BASES = {
    "included": _("with tax"),
    "excluded": _("without tax"),
    None: _("without a word on the tax"),
}
ORDERS = {
    "ymd": _("year first"),
    "dmy": _("day first"),
    "mdy": _("month first"),
    "md": _("without a year"),
    "cell": _("as real dates"),
}

# A sheet that is named by its month or day has another name next month.
DATED = re.compile(
    r"\d+年|(?:\d+|[一二三四五六七八九十]+)月份?|\d+[日号號]|\d{1,4}(?:[-./_]\d{1,2})+"
    r"|\d{4,}|(?<![a-z])(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may"
    r"|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)(?![a-z])"
)


def layout_of(table):
    """What a file looked like, as plain data to remember with its profile."""
    return {
        # What a text file calls its sheet is the name of the file.
        "sheet": table.sheet if table.sheet not in table.file else None,
        "header_row": table.header_row,
        "headings": dict(table.headings),
        "columns": {
            name: {"letter": column.letter, "header": column.header}
            for name, column in table.columns.items()
        },
        "tax_basis": table.tax_basis,
        "date_forms": list(table.date_forms),
        "crosstab": table.crosstab,
        "blocks": len(table.blocks),
    }


def deviations(table, remembered):
    """Sentences (`Text`) on what a file does otherwise than the remembered one.

    `remembered` is what `layout_of` gave; nothing remembered deviates in nothing.
    """
    if not remembered:
        return []
    now, result = layout_of(table), []
    result += changed_sheet(now, remembered)
    result += changed(HEADING, now, remembered, "header_row")
    renamed, others = renamed_columns(now, remembered)
    result += renamed
    result += changed_headings(now, remembered, others)
    result += changed_words(BASIS, BASES, now, remembered, "tax_basis")
    result += changed_dates(now, remembered)
    result += changed_form(now, remembered)
    return result


def changed_sheet(now, before):
    """The sentence on a sheet of another name, months and days apart."""
    names = [layout.get("sheet") for layout in (now, before)]
    if None in names or undated(names[0]) == undated(names[1]):
        return []
    return changed(SHEET, now, before, "sheet")


def undated(name):
    """A sheet's name without the month or day in it."""
    return re.sub(r"[\W_]", "", DATED.sub("", squeeze(name)))


def changed(template, now, before, name):
    """The sentence on one setting, if it differs."""
    if now[name] == before.get(name):
        return []
    return [Text(template, {"now": now[name], "before": before.get(name)})]


def changed_words(template, words, now, before, name):
    """The sentence on a setting that has words of its own."""
    if name not in before or now[name] == before[name]:
        return []
    values = {"now": Text(words[now[name]]), "before": Text(words[before[name]])}
    return [Text(template, values)]


def renamed_columns(now, before):
    """(sentences, {heading}): fields that stand under another heading."""
    result, done = [], set()
    for name, column in now["columns"].items():
        old = before.get("columns", {}).get(name)
        if not old or squeeze(old["header"]) == squeeze(column["header"]):
            continue
        values = {
            "field": Text(LABELS.get(name, name)),
            "cell": column["letter"],
            "now": column["header"],
            "before": old["header"],
        }
        result.append(Text(RENAMED, values))
        done |= {squeeze(old["header"]), squeeze(column["header"])}
    return result, done


def changed_headings(now, before, done):
    """Sentences on columns that are new, missing or moved."""
    new, old = by_heading(now), by_heading(before)
    result = [
        Text(NEW, {"header": text, "now": letter})
        for key, (letter, text) in new.items()
        if key not in old and key not in done
    ]
    result += [
        Text(MISSING, {"header": text, "before": letter})
        for key, (letter, text) in old.items()
        if key not in new and key not in done
    ]
    both = [key for key in new if key in old]
    return result + moved(both, new, old, bool(result))


def moved(both, new, old, explained):
    """Sentences on columns that left their place among the others.

    `explained`: a new or a missing column has pushed those behind it.
    """
    kept = longest_in_order([place(old[key][0]) for key in both])
    result = [
        Text(MOVED, {"header": new[k][1], "now": new[k][0], "before": old[k][0]})
        for i, k in enumerate(both)
        if i not in kept
    ]
    shifted = [key for key in both if new[key][0] != old[key][0]]
    if result or explained or not shifted:
        return result
    first = shifted[0]
    values = {"now": new[first][0], "before": old[first][0]}
    if first == both[0]:
        return [Text(SHIFTED, values)]
    return [Text(MOVED, {"header": new[first][1], **values})]


def longest_in_order(numbers):
    """Indexes of a longest ascending run of these numbers, gaps allowed."""
    best = []
    for index, number in enumerate(numbers):
        before = [run for run in best if numbers[run[-1]] < number]
        best.append([*max(before, key=len, default=[]), index])
    return set(max(best, key=len, default=[]))


def by_heading(layout):
    """{squeezed heading: (letter, heading)} in the order of the columns."""
    headings = layout.get("headings", {})
    ordered = sorted(headings.items(), key=lambda item: place(item[0]))
    return {squeeze(text): (letter, text) for letter, text in ordered}


def place(letter):
    """What columns are ordered by."""
    return len(letter), letter


def changed_dates(now, before):
    """The sentence on dates that are written in another order.

    A real date can be read in one way only, whatever was written before.
    """
    old = set(before.get("date_forms") or ())
    new = [form for form in now["date_forms"] if form not in {*old, "cell"}]
    if not old or not new:
        return []
    values = {"now": Text(ORDERS[new[0]]), "before": Text(ORDERS[min(old)])}
    return [Text(DATES, values)]


def changed_form(now, before):
    """Sentences on a sheet that became another kind of table."""
    result = []
    if bool(now["crosstab"]) != bool(before.get("crosstab")):
        result.append(Text(CROSSED if now["crosstab"] else LISTED))
    if bool(now["blocks"]) != bool(before.get("blocks")):
        result.append(Text(BLOCKS if now["blocks"] else NO_BLOCKS))
    return result
