# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What changes after a statement went out: reliability rows B1 to B12."""

from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.tests.contract import ContractCase

from .common import InvariantsMixin, ReconciliationCommon


@tagged("post_install", "-at_install")
class TestLateFacts(InvariantsMixin, ReconciliationCommon):
    """A sent statement stays; the difference enters the next one, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p100, cls.p200, cls.p300 = cls.parts
        cls.order = cls._create_order([(cls.p100, 100, 10.0), (cls.p200, 50, 25.5)])
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.october = cls._open_close(date(2026, 10, 1))
        cls.november = cls._open_close(date(2026, 11, 1))
        cls.picking = cls._deliver(
            cls.order, {cls.p100: 60, cls.p200: 20}, "DN-1", date(2026, 9, 10)
        )
        cls.move = cls.picking.move_ids.filtered(
            lambda move: move.product_id == cls.p100
        )
        cls.statement = cls._build(cls.close)

    def setUp(self):
        super().setUp()
        self.line = self.statement.line_ids.filtered(
            lambda line: line.product_id == self.p100
        )

    def _invoice(self, statement=None):
        statement = statement or self.statement
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        statement.action_post()
        return statement.invoice_ids.filtered(lambda move: move.state == "posted")

    def _close_it(self):
        """Close the statement as closing its month does."""
        self._invoice()
        self.statement._move_to("closed")

    def _set_done(self, quantity):
        self.move.move_line_ids.quantity = quantity

    def _open_drifts(self, *kinds):
        self.env["rd.drift"]._detect(self.company)
        drifts = self.env["rd.drift"].search([("state", "=", "open")])
        return drifts.filtered(lambda one: not kinds or one.kind in kinds)

    # -- B1 --------------------------------------------------------------
    def test_b1_lowered_delivery(self):
        invoice = self._invoice()
        before = self.statement.content_hash
        self._set_done(50)
        drift = self._open_drifts("less")
        with self.assertRaisesRegex(UserError, "only a price"):
            drift.with_user(self.clerk).action_adjust_price()
        self.assertRecordValues(
            drift,
            [
                {
                    "old_value": "60",
                    "new_value": "50",
                    "quantity": -10,
                    "statement_id": self.statement.id,
                    "changed_by_id": self.env.uid,
                }
            ],
        )
        self.assertEqual(self.statement._get_content_hash(), before)
        late = self._build(self.october)
        self.assertRecordValues(
            late.line_ids,
            [
                {
                    "quantity": -10,
                    "price_unit": 10,
                    "late": True,
                    "first_statement_id": self.statement.id,
                }
            ],
        )
        self.assertIn("60", late.line_ids.late_reason)
        self.assertEqual(self._build(self.october), late)
        self.assertEqual(len(late.line_ids), 1)
        credit = self._invoice(late)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(credit.amount_untaxed, 100)
        sold = self.move.sale_line_id
        self.assertEqual((sold.qty_invoiced, sold.qty_to_invoice), (50, 0))
        self.assertFalse(self._build(self.november))
        self.assertEqual(invoice.amount_untaxed, 600 + 510)

    def test_b1_raised_and_lowered_again_before_it_is_invoiced(self):
        """A draft of the next month gives back what it took before this one is
        invoiced; nobody has to collect it first."""
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()
        self._set_done(90)
        late = self._build(self.october)
        self.assertEqual(late.line_ids.quantity, 30)
        self._set_done(65)
        self.statement.with_user(self.clerk).action_invoice()
        self.assertEqual(self.statement.state, "invoiced")
        self.assertEqual(self._build(self.october).line_ids.quantity, 5)

    def test_b1_names_the_person_and_not_what_odoo_writes_along(self):
        self._invoice()
        self.move.move_line_ids.with_user(self.clerk).quantity = 50
        self.env.flush_all()
        self.move.with_user(SUPERUSER_ID).write({"priority": "1"})
        self.assertEqual(self._open_drifts("less").changed_by_id, self.clerk)

    def test_b1_lowered_between_sending_and_agreeing(self):
        self.statement.action_send()
        self._set_done(50)
        self._invoice()
        self.assertEqual(self.line.quantity, 60)
        late = self._build(self.october)
        self.assertEqual(late.line_ids.quantity, -10)

    def test_b1_lowered_and_put_right_before_it_entered(self):
        self._invoice()
        self._set_done(50)
        drift = self._open_drifts("less")
        self._set_done(60)
        self.assertFalse(self._open_drifts("less"))
        self.assertEqual(drift.state, "gone")
        self.assertFalse(self._build(self.october))

    def test_b1_lowered_and_put_right_after_it_entered(self):
        self._invoice()
        self._set_done(50)
        late = self._build(self.october)
        self._invoice(late)
        self._set_done(60)
        again = self._build(self.november)
        self.assertEqual(again.line_ids.quantity, 10)
        self._invoice(again)
        self.assertEqual(self.move.sale_line_id.qty_invoiced, 60)

    def test_b1_lowered_and_put_right_while_nobody_has_seen_it(self):
        self._invoice()
        self._set_done(50)
        late = self._build(self.october)
        self._set_done(60)
        self._build(self.october)
        self.assertFalse(late._lines())
        self.assertEqual(late.amount_total, 0)
        self.assertFalse(self._open_drifts("less"))
        self._set_done(55)
        self._build(self.october)
        self.assertEqual(late._lines().mapped("quantity"), [-5])

    def test_b1_lowered_before_the_statement_was_taken_back(self):
        """Fails when the late line stays beside the statement that says it by now:
        the order line has 10 too little."""
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()
        self._set_done(50)
        late = self._build(self.october)
        self.assertEqual(late._lines().mapped("quantity"), [-10])
        self.statement._reopen("wrong price")
        self._build(self.close)
        self.assertFalse(late._lines())
        stated = self.statement._lines().filtered(
            lambda line: line.move_id == self.move
        )
        self.assertEqual(stated.quantity, 50)
        self.assertFalse(self._open_drifts("less"))

    def test_b1_lowered_before_the_statement_was_cancelled(self):
        """Fails when a cancelled statement still gives back what it states no more."""
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()
        self._set_done(50)
        drift = self._open_drifts("less")
        self.statement._reopen("wrong price")
        self.statement.action_cancel()
        self.assertEqual((drift.state, drift.quantity), ("gone", 0))
        again = self._build(self.close)
        stated = again._lines().filtered(lambda line: line.move_id == self.move)
        self.assertEqual(stated.quantity, 50)

    def test_b1_raised_delivery_and_added_line(self):
        self._invoice()
        self._set_done(70)
        self.assertEqual(self._open_drifts("more").new_value, "70")
        late = self._build(self.october)
        self.assertRecordValues(
            late.line_ids,
            [
                {
                    "qty_from": 60,
                    "qty_to": 70,
                    "late": True,
                    "first_statement_id": self.statement.id,
                }
            ],
        )
        self._invoice(late)
        self.assertFalse(self._build(self.november))

    def test_b1_draft_follows_its_delivery(self):
        self._set_done(50)
        self._build(self.close)
        line = self.statement.line_ids.filtered(
            lambda item: item.product_id == self.p100
        )
        self.assertEqual(line.quantity, 50)
        self.assertFalse(self._open_drifts())

    def _match_as_stated(self):
        rows = [
            (line.date, line.note, line.part, line.quantity, line.amount_total)
            for line in self.statement._lines()
        ]
        self._read_ledger(self.statement, rows)
        self.statement.action_match()

    def test_b1_lowered_between_matching_and_agreeing(self):
        """Fails when the draft is emptied, and what is left of it agreed."""
        self._match_as_stated()
        self._set_done(50)
        with self.assertRaisesRegex(UserError, "DN-1 P-100.*match it again"):
            self.statement.action_agree()
        self.statement.action_refresh()
        other = self.statement._lines() - self.line
        self.assertEqual(other.filtered("match_id").verdict, "confirmed")
        self.statement.action_match()
        self.assertEqual(self.statement.difference_ids.quantity, -10)
        self.statement.difference_ids.action_keep_ours()
        self.statement.action_agree()
        self.assertEqual(sorted(self.statement._lines().mapped("quantity")), [20, 50])

    def test_b1_lowered_before_what_is_only_sent_is_agreed(self):
        self.affiliate.rd_settlement_mode = "statement_sent"
        self._set_done(50)
        self.move.sale_line_id.discount = 10
        self.statement.action_agree()
        self.assertRecordValues(
            self.statement._lines().sorted("quantity"),
            [
                {"quantity": 20, "discount": 0, "verdict": "confirmed"},
                {"quantity": 50, "discount": 10, "verdict": "confirmed"},
            ],
        )

    def test_b1_late_line_put_right_between_matching_and_agreeing(self):
        """Fails when the other lines of the draft lose what confirmed them."""
        self._invoice()
        self._set_done(50)
        self._deliver(self.order, {self.p200: 5}, "DN-2", date(2026, 10, 10))
        self.statement = self._build(self.october)
        self._match_as_stated()
        lines = self.statement._lines()
        self.assertEqual(set(lines.mapped("verdict")), {"confirmed"})
        self._set_done(60)
        with self.assertRaisesRegex(UserError, "DN-1 P-100.*match it again"):
            self.statement.action_agree()
        self._build(self.october)
        self.assertRecordValues(
            self.statement._lines(), [{"note": "DN-2", "verdict": "confirmed"}]
        )
        self.statement.action_agree()
        self.assertEqual(self.statement.amount_untaxed, 127.5)

    # -- B2 --------------------------------------------------------------
    def test_b2_dated_into_a_sent_month(self):
        self._invoice()
        later = self._deliver(self.order, {self.p100: 5}, "DN-2", date(2026, 10, 4))
        later.date_done = datetime(2026, 9, 20, 4)
        late = self._build(self.october)
        self.assertRecordValues(
            late.line_ids,
            [{"note": "DN-2", "late": True, "first_statement_id": self.statement.id}],
        )

    def test_b2_dated_out_of_a_sent_month(self):
        self._invoice()
        self.picking.date_done = datetime(2026, 10, 3, 4)
        self.assertEqual(
            set(self._open_drifts("date").mapped("new_value")), {"2026-10-03"}
        )
        self.assertEqual(self.line.date, date(2026, 9, 10))
        self.assertFalse(self._build(self.october))

    # -- B3 --------------------------------------------------------------
    def test_b3_return_at_the_price_of_its_delivery(self):
        self._invoice()
        self.move.sale_line_id.price_unit = 99
        back = self._return(self.picking, {self.p100: 5}, "RT-1", date(2026, 10, 12))
        late = self._build(self.october)
        self.assertRecordValues(late.line_ids, [{"quantity": -5, "price_unit": 10}])
        self._return(back, {self.p100: 2}, "RT-2", date(2026, 10, 13))
        self._build(self.october)
        self.assertEqual(sum(late._lines().mapped("quantity")), -3)

    # -- B4 --------------------------------------------------------------
    def test_b4_price_discount_and_tax_of_the_order(self):
        self._invoice()
        sold = self.move.sale_line_id
        sold.write({"price_unit": 7, "discount": 5, "tax_ids": False})
        drifts = self._open_drifts("price", "discount", "tax")
        self.assertEqual(
            {(one.kind, one.old_value, one.new_value) for one in drifts},
            {("price", "10", "7"), ("discount", "0", "5"), ("tax", "13% sale", "")},
        )
        self.assertEqual((self.line.price_unit, self.line.amount_untaxed), (10, 600))
        self.assertFalse(self._build(self.october))
        sold.price_unit = 10
        self.assertFalse(self._open_drifts("price"))

    def _sell_another(self, part):
        """Let the order line name another part, as Odoo itself does not."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_id = %s WHERE id = %s",
            [part.id, self.move.sale_line_id.id],
        )
        self.env.invalidate_all()

    def test_b4_another_part_on_the_order_is_a_late_fact(self):
        self._invoice()
        self._sell_another(self.p300)
        (drift,) = self._open_drifts("product")
        self.assertEqual(drift.old_value, self.line.part)
        self.assertEqual(drift.new_value, self.p300.display_name)
        self.assertEqual(self.line.product_id, self.p100)
        self._sell_another(self.p100)
        self.assertFalse(self._open_drifts("product"))

    def test_b4_one_price_of_many_deliveries_is_adjusted_once(self):
        """Fails when each delivery gets an adjustment, or each tap another one."""
        self._deliver(self.order, {self.p100: 10}, "DN-2", date(2026, 9, 12))
        self._deliver(self.order, {self.p100: 5}, "DN-3", date(2026, 9, 20))
        self._build(self.close)
        self._invoice()
        self.move.sale_line_id.price_unit = 12
        drifts = self._open_drifts("price").with_user(self.clerk)
        self.assertEqual(len(drifts), 3)
        last = drifts.sorted(lambda one: one.line_id.date)[-1]
        made = self.env["rd.price.adjustment"].browse(
            last.action_adjust_price()["res_id"]
        )
        self.assertEqual(made.valid_from, date(2026, 9, 10))
        self.assertRecordValues(
            made.price_ids, [{"product_id": self.p100.id, "price_unit": 12.0}]
        )
        for again in (drifts[0], drifts):
            self.assertEqual(again.action_adjust_price()["res_id"], made.id)
        made.date = date(2026, 10, 5)
        made.with_user(self.clerk).action_request()
        self.assertEqual(made.amount, 2 * 75)
        self.assertEqual(drifts.action_adjust_price()["res_id"], made.id)

    def test_b4_price_by_less_than_a_cent(self):
        """Fails when a price is compared by the places of money."""
        self.env.ref("product.decimal_price").digits = 4
        self._invoice()
        self.move.sale_line_id.price_unit = 10.004
        self.assertEqual(self._open_drifts("price").new_value, "10.004")

    def test_b4_the_same_price_in_another_unit(self):
        """Fails when 120 a dozen is another price than 10 each."""
        self._invoice()
        dozen = self.env.ref("uom.product_uom_dozen")
        sold = self.move.sale_line_id
        # Core counts what was delivered and invoiced anew in the other unit.
        savepoint = self.env.cr.savepoint()
        sold.write({"product_uom_id": dozen.id, "price_unit": 120})
        self.assertTrue(self._open_drifts("unit"))
        self.assertFalse(self._open_drifts("price"))
        sold.price_unit = 144
        self.assertEqual(self._open_drifts("price").new_value, "12")
        savepoint.close(rollback=True)

    def test_each_company_is_looked_at_by_itself(self):
        """Fails when one company's late facts can stop those of the next."""
        self._invoice()
        self.move.sale_line_id.price_unit = 7
        with patch.object(type(self.env["ir.cron"]), "_rd_run_each") as run:
            self.env["rd.drift"]._cron_detect()
        companies, act = run.call_args.args
        self.assertIn(self.company, companies)
        drifts = self.env["rd.drift"].search([("kind", "=", "price")])
        self.assertFalse(drifts)
        act(self.company)
        self.assertTrue(drifts.search([("kind", "=", "price")]))

    # -- B5 --------------------------------------------------------------
    def test_b5_unit_of_the_product(self):
        """Core would relabel 60 delivered units as 60 dozens."""
        self._invoice()
        dozen = self.env.ref("uom.product_uom_dozen")
        with self.assertRaisesRegex(UserError, "keeps this unit"):
            self.p100.product_tmpl_id.uom_id = dozen
        self.assertEqual((self.line.uom_name, self.line.quantity), ("Units", 60))
        self.assertFalse(self._build(self.october))

    # -- B6, B7 ----------------------------------------------------------
    def test_b6_edited_invoice_is_not_posted_again(self):
        invoice = self._invoice()
        invoice.button_draft()
        invoice.invoice_line_ids[0].price_unit = 5
        with self.assertRaisesRegex(UserError, "not what was agreed"):
            invoice.action_post()
        invoice.invoice_line_ids[0].price_unit = 10
        invoice.action_post()

    def test_b7_cancelled_invoice_of_a_closed_statement(self):
        self._close_it()
        invoice = self.statement.invoice_ids
        invoice.button_draft()
        invoice.button_cancel()
        late = self._build(self.october)
        self.assertEqual(self.statement.state, "closed")
        self.assertEqual(late.amount_total, self.statement.amount_total)
        self.assertEqual(set(late.line_ids.mapped("late")), {True})
        self.assertEqual(late.line_ids.first_statement_id, self.statement)
        with self.assertRaisesRegex(UserError, late.name):
            invoice.button_draft()
        self._invoice(late)
        self.assertEqual(self.move.sale_line_id.qty_to_invoice, 0)
        self.assertFalse(self._build(self.november))

    def test_b7_cancelled_and_posted_again_before_it_entered(self):
        self._close_it()
        invoice = self.statement.invoice_ids
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(len(self._open_drifts("invoice_gone")), 2)
        invoice.button_draft()
        invoice.action_post()
        self.assertFalse(self._open_drifts("invoice_gone"))
        self.assertFalse(self._build(self.october))

    def test_b7_credit_note_made_elsewhere(self):
        invoice = self._invoice()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "date": date(2026, 10, 5)})
        )
        wizard.refund_moves()
        credit = wizard.new_move_ids
        item = credit.invoice_line_ids.filtered(
            lambda line: line.product_id == self.p100
        )
        (credit.invoice_line_ids - item).unlink()
        item.quantity = 20
        credit.action_post()
        late = self._build(self.october)
        self.assertRecordValues(
            late.line_ids,
            [{"quantity": 20, "late": True, "first_statement_id": self.statement.id}],
        )
        self.assertIn(credit.name, late.line_ids.late_reason)
        self._invoice(late)
        self.assertEqual(self.move.sale_line_id.qty_to_invoice, 0)

    # -- B9 --------------------------------------------------------------
    def test_b9_rate_of_a_past_day(self):
        self._invoice()
        total = self.statement.amount_total
        self.env["res.currency.rate"].create(
            {
                "name": date(2026, 9, 1),
                "rate": 2.5,
                "currency_id": self.env.ref("base.EUR").id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self.statement.amount_total, total)
        self.assertFalse(self._open_drifts())

    # -- B10, B11, B12 -----------------------------------------------------
    def test_b11_archived_and_moved_records(self):
        self._invoice()
        before = self.statement._prepare_print_data()["groups"]
        self.p100.write({"default_code": "NEW", "name": "Renamed"})
        self.p100.product_tmpl_id.action_archive()
        self.affiliate.action_archive()
        group = self.env["res.partner"].create({"name": "Group", "is_company": True})
        self.affiliate.parent_id = group
        self.assertEqual(self.statement._prepare_print_data()["groups"], before)
        self.assertEqual(self.statement.partner_id, self.affiliate)
        self.assertFalse(self._open_drifts("less"))

    @mute_logger("odoo.sql_db")
    def test_b11_what_is_stated_is_not_deleted(self):
        self._invoice()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.p100.unlink()

    def test_b11_no_line_goes_with_what_it_names(self):
        """Whatever is deleted past the ORM, only a statement takes its lines along."""
        self.env.cr.execute(
            """
            SELECT named.relname
              FROM pg_constraint
              JOIN pg_class line ON line.oid = conrelid
              JOIN pg_class named ON named.oid = confrelid
             WHERE contype = 'f' AND confdeltype = 'c'
               AND line.relname = 'rd_statement_line'
            """
        )
        self.assertEqual(self.env.cr.fetchall(), [("rd_statement",)])

    def test_b12_company_of_the_product(self):
        self._invoice()
        other = self.env["res.company"].create({"name": "Other house"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.p100.product_tmpl_id.company_id = other
        self.assertEqual(self.statement.with_user(self.clerk).line_count, 2)

    # -- rules ------------------------------------------------------------
    def test_b13_a_number_names_one_statement(self):
        """A sequence that was set back skips what went out; the database insists."""
        sequence = self.env.ref("rd_reconciliation.ir_sequence_rd_statement").sudo()
        number = int(self.statement.name.rsplit("/", 1)[1])
        sequence.number_next_actual = number
        sequence.prefix = self.statement.name.rsplit("/", 1)[0] + "/"
        other = self.env["res.partner"].create(
            {"name": "Second", "is_company": True, "rd_partner_class": "affiliate"}
        )
        order = self._create_order([(self.parts[0], 5, 10.0)], partner=other)
        self._deliver(order, {self.parts[0]: 5}, "B13-1", date(2026, 9, 10))
        second = self._build(self.statement.close_id, other)
        self.assertTrue(second)
        self.assertNotEqual(second.name, self.statement.name)
        self.assertGreater(int(second.name.rsplit("/", 1)[1]), number)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                second._as_internal().write({"name": self.statement.name})
                self.env.flush_all()

    def test_a_late_fact_names_the_line_it_entered_by(self):
        self._invoice()
        self._set_done(50)
        drift = self._open_drifts("less")
        self.assertFalse(drift.late_statement_id)
        late = self._build(self.october)
        drift.invalidate_recordset()
        self.assertEqual(drift.late_statement_id, late)
        self.assertEqual(drift.late_line_ids, late.line_ids)

    def test_late_facts_are_written_by_nobody(self):
        self._invoice()
        self._set_done(50)
        drift = self._open_drifts("less").with_user(self.supervisor)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            drift.quantity = 0
        with self.assertRaises(UserError), self.env.cr.savepoint():
            drift.sudo().quantity = 0
        with self.assertRaises(UserError), self.env.cr.savepoint():
            drift.sudo().unlink()

    def test_queries_do_not_grow_with_lines(self):
        counts = []
        for number, size in enumerate((10, 100)):
            part = self._create_part(f"Q-{number}", 1.0)
            order = self._create_order([(part, 5, 1.0)] * size)
            day = date(2026, 10 + number, 5)
            self._deliver(order, {part: 5}, f"DN-Q{number}", day)
            close = self.october if not number else self.november
            self._build(close).action_send()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["rd.drift"]._detect(self.company)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


class ContractPricesCase(ContractCase, ReconciliationCommon):
    """A contract agrees another price for the day of a delivery than the order has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.rd_price_tolerance = 0
        cls.contract = cls._agree_prices(
            (date(2026, 9, 1), date(2026, 9, 30), 10.0),
            (date(2026, 10, 1), False, 11.0),
        )
        with freeze_time("2026-09-05 04:00:00"):
            cls.order = cls._create_order([(cls.p100, 100, 10.0), (cls.p200, 50, 25.5)])
        cls.october = cls._open_close(date(2026, 10, 1))
        cls.november = cls._open_close(date(2026, 11, 1))
        cls._deliver(
            cls.order, {cls.p100: 60, cls.p200: 20}, "DN-1", date(2026, 10, 10)
        )

    @classmethod
    def _agree_prices(cls, *prices):
        """Return a signed contract of ``(from, until, price)`` of the first part;
        a step also names the quantity from which it counts."""
        contract = cls._create_contract(partner=cls.affiliate, kind="framework")
        contract.price_ids = [
            Command.create(
                {
                    "product_id": cls.p100.id,
                    "price": price,
                    "valid_from": begin,
                    "valid_to": end,
                    "min_quantity": sum(step),
                }
            )
            for begin, end, price, *step in prices
        ]
        return cls._sign(contract)

    def _agree_later(self, *prices):
        """Let another contract follow those before, with prices from 1 October on."""
        before = self.env["rd.contract.price"].search(
            [("partner_id", "=", self.affiliate.id), ("live", "=", True)]
        )
        before._as_internal().write({"live": False})
        return self._agree_prices(*prices or [(date(2026, 10, 1), False, 12.0)])

    def _invoice(self, statement):
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        statement.action_post()


@tagged("post_install", "-at_install")
class TestContractPrices(ContractPricesCase):
    """What the desk states, and notes, of such a price."""

    def _match_as_stated(self, statement):
        self._read_ledger(
            statement,
            [
                (line.date, line.note, line.part, line.quantity, line.amount_total)
                for line in statement._lines()
            ],
        )
        statement.action_match()

    def test_price_of_the_day_is_no_change_of_the_order(self):
        """Fails when the order's price is held against that of the contract."""
        statement = self._build(self.october)
        self.assertEqual(statement._lines().mapped("price_unit"), [11.0, 25.5])
        lines = statement.line_ids
        self.assertFalse(lines._get_changed(self.company))
        self.assertEqual(self._build(self.october).line_ids, lines)

    def test_sent_only_is_agreed_with_its_lines(self):
        self.affiliate.rd_settlement_mode = "statement_sent"
        statement = self._build(self.october)
        statement.action_agree()
        self.assertEqual(statement._lines().mapped("price_unit"), [11.0, 25.5])
        statement.action_invoice()
        self.assertEqual(statement.invoice_ids.amount_untaxed, 660 + 510)
        self.assertFalse(self._build(self.november))

    def test_what_their_ledger_confirmed_is_agreed(self):
        statement = self._build(self.october)
        self._match_as_stated(statement)
        lines = statement._lines()
        self.assertEqual(set(lines.mapped("verdict")), {"confirmed"})
        statement.action_agree()
        self.assertEqual(statement._lines(), lines)
        self.assertEqual(statement.carried_count, 0)

    def test_line_without_an_agreed_price_is_carried_with_its_age(self):
        """Fails when such a line is deleted, as one whose order has changed."""
        self.affiliate.rd_settlement_mode = "statement_sent"
        self.order.order_line[0].price_unit = 12.0
        statement = self._build(self.october)
        line = statement._lines().filtered(lambda one: one.product_id == self.p100)
        self.assertEqual((line.verdict, line.order_price), ("no_price", 0))
        reason = statement.difference_ids.reason
        self.assertRegex(reason, "the price is .*12.00.*, the contract says .*10.00")
        self.assertIn(self.order.name, reason)
        statement.action_agree()
        self.assertEqual(line.verdict, "carried")
        self.assertEqual(self._build(self.november)._lines().carried_age, 1)

    def test_line_that_deviates_is_billed_once_it_is_approved(self):
        """Fails when the desk cannot finish what the sentence asks it to do."""
        self.order.order_line[0].price_unit = 12.0
        statement = self._build(self.october)
        self.order.rd_price_reason = "as we spoke"
        self.order.with_user(self.clerk).action_rd_ask_price()
        waiting = self.env["rd.approval"].search([("state", "=", "waiting")])
        waiting.with_user(self.supervisor).action_approve()
        statement.difference_ids.with_user(self.clerk).act("price", {})
        line = statement._lines().filtered(lambda one: one.product_id == self.p100)
        self.assertEqual((line.verdict, line.price_unit), ("pending", 12.0))
        self.assertFalse(
            statement.difference_ids.filtered(lambda one: one.state == "open")
        )

    # -- agreed later -------------------------------------------------------
    def test_draft_follows_what_is_agreed_later(self):
        """Fails when a contract is read once, as the line is made."""
        statement = self._build(self.october)
        contract = self._agree_later()
        self._build(self.october)
        line = statement._lines().filtered(lambda one: one.product_id == self.p100)
        self.assertEqual(line.price_unit, 12.0)
        self.assertIn(contract.name, line.price_source)

    def test_order_under_a_contract_follows_the_next_one(self):
        """Fails when the order deviates by what was agreed after it."""
        self.contract.price_ids._as_internal().write({"live": False})
        self._agree_prices((date(2026, 9, 1), False, 12.0))
        self.assertEqual(self.order.order_line[0].rd_price_state, "deviates")
        statement = self._build(self.october)
        self.assertEqual(statement._lines().mapped("price_unit"), [12.0, 25.5])

    def test_price_agreed_after_the_invoice_leads_to_an_adjustment(self):
        statement = self._build(self.october)
        self._invoice(statement)
        contract = self._agree_later()
        self.env["rd.drift"]._detect(self.company)
        drift = statement.drift_ids
        self.assertRecordValues(
            drift,
            [{"kind": "price", "old_value": "11", "new_value": "12", "state": "open"}],
        )
        self.assertEqual(drift.changed_by_id, contract.price_ids.write_uid)
        action = drift.with_user(self.clerk).action_adjust_price()
        adjustment = self.env["rd.price.adjustment"].browse(action["res_id"])
        self.assertRecordValues(
            adjustment,
            [
                {
                    "partner_id": self.affiliate.id,
                    "valid_from": date(2026, 10, 1),
                    "tax_basis": "excluded",
                    "state": "draft",
                }
            ],
        )
        self.assertIn(contract.name, adjustment.reason)
        self.assertRecordValues(
            adjustment.price_ids, [{"product_id": self.p100.id, "price_unit": 12.0}]
        )
        adjustment.date = date(2026, 11, 5)
        adjustment.with_user(self.clerk).action_request()
        waiting = self.env["rd.approval"].search([("state", "=", "waiting")])
        waiting.with_user(self.supervisor).action_approve()
        late = self._build(self.november)
        self.assertEqual(late.amount_untaxed, 60)
        self.env["rd.drift"]._detect(self.company)
        self.assertEqual(drift.state, "gone")
        with self.assertRaisesRegex(UserError, "only a price"):
            drift.with_user(self.clerk).action_adjust_price()

    def test_what_is_only_sent_is_not_adjusted(self):
        statement = self._build(self.october)
        statement.action_send()
        self._agree_later()
        self.env["rd.drift"]._detect(self.company)
        self.assertEqual(statement.drift_ids.kind, "price")
        self.assertFalse(statement.drift_ids.is_adjustable)
        self.assertEqual(statement._lines()[:1].price_unit, 11.0)
