# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Parse a BIFF workbook in the helper process; its records are read first."""

import io

import biff
from calamine_sheet import chosen_names, read_sheet
from guard import StopError, too_large


def read(data, wanted, limits):
    """The answer for an old workbook."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    seen, epoch_1904 = biff.inspect(data)
    if any(too_large(sheet.rows, sheet.columns, limits) for sheet in seen):
        raise StopError("cells")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    seen = dict(zip([s.name for s in sheets], seen, strict=True))
    names = chosen_names(book.sheets_metadata, wanted)
    result = {name: read_sheet(book, name, limits, seen[name]) for name in names}
    return {"sheets": result, "epoch_1904": epoch_1904}
