# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo company against the truth it was made from."""

import pytest
from demo import first_day, kept, order_lists, receivables, story

from .frozen import TODAY

# Lists without a row, and why the demo has none.
_EMPTY = {
    "rd_reconciliation.menu_rd_chain_agreed": "what is agreed is invoiced at once",
    "rd_sales_admin.menu_rd_cron_incident": "an incident is a fault of the machine",
}
# Lists that have rows, but none behind the filter that is on when they open.
_FILTERED = {
    "rd_reconciliation.menu_rd_statement_invoice": "invoices are posted by themselves",
}
# Who looks at the menus, and how many lists he has at the least.
_LEAST = {
    "clerk": 100,
    "supervisor": 100,
    "sales": 100,
    "auditor": 100,
    "finance": 80,
    "warehouse": 20,
    "floor": 15,
}
_PEOPLE = {"clerk", "supervisor", "salesperson", "warehouse", "affiliate", "finance"}


@pytest.fixture(scope="module")
def told():
    """The invented trade and its truth."""
    return story.tell(TODAY)


@pytest.fixture(scope="module")
def found(demo):
    """What came out of a database into which the demo was loaded."""
    return demo[1]


def _month(found, turn):
    return found["months"][turn]


def test_differences_are_the_truth(found, told):
    truth = {(str(told.months[item.turn]), *item[1:]) for item in told.truth}
    assert {tuple(row) for row in found["differences"]} == truth
    assert len(found["differences"]) == len(truth)


def test_at_least_eight_kinds(told):
    assert len({item.code for item in told.truth}) >= 8


def test_first_month_is_closed(found):
    first = _month(found, 0)
    assert first["state"] == "closed"
    assert {state for _ref, _code, state in first["steps"]} == {"done"}
    assert {state for _ref, state, _total, _invoiced in first["totals"]} == {"closed"}


def test_what_was_agreed_was_invoiced(found):
    for turn in (0, 1):
        for ref, state, total, invoiced in _month(found, turn)["totals"]:
            if state in ("invoiced", "closed"):
                assert total == invoiced, ref


def test_three_affiliates_close_without_a_hand(found):
    second = _month(found, 1)
    posted = {
        ref
        for ref, code, state in second["steps"]
        if code == "post" and state == "done"
    }
    assert len(posted - set(second["hands"])) >= 3
    assert posted == {"A01", "A03", "A05", "A07", "A09"}


def test_second_month_waits_for_named_people(found):
    second = _month(found, 1)
    assert second["state"] == "open"
    assert not [step for step in second["steps"] if step[2] == "failed"]
    waits = {(ref, role) for _name, ref, role, _person, _what in second["waits"]}
    assert {role for _ref, role in waits} == _PEOPLE
    assert waits >= {
        ("A02", "clerk"),
        ("A04", "salesperson"),
        ("A06", "affiliate"),
        ("A08", "supervisor"),
        ("A10", "clerk"),
        # A bill of A01 waits, too; what is posted waits for its tax invoice.
        *((ref, "finance") for ref in ("A01", "A07", "A09")),
        # Of these it is there and has to reach them.
        *((ref, "clerk") for ref in ("A03", "A05")),
    }
    assert all(person and what for _n, _ref, _role, person, what in second["waits"])


def test_every_proof_balances(found, told):
    assert len(found["proofs"]) >= len(told.files)
    assert {row[-1] for row in found["proofs"]} == {"0.00"}
    stated = {(row[0], row[1]) for row in found["proofs"] if row[2] == "goods"}
    months = [str(month) for month in told.months]
    assert stated == {(month, ref) for month in months for ref in ("A01", "A02")}


def test_their_closings_are_what_the_story_says(found, told):
    closings = {(row[0], row[1]): row[4] for row in found["proofs"]}
    for (turn, ref), book in told.books.items():
        if book.closing is not None:
            assert closings[str(told.months[turn]), ref] == str(book.closing)


def test_tax_invoices_of_the_first_month_are_with_their_customers(found):
    first, second = (_month(found, turn)["tax_invoices"] for turn in (0, 1))
    assert len(first) >= 10
    assert {state for _ref, state, _days, _total in first} == {"received"}
    assert all(1 <= days <= 4 for _ref, _state, days, _total in first)
    invoiced = {
        ref: total for ref, _state, total, _invoiced in _month(found, 0)["totals"]
    }
    for ref, _state, _days, total in first:
        assert total == invoiced[ref]
    states = {ref: state for ref, state, _days, _total in second}
    under_way = {"A03": "sent", "A05": "issued"}
    assert states == dict.fromkeys(("A01", "A07", "A09"), "requested") | under_way


