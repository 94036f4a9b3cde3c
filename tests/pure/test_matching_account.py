# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Openings with openings, payments with payments, and nothing by its amount alone."""

import random
from datetime import date
from decimal import Decimal

import pytest
from matching import RULES, Account, AccountRules, Entry, Sister, compare_accounts

D = Decimal
INVOICED = AccountRules(basis="invoiced")


def pay(ref, amount, day=10, number="", month=9):
    """A payment in September."""
    return Entry(ref, D(amount), date(2026, month, day), number)


def run(ours=(), theirs=(), sisters=(), rules=None, **more):
    """The payment groups of two lists."""
    one = Account(payments=tuple(ours), **more.pop("one", {}))
    two = Account(payments=tuple(theirs), **more.pop("two", {}))
    result = compare_accounts(one, two, sisters, rules)
    return [
        (group.code, group.rule, group.ours, group.theirs) for group in result.groups
    ]


def opening(ours, theirs, sisters=(), **rules):
    """The one group of two openings."""
    result = compare_accounts(
        Account(opening=D(ours)),
        Account(opening=D(theirs)),
        sisters,
        AccountRules(**rules),
    )
    (group,) = result.groups
    return group


# --- opening ---


def test_equal_openings_agree():
    assert opening(500, 500).code == "match"


def test_openings_that_differ_are_named_with_both_figures():
    group = opening(500, 480)
    assert (group.code, group.rule) == ("opening", "opening_differs")
    assert (group.ours_amount, group.theirs_amount) == (500, 480)
    assert str(group.reason).startswith("They begin with 480.00, we with 500.00")


def test_what_the_last_closing_explained_is_no_difference():
    assert opening(500, 480, brought=D(20)).code == "match"
    group = opening(500, 470, brought=D(20))
    assert group.code == "opening"
    assert group.ours_amount - group.theirs_amount == 10


def test_an_opening_is_never_matched_against_payments():
    one = Account(opening=D(100), payments=(pay("o", 400),))
    two = Account(opening=D(500), payments=(pay("t", 100),))
    groups = compare_accounts(one, two).groups
    assert [group.key[0] for group in groups] == ["opening", "payment", "payment"]
    assert [group.code for group in groups] == ["opening", "payment", "payment"]


def test_mirror_image_at_one_sister_is_another_company():
    group = opening(500, 480, [Sister(7, "Plant 2", gap=D(-20))])
    assert (group.code, group.rule, group.candidates) == ("party", "party_mirror", (7,))
    assert "Plant 2" in str(group.reason)


def test_their_opening_holds_the_balance_of_a_sister():
    group = opening(500, 530, [Sister(7, "Plant 2", opening=D(30))])
    assert (group.code, group.rule) == ("party", "party_balance")


def test_two_sisters_that_fit_are_no_answer():
    sisters = [Sister(7, "Plant 2", gap=D(-20)), Sister(8, "Plant 3", gap=D(-20))]
    assert opening(500, 480, sisters).code == "opening"


# --- payments ---


def test_same_reference_and_amount():
    assert run([pay("o", 100, 1, "BT-0001")], [pay("t", 100, 28, "bt-0001 ")]) == [
        ("match", "payment_number", ("o",), ("t",))
    ]


def test_same_amount_on_a_near_day():
    assert run([pay("o", 100, 10)], [pay("t", 100, 14)]) == [
        ("match", "payment_day", ("o",), ("t",))
    ]


def test_an_amount_alone_never_matches():
    found = run([pay("o", 100, 1)], [pay("t", 100, 20)])
    assert [row[:2] for row in found] == [
        ("payment", "payment_theirs"),
        ("payment", "payment_ours"),
    ]
    undated = run([Entry("o", D(100))], [Entry("t", D(100))])
    assert {row[0] for row in undated} == {"payment"}


def test_equal_amounts_are_listed_and_not_taken():
    result = compare_accounts(
        Account(payments=(pay("o", 100, 1),)), Account(payments=(pay("t", 100, 20),))
    )
    assert {group.candidates for group in result.groups} == {("t",), ("o",)}


def test_as_many_equal_payments_on_both_sides_agree():
    ours = [pay("a", 100, 10), pay("b", 100, 11)]
    theirs = [pay("c", 100, 12), pay("d", 100, 10)]
    assert run(ours, theirs) == [
        ("match", "payment_day", ("a",), ("d",)),
        ("match", "payment_day", ("b",), ("c",)),
    ]


