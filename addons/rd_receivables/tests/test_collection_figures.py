# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import random
from datetime import date, timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .plan_common import EVE, MARCH, PlanCommon

START = date(2025, 1, 1)
# The books told without the code under test: what took something off each debt.
FACTS = """
    SELECT debt.id, debt.balance, debt.date, debt.date_maturity,
           partial.amount, partial.max_date,
           bill.kind, bill.matured_date, bill.id IS NOT NULL,
           pay.move_type, pay.origin_payment_id IS NOT NULL
      FROM account_move_line debt
      JOIN account_account acc ON acc.id = debt.account_id
      LEFT JOIN account_partial_reconcile partial ON partial.debit_move_id = debt.id
      LEFT JOIN account_move_line credit ON credit.id = partial.credit_move_id
      LEFT JOIN account_move pay ON pay.id = credit.move_id
      LEFT JOIN rd_acceptance_bill bill ON bill.payment_id = pay.origin_payment_id
     WHERE debt.company_id = %s AND acc.account_type = 'asset_receivable'
       AND debt.parent_state = 'posted' AND debt.balance > 0
     ORDER BY debt.id, partial.id
"""
# What is open at the end of a day, of both signs, by its partials.
BOOKS = """
    SELECT item.id,
           item.balance - SUM(CASE WHEN item.id = partial.debit_move_id
               THEN partial.amount WHEN item.id = partial.credit_move_id
               THEN -partial.amount ELSE 0 END),
           item.date_maturity
      FROM account_move_line item
      JOIN account_account acc ON acc.id = item.account_id
      LEFT JOIN account_partial_reconcile partial
           ON item.id IN (partial.debit_move_id, partial.credit_move_id)
          AND partial.max_date <= %(day)s
     WHERE item.company_id = %(company)s AND acc.account_type = 'asset_receivable'
       AND item.parent_state = 'posted' AND item.date <= %(day)s
     GROUP BY item.id
    HAVING item.balance <> SUM(CASE WHEN item.id = partial.debit_move_id
               THEN partial.amount WHEN item.id = partial.credit_move_id
               THEN -partial.amount ELSE 0 END)
"""


