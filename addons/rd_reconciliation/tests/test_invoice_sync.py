# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestInvoiceSync(ReconciliationCommon):
    """Taxes and due amounts of an invoice are made once, and follow every change."""

    def setUp(self):
        super().setUp()
        part = self.parts[0]
        order = self._create_order([(part, 100, 10.0)])
        self._deliver(order, {part: 60}, "DN-1", date(2026, 9, 10))
        self.statement = self._build(self._open_close(date(2026, 9, 1)))
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()

    @contextmanager
    def _counting_comparisons(self):
        """Yield a list that gets an entry for each comparison of all items."""
        found = []
        Move = self.env.registry["account.move"]
        original = Move._get_sync_stack

        def counted(moves, container):
            found.append(moves)
            return original(moves, container)

        with patch.object(Move, "_get_sync_stack", counted):
            yield found

    def test_items_are_compared_once_and_are_whole(self):
        with self._counting_comparisons() as found:
            self.statement.action_invoice()
        self.assertEqual(len(found), 1)
        invoice = self.statement.invoice_ids
        self.assertFalse(invoice.is_manually_modified)
        self.assertEqual(invoice.amount_untaxed, 600.0)
        self.assertEqual(invoice.amount_total, self.statement.amount_total)
        items = {item.display_type: item.balance for item in invoice.line_ids}
        tax = self.statement.amount_tax
        self.assertTrue(tax)
        self.assertEqual(
            items, {"product": -600.0, "tax": -tax, "payment_term": 600.0 + tax}
        )

    def test_a_later_change_is_followed(self):
        """By a person, and by the suite's own code."""
        self.statement.action_invoice()
        for invoice in (
            self.statement.invoice_ids,
            self.statement.invoice_ids._rd_internal(),
        ):
            with self._counting_comparisons() as found:
                invoice.narration = "By truck"
            self.assertTrue(found)
        self.assertTrue(invoice.is_manually_modified)

    def test_the_note_of_another_invoice_is_written_as_before(self):
        with self._counting_comparisons() as found:
            self.env["account.move"].create(
                {"move_type": "out_invoice", "partner_id": self.affiliate.id}
            )
        self.assertEqual(len(found), 2)
