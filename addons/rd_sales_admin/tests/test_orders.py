# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .orders_common import OrdersCommon

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQ"
    "DwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestOrderRelease(OrdersCommon):
    """An order goes to a department and comes back as a promise."""

    def _answer(self, user, release, said_by=None, **values):
        return (
            self.env["rd.order.release"]
            .with_user(user)
            .answer_floor([{"id": release.id, **values}], said_by)
        )

    # --- releasing -------------------------------------------------------------

    def test_release_and_accept(self):
        release = self._release()
        self.assertEqual(release.state, "sent")
        self.assertEqual(release.line_ids.quantity, 4)
        self.assertEqual(release.line_ids.name, "Part P-100")
        self.assertEqual(release.name, f"{self.order.name}/1")
        self.assertEqual(self.order.rd_order_stage, "release")
        message = release.message_ids[:1]
        self.assertIn(self.head.partner_id, message.partner_ids)
        self.assertTrue(message.attachment_ids, "the slip goes with the mail")
        self._answer(
            self.head, release, stage="machining", promised_date=str(self._day(8))
        )
        self.assertEqual(release.state, "accepted")
        self.assertEqual(release.promised_date, self._day(8))
        self.assertEqual(release.answered_by_id, self.head)
        self.assertEqual(self.order.rd_order_stage, "work")
        self.assertEqual(self.order.rd_promised_date, self._day(8))

    def test_release_from_the_order(self):
        action = self.order.with_user(self.clerk).action_rd_release()
        release = self.env["rd.order.release"].browse(action["res_id"])
        self.assertEqual(release.line_ids.part, "P-100")
        with self.assertRaisesRegex(UserError, "name the department"):
            release.with_user(self.clerk).action_release()
        release.write({"department_id": self.tooling.id, "wanted_date": self.today})
        release.with_user(self.clerk).action_release()
        again = self.order.with_user(self.clerk).action_rd_release()
        self.assertFalse(self.env["rd.order.release"].browse(again["res_id"]).line_ids)

    def test_never_more_than_was_ordered(self):
        self._release()
        draft = self._draft()
        draft.line_ids = [
            Command.create(
                {
                    "sale_line_id": self.order.order_line.id,
                    "name": "one more",
                    "quantity": 1,
                }
            )
        ]
        with self.assertRaisesRegex(UserError, "5 of one more would be released, 4"):
            draft.action_release()
        self.assertEqual(draft.state, "draft")

    def test_not_before_it_is_confirmed_or_signed(self):
        draft_order = self.order.copy()
        release = self.env["rd.order.release"].create(
            {
                **self.env["rd.order.release"]._prepare_of_order(draft_order),
                "department_id": self.tooling.id,
                "wanted_date": self.today,
            }
        )
        with self.assertRaisesRegex(UserError, "confirm .* first"):
            release.action_release()
        draft_order.action_confirm()
        self.patch(type(self.order), "_rd_is_signed", lambda order: False)
        with self.assertRaisesRegex(UserError, "waits for its signature"):
            release.action_release()

    def test_refused_with_a_reason_and_released_again(self):
        release = self._release()
        with self.assertRaisesRegex(UserError, "why"):
            self._answer(self.head, release, refuse=" ")
        self._answer(self.head, release, refuse="no machine is free")
        self.assertEqual(release.state, "refused")
        self.assertEqual(release.refusal, "no machine is free")
        self.assertEqual(self.order.rd_order_stage, "release")
        self.assertIn(self.clerk, release.activity_ids.user_id)
        release.write({"department_id": self.assembly.id})
        release.action_release()
        self.assertEqual(release.state, "sent")
        self.assertFalse(release.refusal)

    def test_what_was_told_stays(self):
        release = self._release()
        for values in (
            {"wanted_date": self.today},
            {"department_id": self.assembly.id},
            {"promised_date": self.today},
            {"state": "ready"},
            {"line_ids": [Command.clear()]},
        ):
            with self.assertRaises(UserError, msg=values):
                release.with_user(self.clerk).write(values)
        with self.assertRaises(UserError):
            release.line_ids.with_user(self.clerk).write({"quantity": 1})
        with self.assertRaisesRegex(UserError, "is released; cancel it"):
            release.line_ids.with_user(self.clerk).unlink()
        with self.assertRaises(UserError):
            release.with_user(self.clerk).unlink()

    def test_cancelled_order_stops_the_department(self):
        release = self._release()
        seller = self._create_user("salesperson")
        self.order.user_id = seller
        self.order.with_user(seller)._action_cancel()
        self.assertEqual(release.state, "cancelled")
        self.assertIn("taken back", release.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "not in hand any more"):
            self._answer(self.head, release, stage="design")

    # --- answers ---------------------------------------------------------------

    def test_an_answer_is_checked(self):
        release = self._release(days=5)
        late = str(self._day(9))
        for values, sentence in (
            ({"stage": "flying"}, "stage is not known"),
            ({"stage": "design"}, "say when it will be ready"),
            ({"promised_date": "soon"}, "no date"),
            ({"promised_date": str(self._day(-1))}, "date is past"),
            ({"promised_date": late}, "say why it will be later"),
            ({"promised_date": late, "reason": "moon"}, "reason is not known"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self._answer(self.head, release, **values)
        self.assertEqual(release.state, "sent")
        self._answer(self.head, release, promised_date=late, reason="material")
        self.assertEqual(release.attention, "risk")
        self.assertIn("4 days too late", release.attention_note)
        self.assertEqual(release.activity_ids.user_id, self.clerk)
        self._answer(self.head, release, stage="design")
        self.assertEqual(len(release.activity_ids), 1, "the desk knows it already")

    def test_an_answer_names_its_order(self):
        release = self._release()
        day = str(self._day(3))
        floor = self.env["rd.order.release"].with_user(self.head)
        for answer in ({}, "x", {"id": str(release.id)}, {"id": True}):
            with self.assertRaisesRegex(UserError, "names no order"):
                floor.answer_floor([answer])
        gone = self._draft(self._create_tooling_order())
        number = gone.id
        gone.unlink()
        with self.assertRaisesRegex(UserError, "no longer exists; open the page"):
            with self.env.cr.savepoint():
                floor.answer_floor(
                    [
                        {"id": release.id, "promised_date": day},
                        {"id": number, "promised_date": day},
                    ]
                )
        self.env.invalidate_all()
        self.assertEqual(release.state, "sent", "all or none")

    def test_parts_of_another_order_are_not_released(self):
        draft, other = self._draft(), self._create_tooling_order()
        draft.line_ids.with_user(self.clerk).quantity = 3
        with self.assertRaisesRegex(UserError, "belongs to another order"):
            with self.env.cr.savepoint():
                draft.line_ids.with_user(self.clerk).sale_line_id = other.order_line
        self.env.invalidate_all()
        self.assertEqual(draft.line_ids.sale_line_id, self.order.order_line)
        draft.action_release()
        self.assertEqual(draft.line_ids.quantity, 3)

    def test_all_answers_or_none(self):
        first, second = self._release(self._create_tooling_order()), self._release()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["rd.order.release"].with_user(self.head).answer_floor(
                [
                    {"id": first.id, "promised_date": str(self._day(3))},
                    {"id": second.id},
                ]
            )
        self.env.invalidate_all()
        self.assertEqual(first.state, "sent")

    def test_progress_is_only_added(self):
        release = self._release()
        self._answer(
            self.fitter,
            release,
            stage="design",
            promised_date=str(self._day(6)),
            news="steel is here",
            photo={"name": "steel.png", "data": PIXEL},
        )
        self._answer(
            self.fitter,
            release,
            promised_date=str(self._day(9)),
            reason="quality",
        )
        release.invalidate_recordset(["progress_ids"])
        later, first = release.progress_ids
        self.assertEqual(first.news, "steel is here")
        self.assertEqual(first.photo_ids.name, "steel.png")
        self.assertEqual(first.photo_ids.res_model, "rd.order.progress")
        self.assertEqual((later.previous_date, later.reason), (self._day(6), "quality"))
        for user in (self.clerk, self.supervisor):
            progress = first.with_user(user)
            with self.assertRaisesRegex(UserError, "what was said stays"):
                progress.write({"news": "never said"})
            with self.assertRaises(AccessError):
                progress.unlink()
        # Nor by code that has every right, directly or through the slip.
        system, slip = first.sudo(), release.sudo()._as_internal()
        words = "what was said stays"
        with self.assertRaisesRegex(UserError, words):
            system.write({"news": "never said"})
        with self.assertRaisesRegex(UserError, words):
            system.copy()
        words = "What was said about an order stays"
        with self.assertRaisesRegex(UserError, words):
            system.unlink()
        with self.assertRaisesRegex(UserError, words):
            slip.write({"progress_ids": [Command.delete(first.id)]})
        self.assertTrue(first.exists())

    def test_orders_of_a_department_are_opened_by_whoever_may_see_it(self):
        action = self._open_orders(self.clerk, self.tooling)
        self.assertEqual(action["res_model"], "rd.order.release")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["rd.department"].create(
            {"name": "Foreign", "company_id": elsewhere.id}
        )
        for user, department in (
            (self.clerk, foreign),
            (self._create_user("warehouse"), self.tooling),
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._open_orders(user, department)

    def _open_orders(self, user, department):
        departments = self.env["rd.department"].with_user(user)
        return call_kw(departments, "action_view_orders", [department.ids], {})

    def test_a_department_counts_what_it_has_in_hand(self):
        release = self._release()
        both = (self.tooling | self.assembly).with_user(self.clerk)
        self.assertEqual(both.mapped("open_count"), [1, 0])
        release.action_cancel()
        both.invalidate_recordset(["open_count"])
        self.assertEqual(both.mapped("open_count"), [0, 0])

    def test_a_photo_is_a_picture(self):
        release = self._release()
        text = base64.b64encode(b"<script>alert(1)</script>").decode()
        for photo in ({"data": text}, {"data": "%%"}, {"name": "x"}, "x"):
            with self.assertRaisesRegex(UserError, "no picture"):
                self._answer(
                    self.head, release, promised_date=str(self.today), photo=photo
                )
        picture = {"data": PIXEL, "name": "part.png"}
        floor = "odoo.addons.rd_sales_admin.models.rd_order_release_floor"
        with (
            patch(f"{floor}.MOST_BYTES", 20),
            self.assertRaisesRegex(UserError, "the photo is too large"),
        ):
            self._answer(
                self.head, release, promised_date=str(self.today), photo=picture
            )
        self.assertFalse(release.progress_ids.photo_ids)

    def test_by_phone(self):
        release = self._release()
        day = str(self._day(4))
        with self.assertRaisesRegex(UserError, "who of Tooling told it"):
            self._answer(self.clerk, release, promised_date=day)
        with self.assertRaisesRegex(UserError, "who of Tooling told it"):
            release.with_user(self.clerk).action_accept(day)
        self._answer(self.clerk, release, "Mr Wu", promised_date=day)
        self.assertEqual(release.progress_ids.said_by, "Mr Wu")
        self.assertEqual(release.progress_ids.user_id, self.clerk)
        page = release.with_user(self.clerk).get_floor_page([release.id])
        self.assertTrue(page["is_desk"])
        self.assertEqual([one["id"] for one in page["orders"]], release.ids)

    def test_ready_and_shipped(self):
        release = self._release()
        self._answer(self.head, release, stage="ready")
        self.assertEqual((release.state, release.ready_date), ("ready", self.today))
        self.assertEqual(self.order.rd_order_stage, "ready")
        self._deliver(self.order, {self.parts[0]: 4}, "DN-1", self.today)
        self.assertEqual(self.order.rd_order_stage, "shipped")
        self.assertFalse(
            self.env["rd.order.release"].with_user(self.head).get_floor_page()["orders"]
        )

    def test_back_from_ready_it_is_in_hand(self):
        release = self._release()
        self._answer(self.head, release, stage="ready")
        day = str(self._day(4))
        self._answer(self.head, release, stage="assembly", promised_date=day)
        self.assertEqual((release.state, release.ready_date), ("accepted", False))
        cockpit = self.env["rd.cockpit"].with_user(self.head)
        queues = {
            queue.code: queue.domain
            for queue in cockpit._get_floor_queues(cockpit._get_scope("floor"))
        }
        self.assertIn(release, release.search(queues["in_hand"]))
        self._answer(self.head, release, stage="ready")
        self.assertEqual((release.state, release.ready_date), ("ready", self.today))

    # --- the page --------------------------------------------------------------

    def test_without_news_first(self):
        orders = [self._create_tooling_order() for _index in range(3)]
        quiet, told, fresh = (
            self._release(order, days)
            for order, days in zip(orders, (9, 5, 20), strict=True)
        )
        day = str(self._day(4))
        with freeze_time(datetime.now() - timedelta(days=2)):
            self._answer(self.head, quiet, stage="design", promised_date=day)
        self._answer(self.head, told, stage="design", promised_date=day)
        page = self.env["rd.order.release"].with_user(self.head).get_floor_page()
        self.assertEqual(
            [one["id"] for one in page["orders"]], [fresh.id, quiet.id, told.id]
        )

    def test_floor_sees_its_own_without_prices(self):
        mine = self._release()
        self._draft(self._create_tooling_order())
        theirs = self._release(self._create_tooling_order(), department=self.assembly)
        releases = self.env["rd.order.release"].with_user(self.fitter)
        seen = call_kw(releases, "search_read", [[]], {})
        self.assertEqual([one["id"] for one in seen], mine.ids)
        text = str(seen) + str(call_kw(releases, "get_floor_page", [], {}))
        text += str(
            call_kw(
                self.env["rd.order.release.line"].with_user(self.fitter),
                "search_read",
                [[]],
                {},
            )
        )
        self.assertNotIn("price", text)
        self.assertNotIn("amount", text)
        for model in ("sale.order", "sale.order.line", "account.move"):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                call_kw(self.env[model].with_user(self.fitter), "search_read", [[]], {})
        for method, arguments in (
            ("read", [theirs.ids]),
            ("action_accept", [theirs.ids, str(self.today)]),
            ("action_refuse", [theirs.ids, "no"]),
            ("answer_floor", [[{"id": theirs.id, "promised_date": str(self.today)}]]),
        ):
            with self.assertRaises(AccessError, msg=method):
                call_kw(releases, method, arguments, {})
        for method, arguments in (
            ("write", [mine.ids, {"note": "x"}]),
            ("create", [[{"order_id": self.order.id}]]),
            ("unlink", [mine.ids]),
            ("action_release", [mine.ids]),
            ("action_cancel", [mine.ids]),
        ):
            with self.assertRaises(AccessError, msg=method):
                call_kw(releases, method, arguments, {})

    def test_who_may_not_answer(self):
        release = self._release()
        for role in ("auditor", "finance", "salesperson", "warehouse"):
            user = self._create_user(role)
            with self.assertRaises(AccessError, msg=role):
                self._answer(user, release, "Wu", promised_date=str(self.today))

    def test_drawings(self):
        drawing = (
            self.env["ir.attachment"]
            .with_user(self.clerk)
            .create({"name": "P-100.png", "raw": base64.b64decode(PIXEL)})
        )
        release = self._draft()
        release.drawing_ids = drawing
        release.action_release()
        page = self.env["rd.order.release"].with_user(self.fitter).get_floor_page()
        self.assertEqual(page["orders"][0]["drawings"][0]["name"], "P-100.png")
        self.assertTrue(drawing.with_user(self.fitter).raw)
        with self.assertRaises(AccessError):
            drawing.with_user(self.stranger).read(["raw"])
        # The department works by what it was sent.
        for act in (
            lambda: release.write({"drawing_ids": [Command.clear()]}),
            lambda: drawing.write({"raw": b"another"}),
            drawing.unlink,
        ):
            with self.assertRaisesRegex(UserError, "is with"), self.env.cr.savepoint():
                act()
        self.assertEqual(release.drawing_ids, drawing)

    def test_constant_queries(self):
        def count(user, function):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            function(self.env(user=user))
            return self.env.cr.sql_log_count - before

        def page(env):
            env["rd.order.release"].get_floor_page()

        def board(env):
            env["sale.order"].web_search_read(
                [("rd_order_stage", "=", "release")],
                {
                    "name": {},
                    "rd_attention": {},
                    "rd_attention_note": {},
                    "rd_promised_date": {},
                    "partner_id": {"fields": {"display_name": {}}},
                },
                limit=2000,
            )

        def late(env):
            env["rd.order.release"].web_search_read(
                [("attention", "in", ["late", "risk"])],
                {"name": {}, "attention_note": {}, "goods": {}},
                limit=2000,
            )

        asked = ((self.head, page), (self.clerk, board), (self.clerk, late))

        def count_all():
            # Once to warm what is kept between requests, once to count.
            return [[count(*one) for one in asked] for _again in range(2)][1]

        self._make_many(10)
        few = count_all()
        self._make_many(989)  # 1,000 with the one that is there
        many = count_all()
        self.assertEqual(few, many)

    def _make_many(self, number):
        """Make released slips without mail, a thousand would send a thousand."""
        orders = self.env["sale.order"].create(
            [{"partner_id": self.affiliate.id} for _index in range(number)]
        )
        orders.write({"state": "sale"})
        releases = self.env["rd.order.release"]._as_internal()
        releases.with_context(tracking_disable=True).create(
            [
                {
                    "order_id": order.id,
                    "department_id": self.tooling.id,
                    "wanted_date": self._day(-3),
                    "state": "sent",
                    "line_ids": [Command.create({"name": "jig", "quantity": 1})],
                }
                for order in orders
            ]
        )

    # --- late and at risk ------------------------------------------------------

    def test_standing_before_it_is_late(self):
        orders = [self._create_tooling_order() for _index in range(4)]
        fine, slow, quiet, late = (self._release(order, 12) for order in orders)
        self._answer(self.head, fine, stage="design", promised_date=str(self._day(8)))
        self._answer(
            self.head, slow, promised_date=str(self._day(15)), reason="capacity"
        )
        self._answer(self.head, quiet, stage="design", promised_date=str(self._day(8)))
        late._as_internal().write({"wanted_date": self._day(-1)})
        quiet._as_internal().write({"last_news": datetime.now() - timedelta(days=6)})
        found = {
            kind: self.env["rd.order.release"].search([("attention", "in", [kind])])
            for kind in ("late", "risk", "fine")
        }
        self.assertEqual(found["late"], late)
        self.assertEqual(found["risk"], slow | quiet)
        self.assertEqual(found["fine"], fine)
        for kind, releases in found.items():
            self.assertEqual(set(releases.mapped("attention")), {kind})
        self.assertIn("No news since", quiet.attention_note)
        self.assertEqual(slow.order_id.rd_attention, "risk")
        rest = self.env["rd.order.release"].search([("attention", "!=", "fine")])
        self.assertEqual(rest, late | slow | quiet)
        orders_at_risk = self.env["sale.order"].search([("rd_attention", "=", "risk")])
        self.assertEqual(orders_at_risk, (slow | quiet).order_id)
        others = orders[0].search([("rd_attention", "!=", "risk")])
        self.assertEqual(others & orders[0].union(*orders), (fine | late).order_id)

    def test_at_risk_without_answer_or_past_its_promise(self):
        first, second = self._release(self._create_tooling_order(), 12), self._release()
        self._answer(self.head, first, promised_date=str(self._day(1)))
        with freeze_time(datetime.now() + timedelta(days=5)):
            for release, words in (
                (first, f"Promised for {self._day(1)} and not ready"),
                (second, "Not answered by the department"),
            ):
                release.invalidate_recordset()
                self.assertEqual(release.attention, "risk")
                self.assertIn(words, release.attention_note)
            found = self.env["rd.order.release"].search([("attention", "=", "risk")])
            self.assertEqual(found, first | second)

    def test_nobody_to_remind_of_it(self):
        """Neither a department without people nor a company without supervisor."""
        release = self._release()
        self.tooling.write({"head_id": False, "member_ids": [Command.clear()]})
        self._leave_no_supervisor()
        with freeze_time(datetime.now() + timedelta(days=9)):
            for _again in range(2):
                self._run_parted("rd.order.release", "_cron_remind")
        self.assertTrue(release.reminded_date and release.escalated_date)
        self.assertFalse(release.activity_ids)

    def test_reminded_then_escalated_once(self):
        friday = datetime(2026, 11, 27, 7)  # 15:00 in Shanghai
        with freeze_time(friday):
            release = self._release(days=30)
        monday = friday + timedelta(days=3)
        self.assertEqual(release.answer_due, monday)
        cron = self.env["rd.order.release"]
        # a test has one transaction; how it is parted is tested on a server
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: 1)
        with freeze_time(monday - timedelta(minutes=1)):
            cron._cron_remind()
        self.assertFalse(release.reminded_date)
        for _again in range(2):
            with freeze_time(monday + timedelta(minutes=1)):
                cron._cron_remind()
        self.assertEqual(len(release.activity_ids), 1)
        self.assertEqual(release.activity_ids.user_id, self.head)
        self.assertFalse(release.escalated_date)
        for _again in range(2):
            with freeze_time(monday + timedelta(days=1, minutes=1)):
                cron._cron_remind()
        self.assertEqual(len(release.activity_ids), 2)
        self.assertIn(
            release.activity_ids.user_id - self.head,
            self.company._rd_get_supervisors(),
        )
        with freeze_time(monday + timedelta(days=2)):
            self._answer(self.head, release, promised_date="2026-12-20")
        self.assertFalse(release.activity_ids, "answered: nobody is to ask any more")

    def test_holiday_is_no_working_day(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": datetime(2026, 11, 29, 0),
                "date_to": datetime(2026, 11, 30, 23, 59),
            }
        )
        self.company.resource_calendar_id.tz = "UTC"
        due = self.company._rd_add_working_days(datetime(2026, 11, 27, 7), 1)
        self.assertEqual(due, datetime(2026, 12, 1, 7))

    def test_a_change_of_holidays_and_hours_is_seen_at_once(self):
        calendar = self.company.resource_calendar_id

        def rests():
            week = range(1, 8)  # from Tuesday on
            working = self.company._rd_is_working_day
            return [day for day in week if not working(date(2026, 12, day))]

        self.assertEqual(rests(), [5, 6])
        holiday = self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "date_from": datetime(2026, 11, 30, 20),
                "date_to": datetime(2026, 12, 1, 12),
            }
        )
        self.assertEqual(rests(), [1, 5, 6])
        moved = {"date_to": datetime(2026, 12, 2, 12)}
        holiday.write(moved)
        self.assertEqual(rests(), [1, 2, 5, 6])
        holiday.unlink()
        self.assertEqual(rests(), [5, 6])
        press = {"name": "Press", "company_id": self.company.id}
        press = self.env["resource.resource"].sudo().create(press)
        serviced = holiday.sudo().create(
            {
                "resource_id": press.id,
                "date_from": datetime(2026, 11, 30, 20),
                "date_to": datetime(2026, 12, 1, 12),
            }
        )
        serviced.write(moved)
        self.assertEqual(rests(), [5, 6], "one machine's pause is no holiday")
        serviced.unlink()
        friday = calendar.attendance_ids.filtered(lambda one: one.dayofweek == "4")
        friday.write({"dayofweek": "5"})
        self.assertEqual(rests(), [4, 6])
        friday.unlink()
        self.assertEqual(rests(), [4, 5, 6])
        calendar.attendance_ids.unlink()
        self.assertEqual(rests(), [5, 6], "Monday to Friday without a calendar")

    def test_where_nobody_works_days_are_counted(self):
        friday = datetime(2026, 11, 27, 7)
        after = datetime(2026, 11, 28, 7)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed for good",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime(2026, 11, 1),
                "date_to": datetime(2046, 11, 1),
            }
        )
        self.assertEqual(self.company._rd_add_working_days(friday, 1), after)
        self.company.resource_calendar_id.attendance_ids.unlink()
        self.assertEqual(self.company._rd_add_working_days(friday, 1), after)

    def test_one_mail_a_day(self):
        self.assembly.member_ids = self.head
        self._release()
        self._release(self._create_tooling_order(), department=self.assembly)
        wednesday = datetime(2026, 11, 25, 1)
        mails = self.env["mail.mail"].search([])
        cron = self.env["rd.order.release"]
        for _again in range(2):
            with freeze_time(wednesday):
                self._run_parted(cron._name, "_cron_daily_mail")
        made = self.env["mail.mail"].search([]) - mails
        recipients = made.recipient_ids
        self.assertEqual(len(made), len(recipients))
        self.assertEqual(
            recipients, (self.head | self.fitter | self.stranger).partner_id
        )
        mine = made.filtered(lambda one: one.recipient_ids == self.head.partner_id)
        self.assertIn("2 orders", mine.subject)
        self.assertIn("/odoo/floor", mine.body_html)
        with freeze_time(datetime(2026, 11, 28, 1)):
            self._run_parted(cron._name, "_cron_daily_mail")
        self.assertEqual(
            self.env["mail.mail"].search([]) - mails, made, "nobody works on Saturday"
        )

    def test_who_has_no_address_gets_no_mail(self):
        self._release()
        self.fitter.email = False
        mails = self.env["mail.mail"].search([])
        with freeze_time(datetime(2026, 11, 25, 1)):
            self._run_parted("rd.order.release", "_cron_daily_mail")
        made = self.env["mail.mail"].search([]) - mails
        self.assertEqual(made.recipient_ids, self.head.partner_id)

    def test_people_are_of_the_house(self):
        portal = self.env["res.users"].create(
            {
                "name": "Outside",
                "login": "rd_outside",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        with self.assertRaises(ValidationError):
            self.tooling.member_ids = portal

    # --- the slip --------------------------------------------------------------

    def test_slip_names_everything_but_the_price(self):
        release = self._release()
        release.note = "mind the edge"
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "rd_sales_admin.action_report_order_release", release.ids
            )[0]
            .decode()
        )
        for text in (release.name, "P-100", "Tooling", "mind the edge", "Northern"):
            self.assertIn(text, html)
        self.assertNotIn("10.0", html)


