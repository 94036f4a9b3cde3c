# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tests import HttpCase, tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestReceivablesTours(PlanCommon, HttpCase):
    """Proposed → approved → a payment arrives → the rate moves, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user, role in ((cls.clerk, "clerk"), (cls.second, "supervisor")):
            group = cls.env.ref(f"rd_sales_admin.rd_sales_admin_group_{role}")
            user.write({"password": user.login, "group_ids": [Command.set(group.ids)]})
        month = cls.company._rd_today().replace(day=1)
        cls.plan = cls.env["rd.collection.plan"].create({"month": month})
        cls.due.button_draft()
        cls.later.button_draft()
        cls._create_open(500, due=month - relativedelta(days=3))

    def _walk(self, phone=""):
        url = f"/odoo/collection-plans/{self.plan.id}"
        self.start_tour(url, f"rd_collection_plan{phone}_tour", login=self.clerk.login)
        self.start_tour(
            url, f"rd_collection_approve{phone}_tour", login=self.second.login
        )
        self.assertEqual(self.plan.state, "approved")
        self._pay(self.overdue, 1000, self.company._rd_today())
        self.env.invalidate_all()
        self.start_tour(url, "rd_collection_rate_tour", login=self.clerk.login)

    def test_plan(self):
        self._walk()

    def test_plan_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self._walk("_phone")


@tagged("post_install", "-at_install")
class TestExceptionTours(PlanCommon, HttpCase):
    """An exception decided in one tap, in a browser and on a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env.ref("rd_sales_admin.rd_sales_admin_group_clerk")
        cls.clerk.write(
            {"password": cls.clerk.login, "group_ids": [Command.set(group.ids)]}
        )
        cls.env["rd.receivable.exception"]._sync(cls.company, cls.outside)
        cls.found = cls.env["rd.receivable.exception"].search(
            [("company_id", "=", cls.company.id), ("code", "=", "silence")]
        )

    def test_decided_and_done(self):
        url = "/odoo/receivable-exceptions"
        self.start_tour(url, "rd_receivable_exception_tour", login=self.clerk.login)
        self.assertEqual(
            (self.found.state, self.found.result), ("done", "pays on Friday")
        )

    def test_decided_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        url = "/odoo/receivable-exceptions"
        self.start_tour(
            url, "rd_receivable_exception_phone_tour", login=self.clerk.login
        )
        self.assertEqual(self.found.state, "decided")
