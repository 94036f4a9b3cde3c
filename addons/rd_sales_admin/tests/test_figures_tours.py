# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import HttpCase, tagged

from .common import DeskCommon


class FiguresTourCase(DeskCommon, HttpCase):
    """People who can log in."""

    def _person(self, role):
        user = self._create_user(role)
        user.password = user.login
        return user


@tagged("post_install", "-at_install")
class TestDeputyPhoneTour(FiguresTourCase):
    """The deputy's first screen at phone width: one tap from the record."""

    browser_size = "390x844"
    touch_enabled = True

    def test_todays_list(self):
        salesperson = self._person("salesperson")
        today = self.company._rd_today()
        self.affiliate.rd_basis = "signed"
        order = self._create_order([(self.parts[0], 50, 10.0)])
        self._deliver(order, {self.parts[0]: 10}, False, date(2026, 9, 10))
        self.affiliate.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=today - timedelta(days=1),
            summary="Call about the drawing",
            user_id=self.clerk.id,
        )
        handover = (
            self.env["rd.deputy"]
            .with_user(self.clerk)
            .create({"user_id": self.clerk.id, "deputy_id": salesperson.id})
        )
        handover.action_give()
        self.start_tour(
            "/odoo/todays-list", "rd_deputy_phone_tour", login=salesperson.login
        )


@tagged("post_install", "-at_install")
class TestFiguresTours(FiguresTourCase):
    """One switch to hand over; a figure opens its rows, a row its order."""

    def test_hand_over(self):
        salesperson = self._create_user("salesperson")
        self.clerk.password = self.clerk.login
        self.start_tour(
            "/odoo/deputies/new", "rd_deputy_switch_tour", login=self.clerk.login
        )
        handover = self.env["rd.deputy"].search([("deputy_id", "=", salesperson.id)])
        self.assertEqual(handover.user_id, self.clerk)
        self.assertTrue(handover.in_force)

    def test_summary(self):
        outside = self.env["res.partner"].create(
            {"name": "Outside", "is_company": True, "rd_partner_class": "outside"}
        )
        order = self._create_order([(self.parts[0], 6, 10.0)], partner=outside)
        month = self.company._rd_today().replace(day=1) - relativedelta(months=1)
        order.date_order = datetime(month.year, month.month, 5, 4)
        self.env.flush_all()
        self.clerk.password = self.clerk.login
        self.start_tour(
            "/odoo/sales-month", "rd_sales_summary_tour", login=self.clerk.login
        )


@tagged("post_install", "-at_install")
class TestWorkPhoneTour(FiguresTourCase):
    """A task asked for in between: noted and done at phone width."""

    browser_size = "390x844"
    touch_enabled = True

    def test_task(self):
        self.clerk.password = self.clerk.login
        self.start_tour("/odoo/work-plan", "rd_work_phone_tour", login=self.clerk.login)
        item = self.env["rd.work.item"].search([("user_id", "=", self.clerk.id)])
        self.assertRecordValues(
            item,
            [
                {
                    "name": "Ask A03 for the drawing",
                    "state": "done",
                    "source": "adhoc",
                    "done_date": self.company._rd_today(),
                }
            ],
        )


@tagged("post_install", "-at_install")
class TestReportPhoneTour(FiguresTourCase):
    """A report handed in, corrected and handed in again at phone width."""

    browser_size = "390x844"
    touch_enabled = True

    def test_report(self):
        self.clerk.password = self.clerk.login
        month = self.company._rd_today().replace(day=1) - relativedelta(months=1)
        calendar = self.env["rd.report.calendar"].create(
            {
                "name": "Statement list",
                "company_id": self.company.id,
                "recipient": "Finance",
                "user_id": self.clerk.id,
                "working_day": 31,
                "date_from": month,
            }
        )
        self.env["rd.report.due"]._ensure(self.company)
        rest = calendar.due_ids.sorted("date_from")[1:]
        rest.sudo()._as_internal().unlink()
        self.start_tour(
            "/odoo/reports-due", "rd_report_phone_tour", login=self.clerk.login
        )
        due = calendar.due_ids
        self.assertEqual(due.version_ids.mapped("reason"), ["A03 was missing", False])
        self.assertEqual(due.accuracy, 0.0)
        self.assertTrue(due.timely)
