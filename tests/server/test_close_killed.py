# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A close killed at any point ends as an undisturbed one after the next run."""

import random
import time

import pytest

pytestmark = pytest.mark.server

# where it is killed: in the middle of a transaction, its work written but not kept
POINTS = {
    "build": 'stop_after("rd.statement", "_add_pieces", 3)',
    "match": 'stop_after("rd.statement", "_create_matches", 2)',
    "invoice": 'stop_after("rd.statement", "_create_invoices", 2)',
    "post": 'stop_after("rd.statement", "action_post", 2)',
}


def test_killed_in_build_match_invoice_and_post(
    expected, make_database, world, start_child, dump_of, violations
):
    database = make_database(world)
    before = dump_of(database)
    for point, change in POINTS.items():
        one = start_child(database, change, run="close_all()").wait("CHILD PAUSED")
        one.kill()
        assert violations(database) == [], point
        if point == "build":
            assert len(dump_of(database)["statements"]) == 2, "one affiliate a time"
            assert before["statements"] == []
    start_child(database, run="close_all()").finish()
    assert violations(database) == []
    assert dump_of(database) == expected


@pytest.mark.nightly
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("times", [1, 4, 9])
def test_killed_once(
    point, times, expected, make_database, world, start_child, dump_of, violations
):
    database = make_database(world)
    change = POINTS[point].rpartition(",")[0] + f", {times})"
    start_child(database, change, run="close_all()").wait("CHILD PAUSED").kill()
    assert violations(database) == []
    start_child(database, run="close_all()").finish()
    assert violations(database) == []
    assert dump_of(database) == expected


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(8))
def test_two_hundred_kills_at_random(
    part, expected, make_database, world, start_child, dump_of, violations
):
    """Eight parts of twenty-five, so that some of them can be run alone."""
    dice = random.Random(20261123 + part)
    for _round in range(5):
        database = make_database(world)
        for _kill in range(5):
            one = start_child(database, run='say("LOADED")\nclose_all()')
            one.wait("LOADED")
            time.sleep(dice.uniform(0.0, 6.0))
            one.kill()
            assert violations(database) == []
        start_child(database, run="close_all()").finish()
        assert violations(database) == []
        assert dump_of(database) == expected
