# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The rungs of the ladder beyond the key, the traps, and what holds for any lines."""

from datetime import date, datetime
from decimal import Decimal

import matching
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching import (
    Habit,
    Line,
    Rules,
    Tolerance,
    WhyNot,
    compare,
    learn,
    pair_by_hand,
)
from matching.clean import clean_key
from matching.engine import MOST_CANDIDATES
from matching.why_not import taken_in

D = Decimal


def line(ref, note="", part="P", quantity=5, amount=50, day=3, **more):
    """A line of October 2026."""
    return Line(
        ref,
        note,
        part,
        None if quantity is None else D(quantity),
        amount=None if amount is None else D(amount),
        date=day and date(2026, 10, day),
        **more,
    )


def groups_of(ours, theirs, **rules):
    """The groups; every line stands in exactly one."""
    result = compare(ours, theirs, Rules(**rules))
    for name, lines in (("ours", ours), ("theirs", theirs)):
        used = sorted(ref for group in result.groups for ref in getattr(group, name))
        assert used == sorted(x.ref for x in lines)
    return result.groups


def seen(ours, theirs, **rules):
    """[(status, code, rule)] in the order of the result."""
    groups = groups_of(ours, theirs, **rules)
    return [(group.status, group.code, group.rule) for group in groups]


EXACT = ("exact", "match", "key_exact")
ORIGIN = "Ann on 2026-09-30"


# --- what a person has taught ------------------------------------------------


def test_learned_note_is_read_without_what_they_add():
    habit = Habit("note_rule", {"prefix": "CN-", "suffix": "/26"}, ORIGIN)
    ours, theirs = [line(1, "810826")], [line(1, "cn-810826/26")]
    (group,) = groups_of(ours, theirs, habits=(habit,))
    assert (group.status, group.code, group.rule) == ("exact", "match", "learned_note")
    assert ORIGIN in str(group.reason)
    without = seen(ours, theirs)
    assert all(status.startswith("only") for status, _code, _rule in without)


def test_learned_note_leaves_a_note_alone_that_has_not_both_ends():
    habit = Habit("note_rule", {"prefix": "CN-", "suffix": "/26"}, ORIGIN)
    found = seen([line(1, "810826")], [line(1, "CN-810826")], habits=(habit,))
    assert {rule for _status, _code, rule in found} != {"learned_note"}


def test_learned_unit_brings_quantity_and_price_to_ours():
    habit = Habit("unit", {"part": "P", "factor": D(1000)}, ORIGIN)
    ours, theirs = [line(1, "A", quantity=2000)], [line(1, "A", quantity=2)]
    (group,) = groups_of(ours, theirs, habits=(habit,))
    assert (group.code, group.rule) == ("match", "learned_unit")
    assert group.theirs_qty == 2000
    assert seen(ours, theirs)[0][1] == "uom"


def test_learned_alias_names_its_origin():
    ours, theirs = [line(1, "A", "P1")], [line(1, "A", "X9")]
    (group,) = groups_of(ours, theirs, aliases={"x9": ("P1", D(1), ORIGIN)})
    assert (group.status, group.rule) == ("exact", "learned_alias")
    assert ORIGIN in str(group.reason)
    (plain,) = groups_of(ours, theirs, aliases={"x9": ("P1", D(1))})
    assert plain.rule == "alias_key_exact"


def test_learned_cutoff_makes_the_last_days_a_matter_of_timing():
    habit = Habit("cutoff_days", {"days": 3}, ORIGIN)
    ours = [line(1, "A", day=20), line(2, "B", day=18)]
    theirs = [line(1, "A", day=20), line(2, "ZZ", "Q", 1, day=2)]

    def of_second(ours, **rules):
        groups = groups_of(ours, theirs, **rules)
        return next((g.code, g.rule) for g in groups if g.ours == (2,))

    assert of_second(ours) == ("not_in_theirs", "ours_only")
    assert of_second(ours, habits=(habit,)) == ("timing", "learned_cutoff")
    unit = Habit("unit", {"part": "Q", "factor": D(10)}, ORIGIN)
    assert of_second(ours, habits=(unit, habit)) == ("timing", "learned_cutoff")
    early = [line(1, "A", day=20), line(2, "B", day=12)]
    assert of_second(early, habits=(habit,)) == ("not_in_theirs", "ours_only")


