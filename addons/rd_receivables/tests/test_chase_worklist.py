# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .. import dues
from .chase_common import NOW, ChaseCommon
from .common import OTHERS


@tagged("post_install", "-at_install")
class TestChaseWorklist(ChaseCommon):
    """One row for each customer, the most urgent first, and outcomes of one tap."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time(NOW)
        freezer.start()
        self.addCleanup(freezer.stop)

    def _rows_of(self, partner=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env["rd.chase.worklist"]
            .with_user(user or self.clerk)
            .search([("partner_id", "in", (partner or self.outside).ids)])
        )

    def test_figures_and_score(self):
        row = self._rows_of()
        self.assertRecordValues(
            row,
            [
                {
                    "amount_open": 1070,
                    "amount_overdue": 1000,
                    "item_count": 1,
                    "days_overdue": 61,
                    "broken_count": 0,
                    "target_missing": 1000,
                    "to_call": True,
                }
            ],
        )
        weights = self.company._rd_get_chase_weights()
        shares = dues.parts(1000, 1000, 61, 0, 1000, 1000)
        self.assertAlmostEqual(row.score, dues.score(weights, shares), places=1)
        self.assertIn("amount 40 × 1.00 + age 30 × 0.68", row.score_text)

    def test_order_by_score(self):
        both = self._rows_of(self.outside | self.affiliate)
        self.assertEqual(both.mapped("partner_id"), self.outside | self.affiliate)
        self.company.write(
            {
                "rd_chase_weight_amount": 0,
                "rd_chase_weight_age": 0,
                "rd_chase_weight_target": 0,
                "rd_chase_weight_broken": 1,
            }
        )
        promise = self._promise(
            500, items=self._item(self.due), partner_id=self.affiliate.id
        )
        self._refresh(promise, "2025-05-01 04:00:00")
        row = self._rows_of(self.affiliate)
        self.assertEqual((row.broken_count, row.score), (1, 33.3))
        self.assertEqual(self._rows_of().score, 0)

    def test_target_still_missing(self):
        """Of 1,000 due and 250 of it paid this month, 95 % wants 700 more."""
        self.outside.rd_collection_target = 95
        self._pay(self.overdue, 250, "2025-04-01")
        self.assertEqual(self._rows_of().target_missing, 700)
        self._pay(self.overdue, 750, "2025-04-02")
        row = self._rows_of()
        self.assertEqual((row.target_missing, row.amount_overdue), (0, 0))

    def test_promise_and_dispute_take_it_off_the_list(self):
        promise = self._promise(600)
        self.assertRecordValues(
            self._rows_of(),
            [
                {
                    "to_call": False,
                    "promised_amount": 600,
                    "promised_date": date(2025, 4, 10),
                }
            ],
        )
        promise.action_withdraw()
        self.assertTrue(self._rows_of().to_call)
        self._note("disputed", reason="price")
        self.assertRecordValues(
            self._rows_of(), [{"to_call": False, "dispute_count": 1}]
        )

    def test_one_tap_outcomes(self):
        for act, outcome, day in (
            ("action_no_answer", "no_answer", date(2025, 4, 3)),
            ("action_will_pay", "will_pay", date(2025, 4, 9)),
            ("action_wrong_address", "wrong_address", date(2025, 4, 4)),
        ):
            getattr(self._rows_of(), act)()
            row = self._rows_of()
            self.assertRecordValues(
                row,
                [{"last_outcome": outcome, "next_date": day, "to_call": False}],
            )
        self.assertIn("not reached", self.outside.activity_ids.summary)

    def test_promise_is_proposed(self):
        action = self._rows_of().action_promised()
        wizards = self.env["rd.chase.outcome"].with_user(self.clerk)
        form = Form(wizards.with_context(**action["context"]))
        self.assertEqual((form.amount, form.date), (1000, date(2025, 4, 9)))
        form.save().action_note()
        promise = self.promises.search([("partner_id", "=", self.outside.id)])
        self.assertRecordValues(
            promise, [{"amount": 1000, "date": date(2025, 4, 9), "state": "open"}]
        )
        note = self.notes.search([("promise_id", "=", promise.id)])
        self.assertEqual(note.next_date, date(2025, 4, 13))

    def test_only_the_chosen_items_are_proposed(self):
        asked = (
            self.env["rd.chase.outcome"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.outside.id,
                    "item_ids": [Command.set(self._item(self.later).ids)],
                }
            )
        )
        self.assertEqual(asked.amount, 70)

    def test_dispute_is_asked_why(self):
        action = self._rows_of().action_disputed()
        wizard = (
            self.env["rd.chase.outcome"]
            .with_user(self.clerk)
            .with_context(**action["context"])
            .create({"reason": "quality", "text": "rust"})
        )
        wizard.action_note()
        note = self.notes.search([("is_dispute_open", "=", True)])
        self.assertRecordValues(note, [{"reason": "quality", "text": "rust"}])
        self.assertEqual(note.line_ids, self.item)

    def test_roles(self):
        for role in ("auditor", "finance"):
            row = self._rows_of(user=self.users[role])
            self.assertEqual(row.amount_overdue, 1000)
            with self.assertRaises(UserError):
                row.action_no_answer()
        for role in OTHERS:
            with self.assertRaises(AccessError):
                self._rows_of(user=self.users[role])

    def test_own_company_only(self):
        other = self.setup_other_company()["company"]
        self.clerk.write({"company_id": other.id, "company_ids": [(6, 0, other.ids)]})
        self.assertFalse(self._rows_of())

    def test_weights_are_checked(self):
        with self.assertRaisesRegex(UserError, "one of them is more than 0"):
            self.company.write(
                {f"rd_chase_weight_{name}": 0 for name in dues.Weights._fields}
            )

    def test_days_of_the_company_are_checked(self):
        for name, wrong, words in (
            ("rd_promise_grace", -1, "between 0 and 60"),
            ("rd_promise_grace", 61, "between 0 and 60"),
            ("rd_chase_pause_days", -1, "between 0 and 365"),
            ("rd_chase_pause_days", 366, "between 0 and 365"),
            ("rd_plan_day", -1, "between 1 and 31"),
            ("rd_plan_day", 32, "between 1 and 31"),
        ):
            with (
                self.subTest(name, wrong=wrong),
                self.assertRaisesRegex(UserError, words),
                self.cr.savepoint(),
            ):
                self.company[name] = wrong

    def test_queries_are_constant(self):
        """10 and 1,000 customers cost as many queries to list."""
        counts = {}
        for size in (10, 1000):
            self._fill(size)
            rows = self.env["rd.chase.worklist"].with_user(self.clerk)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = rows.search([("partner_id.name", "=like", "many %")])
            self.assertEqual(len(found), size)
            found.web_read(
                {
                    "score": {},
                    "score_text": {},
                    "amount_overdue": {},
                    "partner_id": {"fields": {"display_name": {}}},
                }
            )
            counts[size] = self.cr.sql_log_count - before
        self.assertLessEqual(counts[1000], counts[10] + 2)

    def _fill(self, size):
        """Bring the customers with an overdue item to that many, by SQL."""
        known = self.env["res.partner"].search_count([("name", "=like", "many %")])
        partners = self.env["res.partner"].create(
            [{"name": f"many {n}"} for n in range(known, size)]
        )
        columns = [
            name
            for name, field in self.item._fields.items()
            if field.store and field.column_type and name not in ("id", "partner_id")
        ]
        names = ", ".join(columns)
        self.env.flush_all()
        self.env.cr.execute(
            f"INSERT INTO account_move_line ({names}, partner_id) "
            f"SELECT {names}, partner FROM account_move_line, unnest(%s) partner "
            "WHERE account_move_line.id = %s",
            [partners.ids, self.item.id],
        )
        self.env.invalidate_all()
