# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .test_rd_loan import LoanCommon


class LoanTour(LoanCommon, HttpCase):
    def _borrow_and_bring_back(self):
        self.floor.password = self.floor.login
        self.own.mark = "COVER-7"
        self.start_tour(
            "/odoo/custody-scan", "rd_custody_loan_tour", login=self.floor.login
        )
        kinds = self.own.event_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["receive", "lend", "move"])
        loan = self.own.loan_line_ids.loan_id
        self.assertEqual(loan.borrower_id, self.floor.partner_id)
        self.assertEqual(loan.state, "back")
        self.assertEqual(self.own.place, "Shelf 1")


@tagged("post_install", "-at_install")
class TestLoanTour(LoanTour):
    """Borrow a sample and bring it back, at the desk's screen."""

    browser_size = "1440x900"

    def test_borrow_and_bring_back(self):
        self._borrow_and_bring_back()


@tagged("post_install", "-at_install")
class TestLoanPhoneTour(LoanTour):
    """The same on the phone: scan, Borrow, Borrow."""

    browser_size = "390x844"
    touch_enabled = True

    def test_borrow_and_bring_back(self):
        self._borrow_and_bring_back()
