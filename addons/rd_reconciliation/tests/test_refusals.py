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
