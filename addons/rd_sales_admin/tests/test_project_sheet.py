# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .guards import GuardMixin
from .handover_common import HandoverCommon

COMPLETE = {
    "rd_programme": "X-1",
    "rd_yearly_qty": 120000,
    "rd_sop_date": "2027-03-01",
    "rd_quoted_price": 12.5,
    "rd_target_price": 11.8,
    "rd_contract_price": 12.0,
    "rd_tooling_price": 5000.0,
}


@tagged("post_install", "-at_install")
class TestProjectSheet(HandoverCommon, GuardMixin):
    """What sales knows of a project, what it lacks, and what it brought in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("salesperson")
        cls.project = cls.service_line.project_id
        cls.project.sudo().rd_salesperson_id = False
        cls.today = cls.company._rd_today()

    def test_money_comes_from_the_entries(self):
        """Invoiced without tax when posted, paid in proportion to the payment."""
        self._accepted()
        values = self.order._prepare_invoice()
        values["invoice_line_ids"] = [
            Command.create(self.service_line._prepare_invoice_line(quantity=1)),
            Command.create({"name": "x", "price_unit": 5000, "tax_ids": self.tax.ids}),
        ]
        invoice = self.env["account.move"].create(values)
        self.assertRecordValues(
            self.project, [{"rd_ordered": 5000.0, "rd_invoiced": 0.0, "rd_paid": 0.0}]
        )
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": 2825.0})._create_payments()
        self.env.invalidate_all()
        project = self.project.with_user(self.clerk)
        self.assertAlmostEqual(project.rd_invoiced, 5000.0)
        self.assertAlmostEqual(project.rd_paid, 1250.0)
        self.assertIn("100 %", project.rd_settlement)

    def test_missing_is_asked_and_timeliness_kept(self):
        project = self.project.with_user(self.clerk)
        self.assertGreater(project.rd_missing_count, 5)
        with self._refused("no salesperson"):
            project.action_rd_request()
        self.company.rd_sales_centre_user_id = self.supervisor
        project.action_rd_request()
        self.assertEqual(project.activity_ids.user_id, self.supervisor)
        project.rd_salesperson_id = self.seller
        project.action_rd_request()
        self.assertEqual(project.activity_ids.user_id, self.seller)
        self.assertIn("Programme", project.activity_ids.summary)
        project.with_user(self.seller).write(COMPLETE)
        self.assertFalse(project.activity_ids)
        self.assertRecordValues(
            project,
            [
                {
                    "rd_missing_count": 0,
                    "rd_sheet_complete_date": self.today,
                    "rd_timeliness": "timely",
                }
            ],
        )
        project.rd_sheet_due = self.today - timedelta(days=1)
        self.assertEqual(project.rd_timeliness, "late")

    def test_nobody_is_asked_for_what_is_there(self):
        project = self.project.with_user(self.clerk)
        project.rd_salesperson_id = self.seller
        project.write(COMPLETE)
        project.action_rd_request()
        self.assertFalse(project.activity_ids or project.rd_requested_date)

    def test_who_was_asked_today_is_not_reminded_today(self):
        project = self.project.sudo()
        project.rd_salesperson_id = self.seller
        project.rd_sheet_due = self.today
        project.action_rd_request()
        project._as_internal().rd_requested_date = self.today
        told = len(project.message_ids)
        project._rd_remind_today()
        self.assertEqual(project.rd_reminded_date, self.today)
        # another run has reminded of it since this one looked
        project._as_internal().rd_requested_date = self.today - timedelta(days=2)
        project._rd_remind_today()
        self.assertEqual(len(project.message_ids), told)

    def test_a_project_without_a_handover_may_be_deleted(self):
        project = self.env["project.project"].sudo().create({"name": "Bench"})
        project.unlink()
        self.assertFalse(project.exists())
        self._make_handover()
        with self._refused("cannot be deleted"):
            self.project.sudo().unlink()

    def test_cron_asks_and_reminds_once_a_day(self):
        project = self.project.sudo()
        project.write(
            {
                "rd_salesperson_id": self.seller.id,
                "rd_sheet_due": self.today - timedelta(days=9),
            }
        )
        self.assertEqual(project.rd_timeliness, "overdue")
        # a test has one transaction; how it is parted is tested on a server
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: 1)
        project._cron_rd_remind()
        self.assertEqual(project.activity_ids.user_id, self.seller)
        project._as_internal().write(
            {
                "rd_reminded_date": False,
                "rd_requested_date": self.today - timedelta(days=2),
            }
        )
        before = len(project.message_ids)
        project._cron_rd_remind()
        project._cron_rd_remind()
        self.assertEqual(len(project.message_ids), before + 1)

    def test_roles(self):
        """Floor, warehouse and portal see no price; the desk writes the sheet only."""
        for user in (self.floor_user, self.warehouse_user):
            with self.assertRaises(AccessError):
                self._rpc(
                    user, "project.project", "read", self.project.ids, ["rd_paid"]
                )
            with self.assertRaises(AccessError):
                self._rpc(
                    user,
                    "project.project",
                    "write",
                    self.project.ids,
                    {"rd_programme": "x"},
                )
            with self.assertRaises(AccessError):
                self._rpc(user, "rd.project.sheet.report", "search_read", [], ["paid"])
        for user in (self.clerk, self.seller):
            with self.assertRaises(AccessError):
                self._rpc(
                    user, "project.project", "write", self.project.ids, {"name": "x"}
                )
            with self.assertRaises(UserError):
                self._rpc(
                    user,
                    "project.project",
                    "write",
                    self.project.ids,
                    {"rd_sheet_complete_date": "2026-01-01"},
                )
            self._rpc(
                user,
                "project.project",
                "write",
                self.project.ids,
                {"rd_programme": "Y-2"},
            )

    def test_stages(self):
        project = self.project.with_user(self.clerk)
        project.rd_stage_ids = [
            Command.create(
                {"stage": "trial", "planned_date": self.today - timedelta(days=3)}
            ),
            Command.create(
                {
                    "stage": "design",
                    "planned_date": self.today,
                    "actual_date": self.today,
                }
            ),
        ]
        self.env.invalidate_all()
        self.assertEqual(project.rd_stage, "Design")
        self.assertTrue(project.rd_stage_late)

    def test_workbook(self):
        data = self.env["ir.actions.report"]._render_xlsx(
            "rd_sales_admin.project_sheet_xlsx", self.project.ids, {}
        )[0]
        book = load_workbook(BytesIO(data))
        self.assertEqual(len(book.sheetnames), 3)
        cells = [
            c for row in book.worksheets[1].iter_rows(values_only=True) for c in row
        ]
        self.assertIn(5000, cells)

    def test_query_counts(self):
        """The list costs as many queries for 300 projects as for 10."""
        names = ("name", "rd_paid", "rd_invoiced", "rd_settlement", "rd_stage")
        fields = {name: {} for name in (*names, "rd_missing", "rd_timeliness")}
        counts = []
        for number in (10, 300):
            projects = self._bulk(number).project_id
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            projects.with_user(self.clerk).web_read(fields)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)
