# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The random order of tests, and the sampler of small faults."""

import ast

import pytest
from desk.flaky import shuffled
from desk.mutants import sites


def test_an_order_is_another_one_and_the_same_again():
    items = list(range(50))
    assert shuffled(items, 1) == shuffled(items, 1) != shuffled(items, 2)
    assert sorted(shuffled(items, 1)) == items


def test_a_group_stays_together():
    items = [(name, number) for name in "abcd" for number in range(9)]
    found = [name for name, _number in shuffled(items, 3, lambda item: item[0])]
    assert sum(one != two for one, two in zip(found, found[1:], strict=False)) == 3


@pytest.mark.parametrize(
    ("text", "mutants"),
    [
        ("a < b", {"a <= b"}),
        ("a == b and c", {"a != b and c", "a == b or c"}),
        ("x = y + 1", {"x = y - 1", "x = y + 2"}),
        ("x += 1", {"x -= 1", "x += 2"}),
        ("x = 40000 if y else True", {"x = 40000 if not y else True",
         "x = 40000 if y else False"}),
        ("def f():\n    return x", {"def f():\n    return None"}),
        ("for a in b:\n    c.add(a)", {"for a in b:\n    pass"}),
        ("[a for a in b if a]", {"[a for a in b if not a]"}),
        # nothing that a result could show
        ("x: int | None = y", set()),
        ("zip(a, b, strict=True)", {"pass"}),
    ],
)  # fmt: skip
def test_what_is_changed_in_a_mutant(text, mutants):
    found = set()
    for number in range(len(list(sites(ast.parse(text))))):
        tree = ast.parse(text)
        list(sites(tree))[number][2]()
        found.add(ast.unparse(ast.fix_missing_locations(tree)))
    assert found == mutants
