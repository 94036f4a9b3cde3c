# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""However tables are arranged in a sheet, each line is read once, nothing is lost."""

import importlib.machinery
import importlib.util
from datetime import date

import ledger
import pytest
import sheets
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger import Profile

HEAD = ("日期", "送货单号", "料号", "数量", "金额")
PARTNERS = ("永达五金厂", "恒丰铝业有限公司", "华泰金属加工部", "博远店")
TITLES = ("客户名称：{}", "{} 2026年3月对账单", "一、{}", "【{}】")
PERIOD = {"period_from": date(2026, 3, 1), "period_to": date(2026, 3, 31)}


@st.composite
def blocks(draw):
    """One table's rows as they stand, and {offset: (note, amount, partner)}."""
    order = draw(st.permutations(range(len(HEAD))))
    partner = draw(st.sampled_from(PARTNERS))
    count = draw(st.integers(1, 5))
    rows, lines = [(draw(st.sampled_from(TITLES)).format(partner),)], {}
    if draw(st.booleans()):
        rows.append(("期初余额", draw(st.integers(1, 99))))
    head = tuple(HEAD[i] for i in order)
    rows.append(head)
    total = 0
    for number in range(count):
        if draw(st.integers(0, 5)) == 0:
            rows.append(draw(st.sampled_from([(), head])))
        amount = draw(st.integers(-50, 500))
        cells = ("2026-03-02", f"S{draw(st.integers(1, 999))}-{number}", "P", 2, amount)
        rows.append(tuple(cells[i] for i in order))
        lines[len(rows) - 1] = (cells[1], amount, partner)
        total += amount
    if draw(st.booleans()):
        cells = (draw(st.sampled_from(["小计", "合 计"])), None, None, None, total)
        # The label may stand in any column but that of the amount.
        rows.append(tuple(cells[i] for i in order))
    if draw(st.booleans()):
        rows.append(())
    return rows, lines


def below(parts):
    """(rows, {row: line}) of tables one below the other."""
    rows, lines = [], {}
    for part, found in parts:
        lines |= {len(rows) + offset + 1: line for offset, line in found.items()}
        rows += part
    return rows, lines


def read_twice(rows, profile):
    """The table, conserved and the same twice."""
    data = sheets.xlsx(rows)
    table, again = (ledger.read(data, "rows.xlsx", profile) for _time in "12")
    assert table.rows_read == len(table.rows) + len(table.skipped)
    assert [(r.ref, r.values) for r in again.rows] == [
        (r.ref, r.values) for r in table.rows
    ]
    assert again.skipped == table.skipped
    return table


def different(parts):
    """Whether neighbours belong to different parties."""
    names = [next(iter(lines.values()))[2] for _rows, lines in parts]
    return all(one != two for one, two in zip(names, names[1:], strict=False))


@settings(max_examples=60, deadline=None)
@given(st.lists(blocks(), min_size=1, max_size=4).filter(different))
def test_tables_below_each_other(parts):
    rows, lines = below(parts)
    table = read_twice(rows, Profile())
    found = {
        row.number: (
            row.values["note"],
            row.values["amount"],
            row.values.get("partner") or lines[row.number][2],
        )
        for row in table.rows
    }
    assert found == lines
    # Every row but the first heading is a line or is set aside, once.
    height = max(n for n, cells in enumerate(rows, 1) if any(cells))
    numbers = sorted([*found, *(item.row for item in table.skipped)])
    heading = next(n for n, cells in enumerate(rows, 1) if len(cells) == len(HEAD))
    assert numbers == [n for n in range(1, height + 1) if n != heading]
    if len(parts) > 1:
        partners = [next(iter(found.values()))[2] for _rows, found in parts]
        assert [block.partner for block in table.blocks] == partners
    assert table.mismatches == []


@settings(max_examples=40, deadline=None)
@given(st.lists(blocks(), min_size=2, max_size=3).filter(different), st.integers(1, 2))
def test_tables_beside_each_other(parts, gap):
    order = parts[0][0][0]
    assert order
    heads = [next(row for row in rows if len(row) == 5) for rows, _lines in parts]
    rows, expected = side_by_side(parts, heads, gap)
    table = read_twice(rows, Profile())
    assert {row.ref: row.values["note"] for row in table.rows} == expected
    assert len(table.blocks) == len(parts)


