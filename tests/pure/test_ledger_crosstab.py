# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Cross tables: each filled cell is a line, or is set aside and told."""

from datetime import date

import ledger
import pytest
import sheets
from ledger import Profile

HEAD = ("日期", "甲店", "乙店", "丙店")
PERIOD = {"period_from": date(2026, 3, 1), "period_to": date(2026, 3, 31)}
DAYS = [date(2026, 3, day) for day in (2, 3, 4)]


def read(rows, crosstab="partner", make=sheets.xlsx, **profile):
    """The table of these rows, in which nothing is lost."""
    profile = Profile(crosstab=crosstab, **{**PERIOD, **profile})
    table = ledger.read(make(rows), f"a.{make.__name__}", profile)
    assert table.rows_read == len(table.rows) + len(table.skipped)
    return table


def lines(table):
    """{cell: (partner or part, day, quantity)} of the lines."""
    return {
        row.ref: (
            row.values.get("partner") or row.values.get("part"),
            row.values["date"].day,
            row.values["quantity"],
        )
        for row in table.rows
    }


def left_out(table):
    """{cell or row: the reason} of what was set aside."""
    return {item.cell or item.row: str(item.reason) for item in table.skipped}


@pytest.mark.parametrize(
    "across",
    [DAYS, [2, 3, 4], ["3月2日", "3月3日", "3月4日"]],
    ids=["real", "numbers", "texts"],
)
def test_days_stand_across_in_any_notation(across):
    table = read([("料号", *across), ("P-1", 5, None, 7)], "date")
    assert lines(table) == {"B2": ("P-1", 2, 5), "D2": ("P-1", 4, 7)}


def test_days_of_several_notations_are_no_heading():
    with pytest.raises(ledger.Refused, match="is no cross table"):
        read([("料号", DAYS[0], "3月3日", 4), ("P-1", 5, 6, 7)], "date")


@pytest.mark.parametrize(
    ("day", "expected"), [(9, 9), ("9日", 9), (DAYS[0], 2), ("2026-03-05", 5)]
)
def test_days_stand_down_in_any_notation(day, expected):
    assert lines(read([HEAD, (day, 1, 2, 3)]))["B2"] == ("甲店", expected, 1)


def test_the_heading_row_may_be_stated():
    rows = [HEAD, (2, 1, 2, 3), (), ("日期", "丁店", "戊店", "己店"), (3, 4, 5, 6)]
    assert read(rows).header_row == 1
    table = read(rows, header_row=4)
    assert table.header_row == 4
    assert lines(table) == {
        "B5": ("丁店", 3, 4),
        "C5": ("戊店", 3, 5),
        "D5": ("己店", 3, 6),
    }
    with pytest.raises(ledger.Refused, match="is no cross table"):
        read(rows, header_row=9)


def test_what_is_no_line_is_set_aside_with_its_reason():
    rows = [
        ("送货统计",),
        HEAD,
        (),
        (2, 1, 2, 3),
        (None, "经手人：李", 9),
        (3, 4, 5, 6),
    ]
    table = read(rows, last_row=5)
    assert list(lines(table)) == ["B4", "C4", "D4"]
    assert left_out(table) == {
        1: "Stands above the cross table.",
        3: "Empty row.",
        5: "No day and no name; text beside the cross table.",
        6: "Stands below the range that the profile states.",
    }


def test_a_day_that_cannot_be_read_sets_its_row_aside():
    table = read([HEAD, ("月初", 1, 2, 3), (3, 4, 5, 6)])
    assert "“月初” is not a date" in left_out(table)["A2"]
    assert list(lines(table)) == ["B3", "C3", "D3"]


def test_a_cell_without_a_value_is_told_by_its_place():
    formula = sheets.Raw('<table:table-cell table:formula="of:=NOW()"/>')
    rows = [HEAD, (DAYS[0], 1, formula, 3), (None, formula), (DAYS[1], 4, 5, 6)]
    table = read(rows, make=sheets.ods)
    assert list(lines(table)) == ["B2", "D2", "B4", "C4", "D4"]
    assert "NOW() in this cell has no stored result" in left_out(table)["C2"]
    assert "No day and no name" in left_out(table)[3]


def test_filters_of_the_profile_hold_for_each_cell():
    table = read([HEAD, (2, 1, 2, 3)], drop={"partner": ["乙店"]})
    assert list(lines(table)) == ["B2", "D2"]
    assert "“乙店” is left out by the profile" in left_out(table)["C2"]


def test_totals_are_proved_where_they_are_stated():
    rows = [
        (*HEAD, "当日合计"),
        ("期初余额", 7, 7, 7, 21),
        (2, 1, 2, 3, "六"),
        (3, 4, 5, 6, None),
        ("小计", 9, None, "九", 21),
        ("合计", 5, 7, 9, 21),
    ]
    table = read(rows)
    assert [(m.cell, m.stated, m.computed) for m in table.mismatches] == [
        ("B5", 9, 5),
        ("E5", 21, 6),
        ("E6", 21, 6),
    ]
    (warning,) = table.warnings
    assert (warning.cell, "not a number" in str(warning.reason)) == ("E3", True)
    assert table.totals == {"quantity": 21}
    assert table.file_totals == {"quantity": 21}
    assert {2, "E3", 5, 6} <= set(left_out(table))
