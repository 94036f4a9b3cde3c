# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a sheet says without words keeps its place in every part of the sheet."""

import io
import struct
from datetime import date
from pathlib import Path

import ledger
import sheets
from ledger.book import Grid, widen
from ledger.marks import SheetWarnings, ranges
from sheets import HEAD

LINE = (date(2026, 3, 2), "SD1", "JG-1", 2, 5, 10, "")


def grid():
    """A grid of four columns and six rows, with one of everything in row 5."""
    return Grid(
        name="a",
        columns=[["", "", "h", 1.0, 2.0, 3.0] for _column in range(4)],
        height=6,
        problems={(5, 1): "#N/A"},
        merged=[((4, 0), (5, 0)), ((0, 0), (0, 3))],
        computed={(5, 2): "A1"},
        comments={(5, 3): "x", (1, 1): "y"},
        marks={"red": {2: [1, 5]}},
        hidden=2,
        hidden_columns=[2],
        filtered=True,
        links=1,
    )


def test_part_of_a_grid_counts_its_rows_anew():
    part = grid().part(2, 6)
    assert part.columns[0] == ["h", 1.0, 2.0, 3.0]
    assert part.problems == {(3, 1): "#N/A"}
    assert part.merged == [((2, 0), (3, 0))]
    assert part.computed == {(3, 2): "A1"}
    assert part.comments == {(3, 3): "x"}
    assert part.marks == {"red": {2: [3]}}
    # What is said of the whole sheet is said once, by the part that begins it.
    assert (part.hidden, part.filtered, part.links) == (0, False, 0)
    first = grid().part(0, 2)
    assert (first.hidden, first.filtered, first.links) == (2, True, 1)


def test_strip_of_a_grid_knows_nothing_of_the_other_columns():
    strip = grid().strip(2, 3)
    assert strip.columns[0] == [""] * 6
    assert strip.problems == {} and strip.computed == {}
    assert strip.comments == {(5, 3): "x"}


def test_findings_of_a_part_name_the_rows_of_the_sheet():
    part = grid().part(2, 6)
    column = ledger.Column("B", "数量", 1)
    reasons = [None] * 4
    found = SheetWarnings(
        part, 1, {"quantity": column}, reasons, ledger.Profile(), above=2
    ).all()
    assert [(item.row, item.cell) for item in found] == [(5, "B5"), (5, "B5"),
                                                        (5, "C5")]  # fmt: skip
    assert "B5 = A1" in str(found[0].reason)
    assert "in the rows 5;" in str(found[1].reason)


def test_rows_are_named_in_ranges():
    assert ranges([9, 3, 7, 8]) == "3、7–9"
    assert ranges(range(1, 100, 2)).endswith("39、…")


def test_open_document_reads_as_another_program_reads_it():
    """The cells are those that python-calamine finds, whatever repeats."""
    from python_calamine import CalamineWorkbook

    rows = [HEAD, LINE, (None, "a\nb", None, -1.5), LINE]
    data = sheets.ods(
        [
            *rows,
            sheets.Raw(
                '<table:table-row table:number-rows-repeated="3"><table:table-cell '
                'table:number-columns-repeated="2" office:value-type="float" '
                'office:value="7"/></table:table-row>'
            ),
            sheets.Raw(
                '<table:table-row table:number-rows-repeated="2"/>'
                "<table:table-row><table:table-cell office:value-type="
                '"string"><text:p>a<text:s text:c="3"/>b</text:p>'
                "</table:table-cell></table:table-row>"
            ),
        ]
    )
    ours = ledger.load(data, "a.ods").sheets["明细"]
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    found = [list(row) for row in zip(*ours.columns, strict=True)]
    assert found == theirs.to_python(skip_empty_area=False)


def test_an_unusable_cell_beyond_the_others_has_its_place():
    """The parser takes it for nothing; the sheet is as large as it is for a person."""
    small = Grid(name="a", columns=[["x"]], height=1, problems={(2, 3): "#N/A"})
    widen(small)
    assert small.columns == [["x", ""], ["", ""], ["", ""]]
    assert small.height == 2


def test_dates_without_any_text_above_are_dates():
    day = date(2026, 3, 2)
    grid = ledger.load(sheets.ods([[day, "x"], [day, 1]]), "a.ods").sheets["明细"]
    assert grid.columns == [[day, day], ["x", 1.0]]


def test_a_formula_in_the_last_record_was_never_computed(monkeypatch):
    """A text result would follow; nothing does, and the cell is not empty."""
    monkeypatch.syspath_prepend(str(Path(ledger.__file__).parent))
    import biff

    cell = struct.pack("<HHH8s", 4, 1, 0, bytes(6) + b"\xff\xff")
    stream = struct.pack("<HH", biff.FORMULA[0], len(cell)) + cell
    for end in (b"", struct.pack("<HH", biff.EOF, 0)):
        assert biff.Sheet(stream + end, 0, {}, True).problems == {(5, 2): "="}


def test_comments_are_told_where_the_table_is_and_where_there_are_no_words():
    part = grid()
    part.comments = {(5, 3): " ", (5, 9): "x"}
    found = list(SheetWarnings(part, 3, {}, [None] * 6, ledger.Profile()).comments())
    assert [(item.cell, str(item.reason)) for item in found] == [
        ("C5", "The cell has a comment; open the file to read it.")
    ]