def side_by_side(parts, heads, gap):
    """(rows, {cell: note}): headings on one row, lines below, a gap between."""
    rows = [[], []]
    expected, left = {}, 0
    width = (len(HEAD) + gap) * len(parts)
    bodies = [[part[o] for o in lines] for part, lines in parts]
    notes = [[note for note, _a, _p in lines.values()] for _part, lines in parts]
    height = 2 + max(map(len, bodies))
    rows = [[None] * width for _n in range(height)]
    for (part, lines), head, body, names in zip(
        parts, heads, bodies, notes, strict=True
    ):
        rows[0][left] = next(iter(lines.values()))[2]
        assert part
        for offset, cells in enumerate([head, *body], 1):
            rows[offset][left : left + len(HEAD)] = cells
        letter = ledger.detect.letter_of(left)
        expected |= {f"{letter}{n}": name for n, name in enumerate(names, 3)}
        left += len(HEAD) + gap
    return rows, expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([None, 0, 1, 7, 2.5, "x", "3,000"]), min_size=3,
                 max_size=3),
        min_size=1, max_size=8,
    ),
    st.booleans(),
)  # fmt: skip
def test_cross_table_counts_every_cell(figures, transposed):
    names = ["甲店", "乙店", "丙店"]
    if transposed:
        rows = [["料号", "1日", "2日", "3日"]]
        rows += [[f"P-{n}", *cells] for n, cells in enumerate(figures)]
        profile = Profile(crosstab="date", **PERIOD)
    else:
        rows = [["日期", *names]]
        rows += [[f"{n}日", *cells] for n, cells in enumerate(figures, 1)]
        profile = Profile(crosstab="partner", **PERIOD)
    if not all(any(isinstance(r[i], int | float) for r in rows[1:]) for i in (1, 2, 3)):
        return
    table = read_twice(rows, profile)
    filled = [c for cells in figures for c in cells if c is not None]
    assert table.rows_read == len(filled)
    assert len(table.rows) == sum(cell not in (0, "x") for cell in filled)


def test_blocks_of_a_sheet_are_named(read_rows):
    rows, _lines = below(
        [([("客户：甲厂",), HEAD, ("2026-03-02", "S1", "P", 1, 9)], {}),
         ([("客户：乙厂",), HEAD, ("2026-03-02", "S2", "P", 1, 9)], {})]
    )  # fmt: skip
    table = read_rows(rows)
    found = [(b.partner, b.label, b.cell, b.first, b.last) for b in table.blocks]
    assert found == [
        ("甲厂", "客户：甲厂", "A2", 1, 3),
        ("乙厂", "客户：乙厂", "A5", 4, 6),
    ]
    assert table.rows[1].raw["partner"] == "客户：乙厂"
    kept = read_rows(rows, keep={"partner": ["乙厂"]})
    assert [row.number for row in kept.rows] == [6]
    assert "“甲厂” is left out" in str(kept.skipped[1].reason)


def test_grand_total_below_the_blocks_is_proved(read_rows):
    line = ("2026-03-02", "S1", "P", 1, 9)
    rows = [("甲厂",), HEAD, line, ("小计", None, None, 1, 9),
            ("乙厂",), HEAD, line, ("小计", None, None, 1, 9)]  # fmt: skip
    table = read_rows([*rows, ("总计", None, None, 2, 18)])
    assert (table.mismatches, table.file_totals["amount"]) == ([], 18)
    table = read_rows([*rows, ("总计", None, None, 2, 17)])
    assert [(m.cell, m.stated, m.computed) for m in table.mismatches] == [
        ("E9", 17, 18)
    ]


def test_two_files_are_parsed_once_each(root, tmp_path, monkeypatch):
    loader = importlib.machinery.SourceFileLoader(
        "rd_compare_once", str(root / "scripts" / "compare")
    )
    spec = importlib.util.spec_from_loader("rd_compare_once", loader)
    command = importlib.util.module_from_spec(spec)
    loader.exec_module(command)
    parsed = []

    def load(data, filename, *rest):
        parsed.append(filename)
        return ledger.load(data, filename, *rest)

    monkeypatch.setattr("ledger.source.load", load)
    for name in ("ours", "theirs"):
        rows = [HEAD, ("2026-03-02", "S1", "P", 1, 9)]
        (tmp_path / f"{name}.xlsx").write_bytes(sheets.xlsx(rows))
    paths = [str(tmp_path / f"{name}.xlsx") for name in ("ours", "theirs")]
    assert command.main([*paths, "--json", str(tmp_path / "out.json")]) == 0
    assert sorted(parsed) == ["ours.xlsx", "theirs.xlsx"]


def test_a_source_that_is_parsed_whole_serves_each_sheet():
    data = sheets.xlsx([HEAD, ("2026-03-02", "S1", "P", 1, 9)], others=[("x", [(1,)])])
    source = ledger.Source(data, "a.xlsx")
    assert source.table(Profile()).sheet == "明细"
    assert source.table(Profile(sheet="明细")).rows[0].values["note"] == "S1"
    assert len(source.books) == 1
    with pytest.raises(ledger.Refused):
        source.table(Profile(sheet="x"))


def test_tables_beside_each_other_begin_in_a_later_column():
    """Without a blank column between them it is the headings that begin anew."""
    rows = [
        (None, *HEAD, *HEAD),
        (None, *("2026-03-02", "S1", "P", 1, 9), *("2026-03-02", "S2", "P", 1, 9)),
    ]
    table = read_twice(rows, Profile())
    assert {row.ref: row.values["note"] for row in table.rows} == {
        "B2": "S1",
        "G2": "S2",
    }