def test_two_statements_of_the_second_month_were_mailed(found):
    assert _month(found, 0)["mailed"] == []
    mailed = _month(found, 1)["mailed"]
    assert [row[:3] for row in mailed] == [
        [ref, "statement", "sent"] for ref in ("A02", "A06")
    ]
    assert all(papers == 2 for *_row, papers in mailed)


def test_every_row_of_every_ledger_is_accounted_for(found, told):
    assert len(found["ledgers"]) == len(told.files) - len(story.NO_LEDGER)
    for row in found["ledgers"]:
        ref, read, used, skipped, totals = row[0], *row[-4:]
        assert read == used + skipped, ref
        assert not totals, ref


def test_every_shipping_list_came_to_its_verdicts(found):
    states = [state for state, _verdicts in found["lists"]]
    assert states.count("checked") == 1  # the order nobody has seen
    verdicts = {}
    for _state, counts in found["lists"]:
        for name, count in counts.items():
            verdicts[name] = verdicts.get(name, 0) + count
    assert verdicts["no_order"] == 1
    assert verdicts["dismissed"] == 2
    assert verdicts["mended"] == 1  # its part was mistyped, and handed in again
    assert verdicts["unchanged"] > 100
    assert not {"new", "changed", "missing", "refused"} & set(verdicts)


def test_rows_that_were_wrong_at_first_are_the_truth(found, told):
    assert [row[0] for row in found["rows_right"]] == [str(day) for day in told.months]
    for (_month, right, rows, against), wrong in zip(
        found["rows_right"], told.wrong, strict=True
    ):
        assert set(against) == wrong
        assert right == rows - len(wrong)


def test_what_came_up_afterwards_is_in_the_second_month_once(found, told):
    late = found["late"]
    month = str(told.months[1])
    assert {(ref, when, kind) for ref, when, kind, *_rest in late} == {
        ("A06", month, kind) for kind in (3, 4, 5)
    }
    (fact,), adjusted, (freight,) = (
        [row for row in late if row[2] == kind] for kind in (3, 4, 5)
    )
    assert fact[3] == -2 and fact[4] < 0 and fact[5]
    # what came back is adjusted the other way
    assert adjusted and all(row[3] * row[4] > 0 for row in adjusted)
    assert sum(row[4] for row in adjusted) > 0
    assert {row[5] for row in adjusted} == {fact[5]}
    assert freight[3:] == [1, 260, ""]


def test_work_reports_and_opinions(found):
    work = found["work"]
    # 1 + 1/2 of the two scored, 1 for the task done today; the two first routines
    # of the month were due before the demo began and were not done
    assert work["achievement"] == [2.5, 8.0]
    assert work["reports"] == {"due": 5, "handed": 2}
    assert work["timeliness"] == [2, 2]
    assert work["accuracy"] == [1, 2]
    assert work["score"] == [7, 10]
    assert work["feedback"] == 1


def test_nobody_is_asked_who_paid_promised_or_disputes(found):
    for code, reason in (
        (receivables.PROMISED, "promise"),
        (receivables.DISPUTED, "dispute"),
        (receivables.PAID, "paid"),
    ):
        state, reasons = found["chasing"][code]
        assert state == "held"
        assert reason in reasons.split(",")


def test_register_of_property_is_the_truth(found):
    said = found["custody"]
    assert said["letters"] == kept.LETTERS
    assert said["taken_over"] == kept.TAKEN_OVER
    assert said["differs"] == []
    marked = {card[3] for card in kept.CARDS if card[4]}
    taken = {row[3] for row in kept.KEPT if row[1].startswith("A")}
    unmarked = taken | {card[3] for card in kept.CARDS if not card[4]}
    assert marked | unmarked <= set(said["cards"])
    assert unmarked <= set(said["unmarked"])
    assert not marked & set(said["unmarked"])


def test_invariants_hold(found):
    assert found["broken"] == []


def test_a_repeated_close_changes_nothing(found):
    assert found["changed"] == []


def test_a_second_load_makes_nothing(found):
    before, after = found["loaded_again"]
    assert before == after


