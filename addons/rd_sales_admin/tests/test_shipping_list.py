# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
from datetime import date

from python_calamine import CalamineWorkbook

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import DeskCommon


@tagged("post_install", "-at_install")
class TestShippingList(DeskCommon):
    """A list becomes deliveries dated as it says, each row once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p100, cls.p200, cls.p300 = cls.parts
        cls.order = cls._create_order(
            [(cls.p100, 100, 10.0), (cls.p200, 50, 25.5), (cls.p300, 9, 0.34)]
        )

    def _hand_in(self, rows, **values):
        head = "日期,送货单号,料号,数量,客户,事务类型"
        text = "\n".join([head, *(",".join(str(cell) for cell in row) for row in rows)])
        return (
            self.env["rd.shipping.list"]
            .with_user(self.clerk)
            .create(
                {
                    "warehouse_id": self.warehouse.id,
                    "date_from": date(2026, 9, 1),
                    "date_to": date(2026, 9, 30),
                    "file": base64.b64encode(text.encode()),
                    "filename": "list.csv",
                    **values,
                }
            )
        )

    def _row(self, note, part, quantity, kind="发货", day="2026-09-10"):
        return (day, note, part, quantity, self.affiliate.name, kind)

    def _apply(self, rows, **values):
        shipping_list = self._hand_in(rows, **values)
        shipping_list.action_check()
        shipping_list.action_apply()
        return shipping_list

    def test_what_the_file_shows_without_words_is_kept_with_the_list(self):
        rows = [self._row("DN-1", "P-100", 30)]
        page = "".join(f"<td>{cell}</td>" for cell in rows[0])
        head = "".join(
            f"<th>{title}</th>"
            for title in ("日期", "送货单号", "料号", "数量", "客户", "事务类型")
        )
        text = (
            f"<table><tr>{head}</tr><tr>{page}</tr>"
            f'<tr style="display:none">{page.replace("DN-1", "DN-2")}</tr></table>'
        )
        handed_in = self._hand_in(
            rows, file=base64.b64encode(text.encode()), filename="page.xls"
        )
        handed_in.action_check()
        self.assertEqual(handed_in.line_ids.mapped("note"), ["DN-1", "DN-2"])
        self.assertIn("1 hidden rows", handed_in.warning_note)

    def test_deliveries_carry_the_date_of_the_list(self):
        done = self._apply(
            [self._row("DN-1", "P-100", 30), self._row("DN-1", "P-200", 5)]
        )
        self.assertEqual(done.state, "applied")
        self.assertEqual(done.line_ids.mapped("verdict"), ["delivered", "delivered"])
        picking = done.picking_ids
        self.assertEqual(len(picking), 1)
        self.assertEqual(picking.rd_note, "DN-1")
        moves = picking.move_ids
        self.assertEqual(
            {self.company._rd_local_date(move.date) for move in moves},
            {date(2026, 9, 10)},
        )
        self.assertEqual(self.order.order_line.mapped("qty_delivered"), [30, 5, 0])
        self.assertEqual(
            sum(
                self.order.picking_ids.move_ids.filtered(
                    lambda move: (
                        move.state not in ("done", "cancel")
                        and move.product_id == self.p100
                    )
                ).mapped("product_uom_qty")
            ),
            70,
        )

    def test_equal_rows_are_splits(self):
        self._apply([self._row("DN-1", "P-100", 10), self._row("DN-1", "P-100", 10)])
        self.assertEqual(self.order.order_line[0].qty_delivered, 20)

    def test_same_file_is_refused(self):
        rows = [self._row("DN-1", "P-100", 10)]
        self._apply(rows)
        with self.assertRaisesRegex(UserError, "already been handed in"):
            self._apply(rows)

    def test_later_list_delivers_only_what_changed(self):
        self._apply([self._row("DN-1", "P-100", 10), self._row("DN-2", "P-200", 4)])
        later = self._hand_in(
            [
                self._row("DN-1", "P-100", 12),
                self._row("DN-2", "P-200", 4),
                self._row("DN-3", "P-300", 1),
            ]
        )
        later.action_check()
        self.assertRecordValues(
            later.line_ids,
            [
                {"verdict": "changed", "previous_quantity": 10, "quantity": 12},
                {"verdict": "unchanged", "previous_quantity": 0, "quantity": 4},
                {"verdict": "new", "previous_quantity": 0, "quantity": 1},
            ],
        )
        later.action_apply()
        self.assertEqual(self.order.order_line.mapped("qty_delivered"), [12, 4, 1])

    def test_lower_correction_takes_goods_back(self):
        self._apply([self._row("DN-1", "P-100", 10)])
        self._apply([self._row("DN-1", "P-100", 7)])
        self.assertEqual(self.order.order_line[0].qty_delivered, 7)

    def test_missing_row_is_asked_about(self):
        self._apply([self._row("DN-1", "P-100", 10), self._row("DN-1", "P-200", 4)])
        later = self._hand_in([self._row("DN-1", "P-100", 10)])
        later.action_check()
        question = later.line_ids.filtered(lambda row: row.verdict == "missing")
        self.assertEqual(question.previous_quantity, 4)
        later.action_apply()
        self.assertEqual(later.state, "checked")
        self.assertEqual(self.order.order_line[1].qty_delivered, 4)
        question.action_reverse("typing error")
        self.assertEqual(self.order.order_line[1].qty_delivered, 0)
        later.action_apply()
        self.assertEqual(later.state, "applied")

    def test_rows_are_answered_from_their_list(self):
        self._apply([self._row("DN-1", "P-100", 10), self._row("DN-1", "P-200", 4)])
        later = self._hand_in(
            [self._row("DN-1", "P-100", 10), self._row("DN-2", "P-9", 1)]
        )
        later.action_check()
        later.action_apply()
        missing = later.line_ids.filtered(lambda row: row.verdict == "missing")
        unknown = later.line_ids.filtered(lambda row: row.verdict == "no_order")
        for rows, answer in ((missing, "reverse"), (unknown, "dismiss")):
            context = {"active_model": rows._name, "active_ids": rows.ids}
            wizard = self.env["rd.shipping.answer"].with_user(self.clerk)
            form = Form(wizard.with_context(**context))
            form.answer = answer
            form.reason = f"because of {answer}"
            form.save().action_apply()
            self.assertEqual(rows.answer, f"because of {answer}")
        self.assertEqual(self.order.order_line[1].qty_delivered, 0)
        self.assertEqual(unknown.verdict, "dismissed")

    # ------------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------------
    def test_the_shipments_that_a_list_made_are_printed(self):
        done = self._apply([self._row("DN-1", "P-100", 30)])
        self._deliver(self.order, {self.p200: 1}, "DN-9", date(2026, 9, 11))
        report = self.env.ref("rd_sales_admin.action_report_shipping_list")
        html = report._render_qweb_html(report.report_name, done.ids)[0].decode()
        for text in ("DN-1", "P-100", "2026-09-10", self.affiliate.name):
            self.assertIn(text, html)
        self.assertNotIn("DN-9", html)

    def test_rows_left_out_stand_below_those_to_mend(self):
        done = self._hand_in(
            [self._row("DN-1", "P-9", 30), ("合计", "", "", 30, "", "")]
        )
        done.action_check()
        report = self.env.ref("rd_sales_admin.action_report_mend_xlsx")
        data = report._render_xlsx(report.report_name, done.ids, {})[0]
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python()
        part = next(number for number, row in enumerate(rows) if "P-9" in row)
        rest = [row[0] for row in rows[part + 1 :] if row[0]]
        self.assertEqual(rest[0], "Rows left out")
        self.assertEqual(rest[1:], done.skipped_note.splitlines())

    def test_kept_row_stays_delivered(self):
        self._apply([self._row("DN-1", "P-100", 10), self._row("DN-1", "P-200", 4)])
        later = self._hand_in([self._row("DN-1", "P-100", 10)])
        later.action_check()
        question = later.line_ids.filtered(lambda row: row.verdict == "missing")
        question.action_keep("seen on the signed note")
        self.assertEqual(self.order.order_line[1].qty_delivered, 4)

    def test_a_row_that_asks_nothing_takes_no_answer(self):
        row = self._apply([self._row("DN-1", "P-100", 10)]).line_ids
        for act in (row.action_keep, row.action_dismiss):
            with self.assertRaisesRegex(UserError, "Row 2 of .* does not wait"):
                act("all the same")
        self.assertEqual((row.verdict, row.answer), ("delivered", False))

    def test_row_without_order_waits_and_blocks_the_month(self):
        waiting = self._apply(
            [self._row("DN-1", "P-100", 10), self._row("DN-1", "P-999", 1)]
        )
        self.assertEqual(waiting.state, "checked")
        row = waiting.line_ids.filtered(lambda line: line.verdict == "no_order")
        self.assertIn("P-999", row.message)
        close = self._open_close(date(2026, 9, 1))
        outcome = close._run_step_lists(self.affiliate)
        self.assertFalse(outcome.done)
        self.assertIn("P-999", outcome.message)
        part = self._create_part("P-999", 3.0)
        self._create_order([(part, 5, 3.0)])
        waiting.action_apply()
        self.assertEqual(waiting.state, "applied")
        self.assertTrue(close._run_step_lists(self.affiliate).done)

    def test_the_order_that_a_row_names_is_delivered(self):
        later = self._create_order([(self.p100, 9, 10.0)], client_order_ref="PO-2")
        row = f"2026-09-10,DN-1,P-100,4,{self.affiliate.name},PO-2"
        text = f"日期,送货单号,料号,数量,客户,订单号\n{row}"
        self._apply([], file=base64.b64encode(text.encode()))
        self.assertEqual(later.order_line.qty_delivered, 4)
        self.assertEqual(self.order.order_line[0].qty_delivered, 0)

    def test_the_oldest_order_first_until_it_is_full(self):
        later = self._create_order([(self.p300, 5, 0.34)], client_order_ref="PO-2")
        self._apply([self._row("DN-1", "P-300", 9), self._row("DN-2", "P-300", 3)])
        self.assertEqual(self.order.order_line[2].qty_delivered, 9)
        self.assertEqual(later.order_line.qty_delivered, 3)

    def test_more_than_the_order_is_told(self):
        waiting = self._hand_in([self._row("DN-1", "P-300", 10)])
        waiting.action_check()
        self.assertEqual(waiting.line_ids.verdict, "no_order")
        self.assertIn("open: 9", waiting.line_ids.message)

    def test_a_correction_adds_beyond_the_order(self):
        self._apply([self._row("DN-1", "P-300", 9)])
        self._apply([self._row("DN-1", "P-300", 12)])
        line = self.order.order_line[2]
        self.assertEqual((line.qty_delivered, line.product_uom_qty), (12, 9))

    def test_of_two_open_moves_the_first_is_taken(self):
        line = self.order.order_line[0]
        first = line.move_ids
        values = first._split(60)
        second = self.env["stock.move"].create(values)
        second._action_confirm(merge=False)
        self._apply([self._row("DN-1", "P-100", 40)])
        self.assertEqual((first.state, first.quantity), ("done", 40))
        self.assertNotIn(second.state, ("done", "cancel"))
        self.assertEqual(second.product_uom_qty, 60)

    def test_a_row_without_a_day_left_at_the_end_of_the_period(self):
        done = self._apply([self._row("DN-1", "P-100", 5, day="")])
        self.assertEqual(done.line_ids.date, date(2026, 9, 30))
        delivered = self.company._rd_local_date(done.picking_ids.date_done)
        self.assertEqual(delivered, date(2026, 9, 30))

    def test_a_list_with_deliveries_is_not_withdrawn(self):
        done = self._apply(
            [self._row("DN-1", "P-100", 10), self._row("DN-1", "P-999", 1)]
        )
        self.assertEqual(done.state, "checked")
        hand = self._create_user("warehouse")
        self.assertEqual(done.with_user(hand).picking_count, 1)
        with self.assertRaisesRegex(UserError, "has already made deliveries"):
            done.action_cancel()
        self.assertEqual(done.state, "checked")

    def test_a_complete_list_asks_about_other_notes_too(self):
        first = self._apply(
            [self._row("DN-1", "P-100", 10), self._row("DN-2", "P-100", 5)]
        )
        for complete, asked in ((False, "delivered"), (True, "missing")):
            with self.subTest(complete=complete):
                later = self._hand_in(
                    [self._row("DN-1", "P-100", 10), self._row("DN-3", "P-100", 1)],
                    is_complete=complete,
                    filename=f"{complete}.csv",
                )
                later.action_check()
                self.assertEqual(first.line_ids[1].verdict, "delivered")
                verdicts = later.line_ids.mapped("verdict")
                self.assertEqual("missing" in verdicts, asked == "missing")
                later.action_cancel()

    def test_return_comes_back(self):
        self._apply([self._row("DN-1", "P-100", 10)])
        self._apply([self._row("RT-1", "P-100", 3, kind="退货", day="2026-09-12")])
        self.assertEqual(self.order.order_line[0].qty_delivered, 7)

    def test_alias_with_unit_factor(self):
        self.env["rd.part.alias"].create(
            {
                "partner_id": self.affiliate.id,
                "code": "THEIRS-1",
                "product_id": self.p100.id,
                "factor": 10,
            }
        )
        alias = self.env["rd.part.alias"].search([("code", "=", "THEIRS-1")])
        with self.assertRaisesRegex(UserError, "of THEIRS-1 must be greater than zero"):
            with self.cr.savepoint():
                alias.with_user(self.clerk).factor = 0
        self._apply([self._row("DN-1", "theirs-1", 2)])
        self.assertEqual(self.order.order_line[0].qty_delivered, 20)

    def test_other_unit_needs_an_alias(self):
        head = "日期,送货单号,料号,数量,单位,客户"
        row = f"2026-09-10,DN-1,P-100,2,千只,{self.affiliate.name}"
        shipping_list = self._hand_in([])
        shipping_list.file = base64.b64encode(f"{head}\n{row}".encode())
        shipping_list.action_check()
        self.assertEqual(shipping_list.line_ids.verdict, "no_order")
        self.assertIn("千只", shipping_list.line_ids.message)
        self.env["rd.part.alias"].create(
            {
                "partner_id": self.affiliate.id,
                "code": "P-100",
                "product_id": self.p100.id,
                "factor": 10,
            }
        )
        shipping_list.action_apply()
        self.assertEqual(self.order.order_line[0].qty_delivered, 20)

    def test_warehouse_hands_in_but_does_not_deliver(self):
        warehouse_user = self._create_user("warehouse")
        shipping_list = self._hand_in([self._row("DN-1", "P-100", 3)])
        shipping_list = shipping_list.with_user(warehouse_user)
        shipping_list.action_check()
        with self.assertRaisesRegex(UserError, "administration desk"):
            shipping_list.action_apply()

    # ------------------------------------------------------------------
    # Mended and handed in again
    # ------------------------------------------------------------------
    def test_a_mended_row_lets_the_earlier_one_rest(self):
        wrong = self._apply(
            [self._row("DN-1", "P-100", 10), self._row("DN-1", "P-299", 4)]
        )
        open_row = wrong.line_ids[1]
        self.assertEqual((wrong.state, open_row.verdict), ("checked", "no_order"))
        mended = self._hand_in(
            [self._row("DN-1", "P-100", 10), self._row("DN-1", "P-200", 4)]
        )
        hand = self._create_user("warehouse")
        mended.with_user(hand).action_check()
        self.assertEqual(open_row.verdict, "mended")
        self.assertEqual(open_row.mended_by_id, mended.line_ids[1])
        self.assertIn("row 3", open_row.message)
        self.assertEqual(mended.line_ids.mapped("verdict"), ["unchanged", "new"])
        mended.action_apply()
        self.assertEqual((wrong.state, mended.state), ("applied", "applied"))
        self.assertEqual(self.order.order_line.mapped("qty_delivered"), [10, 4, 0])
        close = self._open_close(date(2026, 9, 1))
        self.assertTrue(close._run_step_lists(self.affiliate).done)

    def test_a_wrong_quantity_or_customer_is_mended_in_its_own_place(self):
        wrong = self._apply(
            [
                ("2026-09-10", "DN-1", "P-200", 4, "Nobody Ltd", "发货"),
                self._row("DN-1", "P-300", 90),
            ]
        )
        self.assertEqual(set(wrong.line_ids.mapped("verdict")), {"no_order"})
        mended = self._apply(
            [self._row("DN-1", "P-300", 9), self._row("DN-1", "P-200", 4)]
        )
        self.assertEqual(wrong.line_ids.mended_by_id.mapped("part"), ["P-200", "P-300"])
        self.assertEqual(mended.line_ids.mapped("verdict"), ["delivered"] * 2)

    def test_a_row_of_another_quantity_stands_for_nothing(self):
        """What is missing an order rests on no row that merely came along."""
        first = self._apply(
            [self._row("DN-1", "P-777", 5), self._row("DN-1", "P-9", 4)]
        )
        later = self._apply([self._row("DN-1", "P-200", 4)])
        self.assertEqual(first.line_ids.mapped("verdict"), ["no_order", "mended"])
        self.assertEqual(first.line_ids[1].mended_by_id, later.line_ids[0])

    def test_the_row_of_the_same_quantity_stands_for_a_wrong_part(self):
        wrong = self._apply([self._row("DN-1", "P-299", 4)])
        mended = self._apply(
            [self._row("DN-1", "P-300", 1), self._row("DN-1", "P-200", 4)]
        )
        self.assertEqual(wrong.line_ids.mended_by_id, mended.line_ids[1])

    def test_another_note_or_warehouse_mends_nothing(self):
        wrong = self._apply([self._row("DN-1", "P-299", 4)])
        self._apply([self._row("DN-2", "P-200", 4)])
        other = self.warehouse.copy({"code": "WH9", "name": "Other house"})
        self._apply([self._row("DN-1", "P-300", 4)], warehouse_id=other.id)
        self.assertEqual(wrong.line_ids.verdict, "no_order")

    def test_a_row_that_came_again_unmended_is_open_once(self):
        first = self._apply([self._row("DN-1", "P-299", 4)])
        again = self._apply(
            [self._row("DN-1", "P-299", 4), self._row("DN-2", "P-1", 1)]
        )
        self.assertEqual(first.line_ids.verdict, "mended")
        self.assertEqual(again.line_ids.mapped("verdict"), ["no_order"] * 2)
        # Nothing is open on the first, yet it ends with the list it waits for.
        first.action_apply()
        self.assertEqual((first.state, again.state), ("checked", "checked"))

    def test_rows_not_delivered_yet_leave_it_to_the_later_list(self):
        first = self._hand_in([self._row("DN-1", "P-100", 10)])
        first.action_check()
        later = self._apply([self._row("DN-1", "P-100", 12)])
        self.assertEqual((first.state, later.state), ("applied", "applied"))
        first.action_apply()
        self.assertEqual(self.order.order_line[0].qty_delivered, 12)

    def test_a_withdrawn_list_opens_the_rows_again(self):
        wrong = self._apply([self._row("DN-1", "P-299", 4)])
        mended = self._hand_in([self._row("DN-1", "P-200", 4)])
        mended.action_check()
        self.assertEqual(wrong.line_ids.verdict, "mended")
        mended.action_cancel()
        self.assertEqual(wrong.line_ids.verdict, "no_order")
        self.assertFalse(wrong.line_ids.mended_by_id)
        self.assertIn("P-299", wrong.line_ids.message)

    def test_what_stood_between_two_lists_is_withdrawn(self):
        first = self._apply([self._row("DN-1", "P-299", 4)])
        between = self._hand_in(
            [self._row("DN-1", "P-299", 4), self._row("DN-2", "P-1", 1)]
        )
        between.action_check()
        last = self._hand_in(
            [self._row("DN-1", "P-200", 4), self._row("DN-3", "P-1", 1)]
        )
        last.action_check()
        self.assertEqual(first.line_ids.mended_by_id, between.line_ids[0])
        self.assertEqual(between.line_ids[0].mended_by_id, last.line_ids[0])
        between.action_cancel()
        self.assertEqual(first.line_ids.mended_by_id, last.line_ids[0])
        self.assertEqual(first.line_ids.verdict, "mended")

    def test_what_was_left_out_stays_left_out(self):
        """However often it comes, and whatever order there is for it by then."""
        row = self._row("DN-1", "P-299", 4)
        first = self._apply([row])
        first.line_ids.action_dismiss("a free sample")
        again = self._apply([row, self._row("DN-2", "P-1", 1)])
        self.assertEqual(first.line_ids.verdict, "dismissed")
        self.assertEqual(first.line_ids.mended_by_id, again.line_ids[0])
        self.assertEqual(again.line_ids.mapped("verdict"), ["dismissed", "no_order"])
        self.assertEqual(again.line_ids[0].answer, "a free sample")
        self.assertIn("row 2", again.line_ids[0].message)
        order = self._create_order([(self._create_part("P-299", 3.0), 9, 3.0)])
        for number in (3, 4):
            last = self._apply([row, self._row(f"DN-{number}", "P-100", 1)])
            self.assertEqual(
                last.line_ids.mapped("verdict"), ["dismissed", "delivered"]
            )
            self.assertEqual(last.state, "applied")
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_what_was_left_out_and_is_written_otherwise_is_judged_anew(self):
        first = self._apply([self._row("DN-1", "P-299", 4)])
        first.line_ids.action_dismiss("a free sample")
        order = self._create_order([(self._create_part("P-299", 3.0), 9, 3.0)])
        again = self._apply([self._row("DN-1", "P-299", 5)])
        self.assertEqual(again.line_ids.verdict, "delivered")
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_nobody_says_by_hand_what_mends_a_row(self):
        row = self._apply([self._row("DN-1", "P-299", 4)]).line_ids
        for values in ({"mended_by_id": row.id}, {"corrected_month": "2026-09-01"}):
            with self.assertRaisesRegex(UserError, "use the buttons"):
                row.with_user(self.clerk).write(values)

    def test_mending_costs_the_same_queries_for_many_rows(self):
        counts = []
        for count in (3, 60):
            rows = [self._row(f"N{count}-{one}", "P-299", 1) for one in range(count)]
            self._apply(rows)
            again = self._hand_in(
                [(*row[:2], "P-100", *row[3:]) for row in rows], filename="again.csv"
            )
            again._read_by_layout()
            again._move_to("checked")
            again.line_ids._compare_with_earlier()
            again.line_ids.mends_ids._as_internal().write(
                {"verdict": "no_order", "mended_by_id": False}
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            again.line_ids._settle_mended()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(again.line_ids.mends_ids), count)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_unreadable_file_leaves_nothing(self):
        shipping_list = self._hand_in([])
        shipping_list.file = base64.b64encode(b"%PDF-1.4 not a workbook")
        with self.assertRaises(UserError):
            shipping_list.action_check()
        self.assertFalse(shipping_list.line_ids)
        self.assertEqual(shipping_list.state, "draft")

    # ------------------------------------------------------------------
    # Layout
    # ------------------------------------------------------------------
    def _profile(self):
        return self.env["rd.ledger.profile"].search(
            [("warehouse_id", "=", self.warehouse.id)]
        )

    def test_first_list_proposes_the_warehouse_profile(self):
        done = self._apply([self._row("DN-1", "P-100", 30)])
        self.assertEqual((done.layout_state, done.state), ("known", "applied"))
        profile = self._profile()
        self.assertEqual(done.profile_id, profile)
        self.assertTrue(profile.proposed)
        self.assertIn("送货单号", profile.column_ids.mapped("header"))

    def test_a_kind_that_may_be_a_return_is_asked_about(self):
        record = self._hand_in([self._row("DN-1", "P-100", 30, kind="调整")])
        record.action_check()
        self.assertEqual((record.state, record.layout_state), ("draft", "asked"))
        self.assertIn("调整", record.layout_note)
        self.assertFalse(record.line_ids)
        self.assertIn("DN-1", str(record.layout_preview["rows"]))
        record.action_accept_layout()
        self.assertEqual((record.state, record.rows_read), ("checked", 1))
        self.assertFalse(self._profile().proposed)

    def test_a_changed_list_is_asked_about_once(self):
        self._apply([self._row("DN-1", "P-100", 10)])
        for note, state in (("DN-2", "draft"), ("DN-3", "checked")):
            with self.subTest(note=note):
                text = f"日期,出货单号,料号,数量,客户\n2026-09-11,{note},P-100,10,"
                record = self._hand_in(
                    [],
                    file=base64.b64encode((text + self.affiliate.name).encode()),
                )
                record.action_check()
                self.assertEqual(record.state, state)
                if state == "draft":
                    self.assertIn("出货单号", record.layout_note)
                    record.action_accept_layout()
                self.assertEqual(record.line_ids.note, note)

    def _hand_in_text(self, text):
        return self._hand_in([], file=base64.b64encode(text.encode()))

    def test_a_withdrawn_list_is_asked_about_no_more(self):
        """To confirm its profile neither reads it nor stumbles over its file."""
        record = self._hand_in([self._row("DN-1", "P-100", 30, kind="调整")])
        record.action_check()
        profile = self._profile().with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "list.csv waits to be read by"):
            profile.unlink()
        record.action_cancel()
        with self.assertRaisesRegex(UserError, "Nothing is asked about the layout"):
            record.action_accept_layout()
        profile.action_confirm()
        self.assertFalse(profile.proposed)
        self.assertFalse(record.line_ids)
        self.assertEqual(record.state, "cancelled")
        profile.unlink()
        self.assertFalse(record.profile_id or record.layout_preview)

    def test_another_file_that_no_settings_read(self):
        """Accepted or not, the profile stays as it was."""
        record = self._hand_in([self._row("DN-1", "P-100", 30, kind="调整")])
        record.action_check()
        profile = self._profile()
        for content in (b"%PDF-1.4 not a workbook", "日期,料号\n9-11,P-1".encode()):
            with self.subTest(content=content):
                record.file = base64.b64encode(content)
                with self.assertRaises(UserError) as caught, self.cr.savepoint():
                    record.action_accept_layout()
                self.assertIn("list.csv", str(caught.exception))
                self.env.invalidate_all()
                self.assertEqual(record.layout_state, "asked")
                self.assertTrue(profile.proposed)
                self.assertIn("送货单号", profile.column_ids.mapped("header"))
        record.file = base64.b64encode(b"%PDF-1.4 not a workbook")
        self.assertIn("list.csv", record.layout_preview["refused"])

    def test_settings_that_do_not_read_the_file_are_told(self):
        record = self._hand_in([self._row("DN-1", "P-100", 30, kind="调整")])
        record.action_check()
        profile = self._profile().with_user(self.clerk)
        profile.crosstab = "partner"
        for act in (record.action_accept_layout, profile.action_confirm):
            with self.assertRaisesRegex(UserError, "is no cross table"):
                with self.cr.savepoint():
                    act()
        self.env.invalidate_all()
        self.assertEqual((record.layout_state, profile.proposed), ("asked", True))

    def test_another_layout_before_the_first_is_confirmed(self):
        """It is asked about as the first one, not refused."""
        first = self._hand_in([self._row("DN-1", "P-100", 30, kind="调整")])
        first.action_check()
        row = f"2026-09-11,DN-2,P-100,10,{self.affiliate.name}"
        second = self._hand_in_text(f"日期,出货单号,料号,数量,客户\n{row}")
        second.action_check()
        self.assertEqual(second.layout_state, "asked")
        self.assertIn("“送货单号” was not found", second.layout_note)
        second.action_accept_layout()
        self.assertEqual((second.state, second.line_ids.note), ("checked", "DN-2"))
        self.assertEqual(first.layout_state, "asked")

    def test_a_profile_that_names_no_columns(self):
        profile = self.env["rd.ledger.profile"].create(
            {"name": "Main house", "warehouse_id": self.warehouse.id}
        )
        record = self._hand_in_text("甲,乙\n1,2\n")
        with self.assertRaisesRegex(UserError, "list.csv"):
            record.action_check()
        self.assertFalse(record.profile_id or record.line_ids)
        record = self._hand_in([self._row("DN-1", "P-100", 30)])
        record.action_check()
        self.assertEqual((record.profile_id, record.state), (profile, "checked"))

    def test_a_warehouse_hand_may_hand_in_a_first_list(self):
        hand = self._create_user("warehouse")
        record = self._hand_in([self._row("DN-1", "P-100", 30)])
        record.with_user(hand).action_check()
        self.assertEqual(record.state, "checked")
        self.assertTrue(self._profile().proposed)
