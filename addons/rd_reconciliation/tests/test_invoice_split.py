# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .invoicing import InvoicingCase


@tagged("post_install", "-at_install")
class TestInvoiceSplit(InvoicingCase):
    """One agreed statement, as many invoices as the tax authority's limits ask for."""

    def _lines(self, count, price=0.33):
        return [(self.p100, 1, price + number) for number in range(count)]

    def _deliver_lines(self, lines):
        order = self._create_order(lines)
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.rd_note = "DN-1"
        picking._action_done()
        picking.date_done = "2026-09-10 04:00:00"
        return order

    def test_by_amount(self):
        """Each at most 1,000 untaxed, together the statement to the cent."""
        self._set_rules(max_amount=1000)
        statement = self._agree([(self.p100, 60, 9.99), (self.p200, 30, 25.47)])
        invoices = self._invoice(statement)
        self.assertEqual(len(invoices), 2)
        self.assertLessEqual(max(invoices.mapped("amount_untaxed")), 1000)
        self._assert_to_the_cent(statement)
        invoices.with_user(self.finance).action_post()
        self.assertEqual(set(invoices.mapped("state")), {"posted"})

    def test_the_limit_counts_in_the_companys_currency(self):
        """Fails when 1,000 of ours are taken for 1,000 of another currency."""
        self._set_rules(max_amount=1000)
        statement = self._agree([(self.p100, 60, 9.99)])
        rules = self.affiliate._rd_get_invoice_rules
        self.assertEqual(rules(statement).limits[0], 1000)
        euro = self._give_rate("EUR", 0.125)
        statement._as_internal().write({"currency_id": euro.id})
        self.assertEqual(rules(statement).limits[0], 125)
        statement._as_internal().write({"currency_id": self.company.currency_id.id})

    def test_both_cancelled_are_made_again(self):
        self._set_rules(max_amount=1000)
        statement = self._agree([(self.p100, 60, 9.99), (self.p200, 30, 25.47)])
        for invoice in self._invoice(statement).with_user(self.finance):
            invoice.button_cancel()
            self.assertEqual(statement.state, "agreed")
        self.assertEqual(len(self._invoice(statement)), 2)
        self._assert_to_the_cent(statement)

    def test_global_rounding_stays_to_the_cent(self):
        """Thirds of cents: what is rounded together is what is invoiced together."""
        self.company.tax_calculation_rounding_method = "round_globally"
        self._set_rules(max_amount=40)
        self._deliver_lines(self._lines(20))
        statement = self._agree_what_is_there()
        invoices = self._invoice(statement)
        self.assertGreater(len(invoices), 3)
        self.assertLessEqual(max(invoices.mapped("amount_untaxed")), 40)
        self._assert_to_the_cent(statement)
        invoices.with_user(self.finance).action_post()

    def test_by_lines_as_printed(self):
        """Two deliveries of one part at one price are one printed line."""
        self._set_rules(max_lines=2)
        order = self._create_order(
            [(self.p100, 10, 10.0), (self.p200, 4, 25.5), (self.p300, 9, 0.34)]
        )
        self._deliver(order, {self.p100: 4, self.p200: 4}, "DN-1", date(2026, 9, 9))
        self._deliver(order, {self.p100: 6, self.p300: 9}, "DN-2", date(2026, 9, 10))
        statement = self._agree_what_is_there()
        invoices = self._invoice(statement)
        self.assertEqual(
            sorted(len(move.invoice_line_ids) for move in invoices), [1, 3]
        )
        requests = self.env["rd.invoice.request"]._make(invoices)
        self.assertEqual(sorted(len(item.line_ids) for item in requests), [1, 2])

    def test_by_class_order_and_rate(self):
        self.p200.categ_id = self.env["product.category"].create(
            {"name": "Tools", "rd_settlement_class": "tooling"}
        )
        six = self._with_tax(self.p300, 6)
        for quantity in (5, 7):
            order = self._create_order(
                [(self.p100, quantity, 10.0), (self.p200, 1, 3.0), (self.p300, 1, 2.0)]
            )
            line = order.order_line[2]
            line.tax_ids = [Command.set(six.ids)]
            self._deliver(
                order,
                {self.p100: quantity, self.p200: 1, self.p300: 1},
                f"DN-{quantity}",
                date(2026, 9, 10),
            )
        for rules, count in (
            ({"by_class": True}, 2),
            ({"by_order": True}, 2),
            ({"by_rate": True}, 2),
            ({"by_class": True, "by_order": True, "by_rate": True}, 6),
        ):
            with self.subTest(**rules), self.env.cr.savepoint() as savepoint:
                self._set_rules(**rules)
                statement = self._agree_what_is_there()
                invoices = self._invoice(statement)
                self.assertEqual(len(invoices), count)
                self._assert_to_the_cent(statement)
                invoices.with_user(self.finance).action_post()
                savepoint.rollback()

    def test_company_rules_stand_where_the_customer_has_none(self):
        self.company.rd_invoice_max_lines = 1
        statement = self._agree([(self.p100, 3, 10.0), (self.p200, 1, 3.0)])
        self.assertEqual(len(self._invoice(statement)), 2)
        self._set_rules(max_lines=0)
        self.assertFalse(
            self.affiliate._rd_get_invoice_rules(statement.sudo()).limits.lines
        )

    def test_limits_are_not_negative(self):
        with self.assertRaisesRegex(ValidationError, "cannot be below 0"):
            self._set_rules(max_lines=-1)

    def test_net_returns_become_a_credit_note(self):
        """A return that no invoice of the month can take is a credit note."""
        order = self._create_order([(self.p100, 60, 10.0)])
        picking = self._deliver(order, {self.p100: 60}, "DN-1", date(2026, 9, 10))
        first = self._agree_what_is_there()
        self._invoice(first)
        self._return(picking, {self.p100: 50}, "RT-1", date(2026, 10, 3))
        later = self._create_order([(self.p200, 2, 25.5)])
        self._deliver(later, {self.p200: 2}, "DN-2", date(2026, 10, 4))
        self._set_rules(by_order=True)
        statement = self._agree_what_is_there(self._open_close(date(2026, 10, 1)))
        moves = self._invoice(statement)
        self.assertEqual(
            {(move.move_type, move.amount_untaxed) for move in moves},
            {("out_refund", 500.0), ("out_invoice", 51.0)},
        )
        self._assert_to_the_cent(statement)
        moves.with_user(self.finance).action_post()

    def test_only_the_cancelled_one_is_made_again(self):
        """One of two cancelled: back to “agreed”, and just that one comes back."""
        self._set_rules(max_lines=1)
        statement = self._agree([(self.p100, 3, 10.0), (self.p200, 1, 3.0)])
        first, second = self._invoice(statement).sorted("rd_statement_group")
        second.with_user(self.finance).action_post()
        first.with_user(self.finance).button_cancel()
        self.assertEqual(statement.state, "agreed")
        self.assertTrue(statement.invoice_missing)
        lines = type(statement.line_ids)
        restated = lines._get_restated
        with patch.object(lines, "_get_restated", autospec=True) as read:
            read.side_effect = restated
            found = self.env["rd.statement"].search([("invoice_missing", "=", True)])
        self.assertIn(statement, found)
        [call] = read.call_args_list
        self.assertLessEqual(call.args[0], found.line_ids, "no other line is read")
        live = self._invoice(statement)
        self.assertEqual(statement.state, "invoiced")
        self.assertEqual(len(live), 2)
        self.assertIn(second, live)
        self.assertFalse(statement.invoice_missing)
        self._assert_to_the_cent(statement)
        with self.assertRaisesRegex(UserError, "cannot become|is in state"):
            statement.action_send()

    def test_same_input_same_invoices(self):
        """Making them again gives the same lines on the same numbers."""
        self._set_rules(max_amount=30, max_lines=3)
        self._deliver_lines(self._lines(12))
        statement = self._agree_what_is_there()
        facts = []
        for _turn in range(2):
            moves = self._invoice(statement)
            facts.append(
                {
                    move.rd_statement_group: sorted(
                        move.invoice_line_ids.rd_statement_line_id.ids
                    )
                    for move in moves
                }
            )
            moves.with_user(self.finance).button_cancel()
        self.assertEqual(*facts)

    def test_queries_do_not_grow_with_the_lines(self):
        """Splitting asks no more of the database for ten times the lines."""
        counts = []
        for number in (10, 100):
            partner = self.env["res.partner"].create(
                {"name": f"Works {number}", "rd_partner_class": "affiliate"}
            )
            partner.write({"rd_invoice_rules": "own", "rd_invoice_max_amount": 10**6})
            order = self._create_order(self._lines(number), partner=partner)
            for move in order.picking_ids.move_ids:
                move.quantity, move.picked = 1, True
            order.picking_ids._action_done()
            order.picking_ids.date_done = "2026-09-10 04:00:00"
            statement = self._build(self.close, partner)
            lines = self.env["rd.statement.line"].browse(statement.line_ids.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines._set_invoice_groups(statement)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
