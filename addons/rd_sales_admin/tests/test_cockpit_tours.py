# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.web.tests import test_js

from .test_cockpit import CockpitCommon


class CockpitTourCase(CockpitCommon, HttpCase):
    """A month that is late, with something shipped and something asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        order = cls._create_order([(cls.parts[0], 50, 10.0)])
        cls._deliver(order, {cls.parts[0]: 10}, "N-1", date(2026, 9, 10))
        cls.env.flush_all()

    def _log_in(self, user):
        """Leave a user nothing but the desk's own role, and a password."""
        group = self.env.ref(f"rd_sales_admin.rd_sales_admin_group_{user.login[3:]}")
        user.write({"password": user.login, "group_ids": [Command.set(group.ids)]})
        return user.login

    def _ask(self):
        """Let a supervisor ask for what the other one answers."""
        second = new_test_user(
            self.env,
            login="second",
            groups="rd_sales_admin.rd_sales_admin_group_supervisor",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.close.step_ids._as_internal().write({"state": "done"})
        self._step(self.other)._as_internal().write(
            {"state": "left", "left_by_id": second.id, "left_reason": "audit"}
        )
        self.close.with_user(second).action_close()

    def _walk(self):
        self.start_tour(
            "/odoo/cockpit", "rd_cockpit_tour", login=self._log_in(self.clerk)
        )
        pause = self.env["rd.close.pause"].search([])
        self.assertEqual(
            (pause.partner_id, pause.reason, pause.resume_reason),
            (self.affiliate, "their stock-taking", "it is over"),
        )
        self._ask()
        self.start_tour(
            "/odoo/cockpit",
            "rd_cockpit_supervisor_tour",
            login=self._log_in(self.supervisor),
        )
        approval = self.env["rd.approval"].search([("kind", "=", "close_left")])
        self.assertEqual(
            (approval.state, approval.answer_reason),
            ("refused", "wait for their answer"),
        )
        porter = self._create_user("warehouse")
        self.start_tour(
            "/odoo/cockpit", "rd_cockpit_warehouse_tour", login=self._log_in(porter)
        )


@tagged("post_install", "-at_install")
class TestCockpitTour(CockpitTourCase):
    """Clerk, supervisor and porter at a desk."""

    def test_cockpit(self):
        self._walk()


@tagged("post_install", "-at_install")
class TestCockpitPhoneTour(CockpitTourCase):
    """The same at the width of a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_cockpit(self):
        self._walk()


@tagged("post_install", "-at_install")
class TestCockpitUnit(HttpCase):
    """The unit tests of the cockpit, in a real browser."""

    def test_cockpit(self):
        """Run the suite of this add-on alone."""
        suite = test_js.HOOTCommon._generate_hash(self, "@rd_sales_admin")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
