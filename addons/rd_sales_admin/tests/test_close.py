# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.models.rd_close import Outcome

from .common import DeskCommon

CLOSE = "odoo.addons.rd_sales_admin.models.rd_close.RdClose._run_step_lists"


@tagged("post_install", "-at_install")
class TestClose(DeskCommon):
    """Months open by themselves; each affiliate runs on its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create(
            {"name": "Southern Works", "rd_partner_class": "affiliate"}
        )

    @freeze_time("2026-11-23 08:00:00")
    def test_months_open_from_the_start_date_oldest_first(self):
        closes = self.env["rd.close"]._open_months(self.company)
        self.assertEqual(
            closes.mapped("name"),
            ["2026-09", "2026-10", "2026-11"],
        )
        again = self.env["rd.close"]._open_months(self.company)
        self.assertEqual(closes, again)
        partners = closes.step_ids.partner_id
        self.assertIn(self.affiliate, partners)
        self.assertIn(self.other, partners)

    @freeze_time("2026-09-30 15:59:59")
    def test_cutoff_day_itself_is_not_due(self):
        close = self._open_close(date(2026, 9, 1))
        self.assertNotIn(self.affiliate, close._get_due_partners())

    @freeze_time("2026-09-30 16:00:00")
    def test_due_after_midnight_of_the_company(self):
        close = self._open_close(date(2026, 9, 1))
        self.assertIn(self.affiliate, close._get_due_partners())

    @mute_logger("odoo.addons.rd_sales_admin.models.rd_close_step")
    def test_one_bad_affiliate_never_stops_the_rest(self):
        close = self._open_close(date(2026, 9, 1))
        bad = self.affiliate

        def run(self, partner):
            if partner == bad:
                raise ZeroDivisionError
            return Outcome(True)

        with patch(CLOSE, run):
            close.action_run()
        steps = {
            step.partner_id: step
            for step in close.step_ids.filtered(lambda step: step.code == "lists")
        }
        self.assertEqual(steps[bad].state, "failed")
        self.assertNotIn("ZeroDivision", steps[bad].message)
        self.assertEqual(steps[self.other].state, "done")

    def test_month_names_its_blockers(self):
        close = self._open_close(date(2026, 9, 1))
        with self.assertRaisesRegex(UserError, "Northern Works"):
            close.action_close()

    def test_only_the_supervisor_leaves_open_and_only_with_a_reason(self):
        close = self._open_close(date(2026, 9, 1))
        step = close.step_ids.filtered(lambda item: item.partner_id == self.affiliate)[
            :1
        ]
        with self.assertRaisesRegex(UserError, "supervisor"):
            step.with_user(self.clerk).action_leave_open("later")
        with self.assertRaisesRegex(UserError, "why"):
            step.with_user(self.supervisor).action_leave_open(" ")
        step.with_user(self.supervisor).action_leave_open("their system is down")
        steps = close.step_ids.filtered(lambda item: item.partner_id == self.affiliate)
        self.assertEqual(set(steps.mapped("state")), {"left"})
        self.assertEqual(step.left_reason, "their system is down")

    def test_nobody_is_left_open_in_a_closed_month(self):
        close = self._open_close(date(2026, 9, 1))
        steps = close.step_ids
        steps.with_user(self.supervisor).action_leave_open("their system is down")
        close.sudo()._move_to("closed")
        told = f"2026-09 is closed and {steps[0].partner_id.name}"
        with self.assertRaisesRegex(UserError, told):
            steps[:1].with_user(self.supervisor).action_leave_open("another reason")
        self.assertEqual(set(steps.mapped("left_reason")), {"their system is down"})

    def test_closed_month_is_frozen(self):
        close = self._open_close(date(2026, 9, 1))
        close.step_ids._as_internal().write({"state": "done"})
        close.with_user(self.clerk).action_close()
        self.assertEqual(close.state, "closed")
        with self.assertRaises(UserError):
            close.month = date(2026, 8, 1)
        with self.assertRaises(UserError):
            close.unlink()

    @freeze_time("2026-10-05 08:00:00")
    def test_who_only_waits_is_looked_at_once_a_day_until_woken(self):
        close = self._open_close(date(2026, 9, 1))

        def wait(self, partner):
            return Outcome(False, "not yet", "affiliate")

        with patch(CLOSE, wait):
            close.action_run()
        work = [(close.id, self.affiliate.id), (close.id, self.other.id)]
        fresh, others = close._split_by_last_run(work)
        self.assertEqual((fresh, set(others)), ([], set(work)))
        close._wake(self.affiliate)
        fresh, others = close._split_by_last_run(work)
        self.assertEqual(fresh, work[:1])
        with freeze_time("2026-10-05 16:00:00"):
            fresh, others = close._split_by_last_run(work)
        self.assertEqual((set(fresh), others), (set(work), []))
