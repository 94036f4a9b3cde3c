# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import OTHERS
from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestAcceptanceBill(PlanCommon):
    @classmethod
    def _make_bill(cls, payment=None, **values):
        return cls.env["rd.acceptance.bill"].create(
            {
                "partner_id": cls.affiliate.id,
                "number": "1302-0001",
                "kind": "commercial",
                "drawer": "affiliate",
                "acceptor": "affiliate",
                "issue_date": "2025-03-01",
                "received_date": "2025-03-05",
                "maturity_date": "2025-03-25",
                "amount": 500,
                "currency_id": cls.company.currency_id.id,
                "payment_id": payment and payment.id,
                **values,
            }
        )

    def _pay_by_bill(self, **values):
        return self._make_bill(self._pay(self.due, 500), **values)

    # ------------------------------------------------------------------
    def test_matured_before_it_was_issued(self):
        with (
            self.assertRaisesRegex(ValidationError, "before it was issued"),
            self.cr.savepoint(),
        ):
            self._make_bill(maturity_date="2025-02-28")
        with (
            self.assertRaisesRegex(ValidationError, "before it was issued"),
            self.cr.savepoint(),
        ):
            self._make_bill(received_date="2025-02-28")

    def test_payment_is_the_bills(self):
        payment = self._pay(self.due, 400)
        with (
            self.assertRaisesRegex(ValidationError, "is not the payment"),
            self.cr.savepoint(),
        ):
            self._make_bill(payment)
        with (
            self.assertRaisesRegex(ValidationError, "is not the payment"),
            self.cr.savepoint(),
        ):
            self._make_bill(payment, amount=400, partner_id=self.outside.id)
        self.assertTrue(self._make_bill(payment, amount=400))

    @freeze_time("2025-03-06 04:00:00")
    def test_commercial_counts_at_maturity(self):
        """Fails when actuals take a bill on its receipt whatever its kind."""
        plan = self._approve()
        bill = self._pay_by_bill()
        line = self._line(plan, self.due)
        self.assertRecordValues(
            line, [{"received_amount": 0, "waiting_amount": 500, "open_amount": 500}]
        )
        self.assertEqual(plan.waiting_amount, 500)
        self.assertEqual(plan.due_rate_text, "0.00 %")
        self.assertFalse(bill.counts_date)
        self.assertEqual(plan.action_view_waiting()["domain"][-1][2], line.ids)
        with (
            self.assertRaisesRegex(UserError, "cannot have been paid yet"),
            self.cr.savepoint(),
        ):
            bill.action_mature()
        with freeze_time("2025-03-26 04:00:00"):
            bill.action_mature()
            self.env.invalidate_all()
            self.assertEqual(bill.counts_date, date(2025, 3, 26))
            self.assertRecordValues(
                line,
                [{"received_amount": 500, "on_time_amount": 0, "waiting_amount": 0}],
            )
        self.assertEqual(self._as_of(line, "2025-03-25").waiting_amount, 500)

    @freeze_time("2025-03-06 04:00:00")
    def test_bank_counts_on_receipt(self):
        plan = self._approve()
        bill = self._pay_by_bill(kind="bank")
        self.assertEqual(self._line(plan, self.due).received_amount, 500)
        self.assertEqual(bill.counts_date, date(2025, 3, 5))
        self.company.rd_bill_bank_counts = "maturity"
        self.env.invalidate_all()
        self.assertEqual(self._line(plan, self.due).received_amount, 0)

    @freeze_time("2025-03-26 04:00:00")
    def test_bounced_opens_the_debt_again(self):
        for kind in ("bank", "commercial"):
            with self.subTest(kind=kind), self._undone():
                self._check_bounced(kind)

    def _check_bounced(self, kind):
        plan = self._approve()
        bill = self._pay_by_bill(kind=kind)
        with self.assertRaisesRegex(UserError, "why"), self.cr.savepoint():
            bill.action_bounce()
        bill.bounce_reason = "account empty"
        bill.action_bounce()
        with self.assertRaisesRegex(UserError, "keeps its payment"):
            bill.payment_id = False
        self.env.invalidate_all()
        self.assertEqual(self._line(plan, self.due).received_amount, 0)
        entry = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.affiliate.id),
                ("date", "=", "2025-03-26"),
                ("account_id.account_type", "=", "asset_receivable"),
            ]
        )
        self.assertRecordValues(
            entry,
            [{"balance": 500, "date_maturity": date(2025, 3, 26)}],
        )
        self.assertEqual(plan.new_amount, 500)
        received = {"bank": 500, "commercial": 0}[kind]
        self.assertEqual(
            self._as_of(self._line(plan, self.due), "2025-03-25").received_amount,
            received,
        )

    @freeze_time("2025-04-03 04:00:00")
    def test_counts_from_the_day_it_was_paid(self):
        """Fails when a bill counts from the day somebody noted it."""
        plan = self._approve()
        bill = self._pay_by_bill()
        for day, sentence in (
            ("2025-03-24", "lies before"),
            ("2025-04-04", "has not come yet"),
            ("Easter", "“Easter” is not a day"),
        ):
            with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
                bill.action_mature(day)
            self.assertEqual(bill.state, "held")
        wizard = self.env["rd.bill.outcome"].with_user(self.users["finance"])
        asked = wizard.create({"bill_id": bill.id})
        self.assertEqual(asked.day, date(2025, 3, 25))
        asked.day = "2025-03-27"
        asked.action_note()
        self.assertRecordValues(
            bill, [{"state": "matured", "counts_date": date(2025, 3, 27)}]
        )
        self.env.invalidate_all()
        self.assertEqual(self._line(plan, self.due).received_amount, 500)
        self.assertEqual(
            self._as_of(self._line(plan, self.due), "2025-03-26").received_amount, 0
        )

    def _promise_due(self):
        with freeze_time("2025-03-06 04:00:00"):
            return self.env["rd.promise"].create(
                {
                    "partner_id": self.affiliate.id,
                    "amount": 500,
                    "date": "2025-03-26",
                    "line_ids": [Command.set(self._line_of(self.due).ids)],
                }
            )

    def _line_of(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def test_paid_on_an_earlier_day_keeps_the_promise(self):
        """Fails when a promise stays broken that a bill kept in time."""
        promise = self._promise_due()
        with freeze_time("2025-03-07 04:00:00"):
            bill = self._make_bill()
            # The bill is there, and what it pays is named.
            payment = self._pay(self.due, 500)
            bill.payment_id = payment
            self.assertEqual(promise.state, "open")
        with freeze_time("2025-04-03 04:00:00"):
            promise._refresh()
            self.assertEqual(promise.state, "broken")
            bill.with_user(self.users["finance"]).action_mature("2025-03-27")
            self.assertRecordValues(
                promise, [{"state": "kept", "received_amount": 500}]
            )

    @freeze_time("2025-04-03 04:00:00")
    def test_bounced_on_its_day(self):
        bill = self._pay_by_bill()
        wizard = self.env["rd.bill.outcome"].with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "why"), self.cr.savepoint():
            wizard.create({"bill_id": bill.id, "outcome": "bounced"}).action_note()
        with self.assertRaisesRegex(UserError, "lies before"), self.cr.savepoint():
            bill.action_bounce("2025-03-04", "no funds")
        wizard.create(
            {
                "bill_id": bill.id,
                "outcome": "bounced",
                "day": "2025-03-28",
                "reason": "no funds",
            }
        ).action_note()
        self.assertRecordValues(
            bill,
            [
                {
                    "state": "bounced",
                    "bounced_date": date(2025, 3, 28),
                    "bounce_reason": "no funds",
                }
            ],
        )
        again = bill.payment_id.move_id.reversal_move_ids
        self.assertEqual(again.date, date(2025, 3, 28))

    def test_a_maturity_reminds_finance_and_the_clerk(self):
        bill = self._make_bill()
        cockpit = self.env["rd.cockpit"].with_user(self.users["finance"])
        for now, found in (
            ("2025-03-25 15:59:00", bill.browse()),
            ("2025-03-25 16:00:00", bill),  # the 26th in Shanghai
        ):
            with freeze_time(now), self.subTest(now):
                deputy = self.env["rd.deputy"].new(
                    {"company_id": self.company.id, "user_id": self.clerk.id}
                )
                scope = cockpit._get_scope("finance", self.company.id)
                for queues in (
                    deputy._get_queues(),
                    cockpit._get_finance_queues(scope),
                ):
                    [queue] = [one for one in queues if one.code == "bills"]
                    self.assertEqual(bill.search(queue.domain), found)
        with freeze_time("2025-03-26 04:00:00"):
            bill.action_mature()
            self.assertFalse(bill.search(bill._get_past_domain(self.company)))

    @freeze_time("2025-03-06 04:00:00")
    def test_passing_on(self):
        bill = self._pay_by_bill()
        with self.assertRaisesRegex(UserError, "to whom"), self.cr.savepoint():
            bill.action_endorse()
        bill.endorsed_to_id = self.outside
        bill.action_endorse()
        self.assertEqual(bill.endorsed_date, date(2025, 3, 6))
        with self.assertRaises(UserError):
            bill.action_discount()
        with self.assertRaises(UserError):
            bill.amount = 1
        other = self._make_bill(number="2")
        other.action_discount()
        third = self._make_bill(number="3", kind="bank")
        self.assertEqual(third.counts_date, date(2025, 3, 5))
        third.action_cancel()
        self.assertFalse(third.counts_date)
        self.env.flush_all()
        self.assertTrue(self._make_bill(number="3"))
        self.assertEqual(bill.action_open_payment()["res_id"], bill.payment_id.id)

    def test_roles(self):
        bill = self._make_bill()
        for call in ("action_mature", "action_bounce", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(bill.with_user(self.users["auditor"]), call)()
        for role in OTHERS:
            with self.assertRaises(AccessError):
                bill.with_user(self.users[role]).read(["number"])
        with self.assertRaises(UserError):
            bill.with_user(self.users["finance"]).write({"matured_date": "2025-03-01"})
        allowed = self._let_write("auditor", "rd.acceptance.bill")
        with self.assertRaisesRegex(UserError, "kept by the desk and by finance"):
            bill.with_user(allowed).action_cancel()
        self.assertEqual(bill.state, "held")
        second = self.setup_other_company()["company"]
        other = self._make_bill(number="9", company_id=second.id)
        with self.assertRaises(AccessError):
            other.with_user(self.users["finance"]).read(["number"])