# --- the note in a remark ----------------------------------------------------


def test_note_in_a_remark():
    ours = [line(1, "810826")]
    theirs = [line(1, "", remark="送货单 810826 二车间")]
    assert seen(ours, theirs) == [("exact", "match", "note_in_remark")]


@pytest.mark.parametrize(
    "remark", ["送货单 8108260", "810826 / 810827", "数量 5 件"], ids=str
)
def test_a_remark_that_names_no_or_several_notes_is_not_read(remark):
    ours = [line(1, "810826", day=3), line(2, "810827", day=20)]
    theirs = [line(1, "", remark=remark, day=9)]
    assert {rule for _s, _c, rule in seen(ours, theirs)} <= {
        "ours_only",
        "theirs_only",
        "before_their_start",
        "after_their_end",
    }


# --- split and merged --------------------------------------------------------


def test_numbered_parts_of_one_note():
    ours = [line(1, "810826", quantity=8, amount=80)]
    theirs = [
        line(1, "810826-1", quantity=5, amount=50),
        line(2, "810826-2", quantity=3, amount=30),
    ]
    (group,) = groups_of(ours, theirs)
    assert (group.status, group.code, group.rule) == (
        "suggested",
        "doc_ref",
        "note_sequence",
    )
    assert group.theirs == (1, 2)
    wrong = [*theirs[:1], line(2, "810826-2", quantity=4, amount=40)]
    assert "note_sequence" not in {rule for _s, _c, rule in seen(ours, wrong)}


def test_one_sum_for_the_whole_note():
    ours = [line(1, "810826", "P1"), line(2, "810826", "P2", 3, 30)]
    theirs = [line(1, "810826", "", 8, 80)]
    assert seen(ours, theirs) == [("suggested", "doc_ref", "note_total")]


def test_sums_of_one_order():
    ours = [
        line(1, "N1", quantity=4, amount=40, order="PO7"),
        line(2, "N2", quantity=6, amount=60, order="PO7"),
    ]
    theirs = [line(1, "GR55501", quantity=10, amount=100, order="po7", day=30)]
    assert seen(ours, theirs) == [("suggested", "doc_ref", "order_sum")]
    other = [theirs[0]._replace(order="PO8")]
    assert "order_sum" not in {rule for _s, _c, rule in seen(ours, other)}


def test_what_one_sum_has_taken_is_in_no_other():
    more = {"day": 30, "order": "po7"}
    ours = [
        line(1, "N1", quantity=10, amount=100, order="PO7"),
        line(2, "N2", quantity=7, amount=70, order="PO7"),
    ]
    theirs = [
        line(1, "GR55501", quantity=4, amount=40, **more),
        line(2, "GR66602", quantity=6, amount=60, **more),
    ]
    groups = groups_of(ours, theirs)
    joined = [(group.ours, group.theirs) for group in groups if group.theirs]
    assert joined == [((1,), (1, 2))]


def test_the_only_fitting_sum_is_taken_and_the_rest_stays():
    ours = [
        line(1, "N10001", quantity=4, amount=40, order="PO7"),
        line(2, "N20002", quantity=6, amount=60, order="PO7"),
        line(3, "N30003", quantity=9, amount=90, order="PO7"),
    ]
    theirs = [line(1, "GR5", quantity=10, amount=100, order="PO7", day=30)]
    groups = groups_of(ours, theirs)
    assert {group.ours for group in groups} == {(1, 2), (3,)}


