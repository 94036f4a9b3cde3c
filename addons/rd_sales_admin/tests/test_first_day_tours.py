# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .common import DeskCommon
from .intake_common import IntakeCases


class FirstDayTourCase(IntakeCases, DeskCommon, HttpCase):
    """A desk that has begun to take its lists over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk.group_ids |= cls.env.ref("base.group_partner_manager")
        cls.clerk.password = "rd_clerk"

    def _walk(self):
        head = "Customer,Customer class,Cut-off day"
        rows = ("Northern Works,,25", "Southern Works,Affiliate,20")
        self._hand_in("partner", head, *rows, filename="customers.csv").action_take()
        page = "/odoo/first-day"
        self.start_tour(page, "rd_first_day_tour", login="rd_clerk")
        self.start_tour(page, "rd_first_day_missing_tour", login="rd_clerk")


@tagged("post_install", "-at_install")
class TestFirstDayTour(FirstDayTourCase):
    """The clerk at a desk."""

    def test_first_day(self):
        self._walk()


@tagged("post_install", "-at_install")
class TestFirstDayPhoneTour(FirstDayTourCase):
    """The same at the width of a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_first_day(self):
        self._walk()
