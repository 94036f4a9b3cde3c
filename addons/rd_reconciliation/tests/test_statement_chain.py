# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestStatementChain(ReconciliationCommon):
    """From deliveries to posted invoices, with nothing twice and nothing lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p100, cls.p200, cls.p300 = cls.parts
        cls.order = cls._create_order(
            [(cls.p100, 100, 10.0), (cls.p200, 50, 25.5), (cls.p300, 9, 0.34)]
        )
        cls.close = cls._open_close(date(2026, 9, 1))

    def _ship(self):
        return self._deliver(
            self.order,
            {self.p100: 60, self.p200: 20, self.p300: 3},
            "DN-1",
            date(2026, 9, 10),
        )

    def _invoice_elsewhere(self, quantity):
        """Invoice the whole order outside its statements, of P-100 only so many."""
        self.affiliate.rd_settlement_mode = "order"
        invoice = self.order._create_invoices()
        self.affiliate.rd_settlement_mode = "statement_confirm"
        line = invoice.invoice_line_ids.filtered(
            lambda item: item.product_id == self.p100
        )
        line.quantity = quantity

    def test_build_takes_each_delivery_once(self):
        self._ship()
        statement = self._build(self.close)
        self.assertRecordValues(
            statement.line_ids.sorted("part"),
            [
                {"part": "P-100", "quantity": 60, "amount_untaxed": 600.0},
                {"part": "P-200", "quantity": 20, "amount_untaxed": 510.0},
                {"part": "P-300", "quantity": 3, "amount_untaxed": 1.02},
            ],
        )
        self.assertEqual(statement, self._build(self.close))
        self.assertEqual(len(statement.line_ids), 3)

    def test_cutoff_is_counted_in_the_company_time_zone(self):
        """30 September 16:00 UTC is 1 October in Shanghai."""
        picking = self._ship()
        picking.date_done = "2026-09-30 16:00:00"
        self.assertFalse(self._build(self.close))
        picking.date_done = "2026-09-30 15:59:59"
        self.assertEqual(self._build(self.close).line_count, 3)

    def test_order_policy_counts_what_was_delivered(self):
        self.p100.invoice_policy = "order"
        order = self._create_order([(self.p100, 10, 7.0)])
        self._deliver(order, {self.p100: 4}, "DN-7", date(2026, 9, 3))
        self.assertEqual(order.order_line.qty_to_invoice, 4)
        statement = self._build(self.close)
        self.assertEqual(statement.line_ids.quantity, 4)

    def test_create_invoice_is_refused_for_statement_customers(self):
        self._ship()
        with self.assertRaisesRegex(UserError, "agreed statement"):
            self.order._create_invoices()

    def test_outside_customer_invoices_as_in_stock_odoo(self):
        outsider = self.env["res.partner"].create(
            {"name": "Outsider", "rd_partner_class": "outside"}
        )
        order = self._create_order([(self.p100, 5, 10.0)], partner=outsider)
        self._deliver(order, {self.p100: 5}, "DN-9", date(2026, 9, 3))
        self.assertTrue(order._create_invoices())

    def test_agreed_statement_becomes_the_invoice(self):
        self._ship()
        statement = self._build(self.close)
        self._read_ledger(
            statement,
            [
                ("2026-09-10", "DN-1", "P-100", 60, 678.0),
                ("2026-09-10", "DN-1", "P-200", 20, 576.3),
                ("2026-09-10", "DN-1", "P-300", 3, 1.15),
            ],
        )
        statement.with_user(self.clerk).action_match()
        self.assertEqual(set(statement.line_ids.mapped("verdict")), {"confirmed"})
        statement.with_user(self.clerk).action_agree()
        statement.with_user(self.clerk).action_invoice()
        invoice = statement.invoice_ids
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.amount_total, statement.amount_total)
        self.assertEqual(invoice.amount_untaxed, statement.amount_untaxed)
        statement.action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(self.order.order_line.mapped("qty_to_invoice"), [0, 0, 0])
        self.assertEqual(statement.state, "invoiced")
        statement.with_user(self.clerk).action_invoice()
        self.assertEqual(len(statement.invoice_ids), 1)

    def test_short_receipt_is_agreed_short_and_the_rest_carried(self):
        self._ship()
        statement = self._build(self.close)
        self._read_ledger(
            statement,
            [
                ("2026-09-10", "DN-1", "P-100", 58, 655.4),
                ("2026-09-10", "DN-1", "P-200", 20, 576.3),
                ("2026-09-10", "DN-1", "P-300", 3, 1.15),
            ],
        )
        statement.action_match()
        difference = statement.difference_ids
        self.assertEqual(difference.state, "open")
        self.assertIn(difference.code, ("quantity", "quantity_short"))
        difference.with_user(self.clerk).action_settle()
        statement.with_user(self.clerk).action_agree()
        self.assertEqual(statement.amount_untaxed, 580 + 510 + 1.02)
        statement.action_invoice()
        statement.action_post()
        self.assertEqual(self.order.order_line[0].qty_to_invoice, 2)
        following = self._open_close(date(2026, 10, 1))
        rest = self._build(following)
        self.assertRecordValues(
            rest.line_ids, [{"quantity": 2, "late": True, "carried_age": 1}]
        )

    def test_what_was_agreed_cannot_be_posted_otherwise(self):
        self._ship()
        statement = self._build(self.close)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        line = statement.invoice_ids.invoice_line_ids[0]
        line.price_unit = 99
        with self.assertRaisesRegex(UserError, "price is not what was agreed"):
            statement.invoice_ids.action_post()

    def test_the_invoice_takes_what_was_agreed(self):
        """What the order says by the time of the invoice changes nothing of it."""
        self._ship()
        statement = self._build(self.close)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        line = self.order.order_line[0]
        line.write({"price_unit": 99, "discount": 50, "tax_ids": False})
        statement.action_invoice()
        item = statement.invoice_ids.invoice_line_ids[0]
        self.assertEqual((item.quantity, item.price_unit, item.discount), (60, 10, 0))
        self.assertEqual(item.tax_ids, self.tax)
        statement.action_post()
        self.assertEqual(statement.invoice_ids.amount_total, statement.amount_total)

    def test_cancelled_invoice_can_be_made_again_once(self):
        self._ship()
        statement = self._build(self.close)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        statement.invoice_ids.button_cancel()
        self.assertEqual(statement.state, "agreed")
        statement.action_invoice()
        live = statement.invoice_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(len(live), 1)

    def test_return_lowers_the_statement(self):
        picking = self._ship()
        self._return(picking, {self.p100: 5}, "RT-1", date(2026, 9, 12))
        statement = self._build(self.close)
        back = statement.line_ids.filtered(lambda line: line.note == "RT-1")
        self.assertEqual((back.quantity, back.amount_untaxed), (-5, -50.0))

    def test_return_without_updating_quantities_stands_at_zero(self):
        picking = self._ship()
        self._return(
            picking, {self.p100: 5}, "RT-1", date(2026, 9, 12), to_refund=False
        )
        back = self._build(self.close).line_ids.filtered(
            lambda line: line.note == "RT-1"
        )
        self.assertEqual(back.zero_reason, "no_refund")
        self.assertEqual(back.amount_total, 0)

    def test_missing_price_waits_and_names_who_acts(self):
        order = self._create_order([(self.p100, 5, 0.0)], user_id=self.clerk.id)
        self._deliver(order, {self.p100: 5}, "DN-5", date(2026, 9, 9))
        statement = self._build(self.close)
        self.assertEqual(statement.line_ids.zero_reason, "no_price")
        self.assertEqual(statement.difference_ids.user_id, self.clerk)
        with self.assertRaisesRegex(UserError, "No price was agreed"):
            statement.difference_ids.action_settle()
        order.order_line.price_unit = 12
        statement.difference_ids.action_settle()
        self.assertEqual(statement.amount_untaxed, 60)

    def test_refreshing_asks_for_each_price_once(self):
        """A draft is made anew with it; what was sent is asked for where it lacks."""
        order = self._create_order([(self.p100, 5, 0.0)])
        self._deliver(order, {self.p100: 5}, "DN-5", date(2026, 9, 9))
        statement = self._build(self.close)
        asked, lines = [], type(statement.line_ids)
        find = lines._refresh_price

        def ask(line):
            asked.append(line.id)
            return find(line)

        order.order_line.price_unit = 12
        with patch.object(lines, "_refresh_price", ask):
            statement.action_refresh()
            self.assertEqual((statement.amount_untaxed, asked), (60, []))
            order.order_line.price_unit = 0
            statement.action_refresh()
            self.assertEqual(statement.line_ids.verdict, "no_price")
            statement.action_send()
            order.order_line.price_unit = 13
            asked.clear()
            statement.action_refresh()
        self.assertEqual((statement.amount_untaxed, len(asked)), (65, 1))
        self.assertEqual(statement.line_ids.verdict, "pending")

    def test_a_price_below_half_a_cent_is_agreed(self):
        """Fails when 1,000 washers at 0.004 wait for a price."""
        self.env.ref("product.decimal_price").digits = 4
        order = self._create_order([(self.p100, 1000, 0.004)])
        self._deliver(order, {self.p100: 1000}, "DN-5", date(2026, 9, 9))
        statement = self._build(self.close)
        self.assertRecordValues(
            statement.line_ids,
            [
                {
                    "verdict": "pending",
                    "zero_reason": False,
                    "price_unit": 0.004,
                    "amount_untaxed": 4.0,
                }
            ],
        )
        line = order.order_line
        self.assertTrue(line._rd_prepare_handover_line()["priced"])
        line.price_unit = 0.00004
        self.assertFalse(line._rd_prepare_handover_line()["priced"])

    def test_invoice_from_elsewhere_lowers_the_oldest_delivery(self):
        self._ship()
        self._invoice_elsewhere(25)
        statement = self._build(self.close)
        self.assertRecordValues(
            statement.line_ids, [{"part": "P-100", "qty_from": 25, "quantity": 35}]
        )

    def test_the_database_keeps_portions_apart(self):
        self._ship()
        line = self._build(self.close).line_ids[0]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            line._as_internal().copy({"statement_id": line.statement_id.id})

    def test_an_opening_list_is_approved_with_its_reasons_only(self):
        self._deliver(self.order, {self.p100: 30}, "DN-0", date(2026, 8, 20))
        opening = self.env["rd.opening"]._ensure(self.company)
        boss, line = opening.with_user(self.supervisor), opening.line_ids
        line.quantity = 31
        with self.assertRaisesRegex(UserError, "at most 30.0 were delivered"):
            boss.action_approve()
        line.quantity = 29
        with self.assertRaisesRegex(UserError, "say why 29.0 instead of 30.0"):
            boss.action_approve()
        self.assertEqual(opening.state, "draft")
        line.reason = "One was lost"
        boss.action_approve()
        self.assertEqual(self._build(self.close).line_ids.quantity, 29)

    def test_opening_list_enters_once_approved(self):
        self._deliver(self.order, {self.p100: 30}, "DN-0", date(2026, 8, 20))
        opening = self.env["rd.opening"]._ensure(self.company)
        self.assertRecordValues(
            opening.line_ids, [{"delivered": 30, "invoiced": 0, "quantity": 30}]
        )
        self.assertFalse(self.env["rd.statement"]._build(self.close, self.affiliate))
        opening.with_user(self.supervisor).action_approve()
        statement = self._build(self.close)
        self.assertEqual(statement.line_ids.quantity, 30)
        self.assertTrue(statement.line_ids.late)

    def test_written_off_quantity_is_never_invoiced(self):
        self._ship()
        statement = self._build(self.close)
        self._read_ledger(
            statement,
            [
                ("2026-09-10", "DN-1", "P-100", 50, 565.0),
                ("2026-09-10", "DN-1", "P-200", 20, 576.3),
                ("2026-09-10", "DN-1", "P-300", 3, 1.15),
            ],
        )
        statement.action_match()
        statement.difference_ids.with_user(self.clerk).action_write_off()
        statement.action_agree()
        statement.action_invoice()
        self.assertEqual(self.order.order_line[0].qty_to_invoice, 0)
        self.assertEqual(self.order.order_line[0].qty_invoiced, 50)
        self.assertFalse(self._build(self._open_close(date(2026, 10, 1))))

    def test_month_stays_open_while_an_invoice_is_gone(self):
        self._ship()
        statement = self._build(self.close)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        statement.action_post()
        self.close.step_ids._as_internal().write({"state": "done"})
        statement.invoice_ids.button_draft()
        with self.assertRaisesRegex(UserError, "not invoiced and posted"):
            self.close.action_close()
        statement.action_post()
        self.close.action_close()
        self.assertEqual(statement.state, "closed")

    def test_second_ledger_is_matched_anew(self):
        self._ship()
        statement = self._build(self.close)
        self._read_ledger(statement, [("2026-09-10", "DN-1", "P-100", 60, 678.0)])
        self.close._run_step_match(self.affiliate)
        self.assertEqual(statement.confirmed_count, 1)
        self._read_ledger(statement, [("2026-09-10", "DN-1", "P-200", 20, 576.3)])
        self.close._run_step_match(self.affiliate)
        self.assertEqual(statement.confirmed_count, 2)

    def test_what_they_booked_early_meets_its_delivery_next_month(self):
        self._ship()
        statement = self._build(self.close)
        ours = [
            (line.date, line.note, line.part, line.quantity, line.amount_total)
            for line in statement._lines()
        ]
        early = ("2026-10-02", "DN-2", "P-100", 5, 56.5)
        self._read_ledger(statement, [*ours, early])
        statement.action_match()
        item = statement.difference_ids
        self.assertEqual(item.state, "open")
        statement.action_agree()
        self.assertEqual(item.state, "carried")
        self._deliver(self.order, {self.p100: 5}, "DN-2", date(2026, 10, 2))
        later = self._build(self._open_close(date(2026, 10, 1)))
        later.action_match()
        self.assertEqual(later._lines().verdict, "confirmed")
        self.assertFalse(later.difference_ids)

    def test_the_month_waits_for_the_opening_list(self):
        self._deliver(self.order, {self.p100: 30}, "DN-0", date(2026, 8, 20))
        outcome = self.close._run_step_build(self.affiliate)
        self.assertFalse(outcome.done)
        self.assertEqual(outcome.role, "supervisor")
        self.assertIn("opening list has to be approved", outcome.message)
        self.assertFalse(self.close.statement_ids)

    def test_the_month_matches_what_is_new_only(self):
        self._ship()
        statement = self._build(self.close)
        self._read_ledger(statement, [("2026-09-10", "DN-1", "P-100", 60, 678.0)])
        self.assertTrue(self.close._run_step_match(self.affiliate).done)
        matches = statement.match_ids
        self.assertEqual(len(matches), 3)
        self.assertTrue(self.close._run_step_match(self.affiliate).done)
        self.assertEqual(statement.match_ids, matches, "nothing was made anew")
        self.affiliate.rd_settlement_mode = "statement_sent"
        self.assertTrue(self.close._run_step_match(self.affiliate).done)

    def test_a_list_opens_the_one_invoice_at_once(self):
        self._ship()
        statement = self._build(self.close).with_user(self.clerk)
        self.assertFalse(statement.action_view_invoices()["res_id"])
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        missing = [("invoice_missing", "=", True), ("id", "=", statement.id)]
        others = [("invoice_missing", "=", False), ("id", "=", statement.id)]
        self.assertFalse(statement.search(missing))
        statement.action_invoice()
        self.assertEqual(
            statement.action_view_invoices()["res_id"], statement.invoice_ids.id
        )
        self.assertTrue(statement.search(others))
        self.assertFalse(statement.search(missing))

    def test_sent_only_needs_no_answer(self):
        self.affiliate.rd_settlement_mode = "statement_sent"
        self._ship()
        statement = self._build(self.close)
        statement.action_agree()
        self.assertEqual(statement.state, "agreed")
        self.assertEqual(statement.confirmed_count, 3)

    def test_return_after_the_cutoff_waits_for_its_own_month(self):
        picking = self._ship()
        self._return(picking, {self.p100: 5}, "RT-1", date(2026, 10, 12))
        statement = self._build(self.close)
        self.assertEqual(sum(statement.line_ids.mapped("quantity")), 83)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        statement.action_post()
        following = self._build(self._open_close(date(2026, 10, 1)))
        self.assertRecordValues(following.line_ids, [{"quantity": -5, "part": "P-100"}])

    def test_later_delivery_does_not_hide_what_was_invoiced_elsewhere(self):
        self._ship()
        self._invoice_elsewhere(25)
        self._deliver(self.order, {self.p100: 40}, "DN-2", date(2026, 10, 5))
        statement = self._build(self.close)
        self.assertRecordValues(
            statement.line_ids, [{"part": "P-100", "qty_from": 25, "quantity": 35}]
        )

    def test_invoiced_elsewhere_after_building_is_refused(self):
        self._ship()
        statement = self._build(self.close)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self._invoice_elsewhere(25)
        with self.assertRaisesRegex(UserError, "another invoice by now"):
            statement.action_agree()

    def test_line_without_price_is_matched_and_waits_only_for_its_price(self):
        order = self._create_order([(self.p200, 5, 0.0)])
        self._deliver(order, {self.p200: 5}, "DN-5", date(2026, 9, 9))
        statement = self._build(self.close)
        self._read_ledger(statement, [("2026-09-09", "DN-5", "P-200", 5, 67.8)])
        statement.action_match()
        self.assertEqual(statement.difference_ids.mapped("code"), ["price"])
        order.order_line.price_unit = 12
        statement.difference_ids.action_settle()
        self.assertEqual(statement.line_ids.verdict, "confirmed")

    def test_their_price_is_no_multiple_of_none_of_ours(self):
        order = self._create_order([(self.p200, 5, 0.0)])
        self._deliver(order, {self.p200: 5}, "DN-5", date(2026, 9, 9))
        statement = self._build(self.close)
        self._read_ledger(statement, [("2026-09-09", "DN-5", "P-200", 4, 54.24)])
        statement.action_match()
        item = statement.difference_ids.filtered("ledger_line_ids")
        with self.assertRaisesRegex(UserError, "no price or amount"):
            item.with_user(self.clerk).action_correct_price("Their price list")
        self.assertEqual((item.state, item.requested_action), ("open", False))

    def test_line_without_price_is_not_called_missing(self):
        self._ship()
        order = self._create_order([(self.p200, 5, 0.0)])
        self._deliver(order, {self.p200: 5}, "DN-5", date(2026, 9, 9))
        statement = self._build(self.close)
        self._read_ledger(statement, [("2026-09-10", "DN-1", "P-100", 60, 678.0)])
        statement.action_match()
        unpriced = statement.difference_ids.filtered("statement_line_id")
        self.assertEqual(unpriced.code, "price")
        others = statement.difference_ids - unpriced
        self.assertEqual(set(others.line_ids.mapped("note")), {"DN-1"})