def test_several_fitting_sums_are_an_answer_of_their_own():
    ours = [
        line(n, f"N{n}000{n}", quantity=5, amount=50, order="PO7") for n in (1, 2, 3)
    ]
    theirs = [line(1, "GR5", quantity=10, amount=100, order="PO7")]
    groups = groups_of(ours, theirs)
    assert all(group.status.startswith("only") for group in groups)
    (open_one,) = [group for group in groups if group.theirs]
    assert open_one.rule == "several_candidates"
    assert set(open_one.candidates) == {1, 2, 3}


def test_too_many_lines_of_one_order_are_not_tried_and_said():
    ours = [
        line(n, f"N{n:03}7{n:03}", quantity=1, amount=10, order="PO7")
        for n in range(1, 23)
    ]
    theirs = [line(1, "GR5", quantity=2, amount=20, order="PO7")]
    groups = groups_of(ours, theirs)
    rules = {group.rule for group in groups if group.theirs == (1,)}
    assert rules == {"too_many_to_try"}
    assert any("20" in str(group.reason) for group in groups if group.theirs == (1,))


# --- tolerances --------------------------------------------------------------


def test_tolerances_by_class():
    rules = {
        "tolerances": {
            "project": Tolerance(amount=D(1), quantity=D(2)),
            "": Tolerance(percent=D(1)),
        }
    }
    ours, theirs = line(1, "A", amount=100), line(1, "A", amount=101)
    assert seen([ours], [theirs], **rules)[0][1] == "rounding"
    dear = theirs._replace(amount=D("101.01"))
    assert seen([ours], [dear], **rules)[0][1] == "price"
    project = ours._replace(klass="project", amount=D(50))
    two_more = line(1, "A", quantity=7, amount=70)
    assert seen([project], [two_more], **rules)[0][2] == "quantity_tolerance"
    assert seen([ours._replace(amount=D(50))], [two_more], **rules)[0][1] == "quantity"


# --- two codes are right -----------------------------------------------------


def test_a_price_and_a_quantity_error_that_cancel_out():
    ours = [line(1, "A", quantity=10, amount=100)]
    theirs = [line(1, "A", quantity=8, amount=100)]
    (group,) = groups_of(ours, theirs)
    assert group.status == "mismatch"
    assert set(group.codes) == {"quantity", "price"}


def test_a_quantity_error_alone_is_one_code():
    ours = [line(1, "A", quantity=10, amount=100)]
    theirs = [line(1, "A", quantity=8, amount=80)]
    assert groups_of(ours, theirs)[0].codes == ("quantity",)


def test_two_tax_rates():
    ours = [line(1, "A", amount=100, tax_rate=D("0.13"), tax_basis="included")]
    theirs = [
        line(1, "A", amount="96.46", tax_rate=D("0.09"), tax_basis="included"),
    ]
    assert seen(ours, theirs) == [("mismatch", "tax_basis", "tax_rates")]


# --- what must never pass for a match ----------------------------------------


def test_equal_amounts_on_equal_days_prove_nothing():
    ours = [line(1, "A1000", "P1", 5), line(2, "B2000", "P2", 4)]
    theirs = [line(1, "X7777", "P8", 3), line(2, "Y8888", "P9", 2)]
    assert {status for status, _c, _r in seen(ours, theirs)} == {
        "only_ours",
        "only_theirs",
    }


def test_swapped_notes_are_two_differences():
    ours = [line(1, "810826", "P1", 5), line(2, "910137", "P1", 7, 70)]
    theirs = [line(1, "910137", "P1", 5), line(2, "810826", "P1", 7, 70)]
    assert {status for status, _c, _r in seen(ours, theirs)} == {"mismatch"}


def test_a_return_equal_to_another_delivery_is_not_its_pair():
    ours = [line(1, "810826", quantity=5), line(2, "R10001", quantity=-5, amount=-50)]
    theirs = [line(1, "810827", quantity=-5, amount=-50)]
    assert {status for status, _c, _r in seen(ours, theirs)} == {
        "only_ours",
        "only_theirs",
    }