@tagged("post_install", "-at_install")
class TestOrderStage(OrdersCommon):
    """One board from the enquiry to the settlement, and quotations in revisions."""

    def test_enquiry_to_settled(self):
        order = self.env["sale.order"].create({"partner_id": self.partner_a.id})
        self.assertEqual(order.rd_order_stage, "enquiry")
        order.order_line = [
            Command.create({"product_id": self.parts[0].id, "price_unit": 7})
        ]
        self.assertEqual(order.rd_order_stage, "quotation")
        order.signed_on = datetime.now()
        self.assertEqual(order.rd_order_stage, "contract")
        order.action_confirm()
        self.assertEqual(order.rd_order_stage, "release")
        self._deliver(order, {self.parts[0]: 1}, "DN-1", self.today)
        self.assertEqual(order.rd_order_stage, "shipped")
        order._create_invoices().action_post()
        self.assertEqual(order.rd_order_stage, "settled")

    def test_delivered_without_release_is_in_work(self):
        self._deliver(self.order, {self.parts[0]: 1}, "DN-1", self.today)
        self.assertEqual(self.order.rd_order_stage, "work")

    def test_waiting_for_the_contract(self):
        self.patch(type(self.order), "_rd_is_signed", lambda order: False)
        self.assertEqual(self._create_tooling_order().rd_order_stage, "contract")

    def test_board_shows_every_stage(self):
        orders = self.env["sale.order"].with_context(read_group_expand=True)
        groups = orders.web_read_group(
            [("rd_order_stage", "!=", "cancelled")], ["rd_order_stage"], ["__count"]
        )["groups"]
        stages = [group["rd_order_stage"] for group in groups]
        self.assertEqual(
            stages,
            [
                *("enquiry", "quotation", "contract", "release"),
                *("work", "ready", "shipped", "settled"),
            ],
        )

    def test_revision_keeps_the_old_one(self):
        quotation = self.order.copy({"client_order_ref": "ENQ-7"})
        name = quotation.name
        quotation.with_user(self.clerk).action_rd_revise()
        self.assertEqual(quotation.name, f"{name}-R1")
        self.assertEqual((quotation.rd_revision, quotation.state), (1, "draft"))
        quotation.order_line.price_unit = 8
        quotation.action_quotation_sent()
        quotation.with_user(self.clerk).action_rd_revise()
        self.assertEqual(quotation.name, f"{name}-R2")
        old = quotation.rd_old_ids
        self.assertEqual(set(old.mapped("name")), {name, f"{name}-R1"})
        first = old.filtered(lambda one: one.name == name)
        self.assertEqual(first.order_line.price_unit, 10)
        self.assertEqual(first.client_order_ref, "ENQ-7")
        self.assertEqual(set(old.mapped("rd_order_stage")), {"cancelled"})
        for values in ({"note": "x"}, {"state": "draft"}, {"rd_current_id": False}):
            with self.assertRaises(UserError, msg=values):
                first.with_user(self.clerk).write(values)
        with self.assertRaises(UserError):
            first.with_user(self.clerk).action_draft()
        with self.assertRaises(UserError):
            first.order_line.with_user(self.clerk).write({"price_unit": 1})
        with self.assertRaises(UserError):
            first.with_user(self.supervisor).unlink()
        with self.assertRaises(UserError):
            quotation.with_user(self.clerk).write({"rd_revision": 0})

    def test_an_earlier_revision_goes_with_the_running_one_only(self):
        quotation = self.order.copy()
        quotation.with_user(self.clerk).action_rd_revise()
        old = quotation.rd_old_ids
        for records, said in (
            (old, f"earlier revision of {quotation.name}"),
            (old.order_line, f"replaced by {quotation.name}"),
        ):
            with self.assertRaisesRegex(UserError, said), self.env.cr.savepoint():
                records.unlink()
        (old | quotation).unlink()
        self.assertFalse((old | quotation).exists())

    def test_only_open_quotations_are_revised(self):
        with self.assertRaisesRegex(UserError, "no open quotation"):
            self.order.with_user(self.clerk).action_rd_revise()


