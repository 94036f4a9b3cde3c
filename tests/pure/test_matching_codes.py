# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Each kind of difference on its smallest example, and what must not be one.

A line is written "note part quantity amount @price #date +accepted", the parts
after the first two in any order and as needed.
"""

from datetime import date
from decimal import Decimal

import pytest
from matching import CODES, Line, Rules, compare

MARKS = {"@": "price", "+": "accepted", "%": "tax_rate"}
NAMES = ("quantity", "amount")


def line(ref, text):
    """A `Line` from the notation above; "_" stands for nothing."""
    note, part, *rest = text.split()
    values, names = {}, iter(NAMES)
    for item in rest:
        if item[0] in MARKS:
            values[MARKS[item[0]]] = Decimal(item[1:])
        elif item[0] == "#":
            month, day = item[1:].split("-")
            values["date"] = date(2026, int(month), int(day))
        elif item in ("incl", "excl"):
            values["tax_basis"] = {"incl": "included", "excl": "excluded"}[item]
        elif item[0] == "=":
            values["scope"] = item[1:]
        else:
            name = next(names)
            values[name] = None if item == "_" else Decimal(item)
    return Line(ref, note.strip("_"), part.strip("_"), **values)


def lines(texts):
    """Numbered lines, the first one 1."""
    return [line(number, text) for number, text in enumerate(texts, 1)]


def result_of(ours, theirs, **rules):
    """The comparison; every line must be in one group or in the scope's rest."""
    ours, theirs = lines(ours), lines(theirs)
    result = compare(ours, theirs, Rules(**rules))
    scope = result.scope
    used = [ref for group in result.groups for ref in group.ours]
    assert sorted([*used, *scope.outside_ours]) == [x.ref for x in ours]
    used = [ref for group in result.groups for ref in group.theirs]
    rest = [*scope.other_rows, *scope.outside_theirs]
    assert sorted([*used, *rest]) == [x.ref for x in theirs]
    assert sum(count.groups for count in result.summary.values()) == len(result.groups)
    return result


def found(ours, theirs, **rules):
    """[(code, rule)] of the comparison."""
    groups = result_of(ours, theirs, **rules).groups
    assert all(str(group.reason) for group in groups)
    return [(group.code, group.rule) for group in groups]


