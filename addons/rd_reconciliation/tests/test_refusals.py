# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestRefusals(ReconciliationCommon):
    """What cannot be used is refused in one sentence and leaves nothing behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p100 = cls.parts[0]
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.statement = cls._create_statement(cls.affiliate, "DN-1")

    @classmethod
    def _create_statement(cls, partner, note, **values):
        order = cls._create_order([(cls.p100, 10, 10.0)], partner=partner, **values)
        cls._deliver(order, {cls.p100: 10}, note, date(2026, 9, 10))
        return cls._build(cls.close, partner)

    def _refuses(self, sentence, data, filename="ledger.xlsx"):
        with self.assertRaisesRegex(UserError, sentence):
            self.env["rd.ledger"].create(
                {
                    "statement_id": self.statement.id,
                    "file": base64.b64encode(data),
                    "filename": filename,
                }
            )

    def test_unreadable_files_name_the_file(self):
        for data in (b"", b"%PDF-1.4", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" * 99):
            with self.subTest(data=data[:8]):
                self._refuses("ledger.xlsx", data)
        self.assertFalse(self.env["rd.ledger.line"].search([]))

    def test_ledger_of_another_affiliate(self):
        other = self.env["res.partner"].create(
            {"name": "Southern Works", "rd_partner_class": "affiliate"}
        )
        self._create_statement(other, "DN-77")
        text = "送货单号,料号,数量\nDN-77,P-100,10"
        self._refuses("ledger of Southern Works", text.encode(), "mixed-up.csv")

    def test_same_file_twice(self):
        rows = [("2026-09-10", "DN-1", "P-100", 10, 113)]
        self._read_ledger(self.statement, rows)
        with self.assertRaisesRegex(UserError, "already been read"):
            self._read_ledger(self.statement, rows)

    def test_same_file_twice_at_once(self):
        """What only the index sees is refused in words of ours, too."""
        row = ("2026-09-10", "DN-1", "P-100", 10, 113)
        first = self._read_ledger(self.statement, [row])
        second = self._read_ledger(self.statement, [(*row[:4], 114)], "again.csv")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation) as refused,
            self.env.cr.savepoint(),
        ):
            second.sudo()._as_internal().sha256 = first.sha256
            self.env.flush_all()
        sentence = second._sql_error_to_message(refused.exception)
        self.assertIn("has already been read for this affiliate", sentence)

    def test_agreed_statement_takes_no_ledger(self):
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()
        rows = [("2026-09-10", "DN-1", "P-100", 10, 113)]
        with self.assertRaisesRegex(UserError, "no longer open"):
            self._read_ledger(self.statement, rows)

    def test_nothing_is_agreed_unanswered(self):
        with self.assertRaisesRegex(UserError, "has not confirmed"):
            self.statement.action_agree()

    def test_missing_tax_waits_and_is_named(self):
        order = self._create_order([(self.p100, 5, 10.0)])
        order.order_line.tax_ids = False
        self._deliver(order, {self.p100: 5}, "DN-5", date(2026, 9, 11))
        self._build(self.close)
        line = self.statement.line_ids.filtered(lambda item: item.note == "DN-5")
        self.assertEqual(line.zero_reason, "no_tax")
        difference = self.statement.difference_ids
        self.assertIn("names no tax", difference.reason)
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()
        self.assertEqual(self.statement.amount_untaxed, 100)
        self.assertFalse(line.live)

    def test_what_is_stated_is_not_deleted(self):
        """Fails when only the access rights stand before it."""
        ledger = self._read_account(
            self.statement, [("2026-09-10", "DN-1", "P-100", 10, 113)], closing=113
        )
        for records, words in (
            (self.statement.line_ids, "carry the line over or cancel"),
            (ledger.line_ids, "delete the whole ledger"),
            (ledger.entry_ids, "delete the whole ledger"),
        ):
            with self.assertRaisesRegex(UserError, words):
                records.sudo().unlink()
            self.assertTrue(records.exists())

    def test_a_confirmation_reaches_us_by_a_known_way(self):
        statement = self.statement.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "Say how the confirmation reached us"):
            statement.action_confirm_recorded("Mr Tan", "smoke", "call 7")
        self.assertEqual((statement.state, statement.confirmed_by), ("draft", False))

    def test_what_is_agreed_or_cancelled_is_not_agreed(self):
        statement = self.statement.with_user(self.clerk)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        with self.assertRaisesRegex(UserError, "cannot become “Agreed”"):
            statement.action_agree()
        other = self.env["res.partner"].create(
            {"name": "Southern Works", "rd_partner_class": "affiliate"}
        )
        cancelled = self._create_statement(other, "DN-77").with_user(self.clerk)
        cancelled.action_cancel()
        with self.assertRaisesRegex(UserError, "cannot become “Agreed”"):
            cancelled.action_agree()
        self.assertEqual(cancelled.state, "cancelled")

    def test_another_tax_since_it_was_agreed_makes_no_other_invoice(self):
        statement = self.statement.with_user(self.clerk)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        self.tax.amount = 16
        with (
            self.assertRaisesRegex(UserError, "agreed at .*113.00.* come to .*116.00"),
            self.env.cr.savepoint(),
        ):
            statement.action_invoice()
        self.assertEqual(statement.state, "agreed")
        self.assertFalse(statement.sudo().invoice_ids)

    def test_a_month_without_statements_hands_none_in(self):
        empty = self._open_close(date(2026, 10, 1)).with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "has no statement yet"):
            empty._render_report_file()

    def test_statements_are_found_by_whether_something_is_open(self):
        Statement = self.env["rd.statement"].with_user(self.clerk)
        own = [("id", "=", self.statement.id)]
        for operator, found in ((">", False), ("=", True)):
            domain = [*own, ("difference_count", operator, 0)]
            self.assertEqual(bool(Statement.search(domain)), found, operator)
        self._read_ledger(self.statement, [("2026-09-10", "DN-1", "P-100", 8, 90.4)])
        self.statement.action_match()
        for operator, found in ((">", True), ("=", False)):
            domain = [*own, ("difference_count", operator, 0)]
            self.assertEqual(bool(Statement.search(domain)), found, operator)

    def test_a_part_that_is_stated_keeps_its_unit_and_another_does_not(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        with (
            self.assertRaisesRegex(UserError, "keeps this unit"),
            self.env.cr.savepoint(),
        ):
            self.p100.uom_id = dozen
        self.parts[1].uom_id = dozen
        self.assertNotEqual(self.p100.uom_id, dozen)
        self.assertEqual(self.parts[1].uom_id, dozen)

    def test_closed_month_takes_no_change(self):
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()
        self.statement.action_invoice()
        self.statement.action_post()
        self.close.step_ids._as_internal().write({"state": "done"})
        self.close.action_close()
        with self.assertRaisesRegex(UserError, "stays the month"):
            self.close.write({"month": date(2026, 8, 1)})

    def test_several_addresses_give_one_statement(self):
        plants = self.env["res.partner"].create(
            [
                {"name": f"Plant {number}", "parent_id": self.affiliate.id}
                for number in (1, 2)
            ]
        )
        for plant in plants:
            self._create_statement(
                self.affiliate, f"DN-{plant.name}", partner_shipping_id=plant.id
            )
        self.assertEqual(len(self.close.statement_ids), 1)
        self.assertEqual(len(self.statement.line_ids), 3)
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()
        self.statement.action_invoice()
        self.assertEqual(len(self.statement.invoice_ids), 1)

    def test_net_return_becomes_a_credit_note(self):
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()
        self.statement.action_invoice()
        self.statement.action_post()
        picking = self.statement.line_ids.move_id.picking_id
        self._return(picking, {self.p100: 4}, "RT-1", date(2026, 10, 5))
        statement = self._build(self._open_close(date(2026, 10, 1)))
        self.assertEqual(statement.amount_untaxed, -40)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        statement.action_post()
        self.assertEqual(statement.invoice_ids.move_type, "out_refund")
        self.assertEqual(statement.invoice_ids.amount_untaxed, 40)
        order_line = self.statement.line_ids.sale_line_id
        self.assertEqual((order_line.qty_invoiced, order_line.qty_to_invoice), (6, 0))