@tagged("post_install", "-at_install")
class TestFeedback(OrdersCommon):
    """What a customer said is answered in time."""

    def _create(self, **values):
        return (
            self.env["rd.feedback"]
            .with_user(self.clerk)
            .create(
                {
                    "name": "two pieces scratched",
                    "partner_id": self.affiliate.id,
                    "reference": f"sale.order,{self.order.id}",
                    "date_due": self._day(2),
                    **values,
                }
            )
        )

    def test_received_on_the_day_of_the_company(self):
        with freeze_time("2026-11-25 20:00:00"):
            feedback = self.env["rd.feedback"].with_user(self.clerk)
            values = feedback.with_context(tz="UTC").default_get(["date"])
        self.assertEqual(str(values["date"]), "2026-11-26")

    def test_each_company_has_its_own_today(self):
        """At one moment it is the 6th in Shanghai and still the 5th in Honolulu."""
        far = self.env["res.company"].create(
            {"name": "Far", "rd_tz": "Pacific/Honolulu"}
        )
        due = date(2026, 10, 5)
        here, there = (
            self.env["rd.feedback"]
            .sudo()
            .create(
                {
                    "name": "scratched",
                    "partner_id": self.affiliate.id,
                    "company_id": company.id,
                    "date_due": due,
                }
            )
            for company in (self.company, far)
        )
        both = here | there
        for company in (self.company, far):
            feedback = both.with_company(company)
            with freeze_time("2026-10-05 20:00:00"):
                feedback.invalidate_recordset()
                self.assertEqual(feedback.mapped("is_overdue"), [True, False])
                found = feedback.search(
                    [("is_overdue", "=", True), ("id", "in", both.ids)]
                )
                column = SQL("company_id")
                today = self.env["res.company"]._rd_query_today(column)
                days = self.env.execute_query(
                    SQL(
                        "SELECT %s FROM rd_feedback WHERE id IN %s ORDER BY id",
                        today,
                        both._ids,
                    )
                )
                known = [("id", "in", both.ids)]
                rest = feedback.search([("is_overdue", "=", False), *known])
                every = feedback.search([("is_overdue", "in", [True, False]), *known])
            self.assertEqual((found, rest, every), (here, there, both))
            self.assertEqual(days, [(date(2026, 10, 6),), (due,)])

    def test_answered_then_closed(self):
        feedback = self._create()
        self.assertEqual(feedback.reference, self.order)
        with self.assertRaisesRegex(UserError, "Note what Northern Works"):
            feedback.action_answer()
        with self.assertRaises(UserError):
            feedback.action_close()
        wizard = self.env["rd.feedback.answer"].with_user(self.clerk)
        wizard.with_context(active_id=feedback.id).create(
            {"answer": "replaced"}
        ).action_answer()
        self.assertEqual((feedback.state, feedback.answer), ("answered", "replaced"))
        feedback.action_close()
        with self.assertRaises(UserError):
            feedback.write({"name": "nothing"})
        with self.assertRaises(UserError):
            feedback.unlink()
        feedback.action_reopen()
        self.assertEqual(feedback.state, "open")

    def test_guarded(self):
        feedback = self._create()
        for values in (
            {"state": "closed"},
            {"answer": "x"},
            {"closed_date": self.today},
        ):
            with self.assertRaises(UserError, msg=values):
                feedback.write(values)

    def test_reminded_and_escalated(self):
        feedback = self._create(date_due=self.today)
        cron = self.env["rd.feedback"]
        # a test has one transaction; how it is parted is tested on a server
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: 1)
        for _again in range(2):
            cron._cron_remind()
        self.assertEqual(feedback.activity_ids.user_id, self.clerk)
        self.assertEqual(len(feedback.activity_ids), 1)
        with freeze_time(datetime.now() + timedelta(days=2)):
            for _again in range(2):
                cron._cron_remind()
            self.assertTrue(feedback.is_overdue)
            self.assertIn(feedback, cron.search([("is_overdue", "in", [True])]))
        self.assertEqual(len(feedback.activity_ids), 2)
        self.assertTrue(feedback.escalated_date)
        feedback.action_answer("sorry")
        self.assertFalse(feedback.activity_ids)

    def test_nobody_higher_up_to_tell(self):
        feedback = self._create(date_due=self._day(-3))
        self._leave_no_supervisor()
        for _again in range(2):
            self._run_parted("rd.feedback", "_cron_remind")
        self.assertEqual(feedback.activity_ids.user_id, self.clerk)
        self.assertEqual(len(feedback.activity_ids), 1)

    def test_about_records_of_the_suite(self):
        models = dict(self.env["rd.feedback"]._selection_reference())
        self.assertLessEqual({"sale.order", "rd.order.release"}, set(models))
        self.assertNotIn("res.users", models)

    def test_other_company_sees_nothing(self):
        feedback = self._create()
        other = self.env["res.company"].create({"name": "Other house"})
        self.clerk.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            feedback.with_user(self.clerk).read(["name"])


