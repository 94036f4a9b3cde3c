# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeskCommon
from .contract import ContractCase
from .handover_common import HandoverCommon

RUNNER = "odoo.addons.rd_sales_admin.models.ir_cron"
NOW = datetime(2026, 10, 5, 8)


class TurnsCommon(DeskCommon):
    """Two companies that run the desk, and supervisors of each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["res.company"].create({"name": "Second"})
        cls.second.write({"rd_start_date": date(2026, 9, 1), "rd_tz": "Asia/Shanghai"})
        cls.both = cls.company | cls.second
        cls.supervisor.company_ids = [Command.set(cls.both.ids)]
        # Companies of the database's other data are none of the desk's here.
        others = cls.env["res.company"].sudo().search([("id", "not in", cls.both.ids)])
        others.write({"rd_start_date": False})


@tagged("post_install", "-at_install")
class TestTurns(TurnsCommon):
    """What the time does not suffice for is done by the runs that follow."""

    def setUp(self):
        super().setUp()
        self.cron = self.env.ref("rd_sales_admin.ir_cron_remind_lists")
        self.partners = self.env["res.partner"].create(
            [{"name": name} for name in ("first", "second", "third")]
        )
        self.acts = []

    def _run(self, *calls, bad=(), seconds=0):
        """Run the action once over these records; return how much it has left."""

        def act(record):
            self.acts.append(record)
            if record in bad:
                raise ZeroDivisionError

        with self._run_of(self.cron, seconds) as cron, mute_logger(RUNNER):
            for records in calls:
                cron._rd_run_each(records.with_context(**cron.env.context), act)
            return cron._rd_get_progress().remaining

    def _incidents(self):
        return self.env["rd.cron.incident"].search([("cron_id", "=", self.cron.id)])

    @freeze_time(NOW)
    def test_a_run_goes_on_where_the_one_before_it_stopped(self):
        """Fails when each run begins with the first record."""
        self.assertEqual([self._run(self.partners) for _turn in range(3)], [2, 1, 0])
        self.assertEqual(self.acts, list(self.partners))
        self._run(self.partners)
        self.assertEqual(self.acts[3:], [self.partners[0]], "the next round")

    @freeze_time(NOW)
    def test_one_that_fails_holds_up_no_other(self):
        """Fails when the first is tried in each run, or its incident ends with the
        round in which it failed."""
        bad = self.partners[0]
        left = [self._run(self.partners, bad=bad) for _turn in range(3)]
        self.assertEqual(left, [2, 1, 0])
        self.assertEqual(self.acts, list(self.partners))
        self.env["rd.cron.incident"]._look()
        incident = self._incidents()
        self.assertEqual((len(incident), incident.ended_date), (1, False))
        for _turn in range(3):
            self._run(self.partners)
        self.assertTrue(incident.ended_date)

    @freeze_time(NOW)
    def test_what_follows_a_call_cut_short_is_left_as_well(self):
        """Fails when the second call forgets what the first one leaves."""
        first, second = self.partners[:2], self.partners[2]
        left = [self._run(first, second) for _turn in range(2)]
        self.assertEqual(left, [2, 0])
        self.assertEqual(self.acts, list(self.partners))

    def test_another_day_begins_anew(self):
        """Fails when what was done before midnight counts for the day after."""
        with freeze_time(NOW):
            self._run(self.partners)
        with freeze_time(NOW + timedelta(days=1)):
            for _turn in range(3):
                self._run(self.partners)
        self.assertEqual(self.acts, [self.partners[0], *self.partners])

    @freeze_time(NOW)
    def test_a_partner_has_a_turn_in_each_company(self):
        """Fails when who was dealt with for one company is left out for the next."""
        some = self.partners[:2]
        calls = [some.with_company(one) for one in self.both]
        left = [self._run(*calls) for _turn in range(3)]
        self.assertEqual(left, [3, 1, 0])
        self.assertEqual(
            [(record.env.company, record) for record in self.acts],
            [(one, record) for one in self.both for record in some],
        )

    @freeze_time(NOW)
    def test_an_action_that_stopped_ends_no_incident(self):
        """Fails when a run that broke off counts as one that met nothing bad."""
        self._run(self.partners, bad=self.partners[1], seconds=60)
        self.cron._add_progress()
        self.cron.failure_count = 1
        self.env.flush_all()
        self.env["rd.cron.incident"]._look()
        self.assertFalse(self._incidents().filtered("res_model").ended_date)

    @freeze_time(NOW)
    def test_a_record_that_fails_does_not_hide_that_the_action_stopped(self):
        """Fails when an action that no longer runs is shown and told as one with a
        record that fails."""
        self._run(self.partners, bad=self.partners[0], seconds=60)
        self.cron.write({"nextcall": NOW - timedelta(hours=3)})
        self.env.flush_all()
        health = self.env["rd.cron.health"].browse(self.cron.id)
        self.assertRecordValues(health, [{"state": "2_late", "failing_count": 1}])
        self.env["rd.cron.incident"]._look()
        self.assertEqual(set(self._incidents().mapped("kind")), {"failed", "late"})


@tagged("post_install", "-at_install")
class TestTurnsOfActions(TurnsCommon):
    """Each scheduled action ends, whatever its time, and leaves out nobody."""

    @freeze_time(NOW)
    def test_papers_of_the_second_company_are_looked_at(self):
        """Fails when only the first company's papers are looked at while that takes
        all the time."""
        seen = []
        dues = type(self.env["rd.document.due"])

        def refresh(_dues, company, *_args):
            seen.append(company)

        with patch.object(dues, "_refresh", refresh):
            self._run_in_turns(self.env.ref("rd_sales_admin.ir_cron_papers"))
        self.assertCountEqual(seen, self.both)

    def test_a_step_that_fails_is_told_until_it_runs_well(self):
        """Fails when the next step of the same company ends its incident."""
        cron = self.env.ref("rd_sales_admin.ir_cron_papers")
        dues = type(self.env["rd.document.due"])

        def remind(_dues, company):
            if company == self.second:
                raise ZeroDivisionError

        for day in range(2):
            with (
                freeze_time(NOW + timedelta(days=day)),
                patch.object(dues, "_remind", remind),
                mute_logger(RUNNER),
            ):
                self._run_in_turns(cron)
                self.env["rd.cron.incident"]._look()
        incident = self.env["rd.cron.incident"].search([("cron_id", "=", cron.id)])
        self.assertRecordValues(
            incident,
            [{"step": "remind", "company_id": self.second.id, "ended_date": False}],
        )
        told = incident.activity_ids.filtered(
            lambda one: one.user_id == self.supervisor
        )
        self.assertEqual(len(told), 1)
        with freeze_time(NOW + timedelta(days=2)):
            self._run_in_turns(cron)
        self.assertTrue(incident.ended_date)

    @freeze_time(NOW)
    def test_months_of_one_company_open_although_another_cannot(self):
        """Fails when a company whose month cannot be opened stops all others."""
        closes = type(self.env["rd.close"])
        opened = closes._open_months

        bad, good = self.both.search([("rd_start_date", "!=", False)])

        def open_months(records, company):
            if company == bad:
                raise ZeroDivisionError
            return opened(records, company)

        with patch.object(closes, "_open_months", open_months), mute_logger(RUNNER):
            self._run_in_turns(self.env.ref("rd_sales_admin.ir_cron_close"))
        months = self.env["rd.close"].search([("company_id", "in", self.both.ids)])
        self.assertEqual(months.company_id, good)

    @freeze_time(NOW)
    def test_what_a_month_keeps_is_in_the_language_of_its_company(self):
        """Fails when it is in that of the scheduled action's own user."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.both.partner_id.lang = "zh_CN"
        for action, model in (("close", "rd.close"), ("scorecard", "rd.scorecard")):
            self._run_in_turns(self.env.ref(f"rd_sales_admin.ir_cron_{action}"))
            records = self.env[model].search([("company_id", "in", self.both.ids)])
            with self.subTest(model=model):
                self.assertTrue(records)
                for message in records.message_ids:
                    self.assertIn("\u521b\u5efa", message.body)

    @freeze_time(NOW)
    def test_who_works_for_two_companies_gets_one_mail_of_both(self):
        """Fails when the mail of the first company takes the place of the second's."""
        user = new_test_user(
            self.env,
            login="rd_floor_both",
            email="both@example.com",
            groups="rd_sales_admin.rd_sales_admin_group_floor",
            company_id=self.company.id,
            company_ids=[Command.set(self.both.ids)],
        )
        releases = self.env["rd.order.release"]
        slips = {one: releases.browse(one.id) for one in self.both}
        mailed = []
        with (
            patch.object(
                type(releases),
                "_find_in_hand",
                lambda _self, company: {user: slips[company]},
            ),
            patch.object(
                type(releases),
                "_mail_person",
                lambda _self, one, orders, day: mailed.append((one, orders, day)),
            ),
        ):
            self._run_in_turns(self.env.ref("rd_sales_admin.ir_cron_floor_mail"))
        [(one, orders, day)] = mailed
        self.assertEqual((one, day), (user, date(2026, 10, 5)))
        self.assertEqual(set(orders.ids), set(self.both.ids))

    @freeze_time(NOW)
    def test_in_turns_the_same_is_done_as_in_one_go(self):
        """Fails when an action does not end, starves the last or does one twice."""
        healths = self.env["rd.cron.health"].search([])
        self.env["res.partner"].create(
            [
                {
                    "name": f"Affiliate {number}",
                    "rd_partner_class": "affiliate",
                    "rd_settlement_mode": "statement_confirm",
                }
                for number in range(2)
            ]
        )
        for cron in self.env["ir.cron"].browse(healths.ids):
            with self.subTest(action=cron.name):
                whole = self._count_turns(cron, seconds=600, undo=True)
                parted = self._count_turns(cron)
                self.assertEqual(parted, whole)

    def _count_turns(self, cron, seconds=0, undo=False):
        """Return how often each step was done for each kind of record and company."""
        crons = type(self.env["ir.cron"])
        run_one = crons._rd_run_one
        incidents = self.env["rd.cron.incident"]
        count = Counter()

        def note(self_, record, act, failed=None, step=False):
            if step != "find":
                company = incidents._get_companies(record)[record]
                count[record._name, step, company.id] += 1
            return run_one(self_, record, act, failed, step)

        savepoint = self.env.cr.savepoint()
        with patch.object(crons, "_rd_run_one", note):
            if seconds:
                with self._run_of(cron, seconds) as run:
                    server = run.env["ir.actions.server"]
                    server.browse(cron.ir_actions_server_id.id).run()
            else:
                self._run_in_turns(cron)
        savepoint.close(rollback=undo)
        return count


