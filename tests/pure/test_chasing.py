# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whom to ask first, and what became of a promise."""

from datetime import date
from decimal import Decimal

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
        (0, PAST, False, False, "broken"),
        (99, PAST, False, False, "partly"),
        (0, PAST, False, True, "broken"),
        (0, DAY, False, False, "withdrawn"),
    ],
)
def test_outcome(received, last_day, is_open, waits, state):
    assert dues.outcome(100, received, DAY, last_day, is_open, waits) == state


def test_a_receipt_counts_for_one_promise():
    """Named ones take first, sums in order of their day what is left, oldest first."""
    partials = {
        1: [_payment(600, 5), _payment(400, 9)],
        2: [_payment(70, 7), _payment(30, 8)._replace(kind="credit")],
    }
    late = dues.Word("late", None, Decimal(500), Decimal(0), date(2026, 4, 30))
    soon = dues.Word("soon", None, Decimal(100), Decimal(0), date(2026, 4, 8))
    named = dues.Word("named", frozenset([1]), Decimal(700), Decimal(0), late.day)
    assert dues.share_out([soon, late, named], partials) == {
        "named": 700,
        "soon": 70,
        "late": 300,
    }
    assert dues.share_out([late], partials) == {"late": 500}


def test_what_came_before_is_nobodys():
    partials = {1: [_payment(600, 5), _payment(400, 9)]}
    word = dues.Word(1, frozenset([1]), Decimal(500), Decimal(650), date(2026, 4, 30))
    assert dues.share_out([word], partials) == {1: 350}
    assert dues.share_out([word._replace(day=date(2026, 4, 8))], partials) == {1: 0}


def _payment(amount, day):
    return dues.Partial(Decimal(amount), date(2026, 4, day), "payment")


def test_received_is_no_credit_note_and_nothing_later():
    partials = [_payment(70, 7), _payment(30, 8), _payment(5, 8)._replace(kind="bill")]
    partials.append(_payment(900, 7)._replace(kind="credit"))
    assert dues.received_by(partials, date(2026, 4, 6)) == 0
    assert dues.received_by(partials, date(2026, 4, 7)) == 70
    assert dues.received_by(partials, date(2026, 4, 8)) == 105


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
