# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.rd_reconciliation.tests.invoicing import InvoicingCase

# 30 days after the delivery of 20 February.
MARCH_22 = date(2026, 3, 22)


@tagged("post_install", "-at_install")
class TestDueChain(InvoicingCase):
    """Terms that count from the delivery, or from the day the statement was agreed."""

    def _terms(self):
        return self.env.ref("account.account_payment_term_30days")

    def _post_invoice(self, anchor):
        self.affiliate.write(
            {
                "rd_due_anchor": anchor,
                "property_payment_term_id": self._terms().id,
            }
        )
        with freeze_time("2026-09-28 04:00:00"):
            statement = self._agree([(self.p100, 5, 10.0)])
        with freeze_time("2026-10-03 04:00:00"):
            move = self._invoice(statement)
            move.invoice_date = "2026-10-03"
            move.action_post()
        return statement, move

    def _due(self, move):
        return move._rd_get_instalments().mapped("date_maturity")

    def test_delivery(self):
        """Delivered on 10 September and invoiced in October: due 30 days after."""
        _statement, move = self._post_invoice("delivery")
        self.assertEqual(move.rd_due_anchor_date, date(2026, 9, 10))
        self.assertEqual(self._due(move), [date(2026, 10, 10)])

    def test_ageing_from_invoice_and_delivery(self):
        """Fails when days since the delivery are days since the invoice."""
        _statement, move = self._post_invoice("invoice")
        for basis, age in (("document", 10), ("delivery", 33), ("due", -20)):
            self.assertEqual(self._age(move, basis), age, basis)

    def test_ageing_from_its_own_delivery(self):
        """A later delivery of the order is not the earlier invoice's."""
        self.affiliate.rd_settlement_mode = "order"
        order = self._create_order([(self.p100, 10, 10.0)])
        moves = []
        for number, day in (("DN-8", "2026-09-12"), ("DN-9", "2026-10-02")):
            self._deliver(order, {self.p100: 5}, number, date.fromisoformat(day))
            shipped = order.picking_ids.move_ids.filtered(
                lambda one: one.state == "done"
            )
            shipped.sorted("id")[-1].date = f"{day} 04:00:00"
            with freeze_time(f"{day} 05:00:00"):
                moves.append(order._create_invoices())
                moves[-1].invoice_date = day
                moves[-1].action_post()
        found = [self._age(move, "delivery") for move in moves]
        self.assertEqual(found, [31, 11])

    def _age(self, move, basis):
        self.env.invalidate_all()
        report = self.env["rd.ageing.report"].with_context(
            rd_as_of="2026-10-13", rd_ageing_basis=basis
        )
        return report.search([("move_id", "=", move.id)]).days_overdue

    def test_statement(self):
        statement, move = self._post_invoice("statement")
        self.assertEqual(statement.agreed_date, date(2026, 9, 28))
        self.assertEqual(self._due(move), [date(2026, 10, 28)])

    def test_invoice(self):
        _statement, move = self._post_invoice("invoice")
        self.assertEqual(self._due(move), [date(2026, 11, 2)])

    def test_a_delivery_outside_statements(self):
        self.affiliate.write(
            {
                "rd_settlement_mode": "order",
                "rd_due_anchor": "delivery",
                "property_payment_term_id": self._terms().id,
            }
        )
        order = self._create_order([(self.p100, 5, 10.0)])
        self._deliver(order, {self.p100: 5}, "DN-9", date(2026, 9, 12))
        order.picking_ids.move_ids.date = "2026-09-11 17:00:00"  # the 12th, Shanghai
        with freeze_time("2026-10-03 04:00:00"):
            move = order._create_invoices()
            move.action_post()
        self.assertEqual(self._due(move), [date(2026, 10, 12)])
        self.assertEqual(self._age(move, "delivery"), 31)

    def _ship(self, order, quantity, number, day):
        self._deliver(order, {self.p100: quantity}, number, day)
        moves = order.picking_ids.move_ids.filtered(lambda one: one.state == "done")
        moves.sorted("id")[-1].date = f"{day} 04:00:00"

    def _bill(self, order, day):
        with freeze_time(f"{day} 04:00:00"):
            move = order._create_invoices()
            move.invoice_date = day
            move.action_post()
        return move

    def _order(self, quantity):
        self.affiliate.write(
            {
                "rd_settlement_mode": "order",
                "rd_due_anchor": "delivery",
                "property_payment_term_id": self._terms().id,
            }
        )
        return self._create_order([(self.p100, quantity, 10.0)])

    def _send_back(self, picking, quantity, day):
        """Take pieces back, or, of a return, send them to the customer again."""
        back = self._return(picking, {self.p100: quantity}, f"B{day}", day)
        back.move_ids.date = f"{day} 04:00:00"
        return back

    def _credit_lines(self, invoice, day, **values):
        """Credit an invoice by a reversal whose line was changed."""
        credit = invoice._reverse_moves([{"invoice_date": day, "date": day}])
        credit.invoice_line_ids.write(values)
        with freeze_time(f"{day} 04:00:00"):
            credit.action_post()
        return credit

    def _bill_again(self, invoice, day):
        """Post a copy that bills the same pieces of the order once more."""
        move = invoice.copy({"invoice_date": day})
        move.invoice_line_ids.sale_line_ids = invoice.invoice_line_ids.sale_line_ids
        move.action_post()
        return move

    def test_a_later_delivery_is_not_the_earlier_invoices(self):
        """Fails when a later delivery moves the due date of an earlier invoice."""
        order = self._order(100)
        self._ship(order, 50, "DN-1", date(2026, 3, 1))
        first = self._bill(order, "2026-03-01")
        self.assertEqual(self._due(first), [date(2026, 3, 31)])
        self._ship(order, 50, "DN-2", date(2026, 4, 20))
        first._rd_follow_anchor()
        self.assertEqual(self._due(first), [date(2026, 3, 31)])
        second = self._bill(order, "2026-04-22")
        self.assertEqual(self._due(second), [date(2026, 5, 20)])
        with freeze_time("2026-04-23 04:00:00"):
            first.button_draft()
            first.action_post()
        self.assertEqual(self._due(first), [date(2026, 3, 31)])

    def test_what_came_back_is_due_by_its_second_delivery(self):
        """Fails when pieces that were returned and sent again count as there still."""
        order = self._order(10)
        self._ship(order, 10, "DN-1", date(2026, 1, 5))
        back = self._send_back(order.picking_ids, 4, date(2026, 1, 10))
        self._send_back(back, 4, date(2026, 2, 20))
        self.assertEqual(order.order_line.qty_to_invoice, 10)
        self.assertEqual(self._due(self._bill(order, "2026-02-25")), [MARCH_22])

    def test_what_was_billed_and_came_back(self):
        """Fails when the pieces of an invoice that were credited are billed again as
        if they had never gone back."""
        order = self._order(10)
        self._ship(order, 10, "DN-1", date(2026, 1, 5))
        first = self._bill(order, "2026-01-06")
        back = self._send_back(order.picking_ids, 4, date(2026, 1, 10))
        self._credit_lines(first, "2026-01-12", quantity=4)
        self._send_back(back, 4, date(2026, 2, 20))
        second = self._bill(order, "2026-02-25")
        self.assertEqual(second.invoice_line_ids.quantity, 4)
        self.assertEqual(self._due(second), [MARCH_22])
        first._rd_follow_anchor()
        self.assertEqual(self._due(first), [date(2026, 2, 4)])

    def test_a_lower_price_gives_no_piece_back(self):
        order = self._order(20)
        self._ship(order, 10, "DN-1", date(2026, 1, 5))
        first = self._bill(order, "2026-01-06")
        self._credit_lines(first, "2026-01-12", price_unit=1.0)
        self._ship(order, 10, "DN-2", date(2026, 2, 20))
        # Odoo would bill the pieces of the credit note anew, too.
        order.order_line.qty_to_invoice = 10
        second = self._bill(order, "2026-02-25")
        second.button_draft()
        second.invoice_line_ids.quantity = 10
        second.action_post()
        self.assertEqual(self._due(second), [MARCH_22])

    def test_an_invoice_made_anew_is_due_by_its_delivery(self):
        """Fails when an invoice posted before the wrong one was credited waits for
        ever, or takes the pieces of a later delivery."""
        order = self._order(20)
        self._ship(order, 10, "DN-1", date(2026, 1, 5))
        wrong = self._bill(order, "2026-01-06")
        right = self._bill_again(wrong, "2026-01-20")
        self._credit_lines(wrong, "2026-01-21", quantity=10)
        self._ship(order, 10, "DN-2", date(2026, 2, 20))
        right._rd_follow_anchor()
        self.assertFalse(right.rd_due_waits_for)
        self.assertEqual(self._due(right), [date(2026, 2, 4)])
        self.assertEqual(self._due(self._bill(order, "2026-02-25")), [MARCH_22])

    def test_billed_ahead_waits_for_its_own_delivery(self):
        """What is still to leave is due by that; what never leaves waits no longer."""
        order = self._order(20)
        self._ship(order, 10, "DN-1", date(2026, 1, 5))
        first = self._bill(order, "2026-01-06")
        ahead = self._bill_again(first, "2026-01-20")
        self.assertEqual(ahead.rd_due_waits_for, "delivery")
        rest = order.picking_ids.filtered(lambda one: one.state != "done")
        with self.env.cr.savepoint() as savepoint:
            rest.action_cancel()
            ahead._rd_follow_anchor()
            self.assertFalse(ahead.rd_due_waits_for)
            self.assertEqual(self._due(ahead), [date(2026, 2, 4)])
            savepoint.rollback()
        self.env.invalidate_all()
        self._ship(order, 10, "DN-2", date(2026, 2, 20))
        ahead._rd_follow_anchor()
        self.assertEqual(self._due(ahead), [MARCH_22])