def test_receivables_are_what_the_story_says(found):
    told = found["receivables"]
    # One counts when it matures, two bounced; K01 paid a part only.
    assert told["bills"] == [
        ["K02", "commercial", "held", False],
        ["K03", "bank", "bounced", True],
        ["K04", "commercial", "bounced", True],
    ]
    exceptions = {(ref, code): state for ref, code, state, *_rest in told["exceptions"]}
    assert exceptions["K01", "short"] == "open"
    assert exceptions[receivables.BOUNCED, "bounced"] == "waiting"
    assert exceptions[receivables.HELD, "bounced"] == "decided"
    assert told["held"] == [receivables.HELD]
    for _ref, _code, _state, amount, evidence in told["exceptions"]:
        assert amount == evidence
    assert told["stops_asked"] == 1


def test_plans_are_approved_month_by_month(found, told):
    assert found["receivables"]["plans"] == [
        [str(told.months[1]), "approved", True],
        ["2026-06-01", "approved", True],
        ["2026-07-01", "draft", True],
    ]


def test_collection_rates_are_of_what_was_paid(found):
    """Received ÷ due of the second month: who paid in time, and a part of K01's."""
    rates, due = found["receivables"]["rates"], found["receivables"]["due"]
    paid = {code: due[code] for code in receivables.PUNCTUAL}
    paid[receivables.IN_PART] = round(due[receivables.IN_PART] * receivables.PART, 2)
    for measure, letter in (("collected_affiliates", "A"), ("collected_outside", "K")):
        expected = [
            round(sum(sum_ for ref, sum_ in sums.items() if ref[0] == letter), 2)
            for sums in (paid, due)
        ]
        assert rates[measure] == expected
        assert 0 < expected[0] < expected[1]


def test_what_was_abnormal_in_the_second_month_is_reported(found, told):
    ((month, count, left),) = found["receivables"]["reported"]
    assert month == str(told.months[1])
    assert count == left == 3


def test_some_were_asked_in_the_second_month(found):
    assert found["receivables"]["asked"] == [
        [ref, 3, "email"] for ref in receivables.ASKED
    ]


def test_one_order_list_is_read_and_one_asks(found):
    verdicts = order_lists.VERDICTS
    assert found["order_lists"] == [
        [order_lists.READY, "applied", verdicts[order_lists.READY], 2],
        [order_lists.ASKED, "checked", verdicts[order_lists.ASKED], 0],
    ]


def test_finance_printed_the_batch_entry(found):
    """Its columns are there once, as the first workbook made them."""
    headings = found["batch_entry"]
    assert len(headings) == len(set(headings)) == 18
    assert headings[:3] == ["发票流水号", "发票类型", "购买方名称"]
    assert headings[-1] == "备注"


def test_one_old_paper_is_gone_and_one_waits(found):
    assert found["destructions"] == [["done", 1, True], ["waiting", 1, False]]


@pytest.mark.parametrize(("login", "least"), _LEAST.items())
def test_every_screen_has_rows(found, login, least):
    """But for those of which the demo has none on purpose, and no other."""
    shown = found["screens"][login]
    assert len(shown) >= least
    empty = {menu for menu, (*_about, rows, _first) in shown.items() if not rows}
    hidden = {
        menu for menu, (*_about, rows, first) in shown.items() if rows and not first
    }
    assert empty == set(_EMPTY) & set(shown)
    assert hidden == set(_FILTERED) & set(shown)


def test_returns_are_what_was_decided(found):
    """Only what is credited lowers what was delivered."""
    assert found["returns"] == [
        ["A03", "size", "closed", "credit", 2.0, 2.0, True],
        ["A05", "defect", "settled", "replace", 3.0, 3.0, False],
        ["A02", "transport", "draft", "", 1.0, 0.0, False],
    ]


def test_lists_of_the_first_day_wait_for_what_is_missing(found):
    settled = ["taken" if way else "known" for *_rest, way in first_day.SETTLED]
    aliases = ["taken"] * len(first_day.ALIASES) + ["mend"] * len(first_day.MISTAKEN)
    assert found["first_day"] == [
        ["partner", "taken", [*settled, "mend"]],
        ["alias", "taken", aliases],
    ]


def test_loans_are_out_or_wait(found):
    assert found["loans"] == [
        ["lent", True, "plain", "out"],
        ["waiting", False, "sealed", "held"],
    ]
