# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .orders_common import OrdersCommon


@tagged("post_install", "-at_install")
class TestFloorTour(OrdersCommon, HttpCase):
    """The floor answers three orders on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_three_orders_in_eight_taps(self):
        orders = [self._create_tooling_order() for _index in range(3)]
        releases = [self._release(order, 6) for order in orders]
        floor = self.env["rd.order.release"].with_user(self.head)
        day = str(self._day(4))
        for release, ago in zip(releases[1:], (3, 2), strict=True):
            with freeze_time(datetime.now() - timedelta(days=ago)):
                floor.answer_floor(
                    [{"id": release.id, "stage": "design", "promised_date": day}]
                )
        self.start_tour("/odoo/floor", "rd_floor_phone_tour", login=self.fitter.login)
        self.env.invalidate_all()
        self.assertEqual(
            [release.stage for release in releases], ["design", "machining", "assembly"]
        )
        self.assertEqual(releases[2].promised_date, self._day(11))
        self.assertEqual(releases[2].progress_ids[0].reason, "material")
        self.assertEqual(releases[0].answered_by_id, self.fitter)


@tagged("post_install", "-at_install")
class TestToolingTour(OrdersCommon, HttpCase):
    """A sporadic tooling order goes over the board to shipped, then to settled."""

    def test_tooling_order_to_settled(self):
        self.env["stock.quant"]._update_available_quantity(
            self.parts[0], self.warehouse.lot_stock_id, 4
        )
        order = self._create_tooling_order(
            client_order_ref="JIG-7", partner=self.partner_a
        )
        self.clerk.password = self.clerk.login
        self.start_tour(
            "/odoo/order-board", "rd_tooling_order_tour", login=self.clerk.login
        )
        self.env.invalidate_all()
        self.assertEqual(order.rd_order_stage, "ready")
        self.assertEqual(order.rd_release_ids.progress_ids.said_by, "Mr Wu")
        self._tour_the_board("rd_tooling_shipped_tour")
        self.assertEqual(order.rd_order_stage, "shipped")
        self.assertRecordValues(
            order.picking_ids, [{"state": "done", "rd_note": "DN-7"}]
        )
        self.assertEqual(order.order_line.qty_delivered, 4)
        order._create_invoices().action_post()
        self.assertEqual(order.rd_order_stage, "settled")
        self._tour_the_board("rd_tooling_settled_tour")

    def _tour_the_board(self, name):
        self.env.flush_all()
        self.start_tour("/odoo/order-board", name, login=self.clerk.login)
        self.env.invalidate_all()
