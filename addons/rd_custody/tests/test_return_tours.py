# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


from odoo.tests import HttpCase, tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnTours(ReturnCommon, HttpCase):
    """From the delivery to the open statement at the desk's screen."""

    def test_from_the_delivery_to_the_statement(self):
        self.clerk.password = self.clerk.login
        self.start_tour(
            f"/odoo/m-stock.picking/{self.picking.id}",
            "rd_custody_return_tour",
            login=self.clerk.login,
        )
        record = self.env["rd.return"].search([("company_id", "=", self.company.id)])
        self.assertEqual((record.state, record.requested_by), ("closed", "Ms Lin"))
        self.assertRecordValues(record.line_ids, [{"quantity": 4, "is_credited": True}])
        receipt = record.line_ids.receipt_move_id
        self.assertEqual(receipt.sale_line_id.qty_delivered, 6)
        if "rd.statement" not in self.env:
            self.skipTest("needs the statements")
        day = self.company._rd_local_date(receipt.date)
        self.env["rd.opening"]._ensure(self.company)
        close = self._open_close(day.replace(day=1))
        statement = self.env["rd.statement"]._build(close, self.affiliate)
        self.assertIn(receipt, statement.line_ids.move_id)
        self.start_tour(
            f"/odoo/m-rd.statement/{statement.id}",
            "rd_custody_return_statement_tour",
            login=self.clerk.login,
        )


@tagged("post_install", "-at_install")
class TestReturnPhoneTour(ReturnCommon, HttpCase):
    """The warehouse inspects on the phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_inspect_on_the_phone(self):
        porter = self._role("warehouse")
        record = self._create_return({self.move: 4})
        record.action_accept()
        self.start_tour(
            "/odoo/returns", "rd_custody_return_phone_tour", login=porter.login
        )
        self.assertEqual(record.inspected_by_id, porter)
        self.assertEqual(record.inspection, "Thread is short")
