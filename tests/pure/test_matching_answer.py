# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the other side answers to one line, judged like a row of their ledger."""

from decimal import Decimal as D

import matching
import pytest

LINE = matching.Line(
    1, note="DN-1", part="P-1", quantity=D(10), amount=D("113.00"), klass="material"
)
BACK = LINE._replace(quantity=D(-10), amount=D("-113.00"))


def code(reason, quantity=None, share=None, line=LINE):
    return matching.answer_group(line, matching.Answer(reason, quantity, share)).code


@pytest.mark.parametrize(
    "answer, expected",
    [
        (("short", D(8)), "quantity_short"),
        (("quantity", D(8)), "quantity"),
        (("quantity", D(12)), "quantity"),
        (("price", None, D("0.9")), "price"),
        (("not_received",), "not_in_theirs"),
        (("part",), "part_alias"),
        (("other",), "quantity"),
        (("quantity", D(10)), "match"),
        (("price", None, D(1)), "match"),
    ],
)
def test_kind(answer, expected):
    assert code(*answer) == expected


def test_figures():
    group = matching.answer_group(LINE, matching.Answer("short", D(8)))
    assert (group.ours_qty, group.theirs_qty) == (D(10), D(8))
    assert (group.ours_amount, group.theirs_amount) == (D("113.00"), D("90.40"))
    assert group.ours == (1,) and group.theirs == ()
    assert group.rule == "answered"


def test_return():
    group = matching.answer_group(BACK, matching.Answer("quantity", D(-8)))
    assert group.code in ("quantity", "return_unposted")
    assert group.theirs_amount == D("-90.40")


def test_line_without_amount():
    line = LINE._replace(amount=None)
    assert code("quantity", D(8), line=line) == "quantity"


def test_rule_has_a_label():
    assert matching.rule_label("answered")
