# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime
from io import BytesIO

from freezegun import freeze_time
from psycopg2 import IntegrityError
from python_calamine import CalamineWorkbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .return_common import ReturnCommon

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestRdReturn(ReturnCommon):
    """Quantities, roles, clock and papers of returns."""

    # ------------------------------------------------------------------
    # Quantities
    # ------------------------------------------------------------------
    def test_never_above_what_was_delivered(self):
        """Of 10 delivered, 3 came back by stock and 4 are asked for: 3 are left."""
        self._return(self.picking, {self.first: 3}, "RT-0", date(2026, 10, 3))
        self._create_return({self.move: 4})
        with self._refused("only 3 .* can still come back"):
            self._create_return({self.move: 4})
        self._create_return({self.move: 3})
        with self._refused("only 0 "):
            self._create_return({self.move: 1})
        with self._refused("Nothing of SH-1"):
            second = self._move(self.picking, self.second)
            self._create_return({second: 4})
            self.picking.with_user(self.clerk).action_rd_ask_return()

    def test_two_lines_of_one_delivery_count_together(self):
        record = self._create_return({self.move: 6})
        line = {"move_id": self.move.id, "quantity": 5}
        with self._refused("too many"):
            record.line_ids = [Command.create(line)]
        record.line_ids = [Command.create({**line, "quantity": 4})]
        with self._refused("too many"):
            record.line_ids[0].quantity = 7

    def test_what_is_asked_for_is_written_on_the_delivery(self):
        """Whoever asks writes on the row, so that two at a time conflict."""
        record = self._create_return({self.move: 6})
        self.assertEqual(self.move.rd_return_quantity, 6)
        record.line_ids.quantity = 2
        self.assertEqual(self.move.rd_return_quantity, 2)
        record.answer = "Worn by use"
        record.action_refuse()
        self.assertEqual(self.move.rd_return_quantity, 0)
        self._create_return({self.move: 10}).action_cancel()
        self.assertEqual(self.move.rd_return_quantity, 0)
        draft = self._create_return({self.move: 10})
        draft.line_ids.unlink()
        self.assertEqual(self.move.rd_return_quantity, 0)
        other = self._create_return({self.move: 10})
        self.assertEqual(self.move.rd_return_quantity, 10)
        other.unlink()
        self.assertEqual(self.move.rd_return_quantity, 0)
        with self.assertRaises(UserError):
            self.move.with_user(self.clerk).rd_return_quantity = 0

    def test_only_own_deliveries(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self._refused("not delivered to Stranger"):
            self._create_return({self.move: 1}, partner_id=stranger.id)
        with self._refused("choose that product"):
            self._create_return(
                {self.move: {"quantity": 1, "product_id": self.second.id}}
            )
        back = self._return(self.picking, {self.first: 1}, "RT", date(2026, 10, 3))
        with self._refused("was not delivered"):
            self._create_return({back.move_ids: 1})

    def test_nothing_is_negative_or_empty(self):
        for quantity in (0, -1):
            with (
                self.subTest(quantity),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
            ):
                with self.env.cr.savepoint():
                    self._create_return({self.move: quantity})
        with self._refused("which goods"):
            self._create_return({}).action_accept()

    def test_find_the_deliveries_of_goods_without_a_paper(self):
        """12 pieces: 5 of the newest delivery, 7 of the one before."""
        record = self._create_return({})
        record.line_ids = [
            Command.create({"product_id": self.first.id, "quantity": 12})
        ]
        self.assertEqual(record.unknown_count, 1)
        record.action_find_deliveries()
        self.assertRecordValues(
            record.line_ids,
            [
                {"note_number": "SH-2", "quantity": 5},
                {"note_number": "SH-1", "quantity": 7},
            ],
        )
        named = self._create_return({})
        named.line_ids = [
            Command.create(
                {
                    "product_id": self.first.id,
                    "quantity": 4,
                    "note_number": "SH-1",
                }
            )
        ]
        named.action_find_deliveries()
        self.assertEqual(
            named.line_ids.mapped(lambda line: (line.move_id.id, line.quantity)),
            [(self.move.id, 3), (False, 1)],
        )
        never = self._create_return({})
        never.line_ids = [Command.create({"product_id": self.third.id, "quantity": 2})]
        never.action_find_deliveries()
        self.assertRecordValues(never.line_ids, [{"move_id": False, "quantity": 2}])

    def test_button_of_the_delivery_brings_what_is_left(self):
        self._create_return({self.move: 4})
        action = self.picking.with_user(self.clerk).action_rd_ask_return()
        returns = self.env["rd.return"].with_user(self.clerk)
        values = returns.with_context(**action["context"]).default_get(
            ["line_ids", "partner_id"]
        )
        self.assertEqual(values["partner_id"], self.affiliate.id)
        self.assertEqual(
            sorted(line[2]["quantity"] for line in values["line_ids"]), [4, 6]
        )

    def test_deliveries_are_added_one_after_the_other(self):
        self._create_return({self.move: 4})
        form = Form(self.env["rd.return"].with_user(self.clerk))
        for picking in (self.picking, self.later, self.picking):
            form.delivery_id = picking
            self.assertFalse(form.delivery_id, "another one may be chosen")
        self.assertEqual(form.partner_id, self.affiliate)
        form.reason_id = self.reason
        record = form.save()
        self.assertEqual(
            sorted(
                record.line_ids.mapped(lambda line: (line.note_number, line.quantity))
            ),
            [("SH-1", 4), ("SH-1", 6), ("SH-2", 5)],
        )
        line = record.line_ids.filtered(lambda one: one.move_id == self.move)
        self.assertEqual(
            line.display_name, f"{record.name} · {self.first.display_name}"
        )

    # ------------------------------------------------------------------
    # Roles and states
    # ------------------------------------------------------------------
    def test_floor_reports_and_decides_nothing(self):
        floor = self._role("floor")
        record = self._create_return({}, user=floor)
        record.line_ids.create(
            {
                "return_id": record.id,
                "product_id": self.first.id,
                "quantity": 2,
                "note_number": "SH-1",
            }
        )
        self.assertRegex(record.name, r"^RT/\d{5}$")
        with self.assertRaises(AccessError):
            record.action_accept()
        with self._refused("decided by the desk"):
            record.line_ids.disposition = "scrap"
        with self.assertRaises(AccessError):
            record.line_ids.quantity = 1
        with self._refused("decided by the desk"):
            record.line_ids.create(
                {
                    "return_id": record.id,
                    "product_id": self.first.id,
                    "disposition": "scrap",
                }
            )

    def test_warehouse_inspects_and_decides_nothing(self):
        record = self._create_return({self.move: 1})
        record.action_accept()
        porter = self._role("warehouse")
        mine = record.with_user(porter)
        with self._refused("what was found"):
            mine.action_inspect()
        mine.write({"inspection": "Thread is short"})
        mine.line_ids.finding = "M8 instead of M10"
        for act in (mine.action_settle, mine.action_refuse, mine.action_accept):
            with self._refused("decided by the desk"):
                act()
        with self._refused("decided by the desk"):
            mine.line_ids.disposition = "credit"
        mine.action_inspect()
        self.assertEqual(record.inspected_by_id, porter)

    def test_what_the_desk_decided_the_warehouse_does_not_take_back(self):
        record = self._create_return({self.move: 1})
        self._inspect(record)
        record.line_ids.disposition = "scrap"
        self.assertTrue(record.line_ids.is_credited)
        lines = record.with_user(self._role("warehouse")).line_ids
        for values in ({"is_credited": False}, {"disposition": False}):
            with self._refused("decided by the desk"):
                lines.write(values)
        lines.write({"disposition": "scrap", "finding": "Rust"})
        self.assertTrue(record.line_ids.is_credited)

    def test_no_context_decides(self):
        floor = self._role("floor")
        record = self._create_return({}, user=floor)
        lines = record.line_ids.with_context(default_disposition="scrap")
        with self._refused("decided by the desk"):
            lines.create(
                {"return_id": record.id, "product_id": self.first.id, "quantity": 1}
            )

    def test_decided_stays_decided(self):
        record = self._create_return({self.move: 2})
        self._inspect(record)
        with self._refused("Decide what happens"):
            record.action_settle()
        record.line_ids.disposition = "credit"
        with self.assertRaises(UserError):
            record.state = "settled"
        record.action_settle()
        moves = self.order.order_line.move_ids
        record.action_settle()
        self.assertEqual(self.order.order_line.move_ids, moves, "a repeat does nothing")
        for act in (
            lambda: record.line_ids.write({"quantity": 1}),
            lambda: record.line_ids.write({"disposition": "scrap"}),
            lambda: record.line_ids.unlink(),
            lambda: record.write({"description": "x"}),
            lambda: record.line_ids.create(
                {"return_id": record.id, "product_id": self.first.id}
            ),
            record.unlink,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                act()

    def test_refusal_needs_an_answer_and_tells_the_customer(self):
        self.affiliate.email = "north@works.example"
        record = self._create_return({self.move: 1})
        with self._refused("why .* is refused"):
            record.action_refuse()
        record.answer = "Worn by use"
        before = self.env["mail.mail"].sudo().search([])
        record.action_refuse()
        mail = self.env["mail.mail"].sudo().search([]) - before
        self.assertEqual(mail.recipient_ids, self.affiliate)
        self.assertIn("Worn by use", mail.body_html)

    def test_other_company_is_out_of_sight(self):
        record = self._create_return({self.move: 1})
        other = self.env["res.company"].create({"name": "Other house"})
        foreign = self._role("supervisor")
        foreign.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for model in ("rd.return", "rd.return.line"):
            found = self.env[model].with_user(foreign).search([])
            self.assertNotIn(self.company, found.company_id)
        with self.assertRaises(AccessError):
            record.with_user(foreign).read(["name"])

    # ------------------------------------------------------------------
    # Clock, papers, figures
    # ------------------------------------------------------------------
    def test_clock_skips_the_weekend_and_escalates_once(self):
        """Asked on Friday noon: three working days later is Wednesday noon."""
        record = self._create_return(
            {self.move: 1}, requested_date=datetime(2026, 10, 9, 4)
        )
        self.assertEqual(record.answer_due, datetime(2026, 10, 14, 4))
        returns = self.env["rd.return"]
        crons = self.env.registry["ir.cron"]
        # a test has one transaction; how it is parted is tested on a server
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: 1)
        with freeze_time("2026-10-14 03:59:00"):
            returns._cron_escalate()
            self.assertFalse(record.activity_ids)
            self.assertNotIn(record.id, returns.search([("is_late", "=", True)]).ids)
        record.invalidate_recordset()
        with freeze_time("2026-10-14 04:01:00"):
            self.assertTrue(record.is_late)
            self.assertIn(record.id, returns.search([("is_late", "=", True)]).ids)
            returns._cron_escalate()
            self.assertIn(self.supervisor, record.activity_ids.user_id)
            count = len(record.activity_ids)
            returns._cron_escalate()
            self.assertEqual(len(record.activity_ids), count)
            record.answer = "No"
            record.action_refuse()
        self.assertFalse(record.activity_ids)
        late = returns.search([("is_late", "=", True)])
        self.assertIn(record, late, "answered too late stays so")
        self.assertNotIn(record, returns.search([("is_late", "=", False)]))
        both = returns.search([("is_late", "in", [True, False])])
        self.assertEqual(both, returns.search([]))

    def test_photos_are_kept(self):
        photo = (
            self.env["ir.attachment"]
            .with_user(self.clerk)
            .create({"name": "thread.png", "datas": PIXEL, "mimetype": "image/png"})
        )
        record = self._create_return({self.move: 1}, photo_ids=[Command.link(photo.id)])
        self.assertEqual((photo.res_model, photo.res_id), ("rd.return", record.id))
        blurred = photo.copy({"name": "blurred.png"})
        record.photo_ids = [Command.link(blurred.id)]
        blurred.unlink()
        self.assertEqual(record.photo_ids, photo, "not yet shown to anybody")
        self._inspect(record)
        record.line_ids.disposition = "credit"
        record.action_settle()
        for act in (photo.unlink, lambda: photo.write({"raw": b"other"})):
            with self._refused("evidence"):
                act()

    def test_a_file_of_somebody_else_is_no_photo(self):
        foreign = self.env["ir.attachment"].create({"name": "x.png", "datas": PIXEL})
        record = self._create_return({self.move: 1})
        for name in ("photo_ids", "inspection_photo_ids"):
            with self._refused("not allowed"):
                record.write({name: [Command.link(foreign.id)]})
        self.env.invalidate_all()
        self.assertFalse(foreign.res_id)

    def test_workbook_and_causes(self):
        self._settle({self.move: 3})
        fit = self.env.ref("rd_custody.rd_return_reason_size")
        last = self._move(self.later, self.first)
        self._create_return({last: 1}, reason_id=fit.id)
        gone = self._create_return({last: 4}, reason_id=fit.id)
        gone.answer = "No"
        gone.action_refuse()
        records = self.env["rd.return"].search([("company_id", "=", self.company.id)])
        report = self.env["report.rd_custody.return_xlsx"].with_user(self.clerk)
        report = report.with_context(active_model="rd.return")
        data = report.create_xlsx_report(records.ids, {})[0]
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        self.assertEqual(len(book.sheet_names), 4)
        ledger = book.get_sheet_by_index(0).to_python()
        self.assertEqual([row[7] for row in ledger[2:]], [3, 1, 4])
        causes = book.get_sheet_by_index(1).to_python()[1:]
        self.assertEqual([row[1:] for row in causes], [[1, 3, 75, 75], [1, 1, 25, 100]])

    def test_constant_queries(self):
        counts = []
        for number in (3, 5, 60):
            order = self._create_order([(self.first, 1, 10.0)] * number)
            moves = self._deliver(
                order, {self.first: 1}, f"SH-{number}", date(2026, 10, 8)
            ).move_ids
            record = self._create_return({move: 1 for move in moves})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            record.line_ids.read(
                ["product_id", "room_quantity", "delivered_quantity", "note_number"]
            )
            self.env["rd.return"]._prepare_lines(moves)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
