# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Deliveries are collected day by day; nothing else happens before the cut-off."""

from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReconciliationCommon

RUNNER = "odoo.addons.rd_sales_admin.models.ir_cron"


@tagged("post_install", "-at_install")
class TestCollect(ReconciliationCommon):
    """What the scheduled action takes into the drafts of the open months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Companies of the database's other data are none of the desk's here.
        others = cls.env["res.company"].sudo().search([("id", "!=", cls.company.id)])
        others.write({"rd_start_date": False})
        cls.part = cls.parts[0]
        cls.order = cls._create_order([(cls.part, 500, 10.0)])
        cls.env["rd.opening"]._ensure(cls.company)

    def _run(self, moment):
        with freeze_time(moment):
            self._run_parted("rd.close")

    def _get_statement(self, month):
        return self.env["rd.statement"].search(
            [
                ("partner_id", "=", self.affiliate.id),
                ("close_id.month", "=", month),
                ("state", "!=", "cancelled"),
            ]
        )

    def _get_steps(self, month):
        steps = self.env["rd.close.step"].search(
            [("partner_id", "=", self.affiliate.id), ("close_id.month", "=", month)]
        )
        return {step.code: step.state for step in steps}

    def _notes(self, month):
        return sorted(self._get_statement(month)._lines().mapped("note"))

    def _ship(self, note, day, quantity=10):
        return self._deliver(self.order, {self.part: quantity}, note, day)

    # ------------------------------------------------------------------
    # At the cut-off
    # ------------------------------------------------------------------
    def test_what_was_said_in_the_month_is_on_the_statement(self):
        """A line of the first days goes out with what order, customer and period say
        by the cut-off, and with what they confirmed as it arrived."""
        picking = self._ship("CO-1", date(2026, 9, 3))
        self._run(datetime(2026, 9, 4, 2))
        [line] = self._get_statement(date(2026, 9, 1))._lines()
        self.assertEqual((line.customer_order, line.verdict), ("PO-1", "pending"))
        self.order.client_order_ref = "PO-77"
        buyer = self._make_portal("co_buyer", self.affiliate, "purchasing")
        with freeze_time(datetime(2026, 9, 5, 2)):
            picking._rd_confirm_by_portal(buyer, {picking.move_ids.id: 10}, "192.0.2.7")
        self.affiliate.rd_cutoff_day = 25
        self._run(datetime(2026, 9, 26, 2))
        statement = self._get_statement(date(2026, 9, 1))
        [line] = statement._lines()
        self.assertEqual(line.customer_order, "PO-77")
        self.assertTrue(line.pre_confirmed)
        self.assertEqual(line.verdict, "confirmed")
        self.assertEqual(statement.date_to, date(2026, 9, 25))

    # ------------------------------------------------------------------
    # Before the cut-off
    # ------------------------------------------------------------------
    def test_each_day_takes_what_was_dispatched(self):
        """Fails when nothing is collected before the cut-off."""
        self._ship("DN-1", date(2026, 9, 3))
        self._run("2026-09-03 12:00:00")
        self.assertEqual(self._notes(date(2026, 9, 1)), ["DN-1"])
        self._ship("DN-2", date(2026, 9, 4))
        self._run("2026-09-04 12:00:00")
        self.assertEqual(self._notes(date(2026, 9, 1)), ["DN-1", "DN-2"])
        statement = self._get_statement(date(2026, 9, 1))
        self.assertEqual((statement.state, statement.amount_untaxed), ("draft", 200))

    def test_nothing_else_happens_before_the_cut_off(self):
        """All switches are on and their ledger is here; the steps wait all the same."""
        for act in ("agree", "invoice", "post"):
            self.company[f"rd_auto_{act}_affiliate"] = True
        self._ship("DN-1", date(2026, 9, 3))
        self._run("2026-09-03 12:00:00")
        statement = self._get_statement(date(2026, 9, 1))
        row = ("2026-09-03", "DN-1", "P-100", 10, 113)
        self._read_ledger(statement, [row])
        self._run("2026-09-30 15:59:00")
        self.assertEqual(set(self._get_steps(date(2026, 9, 1)).values()), {"todo"})
        self.assertEqual(statement.state, "draft")
        self.assertFalse(statement.match_ids)
        self._run("2026-09-30 16:00:00")
        self.assertEqual(statement.state, "invoiced")

    @freeze_time("2026-09-30 15:59:00")
    def test_a_draft_is_mailed_when_its_period_is_over(self):
        self._ship("DN-1", date(2026, 9, 3))
        self._run("2026-09-03 12:00:00")
        self.affiliate.email = "ap@northern.example"
        statement = self._get_statement(date(2026, 9, 1)).with_user(self.clerk)
        work = self._get_work()
        self.assertFalse(work & statement)
        wizard = (
            self.env["rd.statement.send"]
            .with_user(self.clerk)
            .with_context(active_model="rd.statement", active_ids=statement.ids)
            .create({})
        )
        self.assertIn("is collected until", wizard.line_ids.missing)
        with self.assertRaisesRegex(UserError, "send it from the day after"):
            statement.action_send_mail()
        self.assertEqual(statement.state, "draft")
        with freeze_time("2026-09-30 16:00:00"):
            self.assertTrue(self._get_work() & statement)
            statement.action_send_mail()
        self.assertEqual(statement.state, "sent")

    def _get_work(self):
        deputy = self.env["rd.deputy"].new(
            {"company_id": self.company.id, "user_id": self.clerk.id}
        )
        queues = {queue.code: queue for queue in deputy._get_queues()}
        return self.env["rd.statement"].search(queues["statements_draft"].domain)

    def test_a_period_begins_after_the_cut_off_before(self):
        self.affiliate.rd_cutoff_day = 25
        self._ship("DN-1", date(2026, 9, 26))
        self._run("2026-10-01 04:00:00")
        self.assertFalse(self._get_statement(date(2026, 9, 1)))
        self.assertEqual(self._notes(date(2026, 10, 1)), ["DN-1"])

    # ------------------------------------------------------------------
    # After it
    # ------------------------------------------------------------------
    def test_signed_after_the_build_and_before_sending(self):
        """Fails when a draft takes nothing after the day on which it was built."""
        self.affiliate.rd_basis = "signed"
        first, second = (
            self._ship(note, date(2026, 9, day))
            for note, day in (("DN-1", 10), ("DN-2", 28))
        )
        nothing = self.env["ir.attachment"]
        first._rd_sign("Li Si", datetime(2026, 9, 12, 4), nothing, {})
        self._run("2026-10-01 04:00:00")
        self.assertEqual(self._notes(date(2026, 9, 1)), ["DN-1"])
        with freeze_time("2026-10-03 04:00:00"):
            second._rd_sign("Li Si", datetime(2026, 9, 29, 4), nothing, {})
        self._run("2026-10-04 04:00:00")
        self.assertEqual(self._notes(date(2026, 9, 1)), ["DN-1", "DN-2"])
        self.assertFalse(self._get_statement(date(2026, 10, 1)))

    def test_a_price_approved_after_the_delivery_is_found(self):
        """Fails when a line keeps waiting for the price it lacked on its first day."""
        agreed = "_rd_get_agreed_price"
        lines = type(self.env["sale.order.line"])
        self._ship("DN-1", date(2026, 9, 3))
        with patch.object(lines, agreed, lambda line, day: (False, "")):
            self._run("2026-09-03 12:00:00")
            statement = self._get_statement(date(2026, 9, 1))
            item = statement.difference_ids
            self.assertEqual((item.code, item.state), ("price", "open"))
        self._run("2026-09-04 12:00:00")
        self.assertEqual(statement._lines().verdict, "pending")
        self.assertEqual((statement.amount_untaxed, item.state), (100, "agreed"))

    def test_what_has_gone_out_takes_nothing_more(self):
        self._ship("DN-1", date(2026, 9, 10))
        self._run("2026-10-01 04:00:00")
        with freeze_time("2026-10-01 05:00:00"):
            self._get_statement(date(2026, 9, 1)).action_send()
        self._ship("DN-2", date(2026, 9, 28))
        self._run("2026-10-02 04:00:00")
        self.assertEqual(self._notes(date(2026, 9, 1)), ["DN-1"])
        line = self._get_statement(date(2026, 10, 1))._lines()
        self.assertEqual((line.note, line.late), ("DN-2", True))

    def test_what_comes_to_a_matched_draft_is_matched_too(self):
        """Fails when a line that came later waits for a match that is done."""
        self._ship("DN-1", date(2026, 9, 10))
        self._run("2026-10-01 04:00:00")
        statement = self._get_statement(date(2026, 9, 1))
        rows = [
            ("2026-09-10", "DN-1", "P-100", 10, 113),
            ("2026-09-28", "DN-2", "P-100", 10, 113),
        ]
        with freeze_time("2026-10-02 04:00:00"):
            self._read_ledger(statement, rows)
        self._run("2026-10-02 04:00:00")
        self.assertEqual(self._get_steps(date(2026, 9, 1))["match"], "done")
        self.assertEqual(len(statement.difference_ids), 1)
        match = statement._lines().match_id
        match._as_internal().status = "manual"
        self._ship("DN-2", date(2026, 9, 28))
        self._run("2026-10-03 04:00:00")
        first, second = statement._lines().sorted("note")
        self.assertEqual((first.verdict, first.match_id), ("confirmed", match))
        self.assertEqual((second.verdict, second.match_id.code), ("confirmed", "match"))
        self.assertFalse(statement.difference_count)

    def test_nothing_was_delivered_until_it_was(self):
        """The steps that had nothing to do are run again."""
        self._run("2026-10-01 04:00:00")
        self.assertEqual(set(self._get_steps(date(2026, 9, 1)).values()), {"done"})
        self._ship("DN-1", date(2026, 9, 28))
        self._run("2026-10-02 04:00:00")
        self.assertEqual(self._notes(date(2026, 9, 1)), ["DN-1"])
        self.assertEqual(self._get_steps(date(2026, 9, 1))["match"], "waiting")

    def test_cancelled_by_a_person_is_not_made_again(self):
        self._ship("DN-1", date(2026, 9, 28))
        self._run("2026-10-01 04:00:00")
        self._get_statement(date(2026, 9, 1)).action_cancel()
        self._run("2026-10-02 04:00:00")
        self.assertFalse(self._get_statement(date(2026, 9, 1)))

    # ------------------------------------------------------------------
    # How it runs
    # ------------------------------------------------------------------
    def test_once_a_day_until_woken(self):
        """The company's own step has nothing to be collected."""
        self.patch(type(self.env["rd.close"]), "_wants_figures", lambda close: True)
        self._run("2026-09-03 12:00:00")
        self._ship("DN-1", date(2026, 9, 3))
        self._run("2026-09-03 13:00:00")
        self.assertFalse(self._get_statement(date(2026, 9, 1)))
        close = self.env["rd.close"].search(
            [("company_id", "=", self.company.id), ("month", "=", date(2026, 9, 1))]
        )
        close._wake(self.affiliate)
        self._run("2026-09-03 14:00:00")
        self.assertEqual(self._notes(date(2026, 9, 1)), ["DN-1"])
        own = close.step_ids.filtered(
            lambda step: step.partner_id == self.company.partner_id
        )
        self.assertEqual((len(own), own.collected_date), (1, False))

    def test_paused_or_left_open_is_not_collected(self):
        self._ship("DN-1", date(2026, 9, 3))
        with freeze_time("2026-09-03 12:00:00"):
            close = self.env["rd.close"]._open_months(self.company)
            close.action_pause("stock-taking", self.affiliate.id)
        self._run("2026-09-03 12:00:00")
        self.assertFalse(self._get_statement(date(2026, 9, 1)))
        close.action_resume("it is over", self.affiliate.id)
        steps = close.step_ids.filtered(lambda one: one.partner_id == self.affiliate)
        steps[0]._record("done", "", "")
        steps[1].with_user(self.supervisor).action_leave_open("their system is down")
        self._run("2026-09-04 12:00:00")
        self.assertFalse(self._get_statement(date(2026, 9, 1)))
        with freeze_time("2026-09-04 13:00:00"):
            self.assertFalse(close._get_partners_to_collect(), "in no run again")

    def test_before_the_opening_list_is_approved_nothing_is_stated(self):
        opening = self.env["rd.opening"].search([("company_id", "=", self.company.id)])
        opening._as_internal().write({"state": "draft"})
        self._ship("DN-1", date(2026, 9, 3))
        self._run("2026-09-03 12:00:00")
        self.assertFalse(self._get_statement(date(2026, 9, 1)))

    def test_who_fails_is_an_incident_and_stops_nobody(self):
        """Nor does October take what September could not."""
        other = self.env["res.partner"].create(
            {"name": "Southern Works", "rd_partner_class": "affiliate"}
        )
        for partner, note in ((self.affiliate, "DN-1"), (other, "DN-2")):
            order = self._create_order([(self.part, 50, 10.0)], partner_id=partner.id)
            self._deliver(order, {self.part: 10}, note, date(2026, 9, 10))
        statements = type(self.env["rd.statement"])
        build, bad = statements._build, self.affiliate
        cron = self.env.ref("rd_sales_admin.ir_cron_close")

        def fail(model, close, partner):
            if partner == bad and close.month == date(2026, 9, 1):
                raise ZeroDivisionError
            return build(model, close, partner)

        with (
            freeze_time("2026-10-05 04:00:00"),
            mute_logger(RUNNER, "odoo.addons.rd_sales_admin.models.rd_close_step"),
            patch.object(statements, "_build", fail),
        ):
            self._run_in_turns(cron)
        found = self.env["rd.statement"].search(
            [("partner_id", "in", (bad | other).ids)]
        )
        self.assertEqual(found.partner_id, other)
        incident = self.env["rd.cron.incident"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", bad.id)]
        )
        self.assertEqual((incident.kind, incident.company_id), ("failed", self.company))
        with freeze_time("2026-10-06 04:00:00"):
            self._run_in_turns(cron)
        self.assertTrue(incident.ended_date)
        self.assertEqual(self._notes(date(2026, 9, 1)), ["DN-1"])

    def test_a_quiet_day_costs_the_same_whatever_is_stated(self):
        def count(day):
            self._run(f"2026-09-{day} 12:00:00")
            self.env.flush_all()
            self.env.invalidate_all()
            with freeze_time(f"2026-09-{day + 1} 12:00:00"):
                close = self._get_statement(date(2026, 9, 1)).close_id
                before = self.env.cr.sql_log_count
                close._collect_partner(self.affiliate)
                self.env.flush_all()
                return self.env.cr.sql_log_count - before

        for number in range(3):
            self._ship(f"DN-{number}", date(2026, 9, 3), 1)
        few = count(4)
        for number in range(3, 60):
            self._ship(f"DN-{number}", date(2026, 9, 8), 1)
        self.assertLessEqual(count(9), few)
        self.assertEqual(len(self._notes(date(2026, 9, 1))), 60)

    # ------------------------------------------------------------------
    # The basis
    # ------------------------------------------------------------------
    @freeze_time("2026-09-10 04:00:00")
    def test_another_basis_leaves_what_somebody_has_said(self):
        self._ship("DN-1", date(2026, 9, 3))
        self._run("2026-09-09 12:00:00")
        statement = self._get_statement(date(2026, 9, 1))
        self._read_ledger(statement, [("2026-09-03", "DN-1", "P-100", 8, 90.4)])
        statement.action_match()
        statement.difference_ids.with_user(self.clerk).action_keep_ours()
        with (
            self.assertRaisesRegex(UserError, "rests on the present basis"),
            self.env.cr.savepoint(),
        ):
            self.affiliate.rd_basis = "signed"
        self.assertEqual(statement._lines().verdict, "confirmed")
        self.assertEqual(statement.basis, "dispatched")

    @freeze_time("2026-09-10 04:00:00")
    def test_another_basis_collects_anew_what_nobody_has_seen(self):
        """A draft that is always there does not bind the customer to his basis."""
        self._ship("DN-1", date(2026, 9, 3))
        self._run("2026-09-09 12:00:00")
        self.affiliate.rd_basis = "signed"
        self._run("2026-09-10 12:00:00")
        statement = self._get_statement(date(2026, 9, 1))
        self.assertFalse(statement._lines())
        sent = self.order.picking_ids.filtered(lambda one: one.state == "done")
        nothing = self.env["ir.attachment"]
        sent._rd_sign("Li Si", datetime(2026, 9, 10, 4), nothing, {})
        self._run("2026-09-11 12:00:00")
        self.assertEqual(statement._lines().date, date(2026, 9, 10))
        self.assertEqual(statement.basis, "signed")
        with freeze_time("2026-10-01 12:00:00"):
            with self.assertRaisesRegex(UserError, "rests on the present basis"):
                self.affiliate.rd_basis = "dispatched"
