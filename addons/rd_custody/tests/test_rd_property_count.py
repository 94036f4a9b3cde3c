# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import CustodyCommon


class CountCommon(CustodyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mould = cls._create_held(quantity=2.0, description="Left mould")
        cls.gauge = cls._create_held(
            quantity=5.0,
            description="Gauge",
            kind="gauge",
            partner_id=cls.other_owner.id,
        )
        cls.counter = cls.users["floor"]

    @classmethod
    def _create_count(cls, **values):
        return cls.env["rd.property.count"].create(
            {"name": "Shelf 1, March", "user_id": cls.counter.id, **values}
        )

    def _line(self, count, card):
        return count.line_ids.filtered(lambda line: line.property_id == card)


@tagged("post_install", "-at_install")
class TestRdPropertyCount(CountCommon):
    def _start(self, **values):
        count = self._create_count(**values).with_user(self.counter)
        count.action_start()
        return count

    def test_scope(self):
        whole = self._start()
        self.assertIn(self.mould, whole.line_ids.property_id)
        self.assertIn(self.gauge, whole.line_ids.property_id)
        by_kind = self._start(kind="gauge", partner_id=self.other_owner.id)
        self.assertEqual(by_kind.line_ids.property_id, self.gauge)
        shelf = self._start(place="shelf 1", partner_id=self.owner.id)
        self.assertEqual(shelf.line_ids.property_id, self.mould)
        with self.assertRaisesRegex(UserError, "Nothing is held"):
            self._start(place="Nowhere at all")

    def test_who_only_reads_starts_and_hands_over_nothing(self):
        planned, running = self._create_count(), self._start(kind="gauge")
        running.line_ids.action_all_there()
        for role in ("auditor", "finance", "salesperson"):
            user = self.users[role]
            with self.subTest(role):
                with self.assertRaises(AccessError):
                    planned.with_user(user).action_start()
                with self.assertRaises(AccessError):
                    running.with_user(user).action_scan(self.mould.name)
                with self.assertRaises(AccessError):
                    running.with_user(user).action_submit()
        self.assertEqual((planned.state, running.state), ("planned", "counting"))

    def test_from_start_to_the_cards(self):
        count = self._start()
        with self.assertRaisesRegex(UserError, "not looked at yet"):
            count.action_submit()
        self._line(count, self.gauge).action_all_there()
        self._line(count, self.mould).write(
            {"counted_quantity": 1.0, "condition": "damaged", "note": "one is cracked"}
        )
        others = count.line_ids.filtered(lambda line: not line.is_counted)
        others.action_all_there()
        count.action_submit()
        self.assertEqual(self.mould.quantity, 2.0, "nothing reaches the card before")
        clerk = count.with_user(self.users["clerk"])
        with self.assertRaisesRegex(UserError, "counted a second time"):
            clerk.action_sign_off()
        self._line(clerk, self.mould).recounted_quantity = 1.0
        clerk.action_sign_off()
        self.assertEqual(self.mould.quantity, 1.0)
        self.assertEqual(self.mould.condition, "damaged")
        self.assertEqual(
            self.mould.event_ids.sorted("id").mapped("kind"),
            ["receive", "count", "damage"],
        )
        self.assertEqual(self.gauge.quantity, 5.0)
        self.assertEqual(self._line(count, self.gauge).event_id.kind, "count")
        clerk.action_sign_off()
        self.assertEqual(len(self.gauge.event_ids), 2, "signing twice writes once")
        with self.assertRaisesRegex(UserError, "not being counted"):
            self._line(count, self.gauge).counted_quantity = 1.0

    def test_what_is_signed_off_stays_and_before_it_may_be_counted_on(self):
        count = self._start(partner_id=self.other_owner.id)
        line = self._line(count, self.gauge)
        line.note = "Behind the pallet"
        self.assertFalse(line.is_counted, "a word is no look")
        line.action_damaged()
        count.action_submit()
        with self.assertRaises(AccessError):
            count.action_back()
        clerk = count.with_user(self.users["clerk"])
        clerk.action_back()
        self.assertEqual(count.state, "counting")
        line.counted_quantity = 5.0
        count.action_submit()
        clerk.action_sign_off()
        self.assertEqual(self.gauge.condition, "damaged")
        with self.assertRaisesRegex(UserError, "count again with a new count"):
            clerk.name = "Another one"
        other = self._create_count()
        other.with_user(self.users["clerk"]).action_cancel()
        self.assertEqual(other.state, "cancelled")

    def test_second_look_decides(self):
        count = self._start(partner_id=self.other_owner.id)
        self._line(count, self.gauge).action_missing()
        count.action_submit()
        clerk = count.with_user(self.users["clerk"])
        self._line(clerk, self.gauge).recounted_quantity = 5.0
        self.assertFalse(self._line(clerk, self.gauge).differs)
        clerk.action_sign_off()
        self.assertEqual(self.gauge.quantity, 5.0)

    def test_who_counted_does_not_sign_off(self):
        count = self._create_count(
            user_id=self.users["clerk"].id, partner_id=self.other_owner.id
        ).with_user(self.users["clerk"])
        count.action_start()
        count.line_ids.action_all_there()
        count.action_submit()
        with self.assertRaisesRegex(UserError, "did not count"):
            count.action_sign_off()
        with self.assertRaises(AccessError):
            count.with_user(self.counter).action_sign_off()
        count.with_user(self.users["supervisor"]).action_sign_off()
        self.assertEqual(count.signed_by_id, self.users["supervisor"])

    def test_floor_counts_and_nothing_else(self):
        count = self._start(partner_id=self.other_owner.id)
        line = self._line(count, self.gauge)
        for values in (
            {"expected_quantity": 1.0},
            {"is_counted": True},
            {"counted_by_id": self.users["clerk"].id},
            {"property_id": self.mould.id},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                line.write(values)
        with self.assertRaises(UserError):
            line.recounted_quantity = 5.0
        with self.assertRaises(UserError):
            line.counted_quantity = -1.0
        with self.assertRaises(AccessError):
            count.write({"date_due": date(2030, 1, 1)})
        with self.assertRaises(AccessError):
            self._register(
                self.gauge, "dispose", user=self.counter, quantity=1.0, note="x"
            )
        with self.assertRaises(UserError):
            count.line_ids.create({"count_id": count.id, "property_id": self.mould.id})

    def test_scan_finds_the_line_and_takes_strays(self):
        count = self._start(partner_id=self.other_owner.id)
        line = self._line(count, self.gauge)
        self.assertEqual(count.action_scan(self.gauge._get_label_code()), line.id)
        stray = self.env["rd.property.count.line"].browse(
            count.action_scan(self.mould.name.lower())
        )
        self.assertTrue(stray.is_stray)
        self.assertEqual(stray.expected_quantity, 2.0)
        self.assertEqual(count.action_scan(self.mould.name), stray.id, "once")
        with self.assertRaisesRegex(UserError, "No card is found"):
            count.action_scan("CP/%")
        count.sudo()._move_to("cancelled")
        with self.assertRaisesRegex(UserError, "not being counted"):
            count.action_scan(self.mould.name)

    def test_label_opens_its_own_company(self):
        cards = self.env["rd.property"]
        company = self._create_company()
        twin = self._create_card(company_id=company.id, name=self.mould.name)
        self.assertEqual(cards._find_scanned(self.mould._get_label_code()), self.mould)
        self.assertEqual(cards._find_scanned(twin._get_label_code()), twin)
        foreign = cards.with_user(self.users["clerk"])
        with self.assertRaises(UserError):
            foreign.action_open_scanned(twin._get_label_code())
        for nothing in ("", "   ", None, "rd-property:", "%", "_____"):
            with self.subTest(code=nothing), self.assertRaises(UserError):
                cards.action_open_scanned(nothing)

    def test_labels_print(self):
        for name in ("label", "label_sheet"):
            html = self.env["ir.actions.report"]._render_qweb_html(
                f"rd_custody.report_{name}", (self.mould | self.gauge).ids
            )[0]
            self.assertEqual(html.count(b"data:image/svg+xml;base64,"), 2, name)
            self.assertIn(self.gauge.name.encode(), html)

    # ------------------------------------------------------------------
    # Schedule and close
    # ------------------------------------------------------------------
    def test_schedule_makes_itself(self):
        plan = self.env["rd.property.count.plan"].create(
            {
                "name": "Gauges",
                "kind": "gauge",
                "rhythm": "quarter",
                "next_date": date(2026, 3, 2),
                "user_id": self.counter.id,
            }
        )
        # a test has one transaction; how it is parted is tested on a server
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: 1)
        with freeze_time("2026-03-01 12:00:00"):
            plan._cron_plan()
            self.assertFalse(plan.count_ids)
        with freeze_time("2026-03-02 12:00:00"):
            plan._cron_plan()
            plan._cron_plan()
        self.assertEqual(plan.count_ids.date_due, date(2026, 3, 7))
        self.assertEqual(plan.next_date, date(2026, 6, 2))
        with freeze_time("2027-01-20 12:00:00"):
            plan._cron_plan()
        self.assertEqual(len(plan.count_ids), 2, "missed rounds are counted once")
        self.assertEqual(plan.next_date, date(2027, 3, 2))

    def test_overdue_count_blocks_the_close(self):
        count = self._create_count(
            date_due=date(2026, 3, 31), partner_id=self.other_owner.id
        )
        close = self.env["rd.close"].create(
            {"company_id": self.company.id, "month": date(2026, 3, 1)}
        )
        self.assertIn("Shelf 1, March", "".join(close._get_blockers()))
        earlier = close.new({"company_id": self.company.id, "month": date(2026, 2, 1)})
        self.assertNotIn("Shelf 1, March", "".join(earlier._get_blockers()))
        [row] = self._get_cockpit_rows(close)
        self.assertEqual((row["count"], row["detail"]), (1, "Shelf 1, March"))
        shown = self.env[row["action"]["res_model"]].search(row["action"]["domain"])
        self.assertEqual(shown, count)
        count.action_start()
        count.line_ids.with_user(self.counter).action_all_there()
        count.action_submit()
        count.with_user(self.users["supervisor"]).action_sign_off()
        self.assertNotIn("Shelf 1, March", "".join(close._get_blockers()))
        self.assertFalse(self._get_cockpit_rows(close))

    def _get_cockpit_rows(self, close):
        """Return what the page of the month says of counts."""
        page = self.env["rd.cockpit"].with_user(self.users["clerk"])
        sections = page.read_page(close_id=close.id)["sections"]
        blockers = next(one for one in sections if one["code"] == "blockers")
        return [row for row in blockers["data"] if row["key"] == "counts"]

    def test_constant_queries(self):
        cards = self.env["rd.property"]
        counts = []
        for number in (10, 200):
            owner = self.env["res.partner"].create({"name": f"Owner of {number}"})
            made = cards.create(
                [
                    {
                        "partner_id": owner.id,
                        "description": f"Card {index}",
                        "kind": "tool",
                    }
                    for index in range(number)
                ]
            )
            self.env["rd.property.event"].create(
                [
                    {
                        "property_id": card.id,
                        "kind": "receive",
                        "date": "2026-01-05",
                        "quantity": 1.0,
                    }
                    for card in made
                ]
            )
            count = self._create_count(partner_id=owner.id)
            count.action_start()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            count.line_ids.read(
                ["property_id", "place", "expected_quantity", "differs", "partner_id"]
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestCountTour(CountCommon, HttpCase):
    """A shelf is counted on the phone; a label is found by its number."""

    browser_size = "390x844"
    touch_enabled = True

    def test_count_a_shelf_on_the_phone(self):
        self._count_a_shelf()

    def test_count_a_shelf_at_the_desk(self):
        self.browser_size, self.touch_enabled = "1440x900", False
        self._count_a_shelf()

    def _count_a_shelf(self):
        self.counter.password = self.counter.login
        count = self._create_count(partner_id=self.owner.id)
        second = self._create_held(quantity=1.0, description="Right mould")
        third = self._create_held(quantity=3.0, description="Pin gauge", kind="gauge")
        self.start_tour(
            "/odoo/custody-counts", "rd_custody_count_tour", login=self.counter.login
        )
        self.assertEqual(count.state, "review")
        self.assertEqual(self._line(count, self.mould).counted_quantity, 2.0)
        self.assertEqual(self._line(count, second).counted_quantity, 0.0)
        self.assertTrue(self._line(count, second).differs)
        self.assertRecordValues(
            self._line(count, third),
            [{"counted_quantity": 3.0, "condition": "damaged", "differs": False}],
        )

    def test_scan_by_number(self):
        self.counter.password = self.counter.login
        self.mould.mark = "OWNER-77"
        self.start_tour(
            "/odoo/custody-scan", "rd_custody_scan_tour", login=self.counter.login
        )
