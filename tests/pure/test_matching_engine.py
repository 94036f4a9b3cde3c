# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Same lines, same answer: order, size and spelling do not matter."""

import random
from datetime import date, datetime
from decimal import Decimal

import ledger
import matching
import pytest
from matching import Line, Rules, compare, line_from
from matching.clean import clean_key, one_slip, similar


def some_lines(seed, count=300):
    """(ours, theirs) with every kind of fault; few values, so many clashes."""
    chance = random.Random(seed)
    sides = []
    for _side in range(2):
        lines = []
        for ref in range(1, count):
            quantity = Decimal(chance.choice([-5, 1, 5, 10, 50]))
            lines.append(
                Line(
                    ref=ref,
                    note=chance.choice(["", f"81000{chance.randrange(40):02d}"]),
                    part=f"P{chance.randrange(3)}-00{chance.randrange(2)}",
                    quantity=quantity,
                    amount=chance.choice([None, quantity * 10, quantity * 11]),
                    date=chance.choice([None, ledger_day(chance)]),
                    scope=chance.choice(["V1", "V2"]),
                )
            )
        sides.append(lines)
    return sides


def ledger_day(chance):
    """A day of March 2026."""
    return date(2026, 3, chance.randint(1, 28))


@pytest.mark.parametrize("seed", range(25))
def test_order_of_rows_does_not_matter(seed):
    ours, theirs = some_lines(seed)
    first = compare(ours, theirs)
    chance = random.Random(seed)
    for _round in range(3):
        chance.shuffle(ours)
        chance.shuffle(theirs)
        again = compare(ours, theirs)
        assert again.groups == first.groups
        assert again.scope == first.scope


@pytest.mark.parametrize("seed", range(25))
def test_every_line_is_in_exactly_one_group(seed):
    ours, theirs = some_lines(seed)
    groups = compare(ours, theirs).groups
    assert sorted(r for g in groups for r in g.ours) == [x.ref for x in ours]
    assert sorted(r for g in groups for r in g.theirs) == [x.ref for x in theirs]


@pytest.mark.parametrize("seed", range(10))
def test_sums_of_groups_are_the_sums_of_lines(seed):
    ours, theirs = some_lines(seed)
    groups = compare(ours, theirs).groups
    for lines, name in ((ours, "ours_qty"), (theirs, "theirs_qty")):
        total = sum(x for x in (getattr(g, name) for g in groups) if x is not None)
        assert total == sum(line.quantity for line in lines)


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (datetime(2026, 3, 4, 23, 46), "not_in_theirs"),
        (datetime(2026, 3, 4, 23, 47), "timing"),
        (date(2026, 3, 4), "not_in_theirs"),
        (date(2026, 3, 5), "timing"),
        (datetime(2026, 3, 1, 4, 14), "not_in_theirs"),
        (datetime(2026, 3, 1, 4, 13), "timing"),
    ],
)
def test_the_edge_of_the_other_side_is_inside(moment, code):
    edges = (datetime(2026, 3, 1, 4, 14), datetime(2026, 3, 4, 23, 46))
    line = Line(1, "A", "P", Decimal(1), date=moment)
    result = compare([line], [], Rules(theirs_span=edges))
    assert list(result.summary) == [code]


def test_groups_stand_in_the_order_of_codes_and_rows():
    groups = compare(*some_lines(3)).groups
    codes = list(matching.CODES)
    order = [(codes.index(g.code), g.ours, g.theirs) for g in groups]
    assert order == sorted(order)


def test_shared_numbers_on_both_sides_are_no_shared_keys():
    lines = [Line(1, part="P", quantity=Decimal(5)), Line(2, part="P")]
    assert set(compare(lines, lines).summary) == {"not_in_theirs", "not_in_ours"}


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ab-12", "AB-12"),
        (" ＡＢ－１２ ", "AB-12"),
        ("AB\u201312", "AB-12"),
        ("AB\u221212", "AB-12"),
        ("81\x7f00\t1\u200b2\xa03\ufeff", "8100123"),
        ("3*5", "3X5"),
        ("3×5", "3X5"),
        ("φ12", "Φ12"),
        ("Ø12", "Φ12"),
        ("", ""),
        (None, ""),
        (False, ""),
        ("0000611365", "0000611365"),
    ],
)
def test_clean_key(typed, key):
    assert clean_key(typed) == key
    assert ledger.clean_key(typed) == key


def test_both_cleanings_are_one_and_settle_at_once():
    chance = random.Random(7)
    letters = "aB0-–—－　 \x7f\t\u200bＡ１φØ*×ー./ß①㎡´¨零件"
    for _round in range(3000):
        text = "".join(chance.choices(letters, k=chance.randint(0, 9)))
        for zeros in ("keep", "strip"):
            once = clean_key(text, zeros)
            assert ledger.clean_key(text, zeros) == once
            assert clean_key(once, zeros) == once


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("8100123", "8100123", True),
        ("8100123", "8100124", True),
        ("8100123", "810123", True),
        ("8100123", "8100132", True),
        ("8100123", "100123", True),
        ("8100123", "8100", False),
        ("8100123", "8100456", False),
        ("8100123", "8109923", False),
        ("1234", "1235", False),
        ("12345678", "123456789012", False),
    ],
)
def test_similar_notes(one, two, expected):
    assert similar(one, two) is expected
    assert similar(two, one) is expected


def test_one_slip_against_all_pairs():
    words = ["".join(w) for w in __import__("itertools").product("ab", repeat=4)]
    for one in words:
        for two in words:
            differ = sum(a != b for a, b in zip(one, two, strict=True))
            swaps = {one[:i] + one[i + 1] + one[i] + one[i + 2 :] for i in range(3)}
            assert one_slip(one, two) is (differ <= 1 or two in swaps)


def test_line_from_a_mapping():
    values = {
        "note": "A",
        "part": "P",
        "quantity": Decimal(2),
        "accepted": None,
        "amount": Decimal(100),
        "total": Decimal(113),
        "partner": "V1",
        "remark": "x",
    }
    line = line_from(7, values, tax_basis="excluded")
    assert (line.ref, line.amount, line.tax_basis) == (7, 113, "included")
    assert line.scope == "V1"
    line = line_from(7, values | {"total": None}, tax_basis="excluded", scope="")
    assert (line.amount, line.tax_basis, line.scope) == (100, "excluded", "")


def test_rules_from_plain_data():
    rules = Rules.from_dict(
        {
            "key": ["order", "part"],
            "line_tolerance": "0.06",
            "aliases": {"X": "Y", "Z": ["W", "12"]},
            "period": ["2026-03-01", "2026-03-31"],
        }
    )
    assert rules.key == ("order", "part")
    assert rules.aliases == {"X": ("Y", 1), "Z": ("W", 12)}
    assert rules.line_tolerance == Decimal("0.06")
    with pytest.raises(ValueError, match="tolerance"):
        Rules.from_dict({"tolerance": 1})


def test_neither_package_knows_odoo_or_the_other():
    import ast
    from pathlib import Path

    for package, foreign in ((ledger, "matching"), (matching, "ledger")):
        for path in Path(package.__path__[0]).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = [a.name for a in getattr(node, "names", ())]
                names.append(getattr(node, "module", "") or "")
                if isinstance(node, ast.Import | ast.ImportFrom):
                    roots = {name.split(".")[0] for name in names}
                    assert not roots & {"odoo", foreign}, path