def test_what_a_person_has_parted_is_not_put_together_again():
    ours, theirs = [line(1, "810826")], [line(1, "810826")]
    assert seen(ours, theirs) == [EXACT]
    parted = seen(ours, theirs, forbidden=frozenset({(1, 1)}))
    assert {status for status, _c, _r in parted} == {"only_ours", "only_theirs"}
    near = [line(1, "810862")]
    assert seen(ours, near)[0][1] == "doc_ref"
    parted = seen(ours, near, forbidden=frozenset({(1, 1)}))
    assert {status for status, _c, _r in parted} == {"only_ours", "only_theirs"}


def test_a_line_without_document_that_takes_money_off():
    theirs = [line(1, "", "", None, -300, name="质量扣款")]
    ours = [line(1, "A", day=1), line(2, "B", day=28)]
    found = seen(ours, theirs)
    assert ("only_theirs", "deduction", "their_deduction") in found


# --- a return against its own delivery ----------------------------------------


def test_a_return_against_its_delivery_when_they_know_of_neither():
    ours = [
        line(1, "DN1", quantity=2, amount=20),
        line(2, "RT1", quantity=-2, amount=-20, origin="dn1"),
        line(3, "DN2"),
    ]
    theirs = [line(1, "DN2")]
    found = {g.ours: (g.code, g.rule) for g in groups_of(ours, theirs)}
    assert found[1, 2] == ("match", "taken_back")
    more = [ours[0]._replace(quantity=D(3)), *ours[1:]]
    assert "taken_back" not in {g.rule for g in groups_of(more, theirs)}
    other = [ours[0], ours[1]._replace(part="Q"), ours[2]]
    assert "taken_back" not in {g.rule for g in groups_of(other, theirs)}


# --- what a person puts together, and what it teaches -------------------------


def test_lines_put_together_by_hand_are_judged():
    ours = [line(1, "A", quantity=4, amount=40), line(2, "B", quantity=6, amount=60)]
    theirs = [line(1, "X", quantity=10, amount=100)]
    group = pair_by_hand(ours, theirs)
    assert (group.code, group.rule, group.ours) == ("match", "by_hand", (1, 2))
    group = pair_by_hand(ours[:1], theirs)
    assert (group.code, group.rule) == ("quantity", "by_hand")
    with pytest.raises(ValueError, match="both sides"):
        pair_by_hand(ours, [])


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (line(1, "810826"), line(1, "CN 810826-X"), [("CN", "-X")]),
        (line(1, "810826"), line(1, "810862"), []),
        (line(1, "8108"), line(1, "CN8108"), []),
        (line(1, "81082"), line(1, "CN81082"), [("CN", "")]),
        (line(1, "A", "P1"), line(1, "A", "p1-01"), [("p1-01", "P1")]),
        (line(1, "A", quantity=2000), line(1, "A", quantity=2), [("P", D(1000))]),
        (line(1, "A", quantity=100), line(1, "A", quantity=98), []),
        (
            line(1, "A", day=30),
            line(1, "A")._replace(date=date(2026, 11, 2)),
            [(3,)],
        ),
        (line(1, "A", day=10), line(1, "A", day=13), []),
    ],
    ids=[
        "around",
        "slip",
        "short",
        "just long enough",
        "alias",
        "unit",
        "quantity",
        "cutoff",
        "same month",
    ],
)
def test_what_a_confirmed_pair_teaches(ours, theirs, expected):
    assert [tuple(habit.value.values()) for habit in learn(ours, theirs)] == expected


def test_what_is_learned_makes_the_pair_agree_next_time():
    ours, theirs = line(1, "810826", quantity=2000), line(1, "CN810826", quantity=2)
    habits = tuple(habit._replace(origin=ORIGIN) for habit in learn(ours, theirs))
    assert seen([ours], [theirs], habits=habits)[0][:2] == ("exact", "match")


# --- why not -----------------------------------------------------------------


def criteria(near):
    """Names of what spoke against a pair."""
    return [item.name for item in near.criteria]


