# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .plan_common import MARCH, PlanCommon


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
        self.assertEqual(rate(self.company, MARCH, True)[:2], (0, 500))
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

    def _approve_two(self):
        """Return the plans of March and April, the second one made on 25 March."""
        march = self._approve()
        april = self._propose(date(2025, 4, 1), "2025-03-25 04:00:00")
        return march, self._approve(april, "2025-03-25 04:00:00")

    def _check_figures(self, plan, **figures):
        """The plan, its lines and the trend say the same."""
        self.env.invalidate_all()
        self.assertRecordValues(plan, [figures])
        sums = self.env["rd.collection.report"]._read_group(
            [("plan_id", "=", plan.id)], [], ["amount_due:sum", "amount_received:sum"]
        )
        self.assertEqual(sums, [(figures["due_amount"], figures["due_received"])])

    def test_a_receipt_of_a_closed_month_counts_in_the_next(self):
        """Fails when what is noted after its month was closed counts in no month."""
        march, april = self._approve_two()
        self._pay(self.due, 200, "2025-03-28")
        with freeze_time("2025-04-02 04:00:00"):
            march.action_close()
        with freeze_time("2025-04-05 04:00:00"):
            self._pay(self.due, 250, "2025-03-31")
            self._check_figures(march, due_amount=1500, due_received=200)
            self._check_figures(
                april,
                due_amount=1300,
                due_received=250,
                early_amount=200,
                late_amount=250,
            )
            self.assertRecordValues(
                self._line(april, self.due),
                [
                    {
                        "received_amount": 250,
                        "late_amount": 250,
                        "early_amount": 200,
                        "open_amount": 50,
                    }
                ],
            )
            items = self.env["account.move.line"].search(
                april.action_view_late()["domain"]
            )
            self.assertEqual(items.move_id, self.due)
        self._check_the_month_after(april)

    def _check_the_month_after(self, april):
        """What was late in April is kept there, and is not late again in May."""
        may = self._propose(date(2025, 5, 1), "2025-04-25 04:00:00")
        self._approve(may, "2025-04-25 04:00:00")
        with freeze_time("2025-05-02 04:00:00"):
            april.action_close()
            self._check_figures(
                april,
                due_amount=1300,
                due_received=250,
                early_amount=200,
                late_amount=250,
            )
            self._pay(self.overdue, 30, "2025-03-30")
            self._pay(self.overdue, 7, "2025-05-01")
            self._check_figures(
                may, due_amount=1120, due_received=37, late_amount=30, early_amount=0
            )

    def test_what_is_dated_by_the_plans_day_and_noted_later_is_new(self):
        """Fails when a bounce or an invoice of days ago is on no plan."""
        march, april = self._approve_two()
        with freeze_time("2025-03-28 04:00:00"):
            before = self._create_open(60, due="2025-03-31", invoice_date="2025-03-20")
            self._pay(before, 10, "2025-03-28")
        with freeze_time("2025-04-02 04:00:00"):
            march.action_close()
        with freeze_time("2025-04-10 04:00:00"):
            after = self._create_open(40, due="2025-04-30", invoice_date="2025-03-20")
            self._pay(after, 5, "2025-03-29")
            self._check_figures(march, due_amount=1560, due_received=10, new_amount=60)
            self._check_figures(
                april,
                due_amount=1590,
                due_received=5,
                new_amount=100,
                early_amount=10,
                late_amount=5,
            )
            items = self.env["account.move.line"].search(
                april.action_view_new()["domain"]
            )
            self.assertEqual(items.move_id, before | after)

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

    @freeze_time("2025-03-25 04:00:00")
    def test_a_new_item_is_due_as_the_day_knew_it(self):
        """Fails when the due date of today counts for the days before it moved."""
        plan = self._approve()
        fresh = self._create_open(50, due="2025-03-31", invoice_date="2025-03-02")
        later = self._create_open(7, due="2025-05-31", invoice_date="2025-03-02")
        with freeze_time("2025-04-10 04:00:00"):
            for move, day in ((fresh, "2025-05-31"), (later, "2025-03-20")):
                terms = move.line_ids.filtered(
                    lambda line: line.display_type == "payment_term"
                )
                terms.date_maturity = day
            for day, due in (
                ("2025-03-31", 1550),
                ("2025-04-09", 1550),
                ("2025-04-10", 1507),
            ):
                self.assertEqual(self._as_of(plan, day).due_amount, due, day)
            self.env.invalidate_all()
            rows = self.env["rd.collection.report"].search([("plan_id", "=", plan.id)])
            self.assertEqual(sum(rows.mapped("amount_due")), plan.due_amount)
            self.assertEqual(rows.filtered("is_new").mapped("item_name"), [fresh.name])
            plan.action_close()
            self.assertEqual(plan.due_amount, 1550)

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
        with freeze_time("2025-04-02 04:00:00"):
            plan.action_close()
            payment.move_id.button_draft()
            self.env.invalidate_all()
            self.assertEqual(plan.unapplied_amount, 77)

    def test_a_plan_that_kept_no_payments_reads_them_in_the_books(self):
        """Fails when a plan closed by the first version says that there were none."""
        plan = self._approve()
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.outside.id,
                "amount": 77,
                "date": "2025-03-10",
            }
        ).action_post()
        with freeze_time("2025-04-02 04:00:00"):
            plan.action_close()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE rd_collection_plan SET closed_unapplied = NULL WHERE id = %s",
            (plan.id,),
        )
        self.env.invalidate_all()
        self.assertEqual(plan.unapplied_amount, 77)

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
            self._check_opened_after_the_close(plan, fresh)

    def _check_opened_after_the_close(self, plan, fresh):
        """What the closed plan kept of an item is named also when the item is gone."""
        row = self.env["rd.collection.report"].search(
            [("plan_id", "=", plan.id), ("is_new", "=", True)]
        )
        self.assertEqual(row.action_open_line()["res_id"], fresh.id)
        fresh.button_draft()
        fresh.with_context(force_delete=True).unlink()
        self.env.invalidate_all()
        row = row.search([("plan_id", "=", plan.id), ("is_new", "=", True)])
        with self.assertRaisesRegex(UserError, "is not in the books any more"):
            row.action_open_line()

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
