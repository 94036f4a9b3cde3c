# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Old workbooks, record by record: what stands in them and what does not."""

import struct

import ledger
import pytest
import sheets
from sheets import (
    BEFORE,
    NEWEST,
    compound,
    figure,
    label,
    old_formula,
    old_stream,
    record,
)

HEAD = ("Delivery note", "Part No", "Qty")
ERROR = b"\x02\x00\x2a\x00\x00\x00\xff\xff"
TRUE = b"\x01\x00\x01\x00\x00\x00\xff\xff"
# What stands in a formula before, between and behind its values.
PLUS, PERCENT, BRACKETS, ABOVE = b"\x03", b"\x14", b"\x15", b"\x0d"
SPACE, OFTEN, SUM, CHOICE = (
    b"\x19\x40\0\0",
    b"\x19\x01\0\0",
    b"\x19\x10\0\0",
    b"\x19\2\0\0",
)


def cell(row, column):
    """The token of a cell, its place counted from 0."""
    return b"\x44" + struct.pack("<HH", row, column | 0xC000)


def whole(number):
    """The token of a whole number."""
    return b"\x1e" + struct.pack("<H", number)


def ours(cells=b"", version=NEWEST):
    """The records of a heading, of one line, and of these cells."""
    heads = [label(0, column, text, version) for column, text in enumerate(HEAD)]
    line = label(1, 0, "S1", version), label(1, 1, "P-1", version), figure(1, 2, 3)
    return b"".join((*heads, *line)) + cells


def grid_of(cells, book=b""):
    """The grid of a workbook whose sheet holds these records beside the line."""
    return ledger.load(compound(old_stream(ours(cells), book)), "a.xls").sheets["a"]


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "by-a-sector"])
@pytest.mark.parametrize("room", [0, 5000], ids=["small", "large"])
@pytest.mark.parametrize(
    ("version", "name"), [(NEWEST, "Workbook"), (BEFORE, "Book")], ids=["97", "95"]
)
def test_a_workbook_is_found_wherever_its_file_keeps_it(version, name, room, listed):
    cells = ours(record(0x0099, bytes(room)), version)
    letters = record(0x0042, struct.pack("<H", 1252))
    data = compound(old_stream(cells, letters, version), name, listed)
    (row,) = ledger.read(data, "a.xls").rows
    assert list(row.values.values()) == ["S1", "P-1", 3]


def test_a_compound_file_of_another_program_is_no_workbook():
    data = compound(old_stream(ours()), "WordDocument")
    with pytest.raises(ledger.Refused, match="Office document without a workbook"):
        ledger.read(data, "a.xls")


def test_a_formula_has_the_text_that_follows_it():
    text = record(0x0207, struct.pack("<HB", 3, 0) + b"P-2")
    grid = grid_of(old_formula(2, 1, whole(1)) + text)
    assert grid.row(3)[1] == "P-2"
    assert grid.problems == {} and grid.computed == {}


def test_a_formula_has_the_text_that_follows_what_it_shares():
    shared = record(0x04BC, bytes(10))
    text = record(0x0207, struct.pack("<HB", 3, 0) + b"P-2")
    assert grid_of(old_formula(2, 1) + shared + text).problems == {}


def test_an_error_is_no_result_and_a_truth_is_one():
    grid = grid_of(old_formula(2, 1, result=ERROR) + old_formula(2, 2, result=TRUE))
    assert grid.problems == {(3, 2): "#N/A"}
    assert grid.row(3) == ["", "", "TRUE"]


@pytest.mark.parametrize(
    ("code", "formula", "value"),
    [
        (cell(1, 2) + PERCENT, "C2%", 0.03),
        (cell(1, 2) + whole(2) + PLUS + BRACKETS, "(C2+2)", 5),
        (SPACE + OFTEN + cell(1, 2) + whole(2) + PLUS, "C2+2", 5),
        (cell(1, 2) + SUM, "SUM(C2)", 3),
        (cell(1, 2) + whole(1) + b"\x42" + struct.pack("<BH", 2, 4), "SUM(C2,1)", 4),
    ],
)
def test_a_plain_formula_is_computed(code, formula, value):
    grid = grid_of(old_formula(2, 2, code))
    assert grid.computed == {(3, 3): formula}
    assert grid.row(3)[2] == value


@pytest.mark.parametrize(
    "code",
    [
        cell(1, 2) + whole(2) + ABOVE,
        cell(1, 2) + CHOICE + whole(2) + PLUS,
        whole(1) + whole(2),
        PLUS,
        b"",
    ],
    ids=["compares", "chooses", "two-values", "no-values", "nothing"],
)
def test_any_other_formula_is_a_cell_without_a_value(code):
    grid = grid_of(old_formula(2, 2, code))
    assert grid.problems == {(3, 3): "="}
    assert grid.computed == {}


def test_a_filter_and_a_comment_are_told():
    note = record(0x001C, struct.pack("<HHHHH", 1, 2, 0, 1, 0))
    table = ledger.read(compound(old_stream(ours(record(0x009B) + note))), "a.xls")
    said = [(found.cell, str(found.reason)) for found in table.warnings]
    assert "A filter is active" in said[0][1]
    assert said[1] == ("C2", "The cell has a comment; open the file to read it.")


def test_colours_are_those_of_the_workbook():
    import xlwt

    def prepare(book, sheet):
        for number, shade in ((0x21, (200, 0, 0)), (0x22, (0, 0, 200)),
                              (0x23, (230, 230, 230))):  # fmt: skip
            xlwt.add_palette_colour(f"ours{number}", number)
            book.set_colour_RGB(number, *shade)
        for row, style in (
            (1, "font: colour ours33"),
            (2, "font: colour ours34"),
            (3, "pattern: pattern solid, fore_colour ours34"),
            (4, "pattern: pattern solid, fore_colour ours35"),
        ):
            sheet.write(row, 2, row, xlwt.easyxf(style))

    rows = [HEAD, *[(f"S{n}", "P") for n in range(1, 5)]]
    grid = ledger.load(sheets.xls(rows, prepare=prepare), "a.xls").sheets["明细"]
    assert grid.marks == {"red": {3: [2]}, "fill": {3: [4]}}
