# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_cockpit import CockpitCommon

RUNNER = "odoo.addons.rd_sales_admin.models.ir_cron"
NOW = datetime(2026, 10, 5, 8)


@tagged("post_install", "-at_install")
class TestCronHealth(CockpitCommon):
    """What runs by itself is looked after; each incident is told once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("rd_sales_admin.ir_cron_remind_lists")
        cls.look = cls.env.ref("rd_sales_admin.ir_cron_health")
        healths = cls.env["rd.cron.health"].search([])
        cls.crons = cls.env["ir.cron"].browse(healths.ids)
        cls._set_times(cls.crons, NOW - timedelta(minutes=30))

    @classmethod
    def _set_times(cls, crons, last):
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE ir_cron SET active = TRUE, failure_count = 0, lastcall = %s,"
            " nextcall = %s WHERE id = ANY(%s)",
            [last, last + timedelta(hours=1), crons.ids],
        )
        cls.env.invalidate_all()

    def _health(self):
        self.env.invalidate_all()
        return self.env["rd.cron.health"].browse(self.cron.id)

    def _incidents(self, **values):
        own = [("cron_id", "=", self.cron.id)]
        return self.env["rd.cron.incident"].search(
            own + [(name, "=", value) for name, value in values.items()]
        )

    @freeze_time(NOW)
    def test_all_of_the_desks_actions_are_looked_after(self):
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.cron"), ("module", "=like", "rd\\_%")]
        )
        self.assertEqual(set(data.mapped("res_id")), set(self.crons.ids))
        self.assertIn(self.look, self.crons)
        states = self.env["rd.cron.health"].search([]).mapped("state")
        self.assertEqual(set(states), {"1_well"})
        kinds = self._health().fields_get(["interval_type"])["interval_type"]
        self.assertIn(("days", "Days"), kinds["selection"])

    @freeze_time(NOW)
    def test_late_begins_two_hours_after_its_time(self):
        self.cron.nextcall = NOW - timedelta(hours=2)
        self.env.flush_all()
        self.assertEqual(self._health().state, "1_well")
        self.cron.nextcall = NOW - timedelta(hours=2, seconds=1)
        self.env.flush_all()
        self.assertEqual(self._health().state, "2_late")

    @freeze_time(NOW)
    def test_switched_off_is_told_once_and_ends_when_it_is_on(self):
        self.cron.active = False
        self.env.flush_all()
        for _turn in range(3):
            self.env["rd.cron.incident"]._cron_look()
        incident = self._incidents()
        self.assertEqual((len(incident), incident.kind), (1, "off"))
        told = incident.activity_ids.filtered(
            lambda one: one.user_id == self.supervisor
        )
        self.assertEqual(len(told), 1)
        self._health().with_user(self.supervisor).action_switch_on()
        self.assertTrue(self.cron.active)
        self.assertTrue(incident.ended_date)
        self.assertFalse(incident.activity_ids)
        self.assertEqual(incident.message_ids[0].author_id, self.supervisor.partner_id)

    @freeze_time(NOW)
    def test_failure_is_an_incident_of_its_own_each_time(self):
        for _turn in range(2):
            self.cron.write({"failure_count": 1, "first_failure_date": NOW})
            self.env.flush_all()
            self.env["rd.cron.incident"]._cron_look()
            self.cron.write({"failure_count": 0, "first_failure_date": False})
            self.env.flush_all()
            self.env["rd.cron.incident"]._cron_look()
        incidents = self._incidents(kind="failed")
        self.assertEqual(len(incidents), 2)
        self.assertTrue(all(incidents.mapped("ended_date")))

    @freeze_time(NOW)
    def test_who_looks_is_looked_after_by_the_close(self):
        self.look.active = False
        self.env.flush_all()
        self.env["rd.cron.incident"]._look()
        found = self.env["rd.cron.incident"].search([("cron_id", "=", self.look.id)])
        self.assertEqual(found.kind, "off")
        source = type(self.env["rd.close"])._cron_run
        self.assertIn("rd_close_health", source.__module__)

    @freeze_time(NOW)
    def test_standstill_is_shown_until_all_is_caught_up(self):
        self._set_times(self.crons, NOW - timedelta(days=3))
        self.env["rd.cron.incident"]._cron_look()
        down = self.env["rd.cron.incident"].search([])
        # One alert for the standstill, not one for each action that is behind.
        self.assertEqual(down.mapped("kind"), ["down"])
        rows = {row["key"]: row for row in self._section("health", self.supervisor)}
        self.assertIn("still behind", rows[f"down_{down.id}"]["detail"])
        self._set_times(self.crons, NOW)
        self.env["rd.cron.incident"]._cron_look()
        self.assertTrue(down.ended_date)

    def test_after_a_standstill_what_stays_behind_is_late_all_the_same(self):
        with freeze_time(NOW):
            self._set_times(self.crons, NOW - timedelta(days=3))
            self.env["rd.cron.incident"]._cron_look()
        with freeze_time(NOW + timedelta(hours=3)):
            self._set_times(self.crons - self.cron, NOW + timedelta(hours=3))
            self.env["rd.cron.incident"]._cron_look()
            self.assertEqual(self._incidents().mapped("kind"), ["late"])

    @freeze_time(NOW)
    def test_page_offers_the_supervisor_what_helps(self):
        self.cron.active = False
        self.env.flush_all()
        key = f"cron_{self.cron.id}"
        rows = {row["key"]: row for row in self._section("health", self.supervisor)}
        [button] = rows[key]["buttons"]
        self.assertEqual(button["method"], "action_switch_on")
        rows = {row["key"]: row for row in self._section("health", self.clerk)}
        self.assertFalse(rows[key]["buttons"])
        with self.assertRaises(AccessError):
            self._health().with_user(self.clerk).action_switch_on()

    def test_a_supervisor_reaches_the_desks_actions_only(self):
        foreign = self.env.ref("base.autovacuum_job")
        foreign.active = False
        self.env.flush_all()
        triggers = self.env["ir.cron.trigger"].search_count([])
        health = self.env["rd.cron.health"].browse(foreign.id)
        health = health.with_user(self.supervisor)
        health.action_switch_on()
        health.action_run_now()
        self.assertFalse(foreign.active)
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers)

    def test_incident_is_changed_by_nobody(self):
        self.cron.active = False
        self.env.flush_all()
        self.env["rd.cron.incident"]._look()
        incident = self._incidents()
        with self.assertRaises(UserError):
            incident.ended_date = NOW
        with self.assertRaises(UserError):
            incident.unlink()
        with self.assertRaisesRegex(UserError, "stays on record"):
            incident.sudo().unlink()

    # ------------------------------------------------------------------
    # Records that fail inside a run
    # ------------------------------------------------------------------
    def _run_each(self, records, bad=None, run=1):
        def act(record):
            if record == bad:
                raise ZeroDivisionError

        crons = self.env["ir.cron"].with_context(
            cron_id=self.cron.id, ir_cron_progress_id=run
        )
        with self._parted(), mute_logger(RUNNER):
            crons._rd_run_each(records, act)
        self.env.invalidate_all()

    @freeze_time(NOW)
    def test_a_record_that_fails_is_told_once_until_it_runs_well(self):
        """Fails when what fails inside a run is only in the log."""
        partners = self.affiliate | self.other
        for run in (1, 2):
            self._run_each(partners, self.other, run)
        incident = self._incidents(kind="failed")
        self.assertRecordValues(
            incident,
            [
                {
                    "res_model": "res.partner",
                    "res_id": self.other.id,
                    "ended_date": False,
                    "run_no": 2,
                }
            ],
        )
        self.assertIn(self.other.name, incident.name)
        told = incident.activity_ids.filtered(
            lambda one: one.user_id == self.supervisor
        )
        self.assertEqual(len(told), 1)
        self.assertRecordValues(
            self._health(), [{"state": "3_failed", "failing_count": 1, "since": NOW}]
        )
        rows = {row["key"]: row for row in self._section("health", self.supervisor)}
        self.assertIn("it fails: 1;", rows[f"cron_{self.cron.id}"]["detail"])
        self.env["rd.cron.incident"]._cron_look()
        self.assertEqual(self._incidents(), incident, "no second one for the action")
        self.assertFalse(incident.ended_date)
        self._run_each(partners, run=3)
        self.assertEqual(incident.ended_date, NOW)
        self.assertFalse(incident.activity_ids)
        self.assertEqual(self._health().state, "1_well")

    @freeze_time(NOW)
    def test_the_record_that_failed_is_opened(self):
        self._run_each(self.affiliate | self.other, self.other)
        incident = self._incidents(kind="failed").with_user(self.supervisor)
        action = incident.action_open_record()
        self.assertEqual(action["res_model"], "res.partner")
        self.assertEqual(action["res_id"], self.other.id)
        gone = self.env["res.partner"].create({"name": "Passing"})
        self._run_each(gone, gone, 2)
        gone.unlink()
        incident = self._incidents(kind="failed") - incident
        with self.assertRaisesRegex(UserError, "Passing.* is not there any more"):
            incident.with_user(self.supervisor).action_open_record()
        self.cron.active = False
        self.env.flush_all()
        self.env["rd.cron.incident"]._look()
        off = self._incidents().filtered(lambda one: not one.res_model)
        with self.assertRaisesRegex(UserError, "is about no single record"):
            off.with_user(self.supervisor).action_open_record()

    @freeze_time(NOW)
    def test_a_record_that_comes_up_no_more_is_well(self):
        self._run_each(self.other, self.other, 1)
        progress = self.env["ir.cron.progress"].create(
            {"cron_id": self.cron.id, "remaining": 1, "done": 0}
        )
        incident = self._incidents()
        incident.sudo()._as_internal().run_no = progress.id - 1
        self.env["rd.cron.incident"]._look()
        self.assertFalse(incident.ended_date, "the run is not over")
        progress.remaining = 0
        self.env["rd.cron.incident"]._look()
        self.assertTrue(incident.ended_date)

    @freeze_time(NOW)
    def test_a_record_is_told_to_its_own_company_only(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._run_each(other, other)
        incident = self._incidents()
        self.assertEqual(incident.company_id, other)
        self.assertFalse(
            incident.activity_ids.filtered(lambda one: one.user_id == self.supervisor)
        )
        own = self.env["rd.cron.incident"].with_user(self.supervisor)
        self.assertFalse(own.search([("id", "=", incident.id)]))

    @freeze_time(NOW)
    def test_what_belongs_to_no_company_is_told_to_all(self):
        unit = self.env.ref("uom.product_uom_unit")
        self._run_each(unit, unit)
        incident = self._incidents()
        self.assertEqual((incident.res_id, incident.company_id.id), (unit.id, False))
        own = self.env["rd.cron.incident"].with_user(self.supervisor)
        self.assertEqual(own.search([("id", "=", incident.id)]), incident)

    @freeze_time(NOW)
    def test_a_customer_of_two_companies_fails_in_each(self):
        """Fails when the second company hears nothing, or the success of one ends
        the incident of the other."""
        second = self.env["res.company"].create({"name": "Second"})
        boss = new_test_user(
            self.env,
            login="rd_boss",
            groups="rd_sales_admin.rd_sales_admin_group_supervisor",
            company_id=second.id,
            company_ids=[Command.set(second.ids)],
        )
        here = self.affiliate.with_company(self.company)
        there = self.affiliate.with_company(second)
        for record in (here, there):
            self._run_each(record, self.affiliate)
        first = self._incidents(company_id=self.company.id)
        other = self._incidents(company_id=second.id)
        self.assertEqual((len(first), len(other)), (1, 1))
        self.assertNotIn(boss, first.activity_ids.user_id)
        self.assertIn(boss, other.activity_ids.user_id)
        self._run_each(here, run=2)
        self.assertTrue(first.ended_date)
        self.assertFalse(other.ended_date)
        self._run_each(there, self.affiliate, run=2)
        self.assertRecordValues(other, [{"run_no": 2, "ended_date": False}])
        self._run_each(there, run=3)
        self.assertTrue(other.ended_date)