def test_one_more_of_equal_payments_is_left_open():
    ours = [pay("a", 100, 10), pay("b", 100, 11)]
    assert run(ours, [pay("c", 100, 12)]) == [
        ("payment", "several_candidates", ("a", "b"), ("c",))
    ]


def test_a_chain_of_days_is_no_pair():
    ours = [pay("a", 100, 1), pay("b", 100, 6)]
    theirs = [pay("c", 100, 11), pay("d", 100, 16)]
    assert {row[0] for row in run(ours, theirs)} == {"payment"}


def test_two_payments_add_up_to_one():
    assert run([pay("a", 40), pay("b", 60)], [pay("c", 100, 12)]) == [
        ("match", "payment_sum", ("a", "b"), ("c",))
    ]


def test_sums_that_fit_twice_are_not_taken():
    ours = [pay("a", 60), pay("b", 40), pay("d", 70), pay("e", 30)]
    assert {row[0] for row in run(ours, [pay("c", 100, 12)])} == {"payment"}


def test_neither_sums_nor_sisters_reach_to_a_far_day():
    ours = [pay("a", 60, 1), pay("b", 40, 1)]
    sister = Sister(7, "Plant 2", (pay("s", 100, 1),))
    assert {row[0] for row in run(ours, [pay("c", 100, 20)], [sister])} == {"payment"}


def test_same_reference_other_amount():
    assert run([pay("o", 90, 10, "BT-0001")], [pay("t", 100, 10, "BT-0001")]) == [
        ("payment", "payment_amount", ("o",), ("t",))
    ]


def test_payment_on_one_side_only():
    other = (pay("x", 5, 2), pay("y", 5, 2))
    assert run([pay("o", 70), other[0]], [other[1]])[0] == (
        "payment",
        "payment_ours",
        ("o",),
        (),
    )
    assert run([other[0]], [pay("t", 70), other[1]])[0] == (
        "payment",
        "payment_theirs",
        (),
        ("t",),
    )


def test_we_booked_it_after_the_period():
    later = pay("l", 70, 2, month=10)
    found = run((), [pay("t", 70, 29)], one={"later": (later,)})
    assert found == [("timing", "payment_later", (), ("t",))]


def test_they_booked_it_before_the_period():
    earlier = pay("e", 70, 30, month=8)
    found = run([pay("o", 70, 2)], [pay("x", 1)], two={"earlier": (earlier,)})
    assert ("timing", "payment_earlier", ("o",), ()) in found


def test_payment_that_a_sister_made():
    sister = Sister(7, "Plant 2", (pay("s", 70, 11),))
    assert run((), [pay("t", 70, 10)], [sister]) == [
        ("party", "party_payment", (), ("t",))
    ]


def test_two_sisters_with_the_payment_are_no_answer():
    sisters = [Sister(n, f"Plant {n}", (pay(n, 70, 11),)) for n in (2, 3)]
    assert run((), [pay("t", 70, 10)], sisters)[0][0] == "payment"


def test_only_a_sum_of_payments():
    ours = [pay("a", 40), pay("b", 60)]
    assert run(ours, two={"receipts": D(100)}, one={"receipts": D(100)}) == [
        ("match", "payment_total", ("a", "b"), ())
    ]
    one = Account(payments=tuple(ours), receipts=D(100))
    (group,) = compare_accounts(one, Account(receipts=D(60))).groups
    assert (group.code, group.candidates) == ("payment", ("a",))
    assert (group.ours_amount, group.theirs_amount) == (100, 60)


def test_what_we_booked_later_explains_a_sum():
    later = (pay("l", 40, 2, month=10), pay("m", 45, 3, month=10))
    one = Account(payments=(pay("a", 60),), later=later, receipts=D(60))
    (group,) = compare_accounts(one, Account(receipts=D(100))).groups
    assert group.candidates == ("l",)


def test_they_state_that_nothing_was_paid():
    found = run([pay("a", 60)], two={"receipts": D(0)})
    assert found == [("payment", "payment_ours", ("a",), ())]


# --- invoices ---