PAIRS = [
    # what agrees
    ("same", ["A P 5 50"], ["A P 5 50"], "match key_exact"),
    ("written otherwise", ["ａ-1 p\u200b1 5"], ["A–1 P1 5"], "match key_exact"),
    ("split here", ["A P 2 20", "A P 3 30"], ["A P 5 50"], "match key_sum"),
    ("split there", ["A P 5 50"], ["A P 2 20", "A P 3 30"], "match key_sum"),
    ("two for two", ["A P 2", "A P 3"], ["A P 4", "A P 1"], "match key_sum"),
    ("equal splits", ["A P 5", "A P 5"], ["A P 10"], "match key_sum"),
    ("accepted counts", ["A P 59"], ["A P 60 +59"], "match key_exact"),
    ("return on both", ["A P 9", "A P -2"], ["A P 7"], "match key_sum"),
    ("no amount there", ["A P 5 50"], ["A P 5"], "match key_exact"),
    ("no quantity", ["A _ _ 50"], ["A _ _ 50"], "match key_exact"),
    ("no figures", ["A P"], ["A P"], "quantity nothing_to_compare"),
    ("other digits", ["A P 5.0 50.00"], ["A P 5 50"], "match key_exact"),
    (
        "tax converted",
        ["A P 5 113.00 %0.13 incl"],
        ["A P 5 100 %0.13 excl"],
        "match key_converted",
    ),
    (
        "tax converted, a cent off",
        ["A P 5 113.01 %0.13 incl"],
        ["A P 5 100 %0.13 excl"],
        "rounding rounding_line",
    ),
    # amounts
    ("five cents", ["A P 5 50.05"], ["A P 5 50"], "rounding rounding_line"),
    ("cents, not tax", ["A P 1 0.30"], ["A P 1 0.33"], "rounding rounding_line"),
    ("six cents", ["A P 5 50.06"], ["A P 5 50"], "price price_implied"),
    (
        "six cents on two lines",
        ["A P 2 20.06", "A P 3 30"],
        ["A P 5 50"],
        "rounding rounding_line",
    ),
    ("tax there", ["A P 5 100"], ["A P 5 113"], "tax_basis tax_ratio"),
    ("tax here", ["A P 5 109"], ["A P 5 100"], "tax_basis tax_ratio"),
    ("small payer", ["A P 5 10100"], ["A P 5 10000"], "tax_basis tax_ratio"),
    ("no tax at all", ["A P 5 107"], ["A P 5 100"], "price price_implied"),
    ("price", ["A P 5 50 @10"], ["A P 5 60 @12"], "price price_stated"),
    ("freight", ["A P 5 50 @10"], ["A P 5 58 @10"], "amount amount"),
    ("amount alone", ["A _ _ 50"], ["A _ _ 70"], "amount amount"),
    # quantities
    ("thousands", ["A P 5100"], ["A P 5100000"], "uom unit_ratio"),
    ("dozens", ["A P 24 96"], ["A P 2 96"], "uom unit_ratio"),
    ("ten times the money too", ["A P 50 500"], ["A P 5 50"], "uom unit_ratio"),
    ("ratio but other money", ["A P 50 500"], ["A P 5 77"], "quantity quantity"),
    ("short", ["A P 732"], ["A P 732 +730"], "quantity_short short_receipt"),
    ("nothing taken", ["A P 10"], ["A P 10 +0"], "quantity_short short_receipt"),
    ("sent differs too", ["A P 700"], ["A P 732 +730"], "quantity quantity"),
    (
        "our return",
        ["A P 384", "A P -384"],
        ["A P 384"],
        "return_unposted our_return",
    ),
    ("their return", ["A P 9"], ["A P 9", "A P -2"], "return_unposted their_return"),
    (
        "one of two returns",
        ["A P 9", "A P -2", "A P -3"],
        ["A P 9", "A P -2"],
        "return_unposted our_return",
    ),
    ("twice here", ["A P 7", "A P 7"], ["A P 7"], "duplicate twice_ours"),
    ("twice there", ["A P 7"], ["A P 7", "A P 7"], "duplicate twice_theirs"),
    (
        "three times",
        ["A P 7 1", "A P 7 1", "A P 7 1", "A P 5 9"],
        ["A P 12"],
        "duplicate twice_ours",
    ),
    ("all of them extra", ["A P 7", "A P 7", "A P 5"], ["A P 5"], "quantity quantity"),
    ("more, no repeat", ["A P 100", "A P 400"], ["A P 200"], "quantity quantity"),
    ("typing", ["A P 12160"], ["A P 80"], "quantity quantity"),
]


@pytest.mark.parametrize(
    ("ours", "theirs", "answer"), [p[1:] for p in PAIRS], ids=[p[0] for p in PAIRS]
)
def test_one_key(ours, theirs, answer):
    assert found(ours, theirs) == [tuple(answer.split())]


MIRRORED = {
    "our_return": "their_return",
    "their_return": "our_return",
    "twice_ours": "twice_theirs",
    "twice_theirs": "twice_ours",
}


@pytest.mark.parametrize(
    "case", [p for p in PAIRS if "+" not in str(p)], ids=lambda case: case[0]
)
def test_sides_swapped_give_the_same_code(case):
    _name, ours, theirs, answer = case
    code, rule = answer.split()
    assert found(theirs, ours) == [(code, MIRRORED.get(rule, rule))]


SEEN = ["S P 1 #3-1", "E P 1 #3-25"]