def test_why_not_names_the_nearest_and_what_failed():
    ours = [line(1, "810826", quantity=100)]
    theirs = [
        line(1, "810862", quantity=98),
        line(2, "555555", quantity=100),
        line(3, "999999", "Z", 1),
    ]
    near = WhyNot(ours, theirs).nearest("ours", 1)
    assert (near.ref, criteria(near)) == (1, ["number", "quantity"])
    assert [str(item.reason) for item in near.criteria] == [
        "The note differs by one character: 810826 and 810862.",
        "The quantity is 100 against 98.",
    ]
    assert WhyNot(ours, theirs).nearest("theirs", 2).ref == 1


def test_why_not_when_nothing_but_the_amount_is_alike():
    why = WhyNot([line(1, "A1000", "P1", 5)], [line(1, "B2000", "P2", 4)])
    assert criteria(why.nearest("ours", 1)) == ["amount"]
    assert (
        WhyNot([line(1, "A", amount=1)], [line(1, "B", "Q", amount=2)]).nearest(
            "ours", 1
        )
        is None
    )


@pytest.mark.parametrize(
    ("theirs", "rules", "expected"),
    [
        (line(1, "810862", day=20), {}, ["number", "days"]),
        (line(1, "810826", "Q9"), {}, ["part"]),
        (line(1, "810826", day=30), {"period": (None, date(2026, 10, 28))}, None),
        (line(1, "", quantity=6), {}, ["no_note", "quantity"]),
        (line(1, "810826"), {"forbidden": frozenset({(1, 1)})}, ["parted"]),
        (line(1, "777777"), {}, ["note"]),
    ],
    ids=["days", "part", "period", "no note", "parted", "other note"],
)
def test_why_not_by_criterion(theirs, rules, expected):
    near = WhyNot([line(1, "810826")], [theirs], Rules(**rules)).nearest("ours", 1)
    if expected is None:
        expected = ["days", "period", "taken"]
    assert criteria(near) == expected


def test_why_not_says_that_the_nearest_is_taken():
    ours = [line(1, "810826"), line(2, "810827")]
    theirs = [line(1, "810826")]
    near = WhyNot(ours, theirs).nearest("ours", 2)
    assert criteria(near) == ["number", "taken"]


# --- for any lines at all ----------------------------------------------------

codes = st.sampled_from(["", "810826", "810862", "810826-1", "0810826", "A1", "a 1"])
figures = st.one_of(
    st.none(),
    st.integers(-3, 6).map(D),
    st.decimals(-9, 9, places=2),
    st.just(D(10**9)),
)
days = st.one_of(st.none(), st.integers(1, 28).map(lambda day: date(2026, 10, day)))


@st.composite
def sides(draw, most=9):
    """Two lists of lines with much in common."""
    made = []
    for _side in range(2):
        count = draw(st.integers(0, most))
        made.append(
            [
                Line(
                    ref,
                    note=draw(codes),
                    part=draw(st.sampled_from(["", "P1", "P1-01", "Q2"])),
                    quantity=draw(figures),
                    accepted=draw(figures) if draw(st.booleans()) else None,
                    amount=draw(figures),
                    price=draw(figures),
                    date=draw(days),
                    order=draw(st.sampled_from(["", "", "PO1"])),
                    tax_rate=draw(st.sampled_from([None, D("0.13"), D("0.09")])),
                    tax_basis=draw(st.sampled_from([None, "included", "excluded"])),
                    remark=draw(st.sampled_from(["", "note 810826", "扣款"])),
                )
                for ref in range(1, count + 1)
            ]
        )
    return made


@settings(max_examples=300, deadline=None)
@given(sides(), st.randoms(use_true_random=False))
def test_any_lines_conserve_and_ignore_their_order(made, random):
    ours, theirs = made
    groups = groups_of(ours, theirs)
    shuffled = [random.sample(lines, len(lines)) for lines in made]
    assert groups_of(*shuffled) == groups
    for side, lines in (("ours", ours), ("theirs", theirs)):
        known = [x.amount for x in lines if x.amount is not None]
        assert len({x.tax_basis for x in (*ours, *theirs)}) > 1 or sum(known) == sum(
            getattr(group, f"{side}_amount") or 0 for group in groups
        )