@tagged("post_install", "-at_install")
class TestCallNote(OrdersCommon):
    """A call is noted on whatever is open, with a follow-up date."""

    def _note(self, record, user=None, **values):
        wizard = self.env["rd.call.note"].with_user(user or self.clerk)
        form = Form(
            wizard.with_context(
                default_res_model=record._name, default_res_id=record.id
            )
        )
        form.note = "asks for Friday"
        for name, value in values.items():
            form[name] = value
        form.save().action_note()

    def test_noted_with_follow_up(self):
        for record in (self.order, self._release(), self.affiliate):
            self._note(record, who="Ms Lin", follow_up=self._day(2))
            self.assertIn("Call · Ms Lin: asks for Friday", record.message_ids[0].body)
            self.assertEqual(record.activity_ids[-1:].date_deadline, self._day(2))

    def test_without_follow_up(self):
        self._note(self.order, channel="visit")
        self.assertIn("Visit: asks", self.order.message_ids[0].body)
        self.assertFalse(self.order.activity_ids)

    def test_what_takes_no_follow_up_takes_no_half_of_it(self):
        alias = self.env["rd.part.alias"].create(
            {
                "partner_id": self.affiliate.id,
                "code": "NW-1",
                "product_id": self.parts[0].id,
            }
        )
        before = alias.message_ids
        refused = self.assertRaisesRegex(UserError, "takes no follow-up date")
        with refused, self.env.cr.savepoint():
            self._note(alias, follow_up=self._day(2))
        self.assertEqual(alias.message_ids, before)
        self._note(alias)
        self.assertIn("asks for Friday", alias.message_ids[0].body)

    def test_only_on_what_one_may_read(self):
        other = self.env["res.company"].create({"name": "Other house"})
        foreign = self.env["rd.feedback"].create(
            {
                "name": "secret",
                "company_id": other.id,
                "partner_id": self.affiliate.id,
                "date_due": self.today,
            }
        )
        for model, number in (
            ("rd.feedback", foreign.id),
            ("ir.config_parameter", 1),
            ("no.model", 1),
            ("sale.order", 0),
        ):
            note = self.env["rd.call.note"].with_user(self.clerk)
            with self.assertRaises(UserError, msg=model):
                note.create(
                    {"res_model": model, "res_id": number, "note": "x"}
                ).action_note()