@pytest.mark.parametrize(
    ("ours", "theirs", "rules", "answer"),
    [
        # one side only
        (["A P 5 #3-9"], [], {}, "not_in_theirs ours_only"),
        ([], ["A P 5 #3-9"], {}, "not_in_ours theirs_only"),
        (["A P 5"], [], {}, "not_in_theirs ours_only"),
        # timing comes before missing
        (["A P 5 #3-26"], [], {}, "timing after_their_end"),
        (["A P 5 #2-28"], [], {}, "timing before_their_start"),
        ([], ["A P 5 #3-26"], {}, "timing after_our_end"),
        ([], ["A P 5 #2-28"], {}, "timing before_our_start"),
        (["A P 5 #3-25"], [], {}, "not_in_theirs ours_only"),
        (["A P 5 #3-23"], [], {"window_days": 3}, "timing after_their_end"),
        (["A P 5 #3-22"], [], {"window_days": 3}, "not_in_theirs ours_only"),
        (["A P 2 #3-9", "A P 3 #3-26"], [], {}, "not_in_theirs ours_only"),
        # another part number
        (["A P-001 5 #3-9"], ["A P-000 5 #3-9"], {}, "part_alias part_suffix"),
        (["A P-001 5 #3-9"], ["A P 5 #3-9"], {}, "part_alias part_suffix"),
        (["A P.1-7 5 #3-9"], ["A P1-7 5 #3-9"], {}, "part_alias part_suffix"),
        (
            ["A P-001 5 #3-26"],
            ["A P-000 5 #3-9"],
            {},
            "part_alias part_suffix",
        ),
        # another note number
        (["8100123 P 5 #3-9"], ["8100132 P 5 #3-9"], {}, "doc_ref note_similar"),
        (["8100123 P 5 #3-9"], ["8100124 P 5 #3-9"], {}, "doc_ref note_similar"),
        (["8100123 P 5 #3-9"], ["810123 P 5 #3-10"], {}, "doc_ref note_similar"),
        (["8100123 P 5 #3-9"], ["00123 P 5 #3-9"], {}, "doc_ref note_similar"),
        (["8100123 P 5 #3-9"], ["_ P 5 #3-11"], {}, "doc_ref note_missing"),
        (["_ P 5 #3-9"], ["8100123 P 5 #3-11"], {}, "doc_ref note_missing"),
    ],
)
def test_one_side_only(ours, theirs, rules, answer):
    answers = found([*ours, *SEEN], [*theirs, *SEEN], **rules)
    assert [x for x in answers if x != ("match", "key_exact")] == [
        tuple(answer.split())
    ]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("8100123 P 5 #3-9", "8100123 Q 5 #3-9"),
        ("A P-001 5 #3-9", "A P-000 6 #3-9"),
        ("A P-001 5 #3-9", "B P-000 5 #3-9"),
        ("8100123 P 5 #3-9", "8100132 P 6 #3-9"),
        ("8100123 P 5 #3-9", "8100132 Q 5 #3-9"),
        ("8100123 P 5 #3-9", "8100132 P 5 #3-15"),
        ("8100123 P 5 #3-9", "8100999 P 5 #3-9"),
        ("_ P 5 #3-9", "_ P 5 #3-9"),
        ("8100123 P 5 #3-9", "_ P 5 #3-19"),
        ("A P 5 50 #3-9", "B Q 5 50 #3-9"),
    ],
)
def test_too_little_evidence_pairs_nothing(ours, theirs):
    codes = [code for code, _rule in found([ours, *SEEN], [theirs, *SEEN])]
    assert sorted(codes) == ["match", "match", "not_in_ours", "not_in_theirs"]


def test_several_candidates_are_listed_and_none_is_picked():
    ours = ["8100123 P 5 #3-9", *SEEN]
    theirs = ["8100132 P 5 #3-9", "8100124 P 5 #3-9", *SEEN]
    groups = result_of(ours, theirs).groups
    one_sided = {g.code: g for g in groups if g.code.startswith("not_in")}
    assert one_sided["not_in_theirs"].candidates == (1, 2)
    assert one_sided["not_in_theirs"].rule == "several_candidates"
    assert all(g.candidates == (1,) for g in groups if g.code == "not_in_ours")


def test_two_of_ours_for_one_of_theirs_is_ambiguous_too():
    ours = ["A P-001 5 #3-9", "A P-002 5 #3-9", *SEEN]
    codes = [code for code, _rule in found(ours, ["A P-000 5 #3-9", *SEEN])]
    assert "part_alias" not in codes
    assert codes.count("not_in_theirs") == 2


def test_equal_amounts_never_match_without_a_number():
    ours = [f"N{n}XXXX P{n} 5 50 #3-9" for n in range(9)]
    theirs = [f"M{n}YYYY Q{n} 5 50 #3-9" for n in range(9)]
    assert {code for code, _rule in found(ours, theirs)} == {
        "not_in_theirs",
        "not_in_ours",
    }


