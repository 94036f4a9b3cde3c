# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import format_date

from odoo.addons.rd_sales_admin.models.rd_close import Outcome

from .common import DeskCommon

LISTS = "odoo.addons.rd_sales_admin.models.rd_close.RdClose._run_step_lists"


class CockpitCommon(DeskCommon):
    """A company with an open September and who looks at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create(
            {"name": "Southern Works", "rd_partner_class": "affiliate"}
        )
        cls.other.rd_cutoff_day = 20
        cls.close = cls._open_close(date(2026, 9, 1))

    def _page(self, user=None, **values):
        return self.env["rd.cockpit"].with_user(user or self.clerk).read_page(**values)

    def _section(self, code, user=None, **values):
        page = self._page(user, **values)
        found = [item for item in page["sections"] if item["code"] == code]
        return found[0]["data"] if found else None

    def _affiliate(self, partner, **values):
        rows = self._section("board", **values)["rows"]
        return next(row for row in rows if row["id"] == partner.id)

    def _rows(self, action):
        """Return the records that a figure opens."""
        return self.env[action["res_model"]].search(action["domain"])

    def _step(self, partner, code="lists"):
        return self.close.step_ids.filtered(
            lambda step: step.partner_id == partner and step.code == code
        )


@tagged("post_install", "-at_install")
class TestCockpit(CockpitCommon):
    """The month's page says whose step it is, by when, and what has changed."""

    @freeze_time("2026-10-05 08:00:00")
    def test_due_day_follows_each_affiliates_cut_off(self):
        self.company.rd_list_due_days = 2
        first = self._affiliate(self.affiliate)["steps"][0]
        second = self._affiliate(self.other)["steps"][0]
        self.assertEqual(first["due_day"], "2026-10-02")
        self.assertEqual(second["due_day"], "2026-09-22")
        self.assertEqual((first["owner"], first["late"]), ("Warehouse", True))

    @freeze_time("2026-10-02 08:00:00")
    def test_the_due_day_itself_is_not_late(self):
        row = self._affiliate(self.affiliate)
        self.assertEqual((row["steps"][0]["late"], row["group"]), (False, "todo"))

    @freeze_time("2026-10-05 08:00:00")
    def test_blocker_opens_its_record(self):
        def wait(self, partner):
            return Outcome(False, "row 7 is open", "clerk")

        with patch(LISTS, wait):
            self.close.action_run()
        row = self._affiliate(self.affiliate)
        self.assertEqual(row["current"]["message"], "row 7 is open")
        self.assertEqual(row["current"]["owner"], "Clerk")
        self._rows(row["current"]["action"])
        waiting = self._section("waiting")
        self.assertEqual([item["count"] for item in waiting], [2])
        self.assertEqual(
            self._rows(waiting[0]["action"]),
            self._step(self.affiliate) | self._step(self.other),
        )

    @freeze_time("2026-10-05 08:00:00")
    def test_what_failed_stands_first_and_a_step_of_the_desk_opens_itself(self):
        self._step(self.affiliate)._record("failed", "fault", "supervisor")
        self.env["rd.work.template"].create(
            {"name": "Plan", "company_id": self.company.id}
        )
        self.close._add_steps()
        own = self._step(self.company.partner_id, "figures")
        self.assertTrue(own)
        rows = self._section("board")["rows"]
        self.assertEqual(
            (rows[0]["id"], rows[0]["group"]), (self.affiliate.id, "failed")
        )
        desk = next(row for row in rows if row["id"] == self.company.partner_id.id)
        self.assertEqual(self._rows(desk["current"]["action"]), own)

    def test_state_date_moves_with_the_state_only(self):
        step = self._step(self.affiliate)
        with freeze_time("2026-10-05 08:00:00"):
            step._record("waiting", "one", "clerk")
        with freeze_time("2026-10-06 08:00:00"):
            step._record("waiting", "two", "clerk")
        self.assertEqual(str(step.state_date), "2026-10-05 08:00:00")
        with freeze_time("2026-10-07 08:00:00"):
            step._record("done", "", "")
        self.assertEqual(str(step.state_date), "2026-10-07 08:00:00")

    def test_changes_since_yesterday_begin_at_the_companys_midnight(self):
        step = self._step(self.affiliate)
        # Yesterday of the 7th began on the 5th at 16:00 UTC.
        with freeze_time("2026-10-05 15:59:59"):
            step._record("done", "", "")
        with freeze_time("2026-10-07 08:00:00"):
            codes = {item["key"] for item in self._section("changes")}
        self.assertNotIn("step_done", codes)
        step._record("todo", "", "")
        with freeze_time("2026-10-05 16:00:00"):
            step._record("done", "", "")
        with freeze_time("2026-10-07 08:00:00"):
            changes = {item["key"]: item for item in self._section("changes")}
        self.assertEqual(self._rows(changes["step_done"]["action"]), step)

    @freeze_time("2026-10-05 08:00:00")
    def test_unchanged_page_comes_as_its_stamp_only(self):
        page = self._page()
        again = self._page(stamp=page["stamp"])
        self.assertEqual(again, {"stamp": page["stamp"], "unchanged": True})
        self._step(self.affiliate)._record("waiting", "list missing", "warehouse")
        self.assertNotEqual(self._page(stamp=page["stamp"])["stamp"], page["stamp"])

    def test_page_that_is_late_by_the_hour_is_unchanged_for_the_hour(self):
        """Fails when the very moment of reading is part of the page."""
        department = self.env["rd.department"].create(
            {"name": "Tool room", "company_id": self.company.id}
        )
        order = self._create_order([(self.parts[0], 5, 10.0)])
        release = self.env["rd.order.release"].create(
            {
                **self.env["rd.order.release"]._prepare_of_order(order),
                "department_id": department.id,
                "wanted_date": date(2026, 10, 20),
            }
        )
        release._as_internal().write(
            {"state": "sent", "answer_due": "2026-10-05 07:30:00"}
        )
        with freeze_time("2026-10-05 08:00:01"):
            page = self._page(self.supervisor)
        self.assertIn("releases", str(page["sections"]))
        with freeze_time("2026-10-05 08:59:59"):
            again = self._page(self.supervisor, stamp=page["stamp"])
        self.assertTrue(again.get("unchanged"))
        with freeze_time("2026-10-05 07:59:59"):
            early = self._page(self.supervisor)
        self.assertNotIn(f"releases_{department.id}", str(early["sections"]))

    def test_a_month_that_is_not_over_cannot_be_closed(self):
        """Fails when only the steps are asked whether the month can be closed."""
        self.close.step_ids._as_internal().write({"state": "done"})
        # 30 September, a minute before midnight in Shanghai
        with freeze_time("2026-09-30 15:59:00"):
            [row] = self._section("blockers")
            self.assertIn("is not over yet", row["label"])
            self.assertEqual(row["action"]["res_id"], self.close.id)
            self.assertFalse(self._page()["month"]["can_close"])
        with freeze_time("2026-09-30 16:00:00"):
            self.assertEqual(self._section("blockers"), [])
            self.assertTrue(self._page()["month"]["can_close"])
            sentence = "2026-09 cannot be closed yet, 1 things are open:\na count"
            why_not = patch.object(
                type(self.close), "_why_not", lambda close, target: sentence
            )
            with why_not:
                [row] = self._section("blockers")
                self.assertEqual(row["detail"], "a count")
                self.assertFalse(self._page()["month"]["can_close"])

    @freeze_time("2026-10-05 08:00:00")
    def test_queries_do_not_grow_with_the_affiliates(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._page()
            return self.cr.sql_log_count - before

        self._page()
        self._add_affiliates(10)
        few = count()
        self._add_affiliates(50)
        self.assertLessEqual(count(), few)

    def _add_affiliates(self, number):
        self.env["res.partner"].create(
            [
                {"name": f"Works {number} {turn}", "rd_partner_class": "affiliate"}
                for turn in range(number)
            ]
        )
        self.close._add_steps()

    @freeze_time("2026-10-05 08:00:00")
    def test_chain_shows_what_is_shipped_and_opens_its_rows(self):
        order = self._create_order([(self.parts[0], 50, 10.0)])
        self._deliver(order, {self.parts[0]: 10}, "N-1", date(2026, 9, 10))
        self.env.flush_all()
        [chain] = self._section("chain")
        places = {place["code"]: place for place in chain["places"]}
        self.assertEqual(places["rest_1_unsigned"]["amount"], 100.0)
        rows = self._rows(places["rest_1_unsigned"]["action"])
        self.assertEqual(sum(rows.mapped("amount")), 100.0)

    @freeze_time("2026-10-05 08:00:00")
    def test_currencies_are_never_added_up(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        dollar = self.env.ref("base.USD")
        dollar.active = True
        for currency, name in ((euro, "N-1"), (dollar, "N-2")):
            prices = self.env["product.pricelist"].create(
                {"name": name, "currency_id": currency.id}
            )
            order = self._create_order(
                [(self.parts[0], 50, 10.0)], pricelist_id=prices.id
            )
            self._deliver(order, {self.parts[0]: 10}, name, date(2026, 9, 10))
        self.env.flush_all()
        chains = {chain["currency"]: chain for chain in self._section("chain")}
        self.assertEqual(set(chains), {"EUR", "USD"})
        for chain in chains.values():
            self.assertEqual(chain["places"][0]["amount"], 100.0)
            rows = self._rows(chain["places"][0]["action"])
            self.assertEqual(set(rows.currency_id.mapped("name")), {chain["currency"]})


@tagged("post_install", "-at_install")
class TestCockpitPages(CockpitCommon):
    """Each role has its page, and nothing on it that it may not read."""

    def test_each_role_opens_its_own_page(self):
        expected = {
            "supervisor": "supervisor",
            "clerk": "month",
            "salesperson": "month",
            "finance": "finance",
            "auditor": "auditor",
            "warehouse": "warehouse",
            "floor": "floor",
        }
        for role, page in expected.items():
            user = self._look_up(role)
            self.assertEqual(self._page(user)["page"], page, role)

    def _look_up(self, role):
        known = {"clerk": self.clerk, "supervisor": self.supervisor}
        return known.get(role) or self._create_user(role)

    def test_pages_of_others_are_refused(self):
        for role in ("warehouse", "floor"):
            user = self._look_up(role)
            for page in ("month", "supervisor", "finance", "auditor"):
                with self.assertRaises(AccessError):
                    self._page(user, page=page)
        with self.assertRaises(AccessError):
            self._page(self.clerk, page="supervisor")

    def test_nobody_outside_the_desk_sees_a_page(self):
        user = new_test_user(
            self.env,
            login="employee",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self._page(user)

    @freeze_time("2026-10-05 08:00:00")
    def test_floor_and_warehouse_get_no_amounts(self):
        order = self._create_order([(self.parts[0], 50, 10.0)])
        self._deliver(order, {self.parts[0]: 10}, "N-1", date(2026, 9, 10))
        self.env.flush_all()
        for role in ("warehouse", "floor"):
            page = self._page(self._look_up(role))
            kinds = {section["kind"] for section in page["sections"]}
            self.assertEqual((kinds, page["month"]), ({"list"}, False), role)
            self.assertFalse(page["is_first"], "the start is nothing of theirs")
            for section in page["sections"]:
                for row in section["data"]:
                    self.assertFalse({"amount", "text"} & row.keys(), role)
                    self._open_as(role, row["action"])

    def _open_as(self, role, action):
        user = self.env["res.users"].search([("login", "=", f"rd_{role}")])
        self.env[action["res_model"]].with_user(user).search(action["domain"])

    def test_every_action_of_a_page_can_be_opened_by_its_reader(self):
        for role in ("clerk", "supervisor", "finance", "auditor", "salesperson"):
            user = self._look_up(role)
            for page in self._page(user)["pages"]:
                for action in self._actions(self._page(user, page=page["code"])):
                    model = self.env[action["res_model"]].with_user(user)
                    model.search(action.get("domain", []))

    def _actions(self, data):
        if isinstance(data, dict):
            if data.get("type") == "ir.actions.act_window":
                yield data
            for value in data.values():
                yield from self._actions(value)
        elif isinstance(data, list):
            for value in data:
                yield from self._actions(value)

    def test_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            self._page(self.clerk, company_id=other.id)
        close = self.env["rd.close"].create(
            {"company_id": other.id, "month": date(2026, 9, 1)}
        )
        with self.assertRaises(AccessError):
            self._page(self.clerk, close_id=close.id)

    def test_supervisor_answers_where_the_page_says_so(self):
        self.close.step_ids._as_internal().write({"state": "done"})
        self._step(self.affiliate)._as_internal().write(
            {"state": "left", "left_by_id": self.supervisor.id, "left_reason": "down"}
        )
        self.close.with_user(self.supervisor).action_close()
        mine = self._section("approvals", self.supervisor)
        self.assertEqual((len(mine), mine[0]["can_answer"]), (1, False))
        self.assertIn("other than", mine[0]["why_not"])
        second = new_test_user(
            self.env,
            login="second",
            groups="rd_sales_admin.rd_sales_admin_group_supervisor",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        [item] = self._section("approvals", second)
        self.assertTrue(item["can_answer"])

    def test_before_the_first_month_there_is_nothing_of_it(self):
        second = self.env["res.company"].create({"name": "Second"})
        people = self.clerk | self.supervisor | self._look_up("auditor")
        people.company_ids += second
        of_month = {"waiting", "board", "blockers", "chain", "compare"}
        for user in people:
            cockpit = self.env["rd.cockpit"].with_user(user).with_company(second)
            for page in cockpit.read_page()["pages"]:
                content = cockpit.read_page(page=page["code"])
                found = {section["code"] for section in content["sections"]}
                self.assertFalse(found & of_month, (user.login, page))
                self.assertTrue(content["is_first"])

    @freeze_time("2026-10-05 08:00:00")
    def test_what_a_role_may_no_longer_read_is_left_out(self):
        order = self._create_order([(self.parts[0], 50, 10.0)])
        self._deliver(order, {self.parts[0]: 10}, "N-1", date(2026, 9, 10))
        self.env.flush_all()
        auditor = self._look_up("auditor")
        before = self._codes(self.supervisor) | self._codes(auditor)
        self.assertLessEqual({"approvals", "compare", "chain"}, before)
        models = [
            "rd.approval",
            "rd.close.freeze",
            "rd.cron.incident",
            "rd.dispatched.report",
            "rd.shipping.expected",
        ]
        access = self.env["ir.model.access"].sudo()
        access.search([("model_id.model", "in", models)]).perm_read = False
        after = self._codes(self.supervisor) | self._codes(auditor)
        self.assertEqual(before - after, {"approvals", "compare", "chain"})
        self.assertEqual(self._section("risks", self.supervisor), [])

    @freeze_time("2026-10-05 08:00:00")
    def test_who_may_not_read_pauses_gets_his_pages_without_them(self):
        close = self.close.with_user(self.clerk)
        close.action_pause("audit")
        close.action_pause("their stock-taking", self.affiliate.id)
        auditor = self._look_up("auditor")
        people = self.clerk | self.supervisor | auditor
        before = {user: self._codes(user) for user in people}
        self.assertIn("audit", self._page()["month"]["paused"])
        access = self.env["ir.model.access"].sudo()
        access.search([("model_id.model", "=", "rd.close.pause")]).perm_read = False
        for user in people:
            self.assertEqual(self._codes(user), before[user], user.login)
            self.assertFalse(self._page(user)["month"]["paused"])
        self.assertFalse(self._affiliate(self.affiliate)["paused"])
        self.assertFalse(self._section("kept", auditor))
        # it is kept from the reader, not from the run
        self.assertFalse(self.close._get_due_partners())

    def _codes(self, user):
        """Return what is on all pages of a user."""
        pages = (
            self._page(user, page=one["code"]) for one in self._page(user)["pages"]
        )
        return {section["code"] for page in pages for section in page["sections"]}

    def test_the_auditor_finds_what_is_kept(self):
        self.close.with_user(self.clerk).action_pause("audit")
        kept = self._section("kept", self._look_up("auditor"))
        self.assertEqual([(row["key"], row["count"]) for row in kept], [("pauses", 1)])
        pause = self._rows(kept[0]["action"])
        self.assertEqual(pause.reason, "audit")

    def test_a_page_opens_without_the_action_that_runs_the_months(self):
        self.env.ref("rd_sales_admin.ir_cron_close").sudo().unlink()
        page = self._page()
        self.assertEqual(page["month"]["name"], "2026-09")
        self.assertFalse(page["running"])

    @freeze_time("2026-10-05 08:00:00")
    def test_a_promised_day_that_is_past_is_late(self):
        floor = self._look_up("floor")
        department = self.env["rd.department"].create(
            {
                "name": "Tool room",
                "company_id": self.company.id,
                "member_ids": [Command.set(floor.ids)],
            }
        )
        order = self._create_order([(self.parts[0], 5, 10.0)])
        releases = self.env["rd.order.release"]
        release = releases.create(
            {
                **releases._prepare_of_order(order),
                "department_id": department.id,
                "wanted_date": date(2026, 10, 20),
            }
        )
        release._as_internal().write(
            {"state": "accepted", "promised_date": date(2026, 10, 4)}
        )
        [row] = self._section("own", floor)
        self.assertEqual((row["key"], row["count"], row["late"]), ("in_hand", 1, 1))
        self.assertEqual(row["due"], format_date(self.env, date(2026, 10, 4)))

    @freeze_time("2026-10-20 08:00:00")
    def test_late_work_names_who_has_it(self):
        rows = self._section("late", self.supervisor)
        steps = next(row for row in rows if row["key"] == "steps_warehouse")
        self.assertEqual((steps["who"], steps["count"]), ("Warehouse", 2))
        self.assertEqual(
            self._rows(steps["action"]),
            self._step(self.affiliate) | self._step(self.other),
        )


@tagged("post_install", "-at_install")
class TestPause(CockpitCommon):
    """A pause halts what runs by itself, and nothing else."""

    @freeze_time("2026-10-05 08:00:00")
    def test_paused_affiliate_is_left_out_until_it_goes_on(self):
        close = self.close.with_user(self.clerk)
        close.action_pause("their stock-taking", self.affiliate.id)
        self.assertEqual(self.close._get_due_partners(), self.other)
        close.action_resume("stock-taking is over", self.affiliate.id)
        self.assertIn(self.affiliate, self.close._get_due_partners())
        pause = self.env["rd.close.pause"].search([])
        self.assertEqual(
            (pause.paused_by_id, pause.resumed_by_id, pause.resume_reason),
            (self.clerk, self.clerk, "stock-taking is over"),
        )
        self.assertIn("their stock-taking", self.close.message_ids[1].body)

    @freeze_time("2026-10-05 08:00:00")
    def test_paused_company_runs_nothing(self):
        self.close.with_user(self.clerk).action_pause("audit")
        self.assertFalse(self.close._get_due_partners())
        self.assertIn("audit", self._page()["month"]["paused"])

    @freeze_time("2026-10-05 08:00:00")
    def test_pause_in_the_middle_of_a_run_is_heeded(self):
        self.close.action_pause("now", self.affiliate.id)
        with patch(LISTS, lambda self, partner: Outcome(True)):
            for partner in (self.affiliate, self.other):
                self.env["rd.close"]._run_in_transaction(self.close.id, partner.id)
        self.assertEqual(self._step(self.affiliate).state, "todo")
        self.assertEqual(self._step(self.other).state, "done")

    @freeze_time("2026-10-05 08:00:00")
    def test_pause_while_it_is_collected_is_heeded(self):
        self.close.action_pause("now", self.affiliate.id)
        for partner in (self.affiliate, self.other):
            self.close._collect_partner(partner)
        self.assertFalse(self._step(self.affiliate).collected_date)
        self.assertTrue(self._step(self.other).collected_date)

    def test_pause_is_of_an_affiliate_of_the_month(self):
        stranger = self.env["res.partner"].create({"name": "Harbour"})
        with self.assertRaisesRegex(UserError, "2026-09 has no steps of this"):
            self.close.with_user(self.clerk).action_pause("audit", stranger.id)
        self.assertFalse(self.env["rd.close.pause"].search([]))

    def test_pause_needs_a_reason_and_the_desk(self):
        with self.assertRaisesRegex(UserError, "why"):
            self.close.with_user(self.clerk).action_pause(" ")
        auditor = self._create_user("auditor")
        with self.assertRaises(AccessError):
            self.close.with_user(auditor).action_pause("no")

    def test_pause_is_once_and_stays(self):
        for _turn in range(2):
            self.close.action_pause("once", self.affiliate.id)
        pause = self.env["rd.close.pause"].search([])
        self.assertEqual(len(pause), 1)
        with self.assertRaises(UserError):
            pause.reason = "another"
        with self.assertRaises(UserError):
            pause.unlink()
        with self.assertRaisesRegex(UserError, "stays on record; resume it"):
            pause.sudo().unlink()
