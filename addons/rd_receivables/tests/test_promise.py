# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .chase_common import NOW, ChaseCommon
from .common import OTHERS


@tagged("post_install", "-at_install")
class TestPromise(ChaseCommon):
    """Promises: what is noted, what became of them, what is refused."""

    def _pay_on(self, move, amount, day):
        with freeze_time(f"{day} 04:00:00"):
            return self._pay(move, amount, day)

    # ------------------------------------------------------------------
    # What became of it
    # ------------------------------------------------------------------
    def test_kept_by_the_payment_itself(self):
        promise = self._promise(600)
        self.assertEqual(promise.state, "open")
        self._pay_on(self.overdue, 600, "2025-04-05")
        self.assertRecordValues(promise, [{"state": "kept", "received_amount": 600}])

    def test_what_came_before_does_not_count(self):
        self._pay_on(self.overdue, 400, "2025-03-30")
        promise = self._promise(600)
        self.assertEqual(promise.received_before, 400)
        self._pay_on(self.overdue, 100, "2025-04-05")
        self.assertRecordValues(promise, [{"state": "open", "received_amount": 100}])

    def test_grace_then_partly_and_broken(self):
        promise = self._promise(600)
        other = self._promise(70, items=self._item(self.later))
        self._pay_on(self.overdue, 599.99, "2025-04-13")
        for day, states in (
            ("2025-04-13", ("open", "open")),
            ("2025-04-14", ("partly", "broken")),
        ):
            with freeze_time(f"{day} 04:00:00"):
                (promise | other)._refresh()
            self.assertEqual((promise.state, other.state), states, day)

    def test_money_after_the_grace_does_not_keep_it(self):
        promise = self._promise(600)
        self._pay_on(self.overdue, 600, "2025-04-14")
        self.assertEqual(self._refresh(promise, "2025-04-14 04:00:00"), "broken")

    def test_paid_late_stays_broken(self):
        """Fails when a customer that always pays late has broken nothing."""
        promise = self._promise(1000)
        self.assertEqual(self._refresh(promise, "2025-04-14 04:00:00"), "broken")
        self._pay_on(self.overdue, 1000, "2025-04-25")
        self.assertRecordValues(promise, [{"state": "broken", "received_amount": 0}])

    def test_paid_late_is_broken_before_the_nightly_run(self):
        promise = self._promise(1000)
        self._pay_on(self.overdue, 400, "2025-04-13")
        self._pay_on(self.overdue, 600, "2025-04-14")
        self.assertRecordValues(promise, [{"state": "partly", "received_amount": 400}])

    def test_payment_taken_back_opens_it_again(self):
        promise = self._promise(600)
        self._pay_on(self.overdue, 600, "2025-04-05")
        self.assertEqual(promise.state, "kept")
        with freeze_time("2025-04-06 04:00:00"):
            self.item.remove_move_reconcile()
        self.assertEqual(promise.state, "open")

    def test_broken_stays_broken_when_it_is_paid_later(self):
        """Fails when a late payment makes a broken promise one that was withdrawn."""
        promise = self._promise(1000)
        self.assertEqual(self._refresh(promise, "2025-04-14 04:00:00"), "broken")
        self._pay_on(self.overdue, 1000, "2025-04-20")
        self.assertEqual(promise.state, "broken")
        self.assertEqual(self._refresh(promise, "2025-04-21 04:00:00"), "broken")

    def test_dated_back_it_is_kept_after_all(self):
        promise = self._promise(1000)
        self.assertEqual(self._refresh(promise, "2025-04-14 04:00:00"), "broken")
        with freeze_time("2025-04-20 04:00:00"):
            self._pay(self.overdue, 1000, "2025-04-13")
        self.assertEqual(promise.state, "kept")

    def test_a_reconciliation_reads_no_promise_that_was_over(self):
        """What a payment costs does not grow with the promises of former years."""
        counts, nothing = [], self.item.browse()
        self._promise(5, date="2025-06-30")
        for number in (1, 20):
            for _each in range(number):
                promise = self._promise(1, items=nothing)
                self._refresh(promise, "2025-04-14 04:00:00")
                self.assertEqual(promise.state, "broken")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._pay_on(self.overdue, 10, "2025-05-20")
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5, counts)

    def test_a_payment_loads_no_promise_and_receipt_of_former_years(self):
        """Fails when whoever pays has all he ever promised and paid read again."""
        nothing, old = self.item.browse(), self.env["rd.promise"]
        former = self._create_open(70, invoice_date="2024-01-01")
        for month in range(1, 7):
            now = f"2024-{month:02}-02 04:00:00"
            old += self._promise(1, f"2024-{month:02}-10", nothing, now)
            self._pay_on(former, 1, f"2024-{month:02}-05")
        self.assertEqual(set(old.mapped("state")), {"kept"})
        kept = self._promise(1, f"2024-{month:02}-20", self.item, now)
        self._refresh(kept, "2024-07-14 04:00:00")
        total = self._promise(300, items=nothing)
        self.env.flush_all()
        self.env.invalidate_all()
        fetched = []
        reader = self.env.registry["rd.receivable.reader"]
        fetch = reader._fetch_partials

        def watched(model, *args):
            found = fetch(model, *args)
            fetched.extend(one for some in found.values() for one in some)
            return found

        with patch.object(reader, "_fetch_partials", watched):
            self._pay_on(self.overdue, 40, "2025-04-05")
        self.assertRecordValues(total, [{"state": "open", "received_amount": 40}])
        self.assertEqual(len(fetched), 1, fetched)
        loaded = set(old._fields["received_before"]._get_cache(old.env))
        self.assertFalse(loaded & set((old | kept).ids))

    def test_promises_whose_days_touch_share_in_their_turn(self):
        """Fails when a receipt counts for an open promise although the one that was
        over took it, because a third one had taken what came first."""
        nothing = self.item.browse()
        first = self._promise(100, "2025-04-04", nothing)
        second = self._promise(100, "2025-04-08", nothing, "2025-04-05 04:00:00")
        self._pay_on(self.overdue, 100, "2025-04-06")
        third = self._promise(100, "2025-04-30", nothing, "2025-04-09 04:00:00")
        self._pay_on(self.overdue, 100, "2025-04-10")
        self._pay_on(self.overdue, 30, "2025-04-20")
        self.assertRecordValues(
            first | second | third,
            [
                {"state": "kept", "received_amount": 100},
                {"state": "kept", "received_amount": 100},
                {"state": "open", "received_amount": 30},
            ],
        )

    def test_payment_that_waits_may_be_it(self):
        promise = self._promise(600)
        payment = self._unapplied(600, day="2025-04-09")
        self.assertEqual(self._refresh(promise, "2025-04-20 04:00:00"), "open")
        payment.move_id.button_draft()
        self.assertEqual(self._refresh(promise, "2025-04-20 04:00:00"), "broken")

    def test_payment_after_its_days_is_not_it(self):
        """Fails when any money that waits opens a broken promise again."""
        promise = self._promise(600)
        self._unapplied(600, day="2025-04-14")
        self.assertEqual(self._refresh(promise, "2025-04-20 04:00:00"), "broken")
        with freeze_time("2025-04-20 04:00:00"):
            promise.action_renew(date="2025-04-30")
        self.assertEqual(promise.missed, "broken")

    def test_credited_is_not_kept(self):
        promise = self._promise(1000)
        with freeze_time(NOW):
            wizard = (
                self.env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=self.overdue.ids)
                .create(
                    {"journal_id": self.overdue.journal_id.id, "date": "2025-04-02"}
                )
            )
            refund = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
            refund.action_post()
            if not self.item.reconciled:
                (self._item(refund) | self.item).reconcile()
        self.assertEqual(promise.state, "withdrawn")
        self.assertIn("Settled otherwise", promise.withdrawn_reason)

    def test_sum_is_kept_by_any_payment(self):
        promise = self._promise(300, items=self.item.browse())
        self.assertEqual(promise.item_names, "a sum")
        self._pay_on(self.later, 70, "2025-04-05")
        self._pay_on(self.overdue, 230, "2025-04-06")
        self.assertEqual(promise.state, "kept")

    def test_a_payment_keeps_one_promise(self):
        """Fails when a sum counts what was paid for a promise that names items."""
        named = self._promise(600)
        total = self._promise(470, items=self.item.browse())
        self._pay_on(self.overdue, 600, "2025-04-05")
        self.assertRecordValues(
            named | total,
            [
                {"state": "kept", "received_amount": 600},
                {"state": "open", "received_amount": 0},
            ],
        )
        self._pay_on(self.overdue, 400, "2025-04-06")
        self._pay_on(self.later, 70, "2025-04-06")
        self.assertRecordValues(total, [{"state": "kept", "received_amount": 470}])

    def test_sums_are_filled_by_their_day(self):
        nothing = self.item.browse()
        second = self._promise(300, date="2025-04-20", items=nothing)
        first = self._promise(300, date="2025-04-10", items=nothing)
        self._pay_on(self.overdue, 350, "2025-04-05")
        self.assertRecordValues(
            first | second,
            [
                {"state": "kept", "received_amount": 300},
                {"state": "open", "received_amount": 50},
            ],
        )

    def test_renewed_keeps_what_it_had(self):
        """What came for a promise before it was renewed is no sum's afterwards."""
        named = self._promise(600)
        total = self._promise(400, items=self.item.browse())
        self._pay_on(self.overdue, 200, "2025-04-05")
        with freeze_time("2025-04-06 04:00:00"):
            new = named.action_renew(date="2025-04-30")
        self._pay_on(self.overdue, 400, "2025-04-07")
        self.assertRecordValues(
            named | new | total,
            [
                {"state": "renewed", "received_amount": 200},
                {"state": "kept", "received_amount": 400},
                {"state": "open", "received_amount": 0},
            ],
        )

    def test_scheduled_action(self):
        promise = self._promise(600)
        with freeze_time("2025-04-20 04:00:00"), self._cron():
            self.env["rd.promise"]._cron_refresh()
        self.assertEqual(promise.state, "broken")

    # ------------------------------------------------------------------
    # Renewed and withdrawn
    # ------------------------------------------------------------------
    def test_renewed_with_what_is_missing(self):
        promise = self._promise(600)
        self._pay_on(self.overdue, 200, "2025-04-05")
        with freeze_time("2025-04-11 04:00:00"):
            new = promise.action_renew(date="2025-04-30")
        self.assertRecordValues(
            promise | new,
            [
                {"state": "renewed", "amount": 600, "renewed_by_id": new.id},
                {"state": "open", "amount": 400, "renewed_by_id": False},
            ],
        )
        self.assertEqual(new.line_ids, self.item)
        with self.assertRaisesRegex(UserError, "Renewed"):
            promise.action_withdraw()

    def test_renewed_stays_broken(self):
        """Fails when another day makes good what was not kept."""
        self.company.rd_promise_grace = 3
        promise = self._promise(600)
        with freeze_time("2025-04-14 04:00:00"):
            new = promise.action_renew(date="2025-04-30")
        self.assertRecordValues(
            promise | new,
            [
                {"state": "renewed", "missed": "broken"},
                {"state": "open", "missed": False},
            ],
        )
        row = self.env["rd.chase.worklist"]
        theirs = [
            ("partner_id", "=", self.outside.id),
            ("company_id", "=", self.company.id),
        ]
        with freeze_time("2025-04-14 04:00:00"):
            self.assertEqual(row.search(theirs).broken_count, 1)
        with self.assertRaises(UserError):
            promise.missed = False

    def test_renewed_in_time_broke_nothing(self):
        promise = self._promise(600)
        with freeze_time("2025-04-13 04:00:00"):
            promise.action_renew(date="2025-04-30")
        self.assertFalse(promise.missed)

    def test_renewed_once(self):
        """Fails when a second click notes the same sum once more."""
        promise = self._promise(300, items=self.item.browse())
        with freeze_time(NOW):
            new = promise.action_renew(date="2025-04-30")
            self._refused("renewed already", promise.action_renew, date="2025-05-10")
        self.assertEqual(promise.renewed_by_id, new)
        theirs = [("partner_id", "=", self.outside.id), ("state", "=", "open")]
        self.assertEqual(self.promises.search(theirs), new)

    def test_renewed_in_the_form(self):
        promise = self._promise(300)
        self._pay_on(self.overdue, 100, "2025-04-05")
        with freeze_time("2025-04-06 04:00:00"):
            with self.assertRaisesRegex(UserError, "for which day"):
                promise.action_renew()
            self.assertEqual(promise.state, "open")
            wizard = self.env["rd.promise.renew"].with_user(self.clerk)
            asked = wizard.create({"promise_id": promise.id, "date": "2025-04-30"})
            self.assertEqual(asked.amount, 200)
            asked.action_renew()
        self.assertRecordValues(
            promise.renewed_by_id, [{"amount": 200, "date": date(2025, 4, 30)}]
        )

    def test_kept_is_not_withdrawn(self):
        promise = self._promise(600)
        self._pay_on(self.overdue, 600, "2025-04-05")
        with self.assertRaisesRegex(UserError, "was kept and stays on record"):
            promise.action_withdraw("by mistake")
        self.assertEqual((promise.state, promise.withdrawn_reason), ("kept", False))

    def test_withdrawn_holds_nothing(self):
        promise = self._promise(600)
        self.assertTrue(self.promises._get_promises(self.item))
        promise.action_withdraw("they changed their mind")
        self.assertFalse(self.promises._get_promises(self.item))
        self.assertEqual(self._refresh(promise, "2025-05-20 04:00:00"), "withdrawn")

    # ------------------------------------------------------------------
    # Wrong input
    # ------------------------------------------------------------------
    def test_one_plain_sentence(self):
        other_company = self.setup_other_company()["company"]
        self.clerk.company_ids += other_company
        cases = [
            ("1,000.00 at most", {"amount": 1000.01}),
            ("is past", {"date": "2025-04-01"}),
            ("is not an item of outside", {"items": self._item(self.due)}),
            ("note the promise there", {"company_id": other_company.id}),
            ("can promise", {"amount": 1070.01, "items": self.item.browse()}),
        ]
        for sentence, values in cases:
            with self.subTest(sentence):
                self._refused(sentence, self._promise, **values)
        self._refused("more than 0", self._promise, 0)

    def test_not_promised_twice(self):
        self._promise(600)
        self._refused("promised already", self._promise, 100)
        nothing = self.item.browse()
        self._refused("470.00 at most", self._promise, 470.01, items=nothing)
        self._promise(470, items=self.item.browse())

    def test_paid_item_is_refused(self):
        self._pay_on(self.overdue, 1000, "2025-03-30")
        with self.assertRaisesRegex(UserError, "nothing left to pay"):
            self._promise(10)

    def test_contact_stands_for_its_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Ms Qian", "parent_id": self.outside.id}
        )
        self.assertEqual(self._promise(partner_id=contact.id).partner_id, self.outside)

    def test_a_contact_of_the_context_stands_for_its_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Ms Qian", "parent_id": self.outside.id}
        )
        with freeze_time(NOW):
            promise = self.promises.with_context(default_partner_id=contact.id).create(
                {"amount": 5, "date": "2025-04-10"}
            )
        self.assertEqual(promise.partner_id, self.outside)

    def test_what_it_is_about_is_opened(self):
        promise = self._promise(600).with_user(self.users["auditor"])
        action = promise.action_open_items()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.move_id, self.overdue)

    # ------------------------------------------------------------------
    # For the plan and the guard
    # ------------------------------------------------------------------
    def test_spread_over_items_oldest_first(self):
        self._promise(500)
        self._promise(300, date="2025-04-08", items=self.item.browse())
        later = self._item(self.later)
        found = self.promises._get_promises(self.item | later)
        self.assertEqual(found, {self.item.id: (date(2025, 4, 8), 800)})

    def test_plan_takes_the_promised_day(self):
        self._promise(600, date="2025-03-24", now="2025-02-28 04:00:00")
        self._promise(
            70,
            date="2025-04-24",
            items=self._item(self.later),
            now="2025-02-28 04:00:00",
        )
        plan = self._propose()
        self.assertRecordValues(
            self._line(plan, self.overdue) | self._line(plan, self.later),
            [
                {
                    "kind": "promise",
                    "planned_date": date(2025, 3, 24),
                    "planned_amount": 600,
                },
                {"kind": "promise", "planned_date": False, "planned_amount": 0},
            ],
        )

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------
    def test_what_was_said_stays(self):
        promise = self._promise(600)
        for values in (
            {"amount": 1},
            {"date": "2025-05-01"},
            {"state": "kept"},
            {"received_amount": 600},
            {"line_ids": [Command.clear()]},
        ):
            with self.assertRaises(UserError):
                promise.write(values)
        with self.assertRaises(UserError):
            promise.unlink()
        with self.assertRaises(UserError):
            promise.copy()
        with self.assertRaises(UserError):
            self._promise(100, items=self._item(self.later), state="kept")
        with self.assertRaisesRegex(UserError, "withdraw it instead"):
            promise.sudo().unlink()

    def test_roles(self):
        promise = self._promise(600)
        for role in ("auditor", "finance"):
            self.assertTrue(promise.with_user(self.users[role]).item_names)
            with self.assertRaises(AccessError):
                promise.with_user(self.users[role]).action_withdraw()
        allowed = self._let_write("finance", promise._name)
        with self.assertRaisesRegex(UserError, "Only the sales"):
            promise.with_user(allowed).action_withdraw()
        self.assertEqual(promise.state, "open")
        for role in OTHERS:
            with self.assertRaises(AccessError):
                promise.with_user(self.users[role]).read(["amount"])

    def test_other_company_sees_nothing(self):
        promise = self._promise(600)
        note = self._note("disputed", reason="price")
        other = self.setup_other_company()["company"]
        self.clerk.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        for record in (promise, note):
            with self.assertRaises(AccessError):
                record.with_user(self.clerk).read(["partner_id"])