@tagged("post_install", "-at_install")
class TestTurnsOfContracts(ContractCase):
    """Of what runs for years only what is due has a turn."""

    @freeze_time(NOW)
    def test_only_contracts_with_something_due_have_a_turn(self):
        """Fails when each running contract is gone through, day after day."""
        today = self.company._rd_today()
        start = date(2026, 1, 1)
        near, quiet = (
            self._sign(
                self._create_contract(
                    kind="framework",
                    prices=[(part, 0, 10.0, start)],
                    date_to=today + timedelta(days=days),
                )
            )
            for part, days in ((self.p100, 3), (self.p200, 300))
        )
        gone = []
        contracts = type(near)
        clock = contracts._run_clock

        def note(contract):
            gone.append(contract.id)
            clock(contract)

        cron = self.env.ref("rd_sales_admin.ir_cron_contract")
        with patch.object(contracts, "_run_clock", note):
            self._run_in_turns(cron)
            self._run_in_turns(cron)
        self.assertEqual(gone.count(near.id), 1)
        self.assertNotIn(quiet.id, gone)
        self.assertEqual(near.warned_for, near.date_to)


@tagged("post_install", "-at_install")
class TestTurnsOfHandovers(HandoverCommon):
    @freeze_time(NOW)
    def test_only_papers_that_are_overdue_have_a_turn(self):
        """Fails when all papers asked for are gone through in each run."""
        handover = self._make_handover()
        handover.action_send()
        today = self.company._rd_today()
        lines = handover.line_ids.filtered(lambda one: not one.is_complete)
        lines._as_internal().write({"request_date": today})
        lines[:1]._as_internal().write({"request_date": today - timedelta(days=1)})
        gone = []
        patched = patch.object(
            type(lines), "_remind", lambda line, _day: gone.append(line.id)
        )
        with patched:
            self._run_in_turns(self.env.ref("rd_sales_admin.ir_cron_handover_remind"))
        self.assertGreater(len(lines), 1)
        self.assertEqual(gone, lines[:1].ids)
