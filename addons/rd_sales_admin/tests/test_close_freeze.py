# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .test_cockpit import CockpitCommon


@tagged("post_install", "-at_install")
class TestCloseFreeze(CockpitCommon):
    """A closed month is kept under a hash; two people open it again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(
            cls.env,
            login="second",
            groups="rd_sales_admin.rd_sales_admin_group_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.close.step_ids._as_internal().write({"state": "done"})

    def _leave(self, partner):
        steps = self.close.step_ids.filtered(lambda one: one.partner_id == partner)
        steps._as_internal().write(
            {"state": "left", "left_by_id": self.second.id, "left_reason": "down"}
        )

    def _reopen(self, reason="they have answered"):
        self.close.with_user(self.clerk).action_ask_reopen(reason)
        approval = self.env["rd.approval"].search([("kind", "=", "reopen_month")])
        approval[0].with_user(self.supervisor).action_approve("yes")
        return approval[0]

    def test_closing_keeps_the_month_under_its_hash(self):
        self.close.with_user(self.clerk).action_close()
        freeze = self.close.freeze_ids
        self.assertEqual((freeze.revision, freeze.user_id), (1, self.clerk))
        self.assertTrue(freeze.is_intact)
        content = freeze._get_content()
        self.assertEqual(content["month"], "2026-09")
        self.assertEqual(len(content["steps"]), len(self.close.step_ids))
        self.assertEqual(content["values"]["done"], [100.0, "%"])

    def test_the_company_itself_is_no_affiliate(self):
        """It has a step of its own, for the work plan; fails when it is counted."""
        self.env["rd.work.template"].create(
            {"name": "Reports", "company_id": self.company.id}
        )
        self.close._add_steps()
        own = self.company.partner_id
        self._leave(own)
        self.assertIn(own, self.close.step_ids.partner_id)
        values = {value.code: value for value in self.close._get_values()}
        self.assertEqual(values["affiliates"].value, 2)
        rows = self.env["res.partner"].search(values["affiliates"].domain)
        self.assertEqual(rows, self.affiliate | self.other)
        self.assertEqual(values["left"].value, 0)

    def test_closed_when_it_is_over(self):
        """Fails when a month is closed while goods can still leave in it."""
        # 30 September, a minute before midnight in Shanghai
        with freeze_time("2026-09-30 15:59:00"):
            with self.assertRaisesRegex(UserError, "not over yet") as refusal:
                self.close.with_user(self.clerk).action_close()
            self.assertNotIn("\n", str(refusal.exception))
            self._leave(self.affiliate)
            with self.assertRaisesRegex(UserError, "not over yet"):
                self.close.with_user(self.second).action_close()
        self.assertEqual(self.close.state, "open")
        with freeze_time("2026-09-30 16:00:00"):
            self.close.with_user(self.clerk).action_close()
        self.assertEqual(self.close.state, "closed")

    def test_frozen_month_is_changed_by_nobody_and_a_change_shows(self):
        self.close.action_close()
        freeze = self.close.freeze_ids
        with self.assertRaises(UserError):
            freeze.content = "{}"
        with self.assertRaises(UserError):
            freeze.unlink()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE rd_close_freeze SET content = content || ' ' WHERE id = %s",
            [freeze.id],
        )
        freeze.invalidate_recordset()
        self.assertFalse(freeze.is_intact)

    def test_reopening_takes_a_reason_and_a_second_supervisor(self):
        self.close.with_user(self.clerk).action_close()
        with self.assertRaisesRegex(UserError, "why"):
            self.close.with_user(self.clerk).action_ask_reopen("")
        self.close.with_user(self.supervisor).action_ask_reopen("late answer")
        approval = self.env["rd.approval"].search([("kind", "=", "reopen_month")])
        with self.assertRaisesRegex(UserError, "other than"):
            approval.with_user(self.supervisor).action_approve("me")
        with self.assertRaisesRegex(UserError, "supervisor"):
            approval.with_user(self.clerk).action_approve("me")
        self.assertEqual(self.close.state, "closed")
        approval.with_user(self.second).action_approve("agreed")
        self.assertEqual((self.close.state, self.close.closed_date), ("open", False))

    def test_reopened_month_keeps_what_was_frozen_and_freezes_anew(self):
        self._leave(self.affiliate)
        self.close.with_user(self.clerk).action_close()
        first = self.close.freeze_ids
        before = first.content
        self._reopen()
        self.assertEqual(
            (first.content, first.reopen_reason, first.reopened_by_id),
            (before, "they have answered", self.supervisor),
        )
        steps = self.close.step_ids
        own = steps.filtered(lambda one: one.partner_id == self.affiliate)
        self.assertEqual(set(own.mapped("state")), {"todo"})
        self.assertEqual(set((steps - own).mapped("state")), {"done"})
        steps._as_internal().write({"state": "done"})
        self.close.with_user(self.clerk).action_close()
        self.assertEqual(sorted(self.close.freeze_ids.mapped("revision")), [1, 2])
        self.assertEqual(
            self.close.freeze_ids.filtered(lambda one: not one.reopened_date).revision,
            2,
        )

    def test_what_was_frozen_is_not_deleted(self):
        self.close.with_user(self.clerk).action_close()
        with self.assertRaisesRegex(UserError, "when it was closed is kept"):
            self.close.freeze_ids.sudo().unlink()
        self.assertTrue(self.close.freeze_ids.is_intact)

    def test_an_approval_is_not_deleted(self):
        self.close.with_user(self.clerk).action_close()
        self.close.with_user(self.clerk).action_ask_reopen("late answer")
        approval = self.env["rd.approval"].search([("kind", "=", "reopen_month")])
        with self.assertRaisesRegex(UserError, "answered, not deleted"):
            approval.sudo().unlink()
        self.assertEqual(approval.state, "waiting")

    def test_refused_month_stays_closed(self):
        self.close.with_user(self.clerk).action_close()
        self.close.with_user(self.clerk).action_ask_reopen("late")
        approval = self.env["rd.approval"].search([("kind", "=", "reopen_month")])
        approval.with_user(self.supervisor).action_refuse("next month will do")
        self.assertEqual(self.close.state, "closed")
        self.assertIn("next month will do", self.close.message_ids[0].body)

    def test_only_the_last_closed_month_is_reopened(self):
        self.close.with_user(self.clerk).action_close()
        later = self._open_close(date(2026, 10, 1))
        later.step_ids._as_internal().write({"state": "done"})
        later.with_user(self.clerk).action_close()
        with self.assertRaisesRegex(UserError, "2026-10 is closed already"):
            self.close.with_user(self.clerk).action_ask_reopen("late")

    def test_open_month_is_not_reopened(self):
        with self.assertRaisesRegex(UserError, "is open"):
            self.close.with_user(self.clerk).action_ask_reopen("why not")

    def test_last_months_frozen_figures_stand_beside_this_months(self):
        self.close.with_user(self.clerk).action_close()
        later = self._open_close(date(2026, 10, 1))
        later.step_ids[0]._as_internal().write({"state": "done"})
        rows = self._section("compare", self.supervisor, close_id=later.id)
        done = next(row for row in rows if row["key"] == "done")
        share = f"{100 / len(later.step_ids):.0f} %"
        self.assertEqual(
            (done["now"], done["before"], done["before_label"]),
            (share, "100 %", "2026-09"),
        )

    def test_a_figure_opens_its_rows_and_the_frozen_month(self):
        self.close.with_user(self.clerk).action_close()
        freeze = self.close.freeze_ids
        later = self._open_close(date(2026, 10, 1))
        rows = self._compare(later)
        self.assertEqual(
            self._rows(rows["affiliates"]["action"]), later._get_affiliates()
        )
        self.assertEqual(self._rows(rows["done"]["action"]), later.step_ids)
        for row in rows.values():
            opened = row["before_action"]
            self.assertEqual(
                (opened["res_model"], opened["res_id"]), (freeze._name, freeze.id)
            )
        self.assertIn("Steps done: 100 %", freeze.figures)
        later.step_ids._as_internal().write({"state": "done"})
        later.with_user(self.clerk).action_close()
        row = self._compare(later)["done"]
        self.assertEqual(row["action"]["res_id"], later.freeze_ids.id)

    def test_a_month_frozen_before_labels_were_kept(self):
        self.close.with_user(self.clerk).action_close()
        freeze = self.close.freeze_ids
        content = freeze._get_content()
        del content["labels"]
        content["values"]["gone:CNY"] = [5.0, ""]
        freeze.sudo()._as_internal().content = json.dumps(content)
        rows = self._compare(self._open_close(date(2026, 10, 1)))
        self.assertEqual(rows["gone:CNY"]["label"], "gone:CNY")
        self.assertEqual(rows["done"]["label"], "Steps done")
        self.assertEqual(list(rows)[-1], "gone:CNY")

    def _compare(self, close):
        rows = self._section("compare", self.supervisor, close_id=close.id)
        return {row["key"]: row for row in rows}