def test_headings_of_a_later_table_may_be_as_long_as_those_of_the_first(read_rows):
    note = "（以我司送货单右上角红色编号为准，手写的不算，谢谢配合，多谢）"
    long = [f"{name}{note}" for name in reversed(HEAD)]
    rows = [("甲厂",), HEAD, ("2026-03-02", "S1", "P", 1, 9),
            ("乙厂",), long, (7, 2, "Q", "S2", "2026-03-03")]  # fmt: skip
    table = read_rows(rows)
    found = [
        (row.values["note"], row.values["quantity"], row.values["amount"])
        for row in table.rows
    ]
    assert found == [("S1", 1, 9), ("S2", 2, 7)]


def refused(rows, **profile):
    """The refusal of these rows."""
    with pytest.raises(ledger.Refused) as caught:
        ledger.read(sheets.csv_text(rows), "rows.csv", Profile(**profile))
    return caught.value


def test_a_sheet_of_very_many_tables_is_refused():
    line = ("2026-03-02", "S1", "P", 1, 9)
    rows = [row for n in range(501) for row in [(f"客户：第{n}厂",), HEAD, line, ()]]
    assert "more than 500 tables" in str(refused(rows))


def test_the_name_of_a_party_that_nothing_follows_begins_no_table(read_rows):
    table = read_rows([HEAD, ("2026-03-02", "S1", "P", 1, 9), ("恒丰铝业有限公司",)])
    assert table.blocks == ()
    assert [row.values.get("partner") for row in table.rows] == [None]


def test_headings_beside_figures_begin_no_table(read_rows):
    line = ("2026-03-02", "S1", "P", 1, 9)
    table = read_rows([HEAD, line, (), ("数量", None, None, 1, "金额")])
    assert [row.values["note"] for row in table.rows] == ["S1"]
    assert table.blocks == ()


AMOUNTS = {
    "date": "日期",
    "note": "送货单号",
    "quantity": "数量",
    "amount": ["金额(不含税)", "金额(含税)"],
}


def test_a_table_of_columns_by_profile_may_stand_elsewhere(read_rows):
    head = ("日期", "送货单号", "数量", "金额(不含税)")
    line = ("2026-03-02", "S1", 1, 9)
    rows = [("甲厂",), head, line, ("乙厂",), head[::-1], line[::-1]]
    table = read_rows(rows, columns=AMOUNTS)
    assert [row.values["amount"] for row in table.rows] == [9, 9]
    assert [block.cell for block in table.blocks] == ["A2", "A5"]


def test_the_other_side_of_the_tax_is_another_kind_of_table():
    line = ("2026-03-02", "S1", 1, 9)
    rows = [("日期", "送货单号", "数量", "金额(不含税)"), line, (),
            ("送货单号", "日期", "数量", "金额(含税)"), line]  # fmt: skip
    refusal = refused(rows, columns=AMOUNTS)
    assert (refusal.cell, "second table" in str(refusal)) == ("A4", True)


def test_the_lower_row_of_two_headings_may_stand_alone_on_a_further_page(read_rows):
    lower = (None, None, "数量", "单位")
    rows = [("日期", "单号", "送货", None), lower, ("2026-03-02", "S1", 3, "件"),
            lower, ("2026-03-03", "S2", 4, "件")]  # fmt: skip
    table = read_rows(rows)
    assert [row.values["quantity"] for row in table.rows] == [3, 4]
    assert [item.row for item in table.skipped] == [1, 4]


def test_whole_tables_beside_each_other_by_the_names_of_a_profile(read_rows):
    head, line = ("单号牌", "件数"), ("S1", 3)
    columns = {"note": "单号牌", "quantity": "件数"}
    rows = [(*head, None, *head), (*line, None, "S2", 4)]
    table = read_rows(rows, columns=columns)
    assert [(row.ref, row.values["note"]) for row in table.rows] == [
        ("A2", "S1"),
        ("D2", "S2"),
    ]
    refusal = refused([(*head, "件数"), (*line, 4)], columns=columns)
    assert (refusal.cell, "twice" in str(refusal)) == ("C1", True)


def test_a_part_that_names_a_column_twice_is_no_table_of_its_own():
    rows = [(*HEAD, None, *HEAD, "金额"), ("2026-03-02", "S1", "P", 1, 9)]
    assert "twice" in str(refused(rows))


def test_headings_that_begin_anew_may_end_before_the_sheet_does(read_rows):
    line = ("2026-03-02", "S1", "P", 1, 9)
    table = read_rows([(*HEAD, *HEAD), (*line, *line, "付清")])
    assert [row.ref for row in table.rows] == ["A2", "F2"]
