# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Plain formulas without a result are computed exactly, any other is left alone."""

import ledger
import pytest
import sheets


def grid_of(body):
    """The grid of a sheet of this XML."""
    return ledger.load(sheets.with_sheet_xml(body), "a.xlsx").sheets["明细"]


def formula(text):
    """The grid of a sheet whose A2 is this formula below 3, 10 and an error."""
    return grid_of(
        '<row r="1"><c r="A1"><v>3</v></c><c r="B1"><v>10</v></c>'
        '<c r="C1" t="e"><v>#N/A</v></c><c r="D1"><v>1e999</v></c></row>'
        f'<row r="2"><c r="A2"><f>{text}</f></c></row>'
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("B1*13%", 1.3),
        ("B1*50%%", 0.05),
        ("SUM(A1)", 3),
        ("SUM(A1,B1,A1:B1)", 26),
        ("SUM(A1*2,B1)", 16),
        ("ROUND(B1/A1,-1)", 0),
        # More digits than a number of a sheet can hold.
        ("123456.789*987654.321", "121932631112.635269"),
    ],
)
def test_a_plain_formula_is_computed(text, value):
    grid = formula(text)
    assert grid.row(2)[0] == value
    assert grid.computed == {(2, 1): text}


@pytest.mark.parametrize(
    "text",
    [
        "A1+C1",
        "A1+D1",
        "A1 B1",
        "A1:B1*2",
        "ROUND(B1/A1,0.5)",
        "ROUND(B1/A1,11)",
        "SUM(A1:C1)",
    ],
)
def test_a_formula_without_one_plain_value_is_left_alone(text):
    grid = formula(text)
    assert grid.problems == {(1, 3): "#N/A", (2, 1): f"={text}"}
    assert grid.row(2)[0] == ""


def shared(first, text, second):
    """The grid of two formulas, the second of which refers to the first."""
    cells = [
        (first, f'<f t="shared" si="0" ref="A1:A9">{text}</f>'),
        (second, '<f t="shared" si="0"/>'),
    ]
    cells = [(row, f'<row r="{row}"><c r="A{row}">{f}</c></row>') for row, f in cells]
    return grid_of("".join(cell for _row, cell in cells))


def test_words_in_a_shared_formula_are_no_places():
    grid = shared(2, "'B2 旧'!B2&amp;\"B2\"", 3)
    assert grid.problems[3, 1] == "='B2 旧'!B3&\"B2\""


def test_a_shared_formula_may_lead_off_the_sheet():
    assert shared(5, "B1*2", 6).problems[6, 1] == "=B2*2"
    assert shared(5, "B1*2", 4).problems[4, 1] == "=#REF!*2"


def test_a_shared_formula_that_is_too_long_keeps_its_words():
    text = "+".join(["B1"] * 90)
    assert shared(1, text, 2).problems[2, 1] == f"={text}"


def test_a_formula_that_refers_to_none_has_no_words():
    grid = grid_of(
        '<row r="1"><c r="A1"><f></f></c><c r="B1"><f t="shared" si="7"/></c></row>'
    )
    assert grid.problems == {(1, 1): "=", (1, 2): "="}
