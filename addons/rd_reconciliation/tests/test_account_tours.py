# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.tests import HttpCase, tagged

from .test_account_differences import ComparedCase


@tagged("post_install", "-at_install")
class TestAccountTours(ComparedCase, HttpCase):
    """The account in a real browser: on the statement and on the desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        role = cls.env.ref("rd_sales_admin.rd_sales_admin_group_clerk")
        cls.clerk.write(
            {"password": cls.clerk.login, "group_ids": [Command.set(role.ids)]}
        )

    def _tour_statement(self):
        self._compare(opening=480, receipts=200, closing=393)
        self.start_tour(
            f"/odoo/statements/{self.statement.id}",
            "rd_account_tour",
            login=self.clerk.login,
        )

    def test_statement(self):
        """The proof, and the cell behind a figure."""
        self._tour_statement()

    def test_statement_on_a_phone(self):
        """The same on 390 pixels, by touch."""
        self.browser_size = "390x844"
        self.touch_enabled = True
        self._tour_statement()

    def test_desk(self):
        """A payment that is missing: finance is asked, the entry is named."""
        item = self._compare(
            ("2026-09-20", "收款 BT-0920", 200),
            ("2026-09-24", "收款 BT-0924", 50),
            opening=500,
            closing=363,
        )
        self._pay(50, date(2026, 10, 20), memo="BT-0924")
        self.start_tour(
            "/odoo/exceptions", "rd_account_desk_tour", login=self.clerk.login
        )
        self.assertEqual(item.state, "explained")
        self.assertEqual(item.account_item_ids.ref, "BT-0924")
