# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reading and matching of generated ledgers reach their bars, and the bars can fail."""

import sys
from decimal import Decimal

import ledger
import matching
import pytest


@pytest.fixture
def score(root, monkeypatch):
    """The scorer, with its generator beside it."""
    monkeypatch.syspath_prepend(str(root / "tests" / "accuracy"))
    import score as module

    yield module
    for name in ("score", "world", "layouts", "accounts"):
        sys.modules.pop(name, None)


def below(score, seeds, pool="tune"):
    """Names of the bars that are not reached, and the first faults."""
    result, faults = score.score(seeds, pool)
    missed = {
        bar for bar, (hits, tries) in result.items() if hits < score.BARS[bar] * tries
    }
    assert all(tries for _hits, tries in result.values())
    return missed, faults[:5]


def test_every_bar_is_reached(score):
    missed, faults = below(score, range(40), "report")
    assert not missed, faults


@pytest.mark.nightly
def test_every_bar_is_reached_by_many(score):
    missed, faults = below(score, range(200), "report")
    assert not missed, faults


def far_apart(pair):
    """Whatever the amounts, they are near enough."""
    return Decimal(10**6)


def never(*_arguments):
    """Nothing is found."""
    return None


def begins_at_once(grid, row, index):
    """Whether a column holds something in the first rows."""
    return any(cell != "" for cell in grid.columns[index][row : row + 10])


def whatever_the_day(ours, theirs, _window):
    """All equal amounts are near each other."""
    return [(ours, theirs)]


FEW, ALL = range(3), range(12)
PLANTED = {
    "days of payments are not looked at": (
        ("matching.account.near", whatever_the_day),
        {"right kind of account difference"},
    ),
    "references of payments are not read": (
        ("matching.account.key_of", lambda entry: ""),
        {"no false alarm in the account"},
    ),
    "payments are not told from lines": (
        ("ledger.table.is_payment", lambda values: False),
        {"account the same from its files"},
    ),
    "the side of an item is mixed up": (
        ("matching.proof.gap_of", lambda group: Decimal(1)),
        {"proof of the closings balances"},
    ),
    "amounts are not looked at": (
        ("matching.judge.Pair.amount_limit", far_apart),
        {"precision of exact", "right kind of difference"},
    ),
    "units are not known": (
        ("matching.judge.test_unit", never),
        {"right kind of difference"},
    ),
    "notes that differ by a slip are not found": (
        ("matching.engine.similar", never),
        {"recall of exact and suggested", "right kind of difference"},
    ),
    "remarks are not read": (
        ("matching.engine.with_hidden_notes", lambda lines, *_rest: lines),
        {"no false alarm"},
    ),
    "numbered parts of a note are not joined": (
        ("matching.joins.join_sequences", never),
        {"right kind of difference"},
    ),
    "a column that begins late is none under two rows of headings": (
        ("ledger.headings.has_content", begins_at_once),
        {"no false alarm"},
    ),
    "tables below the first are not told apart": (
        ("ledger.blocks.Stack.candidates", lambda self: []),
        {"no false alarm", "every row accounted for"},
    ),
    "dittos are not filled in": (
        ("ledger.reader.DITTO_MARKS", frozenset()),
        {"no false alarm", "recall of exact and suggested"},
    ),
    "a column is not known": (
        ("ledger.detect.amount_basis", never),
        {"right kind of difference"},
    ),
}
QUICK = ("payments are not told from lines", "dittos are not filled in")


@pytest.mark.parametrize("seeds", [FEW, ALL])
def test_without_a_fault_none_is_seen(score, seeds):
    missed, faults = below(score, seeds)
    assert not missed, faults


# each scores ledgers anew: ten of them at night, two show that a bar can be missed
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=() if fault in QUICK else pytest.mark.nightly)
        for fault in PLANTED
    ],
)
def test_a_planted_fault_is_seen(score, monkeypatch, fault):
    (target, replacement), expected = PLANTED[fault]
    package = {"matching": matching, "ledger": ledger}[target.split(".")[0]]
    owner = package
    *path, name = target.split(".")[1:]
    for part in path:
        owner = getattr(owner, part)
    monkeypatch.setattr(owner, name, replacement)
    if name == "test_unit":
        tests = tuple(t for t in owner.QUANTITY_TESTS if t.__name__ != name)
        monkeypatch.setattr(owner, "QUANTITY_TESTS", tests)
    # most faults show in a few layouts already; all twelve take four times as long
    missed, _faults = below(score, FEW)
    if not missed & expected:
        missed, _faults = below(score, ALL)
    assert missed & expected, missed
