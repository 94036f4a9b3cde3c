# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What python-calamine parses, as plain data for the parent process."""

from datetime import date, datetime

import formulas
from guard import DATE_MARK, StopError, too_large


def chosen_names(sheets, wanted):
    """Names of the sheets to read: the wanted one, or every visible one."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    work = [sheet for sheet in sheets if sheet.typ == SheetTypeEnum.WorkSheet]
    if wanted is None:
        return [s.name for s in work if s.visible == SheetVisibleEnum.Visible]
    for sheet in work:
        if sheet.name == wanted:
            return [sheet.name]
    named = [s.name for s in work if s.name.strip() == wanted.strip()]
    if len(named) != 1:
        raise StopError(
            "no_sheet", wanted=wanted, sheets="、".join(s.name for s in work)
        )
    return named


def plain_columns(rows):
    """(columns of marshal-able cells, indexes of columns with marked dates)."""
    columns, dated = [], []
    for index, column in enumerate(zip(*rows, strict=True)):
        kinds = set(map(type, column))
        if not kinds <= {str, float, int}:
            column = [plain(cell) for cell in column]
            if kinds & {datetime, date}:
                dated.append(index)
        columns.append(list(column))
    return columns, dated


def plain(cell):
    """One cell as text or number."""
    if isinstance(cell, datetime | date):
        return DATE_MARK + cell.isoformat()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return cell if isinstance(cell, str | float | int) else str(cell)


def read_sheet(book, name, limits, seen):
    """One sheet as plain data, with what was `seen` beside the parser's cells."""
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False) if sheet.end else []
    if rows and too_large(len(rows), len(rows[0]), limits):
        raise StopError("cells")
    columns, dated = plain_columns(rows)
    result = {
        "columns": columns,
        "dated": dated,
        "height": len(rows),
        "problems": seen.problems,
        "formulas": seen.formulas,
        "merged": list(sheet.merged_cell_ranges or ()),
        "marks": seen.marks,
        "comments": seen.comments,
        "hidden": seen.hidden,
        "hidden_columns": sorted(seen.hidden_columns),
        "filtered": seen.filtered,
        "links": seen.links,
        "unread": seen.unread,
    }
    formulas.settle(result)
    for row, column in seen.problems:
        # Whatever the parser took for the result of a faulty cell is none.
        if column <= len(columns) and row <= len(columns[column - 1]):
            columns[column - 1][row - 1] = ""
    return result
