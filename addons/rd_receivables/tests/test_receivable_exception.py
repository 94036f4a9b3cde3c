# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.tests.common import DeskCommon

from .common import OTHERS
from .plan_common import PlanCommon

NOW = "2025-03-10 04:00:00"


class ExceptionCase(PlanCommon):
    """Open items in March 2025: 1,000 overdue since January, and rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["rd.receivable.rule"]._ensure(cls.company)
        cls._only("overdue")

    @classmethod
    def _rule(cls, code):
        return (
            cls.env["rd.receivable.rule"]
            .with_context(active_test=False)
            .search([("company_id", "=", cls.company.id), ("code", "=", code)])
        )

    @classmethod
    def _only(cls, *codes):
        for rule in cls.rules:
            rule.active = rule.code in codes

    def _sync(self, now=NOW, partners=None):
        self.env.flush_all()
        with freeze_time(now):
            exceptions = self.env["rd.receivable.exception"]
            exceptions._sync(self.company, partners or self.outside | self.affiliate)
        return self._live()

    def _live(self):
        return self.env["rd.receivable.exception"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "in", ("open", "waiting", "decided")),
            ]
        )

    def _as(self, record, user):
        return record.with_user(user)


@tagged("post_install", "-at_install")
class TestReceivableException(ExceptionCase):
    # ------------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------------
    def test_overdue_at_its_edge(self):
        """More than 30 days: due on 31 January, so from 3 March on."""
        self.assertFalse(self._sync("2025-03-02 04:00:00"))
        found = self._sync("2025-03-03 04:00:00")
        self.assertRecordValues(
            found,
            [
                {
                    "partner_id": self.outside.id,
                    "code": "overdue",
                    "amount": 1000,
                    "raised_amount": 1000,
                    "since_date": date(2025, 1, 31),
                    "raised_date": date(2025, 3, 3),
                    "proposal": "call",
                    "state": "open",
                    "deadline": date(2025, 3, 10),
                }
            ],
        )
        self.assertIn(self.overdue.name, found.reason)
        self.assertIn("2025-01-31", found.reason)
        self.assertEqual(found.item_ids.action_open()["res_id"], self.overdue.id)
        self.assertTrue(
            found.activity_ids.filtered(lambda one: one.user_id == found.user_id)
        )

    def test_once_and_it_grows(self):
        found = self._sync()
        more = self._create_open(50, due="2025-02-01")
        self.assertEqual(self._sync(), found)
        self.assertEqual((found.amount, found.item_count), (1050, 2))
        self._sync()
        self.assertEqual(found.item_count, 2)
        self.assertIn(more.name, found.item_ids.mapped("name"))

    def test_the_first_items_are_named_and_the_rest_counted(self):
        for _each in range(4):
            self._create_open(50, due="2025-02-01")
        found = self._sync()
        self.assertEqual(found.item_count, 5)
        self.assertEqual(found.reason.count("was due on"), 3)
        self.assertIn("; and 2 more", found.reason)
        action = self._as(found, self.users["auditor"]).action_view_items()
        items = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(sorted(items.mapped("balance")), [50, 50, 50, 50, 1000])

    def test_a_rule_may_name_who_handles_it(self):
        self._rule("overdue").user_id = self.second
        found = self._sync()
        self.assertEqual(found.user_id, self.second)
        self.assertEqual(found.activity_ids.user_id, self.second)

    def test_smaller_than_the_least(self):
        self._rule("overdue").minimum = 1000.01
        self.assertFalse(self._sync())

    def test_each_currency_has_its_own(self):
        euro = self.setup_other_currency("EUR")
        self._create_open(70, due="2025-01-31", currency_id=euro.id)
        found = self._sync()
        self.assertEqual(
            {one.currency_id: one.amount for one in found},
            {self.company.currency_id: 1000, euro: 70},
        )

    def test_short_payment(self):
        self._only("short")
        self._pay(self.overdue, 400, "2025-02-27")
        self.assertFalse(self._sync("2025-03-09 04:00:00"))
        found = self._sync("2025-03-10 04:00:00")
        self.assertEqual((found.code, found.amount), ("short", 600))
        self.assertIn("400", found.reason)

    def test_bounced_bill_until_its_debt_is_paid(self):
        self._only("bounced")
        payment = self._pay(self.overdue, 1000, "2025-02-10")
        bill = self.env["rd.acceptance.bill"].create(
            {
                "partner_id": self.outside.id,
                "number": "B1",
                "drawer": "x",
                "acceptor": "x",
                "issue_date": "2025-02-01",
                "received_date": "2025-02-10",
                "maturity_date": "2025-03-01",
                "amount": 1000,
                "payment_id": payment.id,
                "bounce_reason": "no funds",
            }
        )
        self.assertFalse(self._sync())
        with freeze_time(NOW):
            bill.action_bounce()
        found = self._sync()
        self.assertEqual((found.code, found.amount), ("bounced", 1000))
        self.assertIn("no funds", found.reason)
        self.assertEqual(found.proposal, "escalate")
        again = payment.move_id.reversal_move_ids
        self._pay_items(again, 1000, "2025-03-12")
        self.assertFalse(self._sync("2025-03-13 04:00:00"))
        self.assertEqual(found.state, "closed")

    def _bounce_without_payment(self, number="B1"):
        bill = self.env["rd.acceptance.bill"].create(
            {
                "partner_id": self.outside.id,
                "number": number,
                "drawer": "x",
                "acceptor": "x",
                "issue_date": "2025-02-01",
                "received_date": "2025-02-10",
                "maturity_date": "2025-03-01",
                "amount": 600,
                "bounce_reason": "no funds",
            }
        )
        with freeze_time(NOW):
            bill.action_bounce()
        return bill

    def test_bounced_bill_without_a_payment_ends(self):
        """It is owed as long as what was owed at the bounce is open."""
        self._only("bounced")
        self._bounce_without_payment()
        self._create_open(5000, invoice_date="2025-03-11", due="2025-04-11")
        found = self._sync()
        self.assertEqual((found.code, found.amount), ("bounced", 600))
        self._pay(self.later, 70, "2025-03-12")
        self._pay(self.overdue, 900, "2025-03-12")
        self._sync("2025-03-13 04:00:00")
        self.assertEqual(found.amount, 100)
        self._pay(self.overdue, 100, "2025-03-14")
        self.assertFalse(self._sync("2025-03-15 04:00:00"))
        self.assertEqual(found.state, "closed")

    def test_bounced_bill_gets_its_payment_later(self):
        """Finance had booked it, the desk had not named it: nothing was open."""
        self._only("bounced")
        self.later.button_draft()
        self._pay(self.overdue, 400, "2025-02-10")
        payment = self._pay(self.overdue, 600, "2025-02-10")
        bill = self._bounce_without_payment()
        self.assertEqual(self._sync().amount, 600)
        with freeze_time(NOW):
            bill.payment_id = payment
        again = payment.move_id.reversal_move_ids
        self.assertEqual(again.state, "posted")
        with self.assertRaisesRegex(UserError, "keeps its payment"):
            bill.payment_id = False
        found = self._sync()
        self.assertEqual(found.amount, 600)
        self._pay_items(again, 600, "2025-03-12")
        self.assertFalse(self._sync("2025-03-13 04:00:00"))

    def test_bounced_bill_takes_no_payment_that_is_not_booked(self):
        bill = self._bounce_without_payment()
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.outside.id,
                "amount": 600,
                "date": "2025-02-10",
            }
        )
        with self.assertRaisesRegex(UserError, "post it first"):
            bill.payment_id = payment

    def test_late_by_the_day_of_its_company(self):
        """On the evening of the 10th in UTC it is the 11th in Auckland."""
        found = self._sync("2025-03-03 04:00:00")
        self.assertEqual(found.deadline, date(2025, 3, 10))
        self.company.rd_tz = "Pacific/Auckland"
        elsewhere = self.env["res.company"].create(
            {"name": "West", "rd_tz": "America/Los_Angeles"}
        )
        self.env.user.company_ids += elsewhere
        exceptions = found.with_company(elsewhere).with_context(
            allowed_company_ids=(elsewhere | self.company).ids
        )
        for now, late in (
            ("2025-03-10 10:30:00", False),
            ("2025-03-10 11:30:00", True),
        ):
            with self.subTest(now), freeze_time(now):
                exceptions.invalidate_recordset()
                self.assertEqual(exceptions.late, late)
                for value in (True, False):
                    shown = exceptions.search(
                        [("id", "=", found.id), ("late", "=", value)]
                    )
                    self.assertEqual(bool(shown), late == value)
                either = [("id", "=", found.id), ("late", "in", [True, False])]
                self.assertTrue(exceptions.search(either))

    def _pay_items(self, move, amount, day):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.outside.id,
                "amount": amount,
                "date": day,
            }
        )
        payment.action_post()
        (move | payment.move_id).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()

    def test_carried_from_plan_to_plan(self):
        self._only("carried")
        self._rule("carried").limit = 2
        self._approve()
        self.assertFalse(self._sync())
        self._approve(self._propose(date(2025, 4, 1), "2025-03-31 04:00:00"))
        found = self._sync("2025-04-02 04:00:00")
        mine = found.filtered(lambda one: one.partner_id == self.outside)
        self.assertEqual((mine.amount, mine.proposal), (1000, "stop"))
        self.assertEqual(mine.item_ids.mapped("name"), [self.overdue.name])
        self.assertEqual((found - mine).item_ids.mapped("name"), [self.due.name])

    def test_silence_ends_with_a_payment(self):
        self._only("silence")
        found = self._sync()
        self.assertEqual(found.code, "silence")
        self.assertIn("nothing heard since 2025-01-31", found.reason)
        self._pay(self.overdue, 1, "2025-03-08")
        self._sync()
        self.assertEqual(found.state, "closed")
        self.assertIn("no longer so", found.closed_reason)

    def _promise(self, amount, day, now, items=None):
        with freeze_time(now):
            return self.env["rd.promise"].create(
                {
                    "partner_id": self.outside.id,
                    "amount": amount,
                    "date": day,
                    "line_ids": [Command.set((items or self._items()).ids)],
                }
            )

    def _items(self, move=None):
        return (move or self.overdue)._rd_get_instalments()

    def test_broken_promises(self):
        self._only("promises")
        for day in ("2025-02-05", "2025-02-20"):
            promise = self._promise(900, day, "2025-02-01 04:00:00")
            self.assertFalse(self._sync())
            with freeze_time(NOW):
                promise._refresh()
            self.assertEqual(promise.state, "broken")
        found = self._sync()
        self.assertEqual(
            (found.code, found.amount, found.proposal), ("promises", 1800, "escalate")
        )
        self.assertEqual(found.item_ids[0].action_open()["res_model"], "rd.promise")
        with freeze_time(NOW):
            self._as(found, self.clerk).action_accept()
        self.assertIn(
            found.activity_ids.user_id,
            self.second | self.users["supervisor"] | self.env.user,
        )
        self._pay(self.overdue, 1000, "2025-03-12")
        self._sync("2025-03-13 04:00:00")
        self.assertEqual(found.state, "closed")

    def test_renewed_promises_were_broken(self):
        """Two were broken; what did not come is told once."""
        self._only("promises")
        first = self._promise(900, "2025-02-05", "2025-02-01 04:00:00")
        with freeze_time("2025-02-15 04:00:00"):
            second = first.action_renew(date="2025-02-20")
        self.assertFalse(self._sync())
        with freeze_time(NOW):
            second._refresh()
        found = self._sync()
        self.assertEqual((found.code, found.amount), ("promises", 900))

    def test_what_the_renewed_promise_brought_is_not_missing(self):
        """Fails when a broken promise is told with what came for the one in its
        place."""
        self._only("promises")
        named = self._create_open(300, due="2025-01-31")
        first = self._promise(
            300, "2025-02-05", "2025-02-01 04:00:00", self._items(named)
        )
        with freeze_time("2025-02-15 04:00:00"):
            second = first.action_renew(date="2025-03-05")
            self._pay(named, 300, "2025-02-15")
        third = self._promise(200, "2025-02-20", "2025-02-01 04:00:00")
        with freeze_time(NOW):
            third._refresh()
        self.assertEqual(
            (first.missed, second.state, third.state), ("broken", "kept", "broken")
        )
        found = self._sync()
        self.assertEqual((found.amount, len(found.item_ids)), (200, 1))

    def test_a_renewed_promise_lacks_what_the_new_one_lacks(self):
        """Fails when what came for the new one is missed all the same."""
        self._only("promises")
        first = self._promise(500, "2025-02-05", "2025-02-01 04:00:00")
        rest = self._items(self.later)
        other = self._promise(70, "2025-02-05", "2025-02-01 04:00:00", rest)
        with freeze_time("2025-02-15 04:00:00"):
            first.action_renew(date="2025-03-20")
            other._refresh()
            self._pay(self.overdue, 200, "2025-02-15")
        self.assertEqual((first.missed, other.state), ("broken", "broken"))
        found = self._sync()
        self.assertEqual(found.amount, 300 + 70)
        self.assertEqual(sorted(found.item_ids.mapped("amount")), [70, 300])

    def test_a_promise_explains_what_is_overdue(self):
        self._only("overdue", "silence")
        self._promise(1000, "2025-03-20", "2025-03-01 04:00:00")
        self.assertFalse(self._sync())

    def _dispute(self, now):
        with freeze_time(now):
            return self.env["rd.chase.note"].create(
                {
                    "partner_id": self.outside.id,
                    "outcome": "disputed",
                    "reason": "price",
                    "line_ids": [Command.set(self._items().ids)],
                }
            )

    def test_a_dispute_that_nobody_settles(self):
        self._only("dispute", "overdue", "silence")
        note = self._dispute("2025-02-24 04:00:00")
        self.assertFalse(self._sync("2025-03-11 04:00:00"))
        found = self._sync("2025-03-12 04:00:00")
        self.assertEqual((found.code, found.amount), ("dispute", 1000))
        self.assertIn("is disputed since 2025-02-24: Price", found.reason)
        with freeze_time("2025-03-12 04:00:00"):
            note.action_settle("price agreed")
        self._sync("2025-03-12 05:00:00")
        self.assertEqual(found.state, "closed")

    def test_an_item_disputed_twice_counts_once(self):
        self._only("dispute")
        for now in ("2025-02-20 04:00:00", "2025-02-22 04:00:00"):
            self._dispute(now)
        found = self._sync("2025-03-12 04:00:00")
        self.assertEqual((found.amount, found.item_count), (1000, 1))
        self.assertEqual(found.since_date, date(2025, 2, 20))

    def test_silence_counts_from_the_last_word(self):
        self._only("silence")
        self._pay(self.overdue, 1, "2025-02-08")
        with freeze_time("2025-02-05 04:00:00"):
            self.env["rd.chase.note"].create(
                {"partner_id": self.outside.id, "outcome": "will_pay"}
            )
        self.assertIn("nothing heard since 2025-02-08", self._sync().reason)

    def test_what_they_said_ends_the_silence(self):
        self._only("silence")
        found = self._sync()
        for outcome, state in (("no_answer", "open"), ("will_pay", "closed")):
            with freeze_time(NOW):
                self.env["rd.chase.note"].create(
                    {"partner_id": self.outside.id, "outcome": outcome}
                )
            self._sync()
            self.assertEqual(found.state, state, outcome)

    def test_what_waits_or_is_retained_is_not_overdue(self):
        self.overdue.line_ids._rd_due_internal().write({"rd_waits_stage": True})
        self.assertFalse(self._sync())

    def test_a_general_rule_leaves_it_to_the_telling_one(self):
        self._only("short", "overdue", "silence")
        self._pay(self.overdue, 400, "2025-02-10")
        self.assertEqual(self._sync().mapped("code"), ["short"])

    def test_suggestion_follows_the_facts(self):
        self.company.rd_tax_invoices = True
        self.assertEqual(self._sync().proposal, "resend")
        self._live().sudo()._as_internal().unlink()
        self.company.rd_tax_invoices = False
        bill = self._create_open(300, move_type="in_invoice")
        self.assertEqual(bill.partner_id, self.outside)
        found = self._sync()
        self.assertEqual(found.proposal, "offset")
        with freeze_time(NOW):
            self._as(found, self.clerk).action_accept()
        task = found.activity_ids
        self.assertEqual(task.user_id, self.users["finance"])
        self.assertIn("300", task.note)

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------
    def test_decision_and_result_are_kept(self):
        found = self._as(self._sync(), self.clerk)
        with freeze_time(NOW):
            wizard = self.env["rd.exception.decide"].with_user(self.clerk)
            wizard.create(
                {"exception_ids": [Command.set(found.ids)], "decision": "call"}
            ).action_decide()
            self.assertRecordValues(
                found,
                [
                    {
                        "state": "decided",
                        "decision": "call",
                        "decided_by_id": self.clerk.id,
                    }
                ],
            )
            for result in (None, "  "):
                with self.assertRaisesRegex(UserError, "what came of it"):
                    found.action_finish(result)
            found.action_finish("pays on Friday")
        self.assertRecordValues(
            found,
            [
                {
                    "state": "done",
                    "result": "pays on Friday",
                    "done_date": date(2025, 3, 10),
                }
            ],
        )
        with self.assertRaises(UserError):
            found.action_decide("call")
        with self.assertRaises(UserError):
            found.deadline = "2025-01-01"

    def test_handled_comes_up_again_later_only(self):
        found = self._as(self._sync(), self.clerk)
        with freeze_time(NOW):
            found.action_decide("none", "known debtor")
        self.assertEqual(found.state, "done")
        self.assertFalse(self._sync("2025-04-08 04:00:00"))
        again = self._sync("2025-04-09 04:00:00")
        self.assertEqual(len(again), 1)
        self.assertNotEqual(again, found)

    def test_what_is_new_after_a_decision_is_decided_anew(self):
        found = self._as(self._sync(), self.clerk)
        with freeze_time(NOW):
            found.action_accept()
        self._create_open(50, due="2025-02-01")
        live = self._sync()
        self.assertEqual(sorted(live.mapped("amount")), [50, 1000])

    def test_wrong_decisions_get_a_sentence(self):
        found = self._as(self._sync(), self.clerk)
        for decision, note, sentence in (
            (None, None, "Choose what"),
            ("x", None, "Choose what"),
            ("none", " ", "say why it is left"),
            ("legal", "x", "decided by a supervisor"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                found.action_decide(decision, note)
        self._as(found, self.second).action_decide("legal", "last resort")
        self.assertEqual(found.decision, "legal")

    # ------------------------------------------------------------------
    # The end by itself
    # ------------------------------------------------------------------
    def test_paid_closes_it_and_says_so(self):
        found = self._sync()
        self._pay(self.overdue, 400, "2025-03-11")
        self._sync("2025-03-11 04:00:00")
        self.assertEqual((found.state, found.amount), ("open", 600))
        self._pay(self.overdue, 600, "2025-03-12")
        self.assertFalse(self._sync("2025-03-12 04:00:00"))
        self.assertRecordValues(
            found, [{"state": "closed", "closed_date": date(2025, 3, 12)}]
        )
        self.assertIn("settled on 2025-03-12", found.closed_reason)
        self.assertFalse(found.activity_ids)
        self.assertEqual(found.raised_amount, 1000)

    def test_what_is_paid_goes_and_the_rest_stays(self):
        small = self._create_open(50, due="2025-02-01")
        found = self._sync()
        self._pay(small, 50, "2025-03-12")
        self.assertEqual(self._sync("2025-03-12 04:00:00"), found)
        self.assertEqual((found.state, found.amount), ("open", 1000))
        gone = found.item_ids.filtered(lambda item: not item.live)
        self.assertEqual(gone.gone_reason, f"{small.name} was settled on 2025-03-12")

    def test_credited_closes_it_and_says_so(self):
        found = self._sync()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.overdue.ids)
            .create({"journal_id": self.overdue.journal_id.id, "date": "2025-03-12"})
        )
        refund = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        refund.action_post()
        both = (self.overdue | refund).line_ids
        both.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()
        self.assertFalse(self._sync("2025-03-12 04:00:00"))
        self.assertEqual(
            found.closed_reason, f"{self.overdue.name} was credited on 2025-03-12"
        )

    def test_deleted_closes_it_and_says_so(self):
        found, name = self._sync(), self.overdue.name
        self.overdue.button_draft()
        self.overdue.with_context(force_delete=True).unlink()
        self.assertFalse(self._sync())
        self.assertEqual(found.closed_reason, f"{name} is not in the books any more")

    def test_decided_closes_as_well(self):
        found = self._as(self._sync(), self.clerk)
        with freeze_time(NOW):
            found.action_accept()
        self.overdue.button_draft()
        self._sync()
        self.assertEqual(found.state, "closed")
        self.assertIn("not in the books", found.closed_reason)

    def test_facts_are_found_and_stay(self):
        """Nor may code that has every right write them down or delete them."""
        found = self._sync()
        item = found.item_ids
        values = {
            "exception_id": found.id,
            "code": "overdue",
            "res_model": "account.move.line",
            "res_id": item.res_id,
            "name": "x",
        }
        for words, call in (
            ("found by the rules", lambda: item.sudo().create(values)),
            ("stays with it", item.sudo().unlink),
            ("decided, not deleted", found.sudo().unlink),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                call()
        self.assertTrue(found.exists() and item.exists())

    def test_evidence_that_is_gone_is_named(self):
        item = self._as(self._sync().item_ids, self.clerk)
        name = self.overdue.name
        self.overdue.button_draft()
        self.overdue.with_context(force_delete=True).unlink()
        with self.assertRaisesRegex(UserError, f"{name} is not there any more"):
            item.action_open()

    def test_a_rule_turned_off_lets_them_go(self):
        found = self._sync()
        self._only("short")
        self.assertFalse(self._sync())
        self.assertEqual(found.closed_reason, "The rule is off")

    # ------------------------------------------------------------------
    # The clock
    # ------------------------------------------------------------------
    def test_clock_counts_working_days_and_escalates_once(self):
        exceptions = self.env["rd.receivable.exception"]
        found = self._sync("2025-03-07 04:00:00")  # a Friday
        self.assertEqual(found.deadline, date(2025, 3, 14))
        for now, expected in (
            ("2025-03-19 04:00:00", False),
            ("2025-03-20 04:00:00", date(2025, 3, 20)),
            ("2025-03-21 04:00:00", date(2025, 3, 20)),
        ):
            with freeze_time(now):
                exceptions._escalate(self.company)
            self.assertEqual(found.escalated_date, expected, now)
        told = found.activity_ids.filtered(lambda one: "Not decided" in one.summary)
        self.assertEqual(len(told), 1)
        self.assertIn(
            told.user_id, self.second | self.users["supervisor"] | self.env.user
        )

    def test_what_is_late_waits_for_a_supervisor_to_be_told(self):
        """Fails when it counts as told while there is nobody to tell."""
        exceptions = self.env["rd.receivable.exception"]
        found = self._sync("2025-03-07 04:00:00")
        people = self._dismiss_supervisors()
        with freeze_time("2025-03-20 04:00:00"):
            exceptions._escalate(self.company)
        self.assertFalse(found.escalated_date)
        group = self.env.ref("rd_sales_admin.rd_sales_admin_group_supervisor")
        people.write({"group_ids": [Command.link(group.id)]})
        with freeze_time("2025-03-21 04:00:00"):
            exceptions._escalate(self.company)
        self.assertEqual(found.escalated_date, date(2025, 3, 21))

    def test_the_scheduled_action_goes_on_after_one_that_fails(self):
        cron = self.env["ir.cron"]
        exceptions = self.env["rd.receivable.exception"]
        self._create_open(9, due="2025-01-05", partner=self.affiliate)
        self.env.flush_all()
        seen = []

        def each(records, act):
            seen.append(records)
            for record in records:
                act(record)

        with (
            freeze_time(NOW),
            patch.object(type(cron), "_rd_run_each", lambda _s, *a: each(*a)),
        ):
            exceptions._cron_sync()
        self.assertIn(self.outside | self.affiliate, seen)
        self.assertEqual(len(self._live()), 2)

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_a_company_that_cannot_be_searched_stops_no_other(self):
        """Fails when the search for one company ends the run for all."""
        second = self.env["res.company"].create({"name": "Second"})
        second.rd_start_date = "2025-01-01"
        exceptions = self.env["rd.receivable.exception"]
        done = []

        def find(_self, company):
            if company == self.company:
                raise ZeroDivisionError
            return self.outside

        self.patch(type(exceptions), "_get_concerned", find)
        self.patch(type(exceptions), "_sync", lambda _self, *what: done.append(what))
        with DeskCommon._parted(self):
            exceptions._cron_sync()
        self.assertIn((second, self.outside), done)
        self.assertNotIn((self.company, self.outside), done)

    def test_queries_do_not_grow_with_the_items(self):
        self._only(*(rule.code for rule in self.rules))
        counts = []
        for number in (0, 57):
            for _each in range(number):
                self._create_open(10, due="2025-01-09")
            taken = []
            with freeze_time(NOW):
                for rule in self.env["rd.receivable.rule"]._ensure(self.company):
                    self.env.flush_all()
                    self.env.invalidate_all()
                    before = self.cr.sql_log_count
                    rule._find_facts()
                    taken.append(self.cr.sql_log_count - before)
            counts.append(taken)
        for small, large in zip(*counts, strict=True):
            self.assertLessEqual(large, small + 3, counts)

    # ------------------------------------------------------------------
    # Guards and access
    # ------------------------------------------------------------------
    def test_nobody_writes_facts(self):
        found = self._sync()
        for user in (self.clerk, self.second):
            own = self._as(found, user)
            for call in (
                lambda own=own: own.write({"state": "closed"}),
                lambda own=own: own.write({"amount": 1}),
                lambda own=own: own.write({"decision": "stop"}),
                lambda own=own: own.write(
                    {"item_ids": [Command.update(own.item_ids.id, {"amount": 1})]}
                ),
                lambda own=own: own.item_ids.write({"live": False}),
                lambda own=own: own.copy(),
                lambda own=own: own.unlink(),
                lambda own=own: own.create(
                    {"partner_id": own.partner_id.id, "code": "overdue"}
                ),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    call()

    def test_twice_is_refused_by_the_database(self):
        found = self._sync().sudo()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.cr.savepoint():
                values = {
                    "company_id": found.company_id.id,
                    "partner_id": found.partner_id.id,
                    "code": found.code,
                    "rule_id": found.rule_id.id,
                    "currency_id": found.currency_id.id,
                    "raised_date": found.raised_date,
                    "proposal": "call",
                }
                found._as_internal().create(values)
        item = found.item_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.cr.savepoint():
                item._as_internal().create(
                    {
                        "exception_id": found.id,
                        "code": item.code,
                        "res_model": item.res_model,
                        "res_id": item.res_id,
                        "name": "x",
                    }
                )

    def test_roles(self):
        found = self._sync()
        for role in ("auditor", "finance"):
            own = self._as(found, self.users[role])
            self.assertTrue(own.reason)
            for call in (own.action_accept, lambda own=own: own.action_finish("x")):
                with self.assertRaises(AccessError):
                    call()
        allowed = self._let_write("finance", found._name)
        with self.assertRaisesRegex(UserError, "Only the sales"):
            self._as(found, allowed).action_accept()
        self.assertEqual(found.state, "open")
        for role in OTHERS:
            with self.assertRaises(AccessError):
                self._as(found, self.users[role]).read(["code"])
            with self.assertRaises(AccessError):
                self._as(found.item_ids, self.users[role]).read(["name"])

    def test_other_company(self):
        found = self._sync()
        other = self.setup_other_company()["company"]
        self.clerk.sudo().write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        model = self.env["rd.receivable.exception"].with_user(self.clerk)
        self.assertFalse(model.search([]))
        with self.assertRaises(AccessError):
            self._as(found, self.clerk).action_accept()

    def test_rules_are_checked(self):
        for code, vals in (
            ("overdue", {"limit": -1}),
            ("overdue", {"minimum": -1}),
            ("promises", {"limit": 0}),
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._rule(code).write(vals)
        rule = self._rule("overdue")
        rule.limit = 45
        self.assertIn("45", rule.sentence)
        with self.assertRaises(AccessError):
            rule.with_user(self.clerk).write({"limit": 1})
        rule.with_user(self.second).write({"limit": 20})