@settings(max_examples=200, deadline=None)
@given(sides())
def test_what_agrees_exactly_agrees_when_compared_alone(made):
    ours, theirs = made
    refs = [g for g in groups_of(ours, theirs) if g.rule.startswith("key_")]
    keep = {ref for group in refs for ref in group.ours}
    kept = {ref for group in refs for ref in group.theirs}
    again = groups_of(
        [x for x in ours if x.ref in keep], [x for x in theirs if x.ref in kept]
    )
    assert sorted(again) == sorted(refs)


@settings(max_examples=300, deadline=None)
@given(sides(), st.decimals(0, 2, places=2), st.decimals(0, 2, places=2))
def test_a_larger_tolerance_takes_nothing_back(made, small, more):
    ours, theirs = made

    def agreeing(limit):
        groups = groups_of(ours, theirs, line_tolerance=limit, statement_tolerance=D(9))
        return {(g.ours, g.theirs) for g in groups if g.status == "exact"}

    assert agreeing(small) <= agreeing(small + more)


@settings(max_examples=200, deadline=None)
@given(sides())
def test_why_not_answers_for_every_line_that_is_left(made):
    ours, theirs = made
    groups = groups_of(ours, theirs)
    why = WhyNot(ours, theirs, taken=taken_in(groups))
    for group in groups:
        if group.ours and group.theirs:
            continue
        side, other = ("ours", "theirs") if group.ours else ("theirs", "ours")
        line = why.lines[side][(group.ours or group.theirs)[0]]
        near = why.nearest(side, line.ref)
        assert near is None or near.ref in why.lines[other]
        # What is equal and states a note does not stay unmatched.
        assert near is None or near.criteria or not clean_key(line.note)


# --- what several timing differences teach together ---


@pytest.mark.parametrize(
    ("days", "learned"),
    [
        ([2, 2], 2),
        ([3, 3], 3),
        ([2, 2, None, 3], 2),
        ([2], None),
        ([], None),
        ([2, 3], None),
        ([2, 2, 3, 3], None),
        ([None, None], None),
    ],
)
def test_a_cutoff_needs_two_that_show_the_same(days, learned):
    habit = matching.learn_together(days)
    assert (habit.value["days"] if habit else None) == learned


@pytest.mark.parametrize(
    ("day", "last", "days"),
    [
        (date(2026, 9, 29), date(2026, 9, 28), 2),
        (date(2026, 9, 28), date(2026, 9, 28), None),
        (date(2026, 10, 1), date(2026, 9, 28), None),
        (date(2026, 9, 29), None, None),
        (date(2026, 9, 29), date(2026, 9, 1), None),
    ],
)
def test_days_before_the_end_at_which_they_stop(day, last, days):
    line = matching.Line("o", date=day)
    assert matching.days_early(line, last, date(2026, 9, 30)) == days


# --- the rarer settings ------------------------------------------------------


def test_rules_from_plain_data():
    rules = Rules.from_dict(
        {
            "tax_rates": ["0.13", "0.06"],
            "unit_ratios": ["10"],
            "pack_sizes": {"P": "12"},
            "period": ["2026-10-01", "2026-10-31"],
        }
    )
    assert rules.tax_rates == (D("0.13"), D("0.06"))
    assert (rules.unit_ratios, rules.pack_sizes) == ((D(10),), {"P": D(12)})
    assert rules.period == (date(2026, 10, 1), date(2026, 10, 31))


def test_a_line_without_a_day_lies_in_every_period():
    period = (date(2026, 9, 1), date(2026, 9, 30))
    ours = [line(1, "N1", day=None), line(2, "N2")]
    theirs = [line(3, "N1", day=None)]
    result = compare(ours, theirs, Rules(period=period))
    assert result.scope.outside_ours == (2,)
    assert [(group.ours, group.theirs) for group in result.groups] == [((1,), (3,))]


