# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import random
from datetime import date, timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .plan_common import MARCH, PlanCommon

START = date(2025, 1, 1)
# The books told without the code under test: what took something off each debt. What
# has no due date (a difference of exchange) is due on its day.
FACTS = """
    SELECT debt.id, debt.balance, debt.date,
           COALESCE(debt.date_maturity, debt.date),
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
           COALESCE(item.date_maturity, item.date)
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


class HistoriesCase(PlanCommon):
    """Random months of books, and what the plan and the ageing say of them."""

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
            since = on
            if amount is None:
                continue
            if is_bill and kind == "commercial":
                on = max(on, matured) if matured else date.max
            if on <= day:
                fact[3] -= cents(amount)
            fact[4].append((on, since, cents(amount), is_payment))
        return facts

    def _check_history(self, seed):
        dice = random.Random(-seed)
        self._make_history(seed)
        plan = self._approve(now=f"2025-02-{dice.randint(20, 28)} 04:00:00")
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
        self._settle_late(dice, plan)
        self._check_receipts(plan, date(2025, 3, dice.randrange(1, 32)), expected)
        self._check_ageing(START + timedelta(days=dice.randrange(180)))
        self._check_instalments()

    def _settle_late(self, dice, plan):
        """Note what came before the month only after the plan was approved."""
        items = self.env["account.move.line"].browse(plan.line_ids.mapped("item_id"))
        for move in items.move_id.sorted("id"):
            if move.invoice_date and move.amount_residual and dice.random() < 0.5:
                last = (MARCH - move.invoice_date).days
                day = move.invoice_date + timedelta(days=dice.randrange(last))
                self._pay(move, max(0.01, round(move.amount_residual * 0.4, 2)), day)

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
        facts, eve = self._get_facts(day), self._get_facts(plan.snapshot_date)
        due = got = early = 0
        for ref, (balance, start, until, _left, partials) in facts.items():
            # What is dated by the plan's day and was noted later is new, if open.
            is_new = start > plan.snapshot_date or eve[ref][3] > 0
            base = opening.get(ref, balance if is_new else 0)
            if start > day or not base:
                continue
            new = self._get_new(partials, balance - base, day)
            before = sum(amount for on, amount, paid in new if paid and on < MARCH)
            early += before
            if until > date(2025, 3, 31):
                continue
            due += base - before
            due -= sum(amount for _on, amount, paid in new if not paid)
            got += sum(amount for on, amount, paid in new if paid and on >= MARCH)
        shown = self._as_of(plan, day)
        self.assertEqual(
            [
                cents(amount)
                for amount in (
                    shown.due_amount,
                    shown.due_received,
                    shown.early_amount,
                )
            ],
            [due, got, early],
        )
        self.early += early
        self._check_trend(plan, opening)

    def _get_new(self, partials, known, day):
        """Return (day, amount, is paid) of what is beyond what the plan knew."""
        new = []
        for on, _start, amount, paid in sorted(partials, key=lambda one: one[:2]):
            share = min(known, amount)
            known -= share
            if on <= day and amount > share:
                new.append((on, amount - share, paid))
        return new

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
        self.early = 0
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
        with freeze_time("2025-07-01 04:00:00"):
            # One is always open: a plan of nothing is not submitted. All histories
            # share it, as most of the time of one is Odoo making and posting entries.
            self._create_open(7, due="2025-03-03")
            for seed in seeds:
                with self.subTest(seed=seed), self._undone():
                    self._check_history(seed)
        self.assertTrue(self.early, "nothing came before the month")


@tagged("post_install", "-at_install")
class TestCollectionHistories(HistoriesCase):
    def test_twenty_histories_through_the_books(self):
        self._check_histories(range(1, 21))


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestManyHistories(HistoriesCase):
    """A thousand in ten parts: some of them can be run alone."""

    def test_histories_0(self):
        self._check_histories(range(1000, 1100))

    def test_histories_1(self):
        self._check_histories(range(1100, 1200))

    def test_histories_2(self):
        self._check_histories(range(1200, 1300))

    def test_histories_3(self):
        self._check_histories(range(1300, 1400))

    def test_histories_4(self):
        self._check_histories(range(1400, 1500))

    def test_histories_5(self):
        self._check_histories(range(1500, 1600))

    def test_histories_6(self):
        self._check_histories(range(1600, 1700))

    def test_histories_7(self):
        self._check_histories(range(1700, 1800))

    def test_histories_8(self):
        self._check_histories(range(1800, 1900))

    def test_histories_9(self):
        self._check_histories(range(1900, 2000))


def cents(amount):
    """Return an amount as whole cents."""
    return int((Decimal(str(amount)) * 100).to_integral_value())