@tagged("post_install", "-at_install")
class TestChaseNote(ChaseCommon):
    """Notes of what came of asking, and disputes."""

    def _disputed(self, *moves):
        items = self.item.browse().union(*map(self._item, moves))
        return self.notes._get_disputed(items)

    def test_dispute_of_what_is_overdue(self):
        note = self._note("disputed", reason="price", text="12 instead of 11")
        self.assertEqual(note.line_ids, self.item)
        self.assertEqual(
            self._disputed(self.overdue, self.later),
            {self.item.id: date(2025, 4, 2)},
        )

    def test_ends_by_settlement_withdrawal_or_payment(self):
        first = self._note("disputed", reason="price")
        with self.assertRaisesRegex(UserError, "Say how"):
            first.action_settle()
        wizard = self.env["rd.dispute.close"].with_user(self.clerk)
        asked = {"note_id": first.id, "text": "credit note granted"}
        wizard.create(asked).action_close()
        self.assertFalse(self._disputed(self.overdue))
        second = self._note("disputed", reason="quantity")
        self.assertTrue(self._disputed(self.overdue))
        asked = {"note_id": second.id, "text": "their mistake", "how": "withdrawn"}
        wizard.create(asked).action_close()
        self.assertEqual(
            (first.closed_how, second.closed_how), ("settled", "withdrawn")
        )
        self.assertFalse(self._disputed(self.overdue))
        third = self._note("disputed", reason="paid")
        self._pay(self.overdue, 1000, "2025-04-03")
        self.assertRecordValues(
            third, [{"closed_how": "settled", "is_dispute_open": False}]
        )

    def test_one_plain_sentence(self):
        cases = [
            ("Say why", {}),
            (
                "not an item of",
                {
                    "reason": "price",
                    "line_ids": [Command.set(self._item(self.due).ids)],
                },
            ),
            ("is past", {"reason": "price", "next_date": "2025-04-01"}),
        ]
        for sentence, values in cases:
            with self.subTest(sentence):
                self._refused(sentence, self._note, "disputed", **values)
        nobody = self.env["res.partner"].create({"name": "nobody"})
        with self.assertRaisesRegex(UserError, "nothing open"):
            self._note("disputed", reason="price", partner_id=nobody.id)
        with self.assertRaisesRegex(UserError, "no dispute"):
            self._note("no_answer").action_settle("x")

    def test_a_dispute_lasts_until_all_of_it_is_paid(self):
        note = self._note("disputed", reason="price")
        self._pay(self.overdue, 400, "2025-04-03")
        self.assertTrue(note.is_dispute_open)
        self.assertEqual(self._disputed(self.overdue), {self.item.id: date(2025, 4, 2)})

    def test_a_closed_dispute_keeps_how_it_was_closed(self):
        note = self._note("disputed", reason="price")
        note.action_settle("credit note granted")
        note.action_withdraw("their mistake")
        self.assertRecordValues(
            note, [{"closed_how": "settled", "closed_note": "credit note granted"}]
        )

    def test_who_was_not_reached_promised_and_disputed_nothing(self):
        wizard = self.env["rd.chase.outcome"].with_user(self.clerk)
        said = {"partner_id": self.outside.id, "outcome": "no_answer", "text": "rang"}
        wizard.create(said).action_note()
        note = self.notes.search([("partner_id", "=", self.outside.id)])
        self.assertRecordValues(
            note,
            [
                {
                    "outcome": "no_answer",
                    "text": "rang",
                    "promise_id": False,
                    "reason": False,
                }
            ],
        )

    def test_stays_as_noted(self):
        note = self._note("no_answer")
        for act in (
            lambda: note.write({"text": "x"}),
            lambda: note.unlink(),
            lambda: note.copy(),
            lambda: self._note("no_answer", closed_how="settled"),
        ):
            with self.assertRaises(UserError):
                act()
        with self.assertRaisesRegex(UserError, "note what came next"):
            note.sudo().unlink()

    def test_a_promise_names_its_day(self):
        with self.assertRaisesRegex(UserError, "for which day they promise it"):
            self.notes._note_outcome(
                self.company, self.outside, "promised", self.item.ids, amount=100
            )
        self.assertFalse(self.promises.search([("partner_id", "=", self.outside.id)]))
