# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib
import io
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time
from python_calamine import CalamineWorkbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeskCommon
from .guards import GuardMixin

SEPTEMBER = date(2026, 9, 1)
OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 1)


@tagged("post_install", "-at_install")
class TestReportCalendar(GuardMixin, DeskCommon):
    """Which report is due when; in time, and right the first time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-10-02 03:00:00"))
        cls.finance = cls._create_user("finance")
        cls.dues = cls.env["rd.report.due"]
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ms Zhou", "email": "zhou@example.com"}
        )
        cls.calendar = cls._plan("Statement list")
        cls.dues._ensure(cls.company)
        cls.due = cls.calendar.due_ids.filtered(lambda due: due.date_from == SEPTEMBER)

    @classmethod
    def _plan(cls, name, **values):
        return cls.env["rd.report.calendar"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "recipient": "Finance",
                "user_id": cls.clerk.id,
                "working_day": 5,
                "date_from": SEPTEMBER,
                "way": "messenger",
                **values,
            }
        )

    def _files(self, text="one"):
        data = base64.b64encode(text.encode()).decode()
        return [{"name": f"{text}.txt", "data": data}]

    def _hand_in(self, due=None, text="one", user=None, **kwargs):
        due = due or self.due
        self._rpc(
            user or self.clerk,
            *("rd.report.due", "action_hand_in", due.ids, self._files(text)),
            **kwargs,
        )
        return due.version_ids.sorted("number")[-1:]

    def _figures(self, month=OCTOBER):
        timely = self.dues._get_timeliness(self.company, month)[:2]
        return timely, self.dues._get_accuracy(self.company, month)[:2]

    def _run_cron(self):
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", lambda *args, **kwargs: 1):
            self.dues._cron_remind()

    # ------------------------------------------------------------------
    # What is due
    # ------------------------------------------------------------------
    def test_rows_come_by_themselves_and_once(self):
        quarter = self._plan("Quarterly", rhythm="3", working_day=31)
        year = self._plan("Yearly", rhythm="12", working_day=1)
        self._run_cron()
        self._run_cron()
        self.assertRecordValues(
            self.calendar.due_ids.sorted("date_from"),
            [
                {"name": "Statement list 2026-09", "date_due": date(2026, 10, 7)},
                {"name": "Statement list 2026-10", "date_due": date(2026, 11, 6)},
            ],
        )
        self.assertRecordValues(
            quarter.due_ids.sorted("date_from"),
            [
                {"name": "Quarterly 2026 Q3", "date_due": date(2026, 10, 30)},
                {"name": "Quarterly 2026 Q4", "date_due": date(2027, 1, 29)},
            ],
        )
        self.assertRecordValues(
            year.due_ids, [{"name": "Yearly 2026", "date_due": date(2027, 1, 1)}]
        )
        with freeze_time("2027-01-03 03:00:00"):  # after two months of rest
            self._run_cron()
        self.assertEqual(len(self.calendar.due_ids), 5)

    def test_by_the_companys_working_days(self):
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
        other = self._plan("Other")
        self.dues._ensure(self.company)
        due = other.due_ids.sorted("date_from")[0]
        self.assertEqual(due.date_due, date(2026, 10, 14))

    def test_reminded_once_then_the_supervisor(self):
        with freeze_time("2026-10-07 03:00:00"):
            self._run_cron()
            self._run_cron()
            self.assertEqual(self.due.activity_ids.user_id, self.clerk)
            self.assertEqual(len(self.due.activity_ids), 1)
        with freeze_time("2026-10-09 03:00:00"):
            self._run_cron()
            self._run_cron()
        self.assertEqual(len(self.due.activity_ids), 2)
        self.assertTrue(self.due.escalated_date)
        self._hand_in()
        self.assertFalse(self.due.activity_ids)

    # ------------------------------------------------------------------
    # Handing in
    # ------------------------------------------------------------------
    def test_handed_in_is_frozen_with_time_and_hash(self):
        version = self._hand_in()
        self.assertRecordValues(
            self.due,
            [{"state": "handed", "timely": True, "handed_date": date(2026, 10, 2)}],
        )
        expected = hashlib.sha256(
            hashlib.sha256(b"one.txt").digest() + hashlib.sha256(b"one").digest()
        )
        self.assertEqual(version.content_hash, expected.hexdigest())
        self.assertEqual(version.date, datetime(2026, 10, 2, 3))
        self.assertEqual(version.user_id, self.clerk)
        paper = version.attachment_ids
        self.assertEqual(paper.raw, b"one")
        self.assertTrue(self._rpc(self.finance, "ir.attachment", "read", paper.ids))
        for user in (self.clerk, self.supervisor):
            for method, args in (("write", ({"raw": "x"},)), ("unlink", ())):
                with (
                    mute_logger("odoo.addons.base.models.ir_model"),
                    self.assertRaises(UserError),
                ):
                    self._rpc(user, "ir.attachment", method, paper.ids, *args)
                with (
                    mute_logger("odoo.addons.base.models.ir_model"),
                    self.assertRaises(UserError),
                ):
                    args = ({"reason": "x"},) if args else ()
                    self._rpc(user, version._name, method, version.ids, *args)
        with self.assertRaisesRegex(UserError, "V1 was handed in and is kept"):
            version.sudo().unlink()
        # nor where rights are not asked: from a parent, or by code
        for method, args in (("write", ({"raw": b"x"},)), ("unlink", ())):
            with self.subTest(method=method), self.assertRaises(UserError):
                getattr(paper.sudo(), method)(*args)
        self.assertEqual(paper.raw, b"one")

    def test_what_was_not_handed_in_is_no_part_of_it(self):
        version = self._hand_in()
        loose = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": "loose.txt",
                    "raw": b"loose",
                    "res_model": version._name,
                    "res_id": version.id,
                }
            )
        )
        loose.unlink()
        self.assertFalse(loose.exists())
        self.assertEqual(version.attachment_ids.raw, b"one")

    def test_again_only_with_a_reason_and_against_accuracy(self):
        first = self._hand_in()
        self.assertEqual(self._figures(), ((1, 1), (1, 1)))
        for reason in (None, "", "  ", 7):
            call = ("rd.report.due", "action_hand_in", self.due.ids, self._files())
            self._assert_refused(self.due, self._rpc, self.clerk, *call, reason)
        second = self._hand_in(text="two", reason="A03 was missing")
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertEqual(first.attachment_ids.raw, b"one")
        self.assertEqual(self._figures(), ((1, 1), (0, 1)))
        self._hand_in(text="three", reason="and A04")
        self.assertEqual(self._figures(), ((1, 1), (0, 1)))
        self.assertTrue(self.due.timely)

    def test_without_a_readable_file(self):
        for files in ([], None, "x", [{"name": "a"}], [{"name": "a", "data": "%"}]):
            with self.subTest(files=files):
                call = ("rd.report.due", "action_hand_in", self.due.ids, files)
                self._assert_refused(self.due, self._rpc, self.clerk, *call)
        self.assertFalse(self.due.version_ids)

    def test_late_or_not_is_found(self):
        with freeze_time("2026-10-08 03:00:00"):
            mine = [("calendar_id", "=", self.calendar.id)]
            every = self.dues.search(mine)
            self.assertEqual(len(every), 2)
            for value, found in (
                ([True], self.due),
                ([False], every - self.due),
                ([True, False], every),
            ):
                rows = self.dues.search([*mine, ("late", "in", value)])
                self.assertEqual(rows, found)

    def test_nobody_higher_up_to_tell(self):
        self._leave_no_supervisor()
        with freeze_time("2026-10-09 03:00:00"):
            self._run_cron()
            self._run_cron()
        self.assertEqual(self.due.activity_ids.user_id, self.clerk)
        self.assertEqual(len(self.due.activity_ids), 1)

    def test_late_is_late(self):
        self.assertEqual(self._figures(), ((0, 0), (0, 0)))
        with freeze_time("2026-10-07 15:59:00"):  # the last minute of the seventh
            self.assertEqual(self._figures(), ((0, 0), (0, 0)))
        with freeze_time("2026-10-07 16:00:00"):
            self.assertEqual(self._figures(), ((0, 1), (0, 0)))
            self._hand_in()
            self.assertFalse(self.due.timely)
            self.assertEqual(self._figures(), ((0, 1), (1, 1)))
            [row] = self._rpc(
                self.clerk,
                "rd.report.due",
                "formatted_read_group",
                [("company_id", "=", self.company.id)],
                [],
                ["timeliness:avg", "accuracy:avg"],
            )
        self.assertEqual((row["timeliness:avg"], row["accuracy:avg"]), (0.0, 100.0))
        domain = self.dues._get_timeliness(self.company, OCTOBER)[2]
        self.assertEqual(self.dues.search(domain), self.due)

    def test_after_the_close_it_counts_where_it_happens(self):
        self._hand_in()
        other = self._plan("Other")
        self.dues._ensure(self.company)
        late = other.due_ids.sorted("date_from")[0]
        with freeze_time("2026-11-03 03:00:00"):
            close = self._open_close(OCTOBER)
            close.step_ids._as_internal().write({"state": "done"})
            close.with_user(self.clerk).action_close()
            before = self._figures()
            self.assertEqual(before, ((1, 2), (1, 1)))
            self._hand_in(text="two", reason="A03 was missing")
            self._hand_in(late)
        self.assertEqual(self._figures(), before)
        with freeze_time("2026-11-30 03:00:00"):
            # of October: one corrected, one handed in; both rows of November are open
            self.assertEqual(self._figures(NOVEMBER), ((0, 2), (1, 2)))
            rows = self.dues.search(self.dues._get_accuracy(self.company, NOVEMBER)[2])
        self.assertEqual(rows, self.due | late)

    def test_goes_by_mail_to_the_contact(self):
        self.calendar.write({"way": "mail", "partner_id": self.contact.id})
        version = self._hand_in()
        self.assertEqual(version.sent_to, "zhou@example.com")
        message = self.due.message_ids.filtered("attachment_ids")[:1]
        self.assertEqual(message.attachment_ids, version.attachment_ids)
        self.assertIn(self.contact, message.partner_ids)
        self._hand_in(text="two", reason="A03 was missing")
        message = self.due.message_ids.filtered("attachment_ids")[:1]
        self.assertIn("corrected: A03 was missing", message.body)

    # ------------------------------------------------------------------
    # From the report's own form
    # ------------------------------------------------------------------
    def _sheet(self):
        sheet = self.env["rd.cost.sheet"].with_user(self.finance)
        return sheet.create({"company_id": self.company.id, "month": SEPTEMBER})

    def test_cost_sheet_hands_itself_in(self):
        sheet = self._sheet()
        call = ("rd.cost.sheet", "action_hand_in_report", sheet.ids)
        text = self._assert_refused(sheet, self._rpc, self.finance, *call)
        self.assertIn("calendar", text)
        calendar = self._plan("Cost sheet", kind="cost")
        action = self._rpc(self.finance, *call)
        small = self.env[action["res_model"]].browse(action["res_id"])
        due = calendar.due_ids.sorted("date_from")[0]
        self.assertEqual(small.due_id, due)
        self._rpc(self.finance, small._name, "action_hand_in", small.ids)
        self.assertEqual(due.state, "handed")
        paper = due.version_ids.attachment_ids
        self.assertTrue(paper.name.endswith(".xlsx"))
        CalamineWorkbook.from_filelike(io.BytesIO(paper.raw)).get_sheet_by_name(
            "2026-09"
        )

    def test_statistics_hand_themselves_in(self):
        calendar = self._plan("Statistics", kind="statistics")
        (number,) = self._rpc(
            self.clerk,
            "rd.sales.summary",
            "create",
            [{"company_id": self.company.id, "month": SEPTEMBER}],
        )
        action = self._rpc(
            self.clerk, "rd.sales.summary", "action_hand_in_report", [number]
        )
        self._rpc(self.clerk, action["res_model"], "action_hand_in", [action["res_id"]])
        due = calendar.due_ids.sorted("date_from")[0]
        self.assertEqual(due.version_ids.attachment_ids.raw[:2], b"PK")

    # ------------------------------------------------------------------
    # The month, and who may what
    # ------------------------------------------------------------------
    def test_the_months_step_shows_what_is_due(self):
        close = self._open_close(SEPTEMBER)
        step = close.step_ids.filtered(lambda one: one.code == "figures")
        step.with_user(self.clerk).action_run()
        self.assertEqual(step.state, "done")
        self.assertIn("Statement list 2026-09 (2026-10-07)", step.message)
        step._as_internal().write({"state": "todo"})
        with freeze_time("2026-10-08 03:00:00"):
            step.with_user(self.clerk).action_run()
            self.assertEqual((step.state, step.role), ("waiting", "clerk"))
            self.assertIn("Statement list 2026-09", step.message)
            self._hand_in()
            step.with_user(self.clerk).action_run()
            self.assertEqual(step.state, "done")
            kpis = {one[0]: one[1] for one in self._open_close(OCTOBER)._get_kpis()}
        self.assertEqual(kpis["Reports in time"], "0 %")
        self.assertEqual(kpis["Reports right at once"], "100 %")

    def test_guarded(self):
        self._hand_in()
        names = self.dues._get_closed_fields() - {"version_ids"}
        self._assert_guarded(self.due, names, (self.clerk, self.supervisor))

    def test_roles(self):
        self._hand_in(user=self.finance)
        auditor = self._create_user("auditor")
        models = ("rd.report.calendar", "rd.report.due", "rd.report.version")
        for model in models:
            self.assertTrue(self._rpc(auditor, model, "search_read", []))
        users = [self._create_user(role) for role in ("floor", "warehouse")]
        users.append(self._create_user("salesperson"))
        users.append(new_test_user(self.env, login="p", groups="base.group_portal"))
        for user in users:
            for model in models:
                with (
                    self.subTest(user=user.login, model=model),
                    mute_logger("odoo.addons.base.models.ir_model"),
                    self.assertRaises(AccessError),
                ):
                    self._rpc(user, model, "search_read", [])
        change = ("rd.report.calendar", "write", self.calendar.ids, {"working_day": 20})
        with (
            mute_logger("odoo.addons.base.models.ir_model"),
            self.assertRaises(AccessError),
        ):
            self._rpc(self.clerk, *change)
        self._rpc(self.supervisor, *change)
        stranger = self._create_other_clerk()
        for model in models:
            self._assert_isolated(model, stranger)

    def test_deputy_sees_it(self):
        handover = self.env["rd.deputy"].with_user(self.clerk)
        salesperson = self._create_user("salesperson")
        handover = handover.create(
            {"user_id": self.clerk.id, "deputy_id": salesperson.id}
        )
        handover.action_give()
        self._rpc(salesperson, "rd.deputy.task", "action_open_today")
        tasks = self.env["rd.deputy.task"].with_user(salesperson)
        task = tasks.search([("res_model", "=", "rd.report.due")])
        self.assertEqual(task.res_id, self.due.id)
        self._hand_in(user=salesperson)

    def test_queries_do_not_grow(self):
        def count(number):
            for turn in range(number):
                self._plan(f"Report {number} {turn}")
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            made = self.dues._ensure(self.company)
            self.env.flush_all()
            ensured = self.env.cr.sql_log_count - start
            self.assertEqual(len(made), 2 * number)
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            views = {"specification": {"name": {}, "late": {}, "recipient": {}}}
            domain = [("id", "in", made.ids)]
            self._rpc(self.clerk, "rd.report.due", "web_search_read", domain, **views)
            return ensured, self.env.cr.sql_log_count - start

        count(2)
        few, many = count(3), count(40)
        self.assertLessEqual(many[0], few[0] + 5)
        self.assertLessEqual(many[1], few[1] + 1)