@tagged("post_install", "-at_install")
class TestCollectionFigures(PlanCommon):
    @freeze_time("2025-03-06 04:00:00")
    def test_rates_and_what_they_open(self):
        plan = self._approve()
        self._pay(self.due, 125)
        fresh = self._create_open(50, due="2025-03-31", invoice_date="2025-03-02")
        self.assertRecordValues(
            plan,
            [
                {
                    "due_amount": 1550,
                    "due_received": 125,
                    "due_rate_text": "8.06 %",
                    "whole_rate_text": "7.72 %",
                    "on_time_rate_text": "22.73 %",
                    "received_amount": 125,
                    "new_amount": 50,
                }
            ],
        )
        self.assertIn("125.00", plan.due_formula)
        self.assertIn("1,550.00", plan.due_formula)
        due = self.env["rd.collection.plan.line"].search(
            plan.action_view_due()["domain"]
        )
        self.assertEqual(sum(due.mapped("opening_amount")), 1500)
        found = self.env["rd.collection.plan.line"].search(
            plan.action_view_received()["domain"]
        )
        self.assertEqual(sum(found.mapped("received_amount")), 125)
        items = self.env["account.move.line"].search(plan.action_view_new()["domain"])
        self.assertEqual(items.move_id, fresh)

    @freeze_time("2025-03-25 04:00:00")
    def test_rate_of_a_class_for_the_scorecard(self):
        """The two classes together are the plan."""
        rate = self.env["rd.collection.plan"]._get_collection_rate
        self.assertEqual(rate(self.company, MARCH, True)[:2], (0, 0))
        plan = self._approve()
        fresh = self._create_open(
            50, due="2025-03-31", invoice_date="2025-03-02", partner=self.affiliate
        )
        self._pay(self.due, 125)
        self._pay(self.overdue, 300)
        own, others = (
            rate(self.company, date(2025, 3, 9), one) for one in (True, False)
        )
        self.assertEqual(own[:2], (125, 550))
        self.assertEqual(others[:2], (300, 1000))
        self.assertEqual(own[0] + others[0], plan.due_received)
        self.assertEqual(own[1] + others[1], plan.due_amount)
        items = self.env["account.move.line"].search(own[2])
        self.assertEqual(items.move_id, self.due | fresh)

    def test_a_receipt_counts_in_one_month(self):
        """Fails when what comes between the day of a plan and its month counts in
        both."""
        march = self._approve()
        with freeze_time("2025-03-25 04:00:00"):
            april = self._approve(self._propose(date(2025, 4, 1), "2025-03-25 04:00"))
        self._pay(self.due, 500, "2025-03-28")
        with freeze_time("2025-05-02 04:00:00"):
            self.env.invalidate_all()
            self.assertRecordValues(
                march | april,
                [
                    {"due_amount": 1500, "due_received": 500, "early_amount": 0},
                    {"due_amount": 1000, "due_received": 0, "early_amount": 500},
                ],
            )
            items = self.env["account.move.line"].search(
                april.action_view_early()["domain"]
            )
            self.assertEqual(items.move_id, self.due)
            line = self._line(april, self.due)
            self.assertRecordValues(
                line, [{"opening_amount": 500, "early_amount": 500, "open_amount": 0}]
            )
            rows = self.env["rd.collection.report"].search(
                [("item_name", "=", self.due.name)], order="month"
            )
            expected = [(500, 500), (0, 0)]
            found = rows.mapped(lambda row: (row.amount_due, row.amount_received))
            self.assertEqual(found, expected)
            for plan in march | april:
                plan.action_close()
            self.env.invalidate_all()
            self.assertEqual((april.due_amount, april.early_amount), (1000, 500))
            found = rows.mapped(lambda row: (row.amount_due, row.amount_received))
            self.assertEqual(found, expected)

    def test_nothing_due_is_not_applicable(self):
        (self.overdue | self.due).button_draft()
        plan = self._approve()
        self.assertEqual(plan.due_rate_text, "n/a")
        self.assertEqual(plan.on_time_rate_text, "n/a")

    @freeze_time("2025-03-20 04:00:00")
    def test_as_of_any_past_day(self):
        plan = self._approve()
        self._pay(self.due, 100, "2025-03-05")
        self._pay(self.due, 200, "2025-03-15")
        line = self._line(plan, self.due)
        for day, received in (
            ("2025-03-04", 0),
            ("2025-03-05", 100),
            ("2025-03-14", 100),
            ("2025-03-15", 300),
        ):
            self.assertEqual(self._as_of(line, day).received_amount, received, day)
            self.assertEqual(self._as_of(plan, day).due_received, received, day)
        action = (
            self.env["rd.receivables.as.of"]
            .create({"day": "2025-03-05", "plan_id": plan.id})
            .action_show()
        )
        shown = plan.with_context(**action["context"])
        self.assertEqual((shown.as_of, shown.due_received), (date(2025, 3, 5), 100))

    @freeze_time("2025-03-20 04:00:00")
    def test_a_payment_not_applied_is_shown_as_such(self):
        plan = self._approve()
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.outside.id,
                "amount": 77,
                "date": "2025-03-10",
            }
        )
        payment.action_post()
        self.assertEqual(plan.unapplied_amount, 77)
        self.assertEqual(plan.due_received, 0)
        items = self.env["account.move.line"].search(
            plan.action_view_unapplied()["domain"]
        )
        self.assertEqual(items.move_id, payment.move_id)

    @freeze_time("2025-03-20 04:00:00")
    def test_offset_counts_and_write_off_does_not(self):
        plan = self._approve()
        payable = self.company_data["default_account_payable"]
        other = self.company_data["default_account_expense"]
        for account, amount in ((payable, 120), (other, 30)):
            entry = self.env["account.move"].create(
                {
                    "date": "2025-03-10",
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": self.due.line_ids.filtered(
                                    lambda line: line.balance > 0
                                ).account_id.id,
                                "partner_id": self.affiliate.id,
                                "balance": -amount,
                            }
                        ),
                        Command.create({"account_id": account.id, "balance": amount}),
                    ],
                }
            )
            entry.action_post()
            lines = (entry | self.due).line_ids.filtered(
                lambda line: (
                    line.account_id.account_type == "asset_receivable"
                    and not line.reconciled
                )
            )
            lines.reconcile()
        line = self._line(plan, self.due)
        self.assertRecordValues(
            line,
            [{"received_amount": 120, "credited_amount": 30, "open_amount": 350}],
        )

    @freeze_time("2025-03-20 04:00:00")
    def test_gone_from_the_books(self):
        plan = self._approve()
        self.due.button_draft()
        line = self._line(plan, self.due)
        self.assertRecordValues(
            line, [{"received_amount": 0, "credited_amount": 500, "open_amount": 0}]
        )
        self.assertEqual(plan.due_amount, 1000)

    # ------------------------------------------------------------------
    # Trend
    # ------------------------------------------------------------------
    @freeze_time("2025-03-20 04:00:00")
    def test_trend_by_class_owner_and_partner(self):
        """Fails when the rate of a group is an average of rates."""
        self._create_open(500, due="2025-03-25", partner=self.affiliate)
        self._approve()
        self._pay(self.due, 400)
        self._pay(self.overdue, 1000)
        report = self.env["rd.collection.report"]
        groups = report._read_group(
            [("company_id", "=", self.company.id)],
            ["month:month", "partner_class"],
            ["amount_due:sum", "amount_received:sum", "rate:avg", "target:avg"],
            order="partner_class",
        )
        self.assertEqual(
            [(row[1], *map(float, row[2:])) for row in groups],
            [("affiliate", 1000, 400, 40, 95), ("outside", 1000, 1000, 100, 100)],
        )
        [(rate,)] = report._read_group(
            [("company_id", "=", self.company.id)], [], ["rate:avg"]
        )
        self.assertEqual(rate, 70)
        row = report.search([("item_name", "=", self.due.name)])
        self.assertEqual(row.action_open_line()["res_id"], self.due.id)

    @freeze_time("2025-03-25 04:00:00")
    def test_trend_is_the_rate_of_the_plan(self):
        """Fails when the same month has two collection rates."""
        plan = self._approve()
        fresh = self._create_open(
            50, due="2025-03-31", invoice_date="2025-03-02", partner=self.affiliate
        )
        self._create_open(60, due="2025-04-30", invoice_date="2025-03-02")
        self._pay(self.due, 125)
        self._pay(fresh, 20, "2025-03-20")
        self._check_trend_is(plan, 1550, 145)
        row = self.env["rd.collection.report"].search(
            [("plan_id", "=", plan.id), ("is_new", "=", True)]
        )
        self.assertRecordValues(
            row,
            [
                {
                    "item_name": fresh.name,
                    "partner_id": self.affiliate.id,
                    "target": 95,
                    "amount_due": 50,
                    "amount_received": 20,
                }
            ],
        )
        self.assertEqual(row.action_open_line()["res_id"], fresh.id)
        with freeze_time("2025-04-02 04:00:00"):
            plan.action_close()
            self._pay(fresh, 30, "2025-03-30")
            self._check_trend_is(plan, 1550, 145)
            self.assertEqual(row.amount_received, 20)

    def _check_trend_is(self, plan, due, received):
        self.env.invalidate_all()
        sums = self.env["rd.collection.report"]._read_group(
            [("plan_id", "=", plan.id)],
            [],
            ["amount_due:sum", "amount_received:sum", "rate:avg"],
        )
        self.assertEqual((plan.due_amount, plan.due_received), (due, received))
        [(found, paid, rate)] = sums
        self.assertEqual((found, paid), (due, received))
        self.assertEqual(f"{rate:.2f} %", plan.due_rate_text)

    # ------------------------------------------------------------------
    # Random histories
    # ------------------------------------------------------------------
    def _make_history(self, seed):
        """Let some months of books happen: partial, taken back, credits, bills."""
        dice = random.Random(seed)
        for number in range(dice.randint(1, 3)):
            self._happen(dice, f"{seed}-{number}")

    def _happen(self, dice, name):
        day = START + timedelta(days=dice.randrange(85))
        currency = dice.choice((self.company.currency_id, self.euro))
        due, terms = day + timedelta(days=dice.randrange(60)), False
        if dice.random() < 0.3:
            due, terms = False, self.thirds.id
        move = self._create_open(
            dice.choice((0.03, 10, 33.33, 1234.56)),
            due=due,
            invoice_date=day,
            invoice_payment_term_id=terms,
            currency_id=currency.id,
            partner=dice.choice((self.affiliate, self.outside)),
        )
        for step in range(dice.randrange(3)):
            if not move.amount_residual:
                return
            self._settle(dice, move, f"{name}-{step}")

    def _settle(self, dice, move, name):
        left = move.amount_residual
        amount = left if dice.random() < 0.4 else max(0.01, round(left * 0.37, 2))
        day = move.invoice_date + timedelta(days=dice.randrange(60))
        act = dice.choice(("pay", "pay", "bill", "credit", "undo"))
        if act == "credit":
            credit = move._reverse_moves([{"invoice_date": day, "date": day}])
            credit.invoice_line_ids.price_unit = amount
            credit.action_post()
            items = (credit | move).line_ids.filtered(
                lambda line: line.display_type == "payment_term" and not line.reconciled
            )
            # Core may have matched the two by itself.
            if len(items.move_id) > 1:
                items.reconcile()
            return
        payment = self._pay(move, amount, day)
        if act == "undo":
            move.line_ids.remove_move_reconcile()
        if act == "bill":
            self._write_bill(dice, payment, day, name)

    def _write_bill(self, dice, payment, day, name):
        bill = self.env["rd.acceptance.bill"].create(
            {
                "partner_id": payment.partner_id.id,
                "number": name,
                "kind": dice.choice(("bank", "commercial")),
                "drawer": "x",
                "acceptor": "x",
                "issue_date": day,
                "received_date": day,
                "maturity_date": day + timedelta(days=dice.randrange(40)),
                "amount": payment.amount,
                "currency_id": payment.currency_id.id,
                "payment_id": payment.id,
            }
        )
        if dice.random() < 0.6:
            with freeze_time(f"{bill.maturity_date} 04:00:00"):
                bill.action_mature()

    def _get_facts(self, day):
        """Return {debt: (balance, date, due, left, received)} told by raw SQL."""
        self.env.flush_all()
        self.env.cr.execute(FACTS, [self.company.id])
        facts = {}
        for ref, balance, start, due, *partial in self.env.cr.fetchall():
            fact = facts.setdefault(
                ref, [cents(balance), start, due, cents(balance), []]
            )
            amount, on, kind, matured, is_bill, _type, is_payment = partial
            if amount is None:
                continue
            if is_bill and kind == "commercial":
                on = max(on, matured) if matured else date.max
            if on <= day:
                fact[3] -= cents(amount)
            fact[4].append((on, cents(amount), is_payment))
        return facts

    def _check_history(self, seed):
        dice = random.Random(-seed)
        self._make_history(seed)
        # One is always open: a plan of nothing is not submitted.
        self._create_open(7, due="2025-03-03")
        plan = self._approve(now=EVE)
        eve = self._get_facts(plan.snapshot_date)
        lines = {line.item_id: line for line in plan.line_ids}
        expected = {
            ref: left
            for ref, (_all, start, _due, left, _got) in eve.items()
            if start <= plan.snapshot_date and left > 0
        }
        self.assertEqual(
            {ref: cents(line.opening_amount) for ref, line in lines.items()}, expected
        )
        self._check_receipts(plan, date(2025, 3, dice.randrange(1, 32)), expected)
        self._check_ageing(START + timedelta(days=dice.randrange(180)))
        self._check_instalments()

    def _check_ageing(self, day):
        """The ageing as of a day is what the partials leave, item by item."""
        self.env.flush_all()
        self.env.cr.execute(BOOKS, {"company": self.company.id, "day": day})
        expected = {
            ref: (cents(amount), (day - due).days)
            for ref, amount, due in self.env.cr.fetchall()
        }
        rows = self._as_of(self.env["rd.ageing.report"], day).search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            {row.id: (cents(row.amount_residual), row.days_overdue) for row in rows},
            expected,
        )

    def _check_instalments(self):
        """The instalments of an invoice are together what it is open with."""
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "posted"),
                ("move_type", "=", "out_invoice"),
            ]
        )
        for move in moves:
            items = move.line_ids.filtered(
                lambda line: line.display_type == "payment_term"
            )
            self.assertEqual(
                sum(cents(item.amount_residual_currency) for item in items),
                cents(move.amount_residual),
            )
            self.assertEqual(
                sum(cents(item.amount_currency) for item in items),
                cents(move.amount_total),
            )

    def _check_receipts(self, plan, day, opening):
        facts = self._get_facts(day)
        due = got = 0
        for ref, (balance, start, until, _left, partials) in facts.items():
            if start > day:
                continue
            new = [one for one in partials if plan.snapshot_date < one[0] <= day]
            base = opening.get(ref, 0) if start <= plan.snapshot_date else balance
            if not base or until > date(2025, 3, 31):
                continue
            due += base - sum(amount for _on, amount, paid in new if not paid)
            got += sum(amount for _on, amount, paid in new if paid)
        shown = self._as_of(plan, day)
        self.assertEqual(
            (cents(shown.due_amount), cents(shown.due_received)), (due, got)
        )
        self._check_trend(plan, opening)

    def _check_trend(self, plan, opening):
        """The trend says what the plan says at the end of the month, line by line."""
        shown = self._as_of(plan, "2025-03-31")
        sums = self.env["rd.collection.report"]._read_group(
            [("plan_id", "=", plan.id)], [], ["amount_due:sum", "amount_received:sum"]
        )
        self.assertEqual(
            [cents(amount or 0) for amount in sums[0]],
            [cents(shown.due_amount), cents(shown.due_received)],
        )
        for line in self._as_of(plan.line_ids, "2025-03-31"):
            row = self.env["rd.collection.report"].browse(line.id)
            if line.due_date > date(2025, 3, 31):
                continue
            self.assertEqual(
                (cents(row.amount_received), cents(row.amount_due)),
                (
                    cents(line.received_amount),
                    cents(line.opening_amount)
                    - cents(line.credited_amount)
                    - cents(line.early_amount),
                ),
            )

    def _check_histories(self, seeds):
        self.euro = self.setup_other_currency("EUR")
        self.thirds = self.env["account.payment.term"].create(
            {
                "name": "thirds",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": part, "nb_days": days}
                    )
                    for part, days in ((33.33, 0), (33.33, 20), (33.34, 50))
                ],
            }
        )
        (self.overdue | self.due | self.later).button_draft()
        for seed in seeds:
            with self.subTest(seed=seed), self._undone():
                with freeze_time("2025-07-01 04:00:00"):
                    self._check_history(seed)

    def test_fifty_histories_through_the_books(self):
        self._check_histories(range(1, 51))


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestManyHistories(TestCollectionFigures):
    def test_a_thousand_histories_through_the_books(self):
        self._check_histories(range(1000, 2000))


def cents(amount):
    """Return an amount as whole cents."""
    return int((Decimal(str(amount)) * 100).to_integral_value())
