# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.models.rd_close import Outcome

from .common import DeskCommon

MODULE = "odoo.addons.rd_sales_admin.models.rd_close"
MODEL = f"{MODULE}.RdClose"
CLOSE = f"{MODEL}._run_step_lists"


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

    @freeze_time("2026-10-23 08:00:00")
    def test_a_closed_month_is_not_opened_again(self):
        september = self._open_close(date(2026, 9, 1))
        september.step_ids._as_internal().write({"state": "left"})
        september._move_to("closed")
        closes = self.env["rd.close"]._open_months(self.company)
        self.assertEqual(closes.mapped("name"), ["2026-10"])
        self.assertEqual(september.state, "closed")

    def test_a_month_without_steps_may_still_be_another(self):
        (self.affiliate | self.other).rd_partner_class = "outside"
        close = self._open_close(date(2026, 9, 1))
        self.assertFalse(close.step_ids)
        close.with_user(self.clerk).month = date(2026, 10, 1)
        self.assertEqual(close.name, "2026-10")

    @freeze_time("2026-10-05 08:00:00")
    def test_who_is_being_run_is_left_to_whoever_runs_it(self):
        close = self._open_close(date(2026, 9, 1)).with_user(self.clerk)
        held = self.affiliate

        def is_free(_close, partner):
            return partner not in held

        with (
            patch(f"{MODEL}._is_free", is_free),
            patch(CLOSE, lambda _close, _partner: Outcome(True)),
        ):
            close.action_run()
            lists = close.step_ids.filtered(lambda step: step.code == "lists")
            states = {step.partner_id: step.state for step in lists}
            self.assertEqual(states, {self.affiliate: "todo", self.other: "done"})
            held |= self.other
            lists._as_internal().write({"state": "todo"})
            with self.assertRaisesRegex(UserError, "Somebody else is running this"):
                close.action_run()

    @freeze_time("2026-10-05 08:00:00")
    def test_who_is_always_in_use_is_told_and_tried_again(self):
        close = self._open_close(date(2026, 9, 1))
        step = close.step_ids.filtered(lambda one: one.partner_id == self.affiliate)[0]

        def meet(_close, _partner):
            raise SerializationFailure

        def run():
            with self._parted(), patch(f"{MODULE}.time.sleep"), patch(CLOSE, meet):
                close._run_in_transaction(close.id, self.affiliate.id)

        with patch.object(type(step), "_record", side_effect=SerializationFailure):
            run()
        self.assertEqual(step.state, "todo")
        run()
        self.assertEqual((step.state, step.role), ("failed", "clerk"))
        self.assertIn("in use by somebody else all the time", step.message)

    @freeze_time("2026-10-05 08:00:00")
    def test_a_refusal_is_what_the_step_waits_for(self):
        close = self._open_close(date(2026, 9, 1))
        refusal = UserError("Row 7 names no part.")
        with patch(CLOSE, side_effect=refusal):
            close.action_run()
        steps = close.step_ids.filtered(lambda step: step.code == "lists")
        self.assertEqual(set(steps.mapped("state")), {"waiting"})
        self.assertEqual(set(steps.mapped("message")), {"Row 7 names no part."})
        self.assertEqual(set(steps.mapped("role")), {"clerk"})

    @freeze_time("2026-10-05 08:00:00")
    def test_nothing_is_collected_for_who_was_left_open(self):
        september, october = (
            self._open_close(date(2026, month, 1)) for month in (9, 10)
        )
        self.other.rd_partner_class = "outside"
        september.step_ids._as_internal().write({"state": "left"})
        with self._parted():
            self.env["rd.close"]._collect_due()
        self.assertFalse(any(september.step_ids.mapped("collected_date")))
        own = october.step_ids.filtered(lambda one: one.partner_id == self.affiliate)
        self.assertTrue(all(own.mapped("collected_date")))

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
