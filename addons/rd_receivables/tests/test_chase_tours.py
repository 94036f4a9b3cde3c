# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tests import HttpCase, tagged

from .test_chase_run import RunCommon


@tagged("post_install", "-at_install")
class TestChaseTours(RunCommon, HttpCase):
    """Chasing in a browser: a run that holds back, and a promise on the phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env.ref("rd_sales_admin.rd_sales_admin_group_clerk")
        cls.clerk.write(
            {"password": cls.clerk.login, "group_ids": [Command.set(group.ids)]}
        )
        cls.today = cls.company._rd_today()
        # What is not due yet is not asked for, on whatever day the tours are run.
        cls.later.button_draft()
        cls._create_open(70, due=cls.today + relativedelta(days=60))
        cls.third = cls.env["res.partner"].create(
            {"name": "Third", "is_company": True, "email": "ap@third.example"}
        )

    def test_run_holds_back_two(self):
        self._create_open(
            90, due=self.today - relativedelta(days=5), partner=self.third
        )
        self._unapplied(5, day=self.today)
        self.promises.create(
            {
                "partner_id": self.affiliate.id,
                "amount": 500,
                "date": self.today,
                "line_ids": [Command.set(self._item(self.due).ids)],
            }
        )
        run = self.env["rd.chase.run"].with_user(self.clerk).create({})
        self.start_tour(
            f"/odoo/chasing-runs/{run.id}", "rd_chase_run_tour", login=self.clerk.login
        )
        self.assertEqual(run.line_ids.sending_ids.partner_id, self.third)
        self.assertEqual(len(run.line_ids.sending_ids.mail_id), 1)

    def test_promise_on_the_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/chasing", "rd_chase_promise_phone_tour", login=self.clerk.login
        )
        promise = self.promises.search([])
        self.assertRecordValues(
            promise, [{"partner_id": self.outside.id, "amount": 1000, "state": "open"}]
        )

    def test_promise_on_the_portal(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Ms Qian",
                "parent_id": self.outside.id,
                "email": "qian@outside.example",
                "rd_portal_role": "finance",
            }
        )
        portal = self.env.ref("base.group_portal")
        self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": "out_qian",
                "password": "out_qian",
                "partner_id": contact.id,
                "group_ids": [Command.set(portal.ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour("/my/open-items", "rd_open_items_portal_tour", login="out_qian")
        self.assertEqual(self.promises.search([]).channel, "portal")
