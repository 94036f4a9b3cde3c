# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import DeskCommon


@tagged("post_install", "-at_install")
class TestReceiptTour(DeskCommon, HttpCase):
    """A porter with nothing but the warehouse's role signs on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_sign_on_a_phone(self):
        part = self.parts[0]
        order = self._create_order([(part, 50, 10.0)])
        first = self._deliver(order, {part: 10}, "DN-1", date(2026, 9, 10))
        second = self._deliver(order, {part: 5}, "DN-2", date(2026, 9, 11))
        porter = self._create_user("warehouse")
        porter.write(
            {
                "password": porter.login,
                "group_ids": [
                    Command.set(
                        self.env.ref(
                            "rd_sales_admin.rd_sales_admin_group_warehouse"
                        ).ids
                    )
                ],
            }
        )
        self.start_tour("/odoo/signatures", "rd_receipt_phone_tour", login=porter.login)
        self.assertEqual(first.rd_recorded_by_id, porter)
        self.assertEqual(first.rd_receipt_ids.name, "note.png")
        self.assertEqual(second.move_ids.filtered("quantity").rd_accepted_qty, 3)
