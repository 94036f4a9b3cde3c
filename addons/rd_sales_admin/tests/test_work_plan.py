# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeskCommon
from .guards import GuardMixin

OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 1)


@tagged("post_install", "-at_install")
class TestWorkPlan(GuardMixin, DeskCommon):
    """The clerk plans and does, the supervisor approves and scores."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-10-09 03:00:00"))
        cls.items = cls.env["rd.work.item"]
        cls.other = new_test_user(
            cls.env,
            login="rd_supervisor_2",
            groups="rd_sales_admin.rd_sales_admin_group_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.template = cls.env["rd.work.template"].create(
            {
                "name": "Reconcile with affiliates",
                "company_id": cls.company.id,
                "user_id": cls.clerk.id,
                "working_day": 10,
                "date_from": OCTOBER,
                "weight": 3.0,
            }
        )

    def _add(self, user=None, **values):
        values = {
            "name": "Call A01",
            "company_id": self.company.id,
            "user_id": self.clerk.id,
            "date_due": "2026-10-12",
            **values,
        }
        (number,) = self._rpc(user or self.clerk, "rd.work.item", "create", [values])
        return self.items.browse(number)

    def _call(self, user, item, method, *args):
        return self._rpc(user, "rd.work.item", method, item.ids, *args)

    def _run_cron(self):
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", lambda *args, **kwargs: 1):
            self.items._cron_plan()

    def _rate(self, month=OCTOBER):
        return self.items._get_achievement(self.company, month)[:2]

    def _routine(self, month=OCTOBER):
        return self.template.item_ids.filtered(lambda item: item.month == month)

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------
    def test_routines_come_by_themselves_and_once(self):
        self._run_cron()
        self._run_cron()
        item = self._routine()
        # the tenth working day from Monday to Friday
        self.assertRecordValues(
            item,
            [{"date_due": date(2026, 10, 14), "state": "proposed", "weight": 3.0}],
        )
        self.assertEqual(item.source, "routine")
        with freeze_time("2026-10-31 16:30:00"):  # the first of November for them
            self._run_cron()
        self.assertEqual(self._routine(NOVEMBER).date_due, date(2026, 11, 13))

    def test_rhythm_last_day_and_first_day(self):
        self.template.write({"rhythm": "3", "working_day": 31})
        self._rpc(self.clerk, "rd.work.template", "action_make", self.template.ids)
        self.assertEqual(self._routine().date_due, date(2026, 10, 30))
        self.assertFalse(self.template._is_in(NOVEMBER))
        self.assertTrue(self.template._is_in(date(2027, 1, 1)))
        late = self.template.copy({"working_day": 1, "date_from": "2026-10-05"})
        late.action_make()
        self.assertFalse(late.item_ids)

    def test_holidays_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.env["resource.calendar.leaves"].create(
            {
                "name": "National holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-09-30 16:00:00",
                "date_to": "2026-10-07 16:00:00",
            }
        )
        self.template.action_make()
        self.assertEqual(self._routine().date_due, date(2026, 10, 21))

    # ------------------------------------------------------------------
    # Who may what
    # ------------------------------------------------------------------
    def test_clerk_does_not_approve_nor_score_his_own(self):
        item = self._add()
        self.assertEqual(item.state, "proposed")
        for method in ("action_approve", "action_drop"):
            self._assert_refused(item, self._call, self.clerk, item, method)
        self._call(self.supervisor, item, "action_approve")
        self.assertEqual(item.approved_by_id, self.supervisor)
        self._call(self.clerk, item, "action_done")
        for method in ("action_met", "action_partly", "action_missed"):
            self._assert_refused(item, self._call, self.clerk, item, method)
        self._assert_refused(item, self._call, self.clerk, item, "action_check", "met")
        self._assert_refused(item, self._call, self.supervisor, item, "action_check")
        self._call(self.supervisor, item, "action_partly")
        self.assertRecordValues(
            item, [{"state": "checked", "result": "partly", "points": 0.5}]
        )

    def test_supervisor_does_not_score_his_own_either(self):
        item = self._add(self.supervisor, user_id=self.supervisor.id)
        self.assertEqual(item.state, "proposed")
        self._assert_refused(item, self._call, self.supervisor, item, "action_approve")
        self._call(self.other, item, "action_approve")
        self._call(self.supervisor, item, "action_done")
        self._assert_refused(item, self._call, self.supervisor, item, "action_met")
        self._call(self.other, item, "action_met")
        # nor what he did for somebody else
        second = self._add(self.supervisor)
        self._call(self.supervisor, second, "action_done")
        self._assert_refused(second, self._call, self.supervisor, second, "action_met")

    def test_a_supervisors_task_is_planned_at_once(self):
        values = {"name": "Count the gauges"}
        (number,) = self._rpc(self.supervisor, "rd.work.item", "create", [values])
        item = self.items.browse(number)
        self.assertRecordValues(
            item,
            [
                {
                    "state": "planned",
                    "source": "adhoc",
                    "user_id": self.clerk.id,
                    "asked_by_id": self.supervisor.id,
                    "date_due": date(2026, 10, 13),
                }
            ],
        )

    def test_late_is_what_is_due_and_open(self):
        late = self._add(date_due="2026-10-08")
        later = self._add(date_due="2026-10-09")
        for value, found in (
            (["=", True], late),
            (["=", False], later),
            (["in", [True, False]], late | later),
        ):
            items = self.items.with_user(self.clerk).search([["late", *value]])
            self.assertEqual(items, found)

    def test_what_was_done_before_it_was_approved_is_by_its_score(self):
        item = self._add(date_due="2026-10-09")
        self._call(self.clerk, item, "action_done")
        self.assertEqual(self._rate(), (0.0, 0.0))
        self._call(self.supervisor, item, "action_met")
        self.assertEqual(item.approved_by_id, self.supervisor)
        self.assertEqual(self._rate(), (1.0, 1.0))

    def test_what_is_dropped_stays_as_it_was(self):
        item = self._add()
        self._call(self.supervisor, item, "action_drop")
        write = ("rd.work.item", "write", item.ids, {"note": "later"})
        refusal = self._assert_refused(item, self._rpc, self.supervisor, *write)
        self.assertIn("is settled and stays as it was", refusal)

    def test_only_what_nobody_approved_is_deleted(self):
        item = self._add()
        planned = self._add(self.supervisor)
        self._call(self.clerk, item, "unlink")
        self.assertFalse(item.exists())
        self._assert_refused(planned, self._call, self.clerk, planned, "unlink")

    def test_what_is_approved_the_supervisor_changes(self):
        item = self._add()
        self._rpc(self.clerk, "rd.work.item", "write", item.ids, {"weight": 2})
        self._call(self.supervisor, item, "action_approve")
        for values in (
            *({"weight": 9}, {"date_due": "2026-10-30"}, {"name": "Other"}),
            *({"user_id": self.other.id}, {"source": "routine"}),
        ):
            with self.subTest(values=values):
                write = ("rd.work.item", "write", item.ids, values)
                self._assert_refused(item, self._rpc, self.clerk, *write)
        self._rpc(self.supervisor, "rd.work.item", "write", item.ids, {"weight": 4})
        self._rpc(self.clerk, "rd.work.item", "write", item.ids, {"evidence": "Mail"})
        self._call(self.clerk, item, "action_done")
        write = ("rd.work.item", "write", item.ids, {"date_due": "2026-10-30"})
        refusal = self._assert_refused(item, self._rpc, self.supervisor, *write)
        self.assertIn("is done; “Due” stays as it was planned", refusal)

    def test_only_the_owner_or_his_deputy_says_it_is_done(self):
        item = self._add()
        second = new_test_user(
            self.env,
            login="rd_clerk_2",
            groups="rd_sales_admin.rd_sales_admin_group_clerk",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self._assert_refused(item, self._call, second, item, "action_done")
        salesperson = self._create_user("salesperson")
        handover = (
            self.env["rd.deputy"]
            .with_user(self.clerk)
            .create({"user_id": self.clerk.id, "deputy_id": salesperson.id})
        )
        handover.action_give()
        action = self._rpc(salesperson, "rd.deputy.task", "action_open_today")
        self.assertTrue(action)
        tasks = self.env["rd.deputy.task"].with_user(salesperson)
        tasks = tasks.search([("res_model", "=", item._name)])
        self.assertEqual(tasks.res_id, item.id)
        self.assertEqual(tasks.date_due, date(2026, 10, 12))
        self._call(salesperson, item, "action_done")
        self.assertEqual(item.done_by_id, salesperson)
        # lent rights never score
        self._assert_refused(item, self._call, salesperson, item, "action_met")

    def test_what_shows_it_is_ones_own_file(self):
        item = self._add()
        other = {"name": "s", "raw": b"secret", "public": True}
        secret = self.env["ir.attachment"].create(other)
        add = {"evidence_ids": [Command.link(secret.id)]}
        call = ("rd.work.item", "write", item.ids, add)
        refusal = self._assert_refused(item, self._rpc, self.clerk, *call)
        self.assertIn("one of the files is not yours", refusal)
        self.assertFalse(item.evidence_ids or secret.res_id)
        files = self.env["ir.attachment"].with_user(self.clerk)
        own = files.create({"name": "list.txt", "raw": b"list"})
        item.with_user(self.clerk).evidence_ids = own
        self.assertEqual((own.res_model, own.res_id), (item._name, item.id))
        own.unlink()
        self.assertFalse(item.evidence_ids)

    def test_guarded(self):
        item = self._add()
        names = self.items._get_closed_fields()
        self._assert_guarded(item, names, (self.clerk, self.supervisor))
        values = {"name": "X", "company_id": self.company.id}
        self._assert_not_created(item, self.clerk, values, names)
        self._assert_no_default(self.clerk, "rd.work.item", values, "state", "checked")

    def test_roles(self):
        item = self._add()
        auditor = self._create_user("auditor")
        self.assertTrue(self._rpc(auditor, "rd.work.item", "search_read", []))
        users = [self._create_user(role) for role in ("floor", "warehouse", "finance")]
        users.append(new_test_user(self.env, login="p", groups="base.group_portal"))
        for user in users:
            with (
                self.subTest(user=user.login),
                mute_logger("odoo.addons.base.models.ir_model"),
                self.assertRaises(AccessError),
            ):
                self._rpc(user, "rd.work.item", "search_read", [])
        with (
            mute_logger("odoo.addons.base.models.ir_model"),
            self.assertRaises(AccessError),
        ):
            self._call(auditor, item, "action_done")
        stranger = self._create_other_clerk()
        self._assert_isolated("rd.work.item", stranger)
        self._assert_isolated("rd.work.template", stranger)

    # ------------------------------------------------------------------
    # Achievement, carrying over, closing
    # ------------------------------------------------------------------
    def test_achievement(self):
        self.assertEqual(self._rate(), (0.0, 0.0))
        first = self._add(self.supervisor, date_due="2026-10-08", weight=4)
        self._add(self.supervisor, date_due="2026-10-30", weight=8)  # not due yet
        self._add(date_due="2026-10-08", weight=16)  # nobody approved it
        self.assertEqual(self._rate(), (0.0, 4.0))
        self._call(self.clerk, first, "action_done")  # a day late
        self.assertEqual(self._rate(), (0.0, 4.0))
        early = self._add(self.supervisor, date_due="2026-10-20", weight=2)
        self._call(self.clerk, early, "action_done")
        self.assertEqual(self._rate(), (2.0, 6.0))
        self._call(self.supervisor, early, "action_partly")
        self.assertEqual(self._rate(), (1.0, 6.0))
        dropped = self._add(self.supervisor, date_due="2026-10-08", weight=32)
        self._call(self.supervisor, dropped, "action_drop")
        self.assertEqual(self._rate(), (1.0, 6.0))
        points, weight, domain = self.items._get_achievement(self.company, OCTOBER)
        rows = self.items.search(domain)
        self.assertEqual(sum(rows.mapped("points")), points)
        self.assertEqual(sum(rows.mapped("weight")), weight)
        [row] = self._rpc(
            self.clerk,
            "rd.work.item",
            "formatted_read_group",
            [("company_id", "=", self.company.id)],
            ["month:month"],
            ["achievement:avg"],
        )
        self.assertAlmostEqual(row["achievement:avg"], 100 / 6)

    def test_nothing_due_is_no_rate(self):
        self._add(self.supervisor, date_due="2026-10-30")
        [row] = self._rpc(
            self.clerk,
            "rd.work.item",
            "formatted_read_group",
            [("company_id", "=", self.company.id)],
            [],
            ["achievement:avg"],
        )
        self.assertFalse(row["achievement:avg"])
        close = self._open_close(OCTOBER)
        kpis = {label: value for label, value, _detail in close._get_kpis()}
        self.assertEqual(kpis["Work plan achieved"], "n/a")

    def test_carried_over_visibly(self):
        item = self._add(self.supervisor, date_due="2026-10-31")
        done = self._add(self.supervisor)
        self._call(self.clerk, done, "action_done")
        with freeze_time("2026-11-01 03:00:00"):
            self._run_cron()
            self._run_cron()
        self.assertEqual(item.state, "carried")
        later = self.items.search([("carried_from_id", "=", item.id)])
        self.assertRecordValues(
            later,
            [
                {
                    "state": "planned",
                    "month": NOVEMBER,
                    "date_due": date(2026, 11, 30),
                    "first_date_due": date(2026, 10, 31),
                    "carried_count": 1,
                }
            ],
        )
        self.assertEqual(done.state, "done")
        with freeze_time("2027-01-04 03:00:00"):  # after two months of rest
            self._run_cron()
        last = self.items.search([("carried_from_id", "=", later.id)])
        self.assertEqual(last.month, date(2027, 1, 1))
        self.assertEqual((last.carried_count, last.first_date_due), (2, item.date_due))
        # it was due in each of the months, and done in none
        self.assertEqual(self._rate(), (1.0, 2.0))
        self.assertEqual(self._rate(NOVEMBER), (0.0, 1.0))

    def test_frozen_at_the_close(self):
        done = self._add(self.supervisor, date_due="2026-10-09", weight=3)
        self._call(self.clerk, done, "action_done")
        late = self._add(self.supervisor, date_due="2026-10-08")
        paper = self._attach(done)
        close = self._open_close(OCTOBER)
        step = close.step_ids.filtered(lambda one: one.code == "figures")
        self.assertEqual(step.partner_id, self.company.partner_id)
        with freeze_time("2026-11-03 03:00:00"):
            step.with_user(self.clerk).action_run()
            self.assertEqual((step.state, step.role), ("waiting", "supervisor"))
            self.assertIn("Call A01", step.message)
            self._call(self.supervisor, done, "action_met")
            step.with_user(self.clerk).action_run()
            self.assertEqual(step.state, "done")
            (close.step_ids - step)._as_internal().write({"state": "done"})
            close.with_user(self.clerk).action_close()
        self.assertIn("75 %", step.message)
        self.assertEqual(late.state, "carried")
        self.assertEqual(self._rate(), (3.0, 4.0))
        kpis = {label: value for label, value, _detail in close._get_kpis()}
        self.assertEqual(kpis["Work plan achieved"], "75 %")
        for user in (self.clerk, self.supervisor):
            for values in ({"evidence": "late"}, {"weight": 1}, {"user_id": 1}):
                write = ("rd.work.item", "write", done.ids, values)
                self._assert_refused(done, self._rpc, user, *write)
            self._assert_refused(done, self._call, user, done, "action_reopen")
            with self.assertRaises(UserError):
                self._add(user, date_due="2026-10-30")
            new = self._add(user, date_due="2026-11-30")
            write = ("rd.work.item", "write", new.ids, {"date_due": "2026-10-30"})
            self._assert_refused(new, self._rpc, user, *write)
            for call in (("unlink", paper.ids), ("write", paper.ids, {"raw": "x"})):
                with self.assertRaises(UserError):
                    self._rpc(user, "ir.attachment", *call)
        self.template.action_make()
        self.assertFalse(self._routine())

    def test_nothing_is_carried_into_a_closed_month(self):
        """Who closes a month may go to bed where it is not over yet."""
        self.template.unlink()
        close = self._open_close(OCTOBER)
        close.sudo().step_ids._as_internal().unlink()
        with freeze_time("2026-11-01 03:00:00"):
            close.with_user(self.clerk).action_close()
            item = self._add(self.supervisor, date_due="2026-11-02")
            item._as_internal().date_due = "2026-09-30"
            self.company.rd_tz = "Pacific/Honolulu"
            self.assertEqual(self.company._rd_today(), date(2026, 10, 31))
            self._run_cron()
        later = self.items.search([("carried_from_id", "=", item.id)])
        self.assertEqual(later.month, NOVEMBER)

    def _attach(self, item):
        data = base64.b64encode(b"seen").decode()
        (number,) = self._rpc(
            self.clerk, "ir.attachment", "create", [{"name": "a.txt", "datas": data}]
        )
        command = {"evidence_ids": [Command.link(number)]}
        self._rpc(self.clerk, "rd.work.item", "write", item.ids, command)
        paper = self.env["ir.attachment"].browse(number)
        self.assertEqual((paper.res_model, paper.res_id), (item._name, item.id))
        self.assertTrue(self._rpc(self.supervisor, "ir.attachment", "read", [number]))
        return paper

    def test_no_step_where_nothing_is_planned(self):
        self.template.unlink()
        close = self._open_close(OCTOBER)
        self.assertNotIn("figures", close.step_ids.mapped("code"))

    # ------------------------------------------------------------------
    # Constant work
    # ------------------------------------------------------------------
    def test_queries_do_not_grow(self):
        def count(number):
            templates = self.env["rd.work.template"].create(
                [
                    {
                        "name": f"Routine {number} {turn}",
                        "company_id": self.company.id,
                        "user_id": self.clerk.id,
                        "date_from": OCTOBER,
                    }
                    for turn in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            items = self.items._make_routine(self.company, templates)
            self.env.flush_all()
            made = self.env.cr.sql_log_count - start
            self.assertEqual(len(items), number)
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            views = {"specification": {"name": {}, "late": {}, "can_plan": {}}}
            domain = [("id", "in", items.ids)]
            self._rpc(self.clerk, "rd.work.item", "web_search_read", domain, **views)
            return made, self.env.cr.sql_log_count - start

        count(2)
        few, many = count(3), count(60)
        # each hundred of messages or so is one more insert
        self.assertLessEqual(many[0], few[0] + 5)
        self.assertLessEqual(many[1], few[1] + 1)