def test_known_alias_brings_part_and_unit_together():
    ours, theirs = ["A P 2000 100"], ["A THEIR-9 2 100"]
    aliases = {"their－9": ("P", Decimal(1000))}
    assert found(ours, theirs, aliases=aliases) == [("match", "alias_key_exact")]
    group = result_of(ours, theirs, aliases=aliases).groups[0]
    assert group.theirs_qty == 2000


def test_leading_zeros_fall_only_on_request():
    ours, theirs = ["0000611365 P 5"], ["611365 P 5"]
    assert ("match", "key_exact") not in found(ours, theirs)
    stripped = found(ours, theirs, leading_zeros="strip")
    assert stripped == [("match", "key_exact")]


def test_basis_decides_which_quantity_is_settled():
    ours, theirs = ["A P 60"], ["A P 60 +59"]
    assert found(ours, theirs, basis="sent") == [("match", "key_exact")]
    group = result_of(ours, theirs).groups[0]
    assert (group.ours_qty, group.theirs_qty) == (60, 59)


def test_key_of_other_fields():
    assert found(["A P 5"], ["A Q 5"], key=("note",)) == [("match", "key_exact")]
    ours = [Line(1, order="PO1", part="P", quantity=Decimal(1))]
    result = compare(ours, ours, Rules(key=("order", "part")))
    assert list(result.summary) == ["match"]


def test_pack_size_of_a_part():
    ours, theirs = ["A P 48"], ["A P 2"]
    assert found(ours, theirs) == [("quantity", "quantity")]
    packed = found(ours, theirs, pack_sizes={"P": Decimal(24)})
    assert packed == [("uom", "unit_ratio")]


def test_roundings_together_beyond_the_tolerance_are_not_accepted():
    ours = [f"N{n} P 1 10.04" for n in range(26)]
    theirs = [f"N{n} P 1 10.00" for n in range(26)]
    result = result_of(ours[:25], theirs[:25])
    assert set(result.summary) == {"rounding"}
    assert result.rounding_total == Decimal("1.00")
    result = result_of(ours, theirs)
    assert [(code, count.groups) for code, count in result.summary.items()] == [
        ("rounding", 25),
        ("amount", 1),
    ]
    assert result.groups[-1].rule == "rounding_over_limit"


def test_parties_that_we_never_name_are_counted_and_named():
    ours = ["A P 5 =v1"]
    theirs = ["A P 5 =V1", "B P 5 =V1", "C P 5 =V2", "D P 5 =V3", "E P 5"]
    result = result_of(ours, theirs)
    assert result.scope.others == {"V2": 1, "V3": 1}
    assert result.scope.other_keys == 2
    codes = [group.code for group in result.groups]
    assert codes == ["match", "not_in_ours", "not_in_ours"]
    assert result_of(ours, theirs, scoped=False).scope.others == {}


def test_party_of_ours_that_they_never_name_stays_a_difference():
    result = result_of(["A P 5 =V1", "B P 5 =V2"], ["A P 5 =V1"])
    assert set(result.summary) == {"match", "not_in_theirs"}


MARCH = {"period": (date(2026, 3, 1), date(2026, 3, 31))}


def test_period_leaves_out_what_neither_side_dates_inside():
    ours = ["A P 5 #3-9", "B P 5 #2-9", "C P 5 #2-9"]
    theirs = ["A P 5 #3-9", "B P 6 #2-9", "D P 5 #4-9"]
    result = result_of(ours, theirs, **MARCH)
    assert list(result.summary) == ["match"]
    assert result.scope.outside_ours == (2, 3)
    assert result.scope.outside_theirs == (2, 3)


def test_what_agrees_in_the_neighbouring_period_is_timing():
    answers = found(["A P 5 #3-30"], ["A P 5 #4-2"], **MARCH)
    assert answers == [("timing", "adjacent_period")]


def test_every_code_has_a_default():
    for code, default in CODES.items():
        assert default.label and default.action, code
        assert default.blocks_invoice in ("no", "line", "short", "statement")
    assert CODES["price"][1:5] == ("supervisor", 3, "line", True)
    assert CODES["timing"].periods == 2
    assert list(CODES)[:5] == ["match", "rounding", "tax_basis", "uom", "timing"]
