# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which delivery brought the pieces that an invoice bills."""

import dues
import pytest
from dues import Back, Billed, Credited, Left
from hypothesis import given
from hypothesis import strategies as st

SENT_AGAIN = [Left("d1", 10), Back("d1", 4), Left("d2", 4)]


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([Billed("i1", 5)], {"i1": []}),
        ([Left("d1", 5), Billed("i1", 5), Left("d2", 5)], {"i1": ["d1"]}),
        ([*SENT_AGAIN, Billed("i1", 10)], {"i1": ["d1", "d2"]}),
        # An unknown origin: the last one that left.
        (
            [Left("d1", 4), Back(None, 4), Left("d2", 4), Billed("i1", 4)],
            {"i1": ["d2"]},
        ),
        ([Back("d0", 4), Left("d1", 4), Billed("i1", 4)], {"i1": ["d1"]}),
        # Billed, back and credited in either order: only what left again is free.
        (
            [Left("d1", 10), Billed("i1", 10), Back("d1", 4), Credited("i1", 4)]
            + [Left("d2", 4), Billed("i2", 4)],
            {"i1": ["d1"], "i2": ["d2"]},
        ),
        (
            [Left("d1", 10), Billed("i1", 10), Credited("i1", 4), Back("d1", 4)]
            + [Left("d2", 4), Billed("i2", 4)],
            {"i1": ["d1"], "i2": ["d2"]},
        ),
        # Credited and there still: billed anew, whichever of the two is first.
        (
            [Left("d1", 10), Billed("i1", 10), Billed("i2", 10), Credited("i1", 10)]
            + [Left("d2", 10), Billed("i3", 10)],
            {"i1": ["d1"], "i2": ["d1"], "i3": ["d2"]},
        ),
        (
            [Left("d1", 10), Left("d2", 10), Billed("i1", 10), Credited("i1", 10)]
            + [Billed("i2", 10), Billed("i3", 10)],
            {"i1": ["d1"], "i2": ["d1"], "i3": ["d2"]},
        ),
        # Billed ahead and credited: waits for nothing any more.
        (
            [Billed("i1", 10), Credited("i1", 10), Left("d1", 10), Billed("i2", 10)],
            {"i1": [], "i2": ["d1"]},
        ),
        ([Credited("i0", 10), Left("d1", 1), Billed("i1", 1)], {"i1": ["d1"]}),
        (
            [Left("d1", 0.3), Billed("i1", 0.1), Billed("i2", 0.2), Left("d2", 9)]
            + [Billed("i3", 1)],
            {"i1": ["d1"], "i2": ["d1"], "i3": ["d2"]},
        ),
    ],
)
def test_pieces(events, found):
    assert dues.bill_pieces(events) == found


def _events(steps):
    """Return events of which each names what the steps before it made."""
    events, left, billed = [], [], []
    for number, (kind, quantity, which) in enumerate(steps):
        if kind == "left":
            left.append(number)
            events.append(Left(number, quantity))
        elif kind == "billed":
            billed.append(number)
            events.append(Billed(number, quantity))
        elif kind == "back" and left:
            events.append(Back(left[which % len(left)], quantity))
        elif kind == "credited" and billed:
            events.append(Credited(billed[which % len(billed)], quantity))
    return events


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["left", "billed", "back", "credited"]),
            st.integers(1, 20),
            st.integers(0, 9),
        ),
        max_size=25,
    )
)
def test_what_comes_later_moves_nothing(steps):
    """An invoice whose pieces are there keeps its deliveries, whatever comes."""
    events = _events(steps)
    for end in range(len(events)):
        before = dues.bill_pieces(events[:end])
        after = dues.bill_pieces(events[: end + 1])
        for ref, taken in before.items():
            assert after[ref][: len(taken)] == taken
