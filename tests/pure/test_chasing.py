# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whom to ask first, and what became of a promise."""

from datetime import date

import dues
import pytest

DAY = date(2026, 4, 2)
PAST, LATER = date(2026, 4, 1), date(2026, 4, 3)


@pytest.mark.parametrize(
    ("received", "last_day", "is_open", "waits", "state"),
    [
        (100, LATER, True, False, "kept"),
        (100, PAST, True, False, "kept"),
        (99, DAY, True, False, "open"),
        (99, PAST, True, False, "partly"),
        (0, PAST, True, False, "broken"),
        (0, PAST, True, True, "open"),
        (99, LATER, False, False, "withdrawn"),
        (99, PAST, False, False, "partly"),
        (0, PAST, False, True, "broken"),
        (100, PAST, False, False, "kept"),
    ],
)
def test_outcome(received, last_day, is_open, waits, state):
    assert dues.outcome(100, received, DAY, last_day, is_open, waits) == state


def test_score_is_between_0_and_100():
    weights = dues.Weights(40, 30, 20, 10)
    assert dues.score(weights, dues.Parts(0, 0, 0, 0)) == 0
    assert dues.score(weights, dues.Parts(1, 1, 1, 1)) == 100
    assert dues.score(weights, dues.Parts(1, 0, 0, 0)) == 40
    assert dues.score(dues.Weights(0, 0, 0, 0), dues.Parts(1, 1, 1, 1)) == 0


def test_only_the_relation_of_weights_counts():
    parts = dues.parts(500, 1000, 45, 1, 100, 400)
    assert parts == (0.5, 0.5, pytest.approx(1 / 3), 0.25)
    once = dues.score(dues.Weights(4, 3, 2, 1), parts)
    assert dues.score(dues.Weights(40, 30, 20, 10), parts) == pytest.approx(once)


def test_parts_are_capped_and_nothing_divides_by_nothing():
    assert dues.parts(5, 0, 900, 9, 3, 0) == (0, 1, 1, 0)


def test_messages_go_by_the_highest_level_not_asked_yet():
    steps = [(-3, "notice"), (3, "mail"), (30, "letter")]
    assert dues.reached(-4, steps) is None
    assert dues.reached(29, steps) == (3, "mail")
    assert dues.due_level([(29, 3), (-3, None)], steps) == (-3, "notice")
    assert dues.due_level([(29, 3)], steps) is None


@pytest.mark.parametrize(
    ("way", "reached_by", "held"),
    [
        ("email", {"email"}, False),
        ("email", {"letter"}, True),
        ("letter", {"letter"}, False),
        ("letter", {"email"}, True),
        ("phone", set(), False),
        ("activity", set(), False),
    ],
)
def test_an_address_is_needed_by_some_ways_only(way, reached_by, held):
    debt = dues.Debt(1, 10, 5)
    account = dues.Account((debt,), reached_by=frozenset(reached_by))
    assert bool(dues.holds(account, {1}, None, way)) is held
    lost = account._replace(has_address=False)
    assert dues.holds(lost, {1}, None, way) == ("address",)