def invoices(ours, theirs, rules=INVOICED, sisters=()):
    """(code, rule) of the invoices of both sides."""
    result = compare_accounts(
        Account(invoices=tuple(ours)), Account(invoices=tuple(theirs)), sisters, rules
    )
    return [(group.code, group.rule) for group in result.groups]


def test_invoices_by_their_number():
    one, two = pay("o", 100, 1, "24410001"), pay("t", 100, 20, "24410001")
    assert invoices([one], [two]) == [("match", "invoice_number")]
    assert invoices([one], [two], AccountRules()) == []


def test_rows_of_one_invoice_are_summed():
    rows = [pay(n, 50, 20, "24410001") for n in ("t", "u")]
    assert invoices([pay("o", 100, 1, "24410001")], rows) == [
        ("match", "invoice_number")
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "code"),
    [
        ([100], [], "invoiced_not_received"),
        ([], [100], "received_not_invoiced"),
        ([100], [90], "invoiced_not_received"),
        ([90], [100], "received_not_invoiced"),
    ],
)
def test_invoice_on_one_side_or_of_another_amount(ours, theirs, code):
    other = [pay("x", 1, 1, "9999999")]
    one = [pay("o", amount, 1, "24410001") for amount in ours] + other
    two = [pay("t", amount, 1, "24410001") for amount in theirs] + other
    assert invoices(one, two)[0][0] == code


def test_invoice_of_a_sister():
    sister = Sister(7, "Plant 2", (pay("s", 70, 1, "24410007"),))
    other = pay("x", 1, 1, "9999999")
    rows = [other, pay("t", 70, 25, "24410007")]
    assert invoices([other], rows, sisters=[sister])[0] == ("party", "party_invoice")


def test_only_a_sum_of_invoices():
    one = Account(invoices=(pay("a", 60), pay("b", 40)), increase=D(100))
    (group,) = compare_accounts(one, Account(increase=D(60)), rules=INVOICED).groups
    assert (group.code, group.candidates) == ("invoiced_not_received", ("b",))


# --- the account as a whole ---


def test_the_one_missing_balance_follows_from_the_others():
    known = {"opening": D(100), "increase": D(50), "receipts": D(30)}
    whole = {**known, "closing": D(120)}
    for name, value in whole.items():
        parts = {key: other for key, other in whole.items() if key != name}
        assert getattr(Account(**parts).completed(), name) == value


def test_payments_that_are_listed_are_their_receipts():
    account = Account(opening=D(9), payments=(pay("a", 5), pay("b", 2))).completed()
    assert account.receipts == 7
    assert account.closing is None


def test_receipts_written_with_a_minus():
    figures = {"opening": D(100), "increase": D(50), "closing": D(120)}
    assert Account(receipts=D(-30), **figures).completed().receipts == 30
    assert Account(receipts=D(-31), **figures).completed().receipts == -31


def test_every_rule_has_a_label():
    rules = {
        "opening_equal", "opening_differs", "payment_number", "payment_day",
        "payment_sum", "payment_total", "payment_amount", "payment_later",
        "payment_earlier", "payment_ours", "payment_theirs", "invoice_number",
        "invoice_day", "invoice_total", "invoice_amount", "invoice_ours",
        "invoice_theirs", "party_payment", "party_invoice", "party_mirror",
        "party_balance", "several_candidates",
    }  # fmt: skip
    assert rules <= set(RULES)


@pytest.mark.parametrize("seed", range(30))
def test_order_does_not_matter_and_every_entry_is_in_one_group(seed):
    rng = random.Random(seed)

    def some(side):
        return [
            pay((side, n), rng.choice((10, 20, 30, 60)), rng.randint(1, 28),
                rng.choice(("", "", "BT-0001", "BT-0002")))
            for n in range(rng.randint(0, 12))
        ]  # fmt: skip

    ours, theirs = some("o"), some("t")
    first = compare_accounts(
        Account(payments=tuple(ours)), Account(payments=tuple(theirs))
    )
    for side, entries in (("ours", ours), ("theirs", theirs)):
        refs = [ref for group in first.groups for ref in getattr(group, side)]
        if theirs:
            assert sorted(refs) == sorted(entry.ref for entry in entries)
    rng.shuffle(ours)
    rng.shuffle(theirs)
    again = compare_accounts(
        Account(payments=tuple(ours)), Account(payments=tuple(theirs))
    )
    assert first.groups == again.groups
