# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime

from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestDispatchedReport(ReconciliationCommon):
    """The list follows the chain to the invoice, and adds up to what is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = cls.parts[0]
        cls.affiliate.rd_basis = "accepted"
        cls.order = cls._create_order([(cls.part, 100, 10.0)])
        cls.picking = cls._deliver(cls.order, {cls.part: 10}, "DN-1", date(2026, 9, 5))
        cls._deliver(cls.order, {cls.part: 7}, "DN-2", date(2026, 9, 6))
        cls.close = cls._open_close(date(2026, 9, 1))

    def _places(self):
        """Return ``{place: quantity}``, after a look at the sum of them."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["rd.dispatched.report"]._read_group(
            [("order_id", "=", self.order.id)], ["place"], ["quantity:sum"]
        )
        line = self.order.order_line
        self.assertAlmostEqual(sum(row[1] for row in rows), line.qty_to_invoice)
        return dict(rows)

    def test_from_dispatch_to_invoice(self):
        self.assertEqual(self._places(), {"1_unsigned": 17})
        move = self.picking.move_ids.filtered("quantity")
        self.picking._rd_sign(
            "Li",
            datetime(2026, 9, 8),
            self.env["ir.attachment"],
            {move.id: {"rejected": 2}},
        )
        self.assertEqual(self._places(), {"1_unsigned": 7, "2_signed": 10})
        statement = self._build(self.close)
        self.assertEqual(self._places(), {"1_unsigned": 7, "3_stated": 10})
        rows = self.env["rd.dispatched.report"].search(
            [("statement_id", "=", statement.id)]
        )
        self.assertEqual(sorted(rows.mapped("not_accepted")), [0, 2])
        self.assertEqual(set(rows.mapped("statement_state")), {"draft"})
        statement.action_confirm_recorded("Li", note="call 7")
        statement.action_agree()
        self.assertEqual(
            self._places(), {"1_unsigned": 7, "2_signed": 2, "4_agreed": 8}
        )
        statement.action_invoice()
        self.assertEqual(self._places(), {"1_unsigned": 7, "2_signed": 2})
        statement.invoice_ids.button_cancel()
        self.assertEqual(
            self._places(), {"1_unsigned": 7, "2_signed": 2, "4_agreed": 8}
        )

    def test_settled_short_is_no_longer_open(self):
        self.picking._rd_sign(
            "Li",
            datetime(2026, 9, 8),
            self.env["ir.attachment"],
            {self.picking.move_ids.filtered("quantity").id: {"short": 2}},
        )
        statement = self._build(self.close)
        statement.difference_ids.action_write_off("lost")
        self.assertEqual(self._places(), {"1_unsigned": 7, "3_stated": 8})
