# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_rd_property_count import CountCommon

RAW = re.compile(r"constraint|psycopg|traceback|odoo\.|relation|None|False", re.I)


@tagged("post_install", "-at_install")
class TestWrongInput(CountCommon):
    """What cannot be is refused in one plain sentence, and nothing of it is left.

    Returns above what was delivered are in TestRdReturn, samples that are lost or
    expired in TestRdLoan.
    """

    def _assert_said(self, record, act, *args, **values):
        """Expect one sentence that names the record; return it."""
        events = self.env["rd.property.event"].search_count([])
        state = record.state
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            act(*args, **values)
            self.env.flush_all()
        text = str(refusal.exception)
        self.assertIn(record.name, text)
        self.assertNotIn("\n", text.strip())
        self.assertLess(len(text), 250)
        self.assertFalse(RAW.search(text), text)
        self.env.invalidate_all()
        self.assertEqual(self.env["rd.property.event"].search_count([]), events)
        self.assertEqual(record.state, state)
        return text

    def test_event_before_the_receipt(self):
        card = self._create_held(10, "2025-01-10")
        for kind, values in (
            ("move", {"place": "B"}),
            ("lend", {"holder_id": self.subsupplier.id}),
            ("use", {"quantity": 1}),
            ("verify", {"condition": "good"}),
        ):
            with self.subTest(kind=kind):
                self._assert_said(
                    card, self._register, card, kind, "2025-01-09", **values
                )

    def test_event_of_what_never_came(self):
        card = self._create_card(description="Expected gauge")
        self._assert_said(card, self._register, card, "use", quantity=1)
        self._assert_said(card, self._register, card, "return", quantity=1)

    def test_lending_what_is_lost_or_gone(self):
        for kind, values in (
            ("lose", {"note": "Not found", "quantity": 10}),
            ("return", {"quantity": 10}),
            ("use", {"quantity": 10}),
        ):
            card = self._create_held(10, "2025-01-10")
            self._register(card, kind, "2025-02-01", **values)
            with self.subTest(kind=kind):
                self._assert_said(
                    card,
                    self._register,
                    card,
                    "lend",
                    "2025-03-01",
                    holder_id=self.subsupplier.id,
                )

    def test_more_goes_than_is_held(self):
        card = self._create_held(10, "2025-01-10")
        self._assert_said(card, self._register, card, "return", quantity=10.5)
        self._assert_said(
            card, self._register, card, "lose", quantity=11, note="Not found"
        )

    def test_count_that_is_closed(self):
        count = self._create_count(partner_id=self.other_owner.id)
        count = count.with_user(self.counter)
        count.action_start()
        count.line_ids.action_all_there()
        count.action_submit()
        clerk = count.with_user(self.users["clerk"])
        clerk.action_sign_off()
        self.assertEqual(count.state, "done")
        events = self.gauge.event_ids
        clerk.action_sign_off()
        self.assertEqual(self.gauge.event_ids, events, "a repeat writes nothing")
        for act in (count.action_start, count.action_submit, clerk.action_cancel):
            self._assert_said(count, act)

    def test_floor_counts_and_reports_but_disposes_of_nothing(self):
        card = self._create_held(10, "2025-01-10")
        floor = self.users["floor"]
        for kind in ("dispose", "return", "use"):
            with (
                self.subTest(kind=kind),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                self._register(card, kind, user=floor, quantity=1, note="Scrap")
        self.assertEqual(card.quantity, 10)
