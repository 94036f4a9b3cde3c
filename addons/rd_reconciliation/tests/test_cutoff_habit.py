# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.tests import tagged

from .common import ReconciliationCommon

DAYS = (10, 28, 29, 30)


@tagged("post_install", "-at_install")
class TestCutoffHabit(ReconciliationCommon):
    """Two confirmed timing differences of a month teach when they stop booking."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.affiliate.rd_cutoff_day = 31
        cls.p100 = cls.parts[0]
        for day in DAYS:
            order = cls._create_order([(cls.p100, 10, 10.0)])
            cls._deliver(order, {cls.p100: 10}, f"DN-{day}", date(2026, 9, day))
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.statement = cls._build(cls.close)

    def _match(self, *days):
        rows = [(f"2026-09-{day}", f"DN-{day}", "P-100", 10, 113) for day in days]
        self._read_ledger(self.statement, rows)
        self.statement.action_match()
        found = self.statement.difference_ids.with_user(self.clerk)
        return found.sorted(lambda item: item.line_ids.date)

    def _habits(self, active=True):
        habits = self.env["rd.match.habit"].with_context(active_test=active)
        return habits.search([("partner_id", "=", self.affiliate.id)])

    def test_two_confirmed_differences_teach_it(self):
        one, two = self._match(10, 28)
        self.assertEqual(set((one | two).mapped("code")), {"timing"})
        one.act("carry")
        self.assertFalse(self._habits())
        two.act("carry")
        habit = self._habits()
        self.assertEqual((habit.kind, habit.days), ("cutoff_days", 2))
        self.assertEqual((habit.difference_id, habit.confirmations), (two, 2))
        self.assertEqual(habit.create_uid, self.clerk)

    def test_one_is_no_habit(self):
        self._match(10, 28, 29).act("carry")
        self.assertFalse(self._habits())

    def test_all_at_once(self):
        self._match(10, 28).act("carry")
        self.assertEqual(self._habits().days, 2)

    def test_what_is_agreed_without_a_person_teaches_nothing(self):
        self._match(10, 28)
        self.statement.action_agree()
        self.assertFalse(self._habits())

    def test_taking_one_back_forgets_it(self):
        found = self._match(10, 28)
        found.act("carry")
        found[0].act("reopen")
        self.assertFalse(self._habits())
        self.assertTrue(self._habits(active=False))

    def test_what_a_person_revoked_is_not_learned_again(self):
        found = self._match(10, 28)
        found.act("carry")
        self._habits().action_archive()
        found[1].act("reopen")
        found[1].act("carry")
        self.assertFalse(self._habits())

    def test_links_with_the_next_month_teach_it_as_well(self):
        found = self._match(10, 28)
        rows = [(f"2026-10-0{n}", f"GR-{n}", "P-100", 10, 113) for n in (1, 2)]
        self._read_ledger(self.statement, rows, "october.csv")
        ledger = self.statement.ledger_ids.sorted("id")[-1]
        for item, row in zip(found, ledger.line_ids.sorted("row"), strict=True):
            item.act("link", {"line_ids": row.ids, "remember": False})
        # 29 September on 1 October, 30 September on 2 October.
        self.assertEqual(self._habits().days, 2)

    def test_it_settles_nothing_by_itself(self):
        self._match(10, 28).act("carry")
        self.company.rd_timing_days = 0
        self.statement.action_agree()
        october = self._open_close(date(2026, 10, 1))
        order = self._create_order([(self.p100, 10, 10.0)])
        self._deliver(order, {self.p100: 10}, "DN-O", date(2026, 10, 30))
        statement = self._build(october)
        rows = [
            ("2026-10-05", "DN-29", "P-100", 10, 113),
            ("2026-10-06", "DN-30", "P-100", 10, 113),
            ("2026-10-31", "DN-X", "P-200", 1, 28.82),
        ]
        self._read_ledger(statement, rows, "october.csv")
        statement.action_match()
        item = statement.difference_ids.filtered(
            lambda one: one.line_ids.note == "DN-O"
        )
        self.assertEqual((item.code, item.state), ("timing", "open"))
        self.assertEqual(item.match_id.rule, "learned_cutoff")
        self.assertIn(self.clerk.name, item.reason)