def test_lines_are_compared_without_notes_or_without_parts():
    """The key of a comparison need not name a note, or a part."""
    one, two = line(1, "", "P", 5, 50), line(2, "", "P", 5, 50)
    assert seen([one], [two], key=("part",)) == [EXACT]
    one, two = line(1, "810826-1"), line(2, "810826")
    (answer,) = seen([one], [two], key=("note",))
    assert answer[1:] == ("doc_ref", "note_sequence")
    whole = [line(1, "A", "P1"), line(2, "A", "P2")]
    assert seen(whole, [line(3, "A", "", 10, 100)], key=("note",))[0][1] == "match"


def test_pieces_within_a_tolerance_at_another_price_are_no_rounding():
    tolerance = Tolerance(quantity=D(1), amount=D("0.05"))
    ours, theirs = [line(1, "N1", "P", 100, 1000)], [line(2, "N1", "P", 99, 1188)]
    answer = seen(ours, theirs, tolerances={"": tolerance})
    assert answer == [("mismatch", "amount", "amount")]
    theirs = [line(2, "N1", "P", 99, 990)]
    answer = seen(ours, theirs, tolerances={"": tolerance})
    assert answer[0][1:] == ("rounding", "quantity_tolerance")


def test_a_cut_off_is_learned_from_two_days_only():
    one, two = line(1, "N1", day=30), line(2, "N1", day=None)
    assert not [habit for habit in learn(one, two) if habit.kind == "cutoff_days"]


def test_moments_are_compared_by_the_minute_where_both_have_one():
    """What was shipped after their last entry is timing, to the minute."""
    ours = [line(1, "N1", day=None), line(2, "N2", day=None)]
    hours = 10, 18
    ours = [
        one._replace(date=datetime(2026, 10, 9, hour))
        for one, hour in zip(ours, hours, strict=True)
    ]
    span = (datetime(2026, 10, 1, 8), datetime(2026, 10, 9, 12))
    groups = groups_of(ours, [], theirs_span=span, window_days=0)
    codes = {group.ours: group.code for group in groups}
    assert codes == {(1,): "not_in_theirs", (2,): "timing"}
    whole = (datetime(2026, 10, 1), datetime(2026, 10, 9))
    groups = groups_of(ours, [], theirs_span=whole, window_days=0)
    assert {group.code for group in groups} == {"not_in_theirs"}


def test_why_not_reads_their_numbers_and_the_period():
    """A part under their number is the same part; an undated line lies in no month."""
    ours, theirs = line(1, "N1", "P", 5), line(2, "N1", "X9", 4, day=28)
    rules = Rules(aliases={"X9": ("P", D(1))}, period=(None, date(2026, 10, 20)))
    asked = WhyNot([ours], [theirs], rules, {"ours": set(), "theirs": set()})
    names = [item.name for item in asked.nearest("ours", 1).criteria]
    assert "part" not in names and "period" in names
    undated = line(2, "N1", "P", 4, day=None)
    asked = WhyNot([ours], [undated], rules, {"ours": set(), "theirs": set()})
    assert "period" not in [i.name for i in asked.nearest("ours", 1).criteria]
    for scope, spoken in (("", False), ("V1", False), ("V2", True)):
        sides = [ours._replace(scope="V1")], [undated._replace(scope=scope)]
        asked = WhyNot(*sides, Rules(), {"ours": set(), "theirs": set()})
        names = [item.name for item in asked.nearest("ours", 1).criteria]
        assert ("scope" in names) is spoken


def test_of_very_many_alike_as_many_are_named_as_a_person_looks_at():
    """Equal lines without a number are told apart by nobody."""
    theirs = [line(ref, f"GR{ref}000{ref}") for ref in range(1, MOST_CANDIDATES + 9)]
    (alone, *_rest) = groups_of([line(1, "")], theirs)
    assert alone.ours == (1,)
    assert len(alone.candidates) == MOST_CANDIDATES
