# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DeskCommon


@tagged("post_install", "-at_install")
class TestShippingAgain(DeskCommon):
    """A row left out by mistake is taken up again, also of a list that is done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order([(part, 100, 10.0) for part in cls.parts[:2]])
        cls.first = cls._apply(("DN-1", "P-100", 10), ("DN-1", "P-299", 4))
        cls.row = cls.first.line_ids[1]
        cls.row.action_dismiss("a free sample")
        cls.first.action_apply()

    @classmethod
    def _hand_in(cls, *rows, **values):
        lines = [f"2026-09-10,{','.join(map(str, row))}" for row in rows]
        text = "\n".join(["日期,送货单号,料号,数量", *lines])
        found = (
            cls.env["rd.shipping.list"]
            .with_user(cls.clerk)
            .create(
                {
                    "warehouse_id": cls.warehouse.id,
                    "partner_id": cls.affiliate.id,
                    "date_from": date(2026, 9, 1),
                    "date_to": date(2026, 9, 30),
                    "file": base64.b64encode(text.encode()),
                    "filename": "list.csv",
                    **values,
                }
            )
        )
        found.action_check()
        return found

    @classmethod
    def _apply(cls, *rows, **values):
        found = cls._hand_in(*rows, **values)
        found.action_apply()
        return found

    def _order_sample(self):
        part = self._create_part("P-299", 3.0)
        return self._create_order([(part, 9, 3.0)]).order_line

    def _take_up(self, rows, reason="the customer pays for it"):
        wizard = self.env["rd.shipping.answer"].with_user(self.clerk)
        wizard.create(
            {"line_ids": rows.ids, "answer": "again", "reason": reason}
        ).action_apply()

    # ------------------------------------------------------------------
    # What a clerk expects
    # ------------------------------------------------------------------
    def test_only_the_row_is_delivered_and_once(self):
        sample = self._order_sample()
        before = self.first.picking_ids
        self.assertEqual(self.first.state, "applied")
        self._take_up(self.row)
        self.assertEqual((self.first.state, self.row.verdict), ("checked", "new"))
        self.assertEqual(sample.qty_delivered, 0)
        self.first.action_apply()
        self.assertEqual((self.first.state, self.row.verdict), ("applied", "delivered"))
        made = self.first.picking_ids - before
        self.assertEqual(made.move_ids.mapped("quantity"), [4])
        self.assertEqual(self.company._rd_local_date(made.date_done), self.row.date)
        self.first.action_apply()
        self.assertEqual(self.first.picking_ids, before | made)
        self.assertEqual(self.order.order_line.mapped("qty_delivered"), [10, 0])
        self.assertEqual(sample.qty_delivered, 4)

    def test_both_reasons_are_kept(self):
        self._take_up(self.row)
        self.assertEqual(self.row.answer, "the customer pays for it")
        told = self.first.message_ids.filtered("body").mapped("body")
        told = [body for body in told if "taken up again" in body]
        self.assertEqual(len(told), 1)
        for text in ("Row 3", "DN-1", "P-299", "customer pays", "a free sample"):
            self.assertIn(text, told[0])

    def test_a_row_that_still_has_no_order_waits_and_is_left_out_once_more(self):
        self._take_up(self.row)
        self.assertEqual(self.row.verdict, "no_order")
        self.assertIn("P-299", self.row.message)
        close = self._open_close(date(2026, 9, 1))
        self.assertFalse(close._run_step_lists(self.affiliate).done)
        self.row.action_dismiss("a sample after all")
        self.first.action_apply()
        self.assertEqual(self.first.state, "applied")
        self.assertTrue(close._run_step_lists(self.affiliate).done)

    def test_the_later_list_takes_it_over_as_any_open_row(self):
        sample = self._order_sample()
        self._take_up(self.row)
        later = self._apply(("DN-1", "P-100", 10), ("DN-1", "P-299", 5))
        self.assertEqual((self.row.verdict, sample.qty_delivered), ("mended", 5))
        self.first.action_apply()
        self.assertEqual((self.first.state, later.state), ("applied", "applied"))
        self.assertEqual(sample.qty_delivered, 5)

    def test_where_it_came_again_it_is_taken_up_there(self):
        sample = self._order_sample()
        later = self._apply(("DN-1", "P-299", 4), ("DN-2", "P-200", 1))
        again = later.line_ids[0]
        self.assertEqual(again.verdict, "dismissed")
        with self.assertRaisesRegex(UserError, "came again as row 2 of .*look there"):
            self._take_up(self.row)
        self._take_up(again)
        later.action_apply()
        self.assertEqual((again.verdict, self.row.verdict), ("delivered", "dismissed"))
        last = self._apply(("DN-1", "P-299", 4), ("DN-3", "P-200", 1))
        self.assertEqual(last.line_ids[0].verdict, "unchanged")
        self.assertEqual(sample.qty_delivered, 4)

    # ------------------------------------------------------------------
    # What later lists have said stays said
    # ------------------------------------------------------------------
    def test_a_later_list_is_no_question_to_the_earlier(self):
        self._order_sample()
        self._apply(("DN-1", "P-100", 10), ("DN-1", "P-200", 3), filename="2.csv")
        self._take_up(self.row)
        self.first.action_apply()
        self.assertFalse(self.first.line_ids.filtered(lambda row: not row.row))
        self.assertEqual(self.order.order_line.mapped("qty_delivered"), [10, 3])

    def test_what_was_corrected_or_taken_back_since_stays_so(self):
        self._order_sample()
        middle = self._apply(
            ("DN-1", "P-100", 10), ("DN-5", "P-200", 2), ("DN-5", "P-299", 4)
        )
        middle.line_ids.filtered(lambda row: row.verdict == "missing").action_keep("ok")
        rows = (("DN-5", "P-200", 2), ("DN-5", "P-777", 1))
        known = self._apply(*rows, ("DN-1", "P-100", 10), filename="known.csv")
        known.line_ids.filtered(lambda row: row.verdict == "missing").action_keep("ok")
        dismissed = known.line_ids.filtered(lambda row: row.verdict == "no_order")
        dismissed.action_dismiss("not ours")
        known.action_apply()
        self.assertEqual(known.state, "applied")
        later = self._apply(("DN-1", "P-100", 8), ("DN-5", "P-9", 1))
        later.line_ids.filtered(
            lambda row: row.verdict == "missing" and row.part == "P-200"
        ).action_reverse("typing error")
        self.assertEqual(self.order.order_line.mapped("qty_delivered"), [8, 0])
        self._create_order([(self._create_part("P-777", 3.0), 9, 3.0)])
        self._take_up(dismissed)
        known.action_apply()
        self.assertEqual(dismissed.verdict, "delivered")
        self.assertEqual(self.order.order_line.mapped("qty_delivered"), [8, 0])

    def test_a_list_that_only_ended_with_it_waits_again(self):
        """Else its rows would open on a list that is done, and nobody could answer."""
        early = self._hand_in(("DN-8", "P-888", 1))
        later = self._hand_in(("DN-8", "P-888", 1), ("DN-9", "P-999", 1))
        self.assertEqual(early.line_ids.verdict, "mended")
        later.line_ids.action_dismiss("not ours")
        later.action_apply()
        self.assertEqual((early.state, later.state), ("applied", "applied"))
        self._take_up(later.line_ids[1])
        self.assertEqual((early.state, later.state), ("checked", "checked"))
        later.action_cancel()
        self.assertEqual((early.state, early.line_ids.verdict), ("checked", "no_order"))

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------
    def test_a_row_that_was_not_left_out(self):
        with self.assertRaisesRegex(UserError, "Row 2 of .* has not been left out"):
            self._take_up(self.first.line_ids[0])

    def test_a_withdrawn_list(self):
        other = self._hand_in(("DN-7", "P-777", 1))
        other.line_ids.action_dismiss("not ours")
        other.action_cancel()
        with self.assertRaisesRegex(UserError, "has been withdrawn; hand it in again"):
            self._take_up(other.line_ids)

    def test_a_closed_month_and_the_way_out_of_it(self):
        sample = self._order_sample()
        close = self._open_close(date(2026, 9, 1))
        close.sudo().step_ids._as_internal().unlink()
        with freeze_time("2026-10-08 04:00:00"):
            close.with_user(self.supervisor).action_close()
            with self.assertRaisesRegex(UserError, "counts in 2026-09, which is clos"):
                self._take_up(self.row)
            self.assertEqual(self.first.state, "applied")
            later = self._apply(("DN-1", "P-299", 4), ("DN-2", "P-200", 1))
            self._take_up(later.line_ids[0])
            later.action_apply()
        self.assertEqual(sample.qty_delivered, 4)

    def test_nobody_but_the_desk(self):
        hand = self._create_user("warehouse")
        with self.assertRaisesRegex(UserError, "Only the sales administration desk"):
            self.row.with_user(hand).action_take_up("because")
        with self.assertRaises(AccessError):
            self.row.with_user(self._create_user("finance")).action_take_up("because")
        self.assertEqual(self.row.verdict, "dismissed")

    def test_many_rows_cost_the_same_queries_to_look_at(self):
        counts = []
        for count in (3, 60):
            rows = [(f"N{count}-{one}", "P-299", 1) for one in range(count)]
            found = self._hand_in(*rows)
            found.line_ids.action_dismiss("free samples")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found.line_ids._check_taken_up()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
