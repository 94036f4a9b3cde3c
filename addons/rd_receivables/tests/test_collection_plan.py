# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.tests.common import DeskCommon

from .common import OTHERS
from .plan_common import EVE, MARCH, PlanCommon

SNAPSHOT = """
    SELECT line.item_id, line.item_name, line.partner_name, line.kind, line.due_date,
           line.opening_amount, line.planned_amount, line.planned_date, line.way,
           plan.baseline_hash, plan.snapshot_date
      FROM rd_collection_plan_line line
      JOIN rd_collection_plan plan ON plan.id = line.plan_id
     WHERE plan.id = %s
     ORDER BY line.item_id
"""


@tagged("post_install", "-at_install")
class TestCollectionPlan(PlanCommon):
    # ------------------------------------------------------------------
    # Proposing
    # ------------------------------------------------------------------
    def test_proposed_from_open_items(self):
        self._pay(self.overdue, 400, "2025-02-10")
        plan = self._propose()
        self.assertEqual(plan.snapshot_date, date(2025, 2, 28))
        self.assertRecordValues(
            plan.line_ids.sorted("opening_amount"),
            [
                {
                    "kind": "later",
                    "opening_amount": 70,
                    "planned_amount": 0,
                    "planned_date": False,
                },
                {
                    "kind": "due",
                    "opening_amount": 500,
                    "planned_amount": 500,
                    "planned_date": date(2025, 3, 20),
                },
                {
                    "kind": "overdue",
                    "opening_amount": 600,
                    "planned_amount": 600,
                    "planned_date": date(2025, 3, 15),
                },
            ],
        )
        self.assertEqual(plan.planned_amount, 1100)

    def test_what_waits_is_on_it_without_a_date(self):
        self.company.rd_tax_invoices = True
        self.outside.rd_due_anchor = "fapiao"
        move = self._create_open(30)
        line = self._line(self._propose(), move)
        self.assertRecordValues(
            line,
            [
                {
                    "kind": "waits",
                    "waits_for": "fapiao",
                    "due_date": False,
                    "planned_amount": 0,
                }
            ],
        )

    def test_proposed_anew_keeps_what_was_typed(self):
        plan = self._propose()
        line = self._line(plan, self.overdue)
        line.write({"planned_amount": 300, "planned_date": date(2025, 3, 28)})
        gone = self._line(plan, self.later)
        self._pay(self.later, 70, "2025-02-20")
        self._pay(self.due, 100, "2025-02-20")
        fresh = self._create_open(5, due="2025-03-09")
        with freeze_time(EVE):
            plan.action_propose()
        self.assertFalse(gone.exists())
        self.assertTrue(self._line(plan, fresh))
        self.assertEqual(self._line(plan, self.due).planned_amount, 400)
        self.assertRecordValues(
            line, [{"planned_amount": 300, "planned_date": date(2025, 3, 28)}]
        )

    def test_proposed_anew_follows_what_nobody_typed(self):
        """Fails when a day that was only proposed is taken for somebody's word."""
        plan = self._propose()
        line = self._line(plan, self.due)
        self.assertEqual(line.planned_date, date(2025, 3, 20))
        with freeze_time(EVE):
            self.due.invoice_date_due = "2025-03-27"
            promise = self.env["rd.promise"].create(
                {
                    "partner_id": self.outside.id,
                    "amount": 600,
                    "date": "2025-03-12",
                    "line_ids": [Command.set(self.overdue._rd_get_instalments().ids)],
                }
            )
            plan.action_propose()
        self.assertEqual(line.planned_date, date(2025, 3, 27))
        promised = self._line(plan, self.overdue)
        self.assertRecordValues(
            promised, [{"planned_date": date(2025, 3, 12), "planned_amount": 600}]
        )
        promise.action_withdraw()
        with freeze_time(EVE):
            plan.action_propose()
        self.assertRecordValues(
            promised, [{"planned_date": date(2025, 3, 15), "planned_amount": 1000}]
        )

    def test_by_itself_on_the_day(self):
        """Before the old month is closed, once, and after a missed day."""
        plans = self.env["rd.collection.plan"]
        self.company.rd_plan_day = 25
        with freeze_time("2025-02-24 15:59:00"), DeskCommon._parted(self):
            plans._cron_propose()
            self.assertFalse(plans.search([("company_id", "=", self.company.id)]))
        with (
            freeze_time("2025-02-24 16:00:00"),
            DeskCommon._parted(self),
        ):  # the 25th in Shanghai
            plans._cron_propose()
            plans._cron_propose()
        plan = plans.search([("company_id", "=", self.company.id)])
        self.assertEqual(plan.month, MARCH)
        self.assertEqual(len(plan.line_ids), 3)
        self.assertTrue(plan.activity_ids)
        self.assertEqual(plan.activity_ids.user_id, self.clerk)
        self.company.rd_plan_day = 31
        with freeze_time("2025-04-30 04:00:00"), DeskCommon._parted(self):
            plans._cron_propose()
        self.assertEqual(
            plans.search([("company_id", "=", self.company.id)]).mapped("month"),
            [date(2025, 5, 1), MARCH],
        )
        self.company.rd_plan_day = 0
        with freeze_time("2025-06-30 04:00:00"), DeskCommon._parted(self):
            plans._cron_propose()
        self.assertEqual(plans.search_count([("company_id", "=", self.company.id)]), 2)

    def test_the_one_supervisor_is_not_asked_to_submit_what_he_approves(self):
        """Fails when the reminder makes him the one who may not approve."""
        plans = self.env["rd.collection.plan"]
        with freeze_time(EVE):
            plan = plans._propose_for(self.company, MARCH)
        reminded = plan.activity_ids.user_id
        self.assertEqual(reminded, self.clerk)
        with freeze_time(EVE):
            plan.with_user(reminded).action_submit()
            plan.with_user(self.users["supervisor"]).action_approve()
        self.assertEqual(plan.state, "approved")
        self.clerk.active = False
        with freeze_time("2025-03-25 04:00:00"):
            plan = plans._propose_for(self.company, date(2025, 4, 1))
        supervisors = self.company._rd_get_supervisors()
        self.assertEqual(plan.activity_ids.user_id, supervisors[:1])

    def test_a_standstill_over_the_end_of_the_month(self):
        """Fails when the month after a standstill has no plan."""
        plans = self.env["rd.collection.plan"]
        self.company.rd_plan_day = 25
        own = [("company_id", "=", self.company.id)]
        for last, made in (
            ("2025-02-25 04:00:00", []),
            ("2025-02-20 04:00:00", [MARCH]),
        ):
            with freeze_time("2025-03-03 04:00:00"), DeskCommon._parted(self):
                lastcall = fields.Datetime.to_datetime(last)
                plans.with_context(lastcall=lastcall)._cron_propose()
            self.assertEqual(plans.search(own).mapped("month"), made)
        self.assertEqual(plans.search(own).snapshot_date, date(2025, 2, 28))
        with freeze_time("2025-04-02 04:00:00"), DeskCommon._parted(self):
            plans._cron_propose()
        self.assertEqual(plans.search(own).mapped("month"), [date(2025, 4, 1), MARCH])

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_a_bad_company_stops_no_other(self):
        """Fails when the companies are one transaction."""
        plans = self.env["rd.collection.plan"]
        others = self.env["res.company"].create(
            [{"name": name, "rd_start_date": "2025-01-01"} for name in ("a", "b")]
        )
        (self.company | others).rd_plan_day = 25
        plain = type(plans)._propose_for

        def fail(model, company, month):
            if company == others[0]:
                raise ZeroDivisionError
            return plain(model, company, month)

        with (
            freeze_time("2025-02-26 04:00:00"),
            patch.object(type(plans), "_propose_for", fail),
            DeskCommon._parted(self),
        ):
            plans._cron_propose()
        made = plans.search([("month", "=", MARCH)]).company_id
        self.assertEqual(made & (self.company | others), self.company | others[1])

    def test_no_plan_is_missed_before_the_company_began(self):
        plans = self.env["rd.collection.plan"]
        self.company.write({"rd_plan_day": 25, "rd_start_date": "2025-03-01"})
        lastcall = fields.Datetime.to_datetime("2025-02-20 04:00:00")
        with freeze_time("2025-03-03 04:00:00"), DeskCommon._parted(self):
            plans.with_context(lastcall=lastcall)._cron_propose()
        self.assertFalse(plans.search([("company_id", "=", self.company.id)]))

    def test_the_month_is_free_until_there_are_lines(self):
        with freeze_time(EVE):
            plan = self.env["rd.collection.plan"].with_user(self.clerk).create({})
            self.assertEqual(plan.month, MARCH)
            self.assertEqual(plan.action_view_new()["domain"][-1][2], [])
            plan.month = date(2025, 4, 1)
            self.assertEqual(plan.name, "2025-04")
            plan.action_propose()
            with self.assertRaisesRegex(UserError, "stays the plan of its"):
                plan.month = MARCH

    def test_who_takes_a_line_out_does_not_approve_it(self):
        plan = self._propose()
        self._line(plan, self.later).with_user(self.second).unlink()
        self.assertEqual(plan.edited_by_ids, self.second)
        plan.action_submit()
        with self.assertRaisesRegex(UserError, "other than"):
            plan.with_user(self.second).action_approve()

    def test_refusals_of_a_line(self):
        line = self._line(self._propose(), self.due)
        for vals in (
            {"planned_amount": 501},
            {"planned_amount": -1},
            {"planned_date": date(2025, 4, 1)},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                line.write(vals)

    # ------------------------------------------------------------------
    # Approving
    # ------------------------------------------------------------------
    def test_four_eyes(self):
        plan = self._propose()
        plan.with_user(self.second).action_submit()
        with self.assertRaisesRegex(UserError, "other than"):
            plan.with_user(self.second).action_approve()
        with self.assertRaisesRegex(UserError, "supervisor"):
            plan.with_user(self.clerk).action_approve()
        plan.with_user(self.users["supervisor"]).action_approve()
        self.assertEqual(plan.state, "approved")
        self.assertEqual(plan.approved_by_id, self.users["supervisor"])

    def test_who_changed_it_does_not_approve_it(self):
        """Fails when a supervisor approves the amounts typed by the same hand."""
        plan = self._propose()
        line = self._line(plan, self.due).with_user(self.second)
        line.planned_amount = 1
        plan.action_submit()
        self.assertEqual(plan.edited_by_ids, self.second)
        with self.assertRaisesRegex(UserError, "other than"):
            plan.with_user(self.second).action_approve()
        with self.assertRaises(UserError):
            plan.with_user(self.second).edited_by_ids = False
        plan.with_user(self.users["supervisor"]).action_approve()
        self.assertEqual(plan.state, "approved")

    def test_approved_twice(self):
        plan = self._approve()
        for call in ("action_approve", "action_submit"):
            with self.assertRaisesRegex(UserError, "it is approved once"):
                getattr(plan.with_user(self.second), call)()
        with self.assertRaisesRegex(UserError, "baseline stays"):
            plan.action_propose()

    def test_refused_is_a_draft_again(self):
        plan = self._propose()
        plan.action_submit()
        plan.waiting_approval_id.with_user(self.second).action_refuse("too little")
        self.assertEqual(plan.state, "draft")
        self._line(plan, self.due).planned_amount = 1

    def test_taken_back(self):
        plan = self._propose()
        plan.action_submit()
        with self.assertRaisesRegex(UserError, "take it back"):
            self._line(plan, self.due).planned_amount = 1
        plan.action_take_back()
        self.assertFalse(plan._get_waiting())
        with self.assertRaisesRegex(UserError, "has to be submitted"):
            plan.with_user(self.second).action_approve()

    def test_submitted_is_not_proposed_anew(self):
        plan = self._propose()
        plan.action_submit()
        with self.assertRaisesRegex(UserError, "take it back before it is proposed"):
            plan.action_propose()
        self.assertEqual(plan.state, "submitted")

    def test_a_right_to_write_makes_nobody_the_desk(self):
        plan = self._propose()
        allowed = self._let_write("finance", plan._name)
        for act in ("action_propose", "action_submit", "action_take_back"):
            with self.subTest(act), self.assertRaisesRegex(UserError, "Only the sales"):
                getattr(plan.with_user(allowed), act)()
        self.assertEqual(plan.state, "draft")

    def test_nothing_to_approve(self):
        plan = self.env["rd.collection.plan"].create({"month": "2025-09-01"})
        with self.assertRaisesRegex(UserError, "has no lines"):
            plan.action_submit()

    # ------------------------------------------------------------------
    # Frozen for ever
    # ------------------------------------------------------------------
    def _snapshot(self, plan):
        self.env.flush_all()
        self.env.cr.execute(SNAPSHOT, [plan.id])
        return self.env.cr.fetchall()

    def test_baseline_cannot_be_written(self):
        """No way in: create, write, commands of the parent, unlink, copy, context."""
        plan = self._approve()
        before = self._snapshot(plan)
        line = plan.line_ids[0]
        for user in (self.clerk, self.second, self.env.user):
            own, item = plan.with_user(user), line.with_user(user)
            vals = {"plan_id": plan.id, "item_id": 1, "item_name": "x", "kind": "due"}
            for call in (
                lambda item=item: item.write({"planned_amount": 1}),
                lambda item=item: item.write({"note": "x"}),
                lambda item=item: item.with_context(rd_guard=True).write(
                    {"opening_amount": 1}
                ),
                lambda item=item: item.unlink(),
                lambda item=item: item.copy(),
                lambda item=item, vals=vals: item.create(vals),
                lambda own=own: own.write({"note": "x"}),
                lambda own=own: own.write({"month": "2025-04-01"}),
                lambda own=own: own.write({"state": "draft"}),
                lambda own=own, line=line: own.write(
                    {"line_ids": [Command.update(line.id, {"planned_amount": 1})]}
                ),
                lambda own=own: own.write({"line_ids": [Command.clear()]}),
                lambda own=own: own.unlink(),
                lambda own=own: own.copy(),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    call()
        # Not even our own key opens it.
        with self.assertRaises(UserError):
            line._as_internal().write({"planned_amount": 1})
        self.assertEqual(self._snapshot(plan), before)
        self.assertTrue(plan.is_baseline_intact)

    def test_later_facts_leave_it_alone(self):
        """Payment, un-reconciling, credit, draft, another name, class and owner."""
        plan = self._approve()
        before = self._snapshot(plan)
        self._pay(self.due, 500)
        self._pay(self.overdue, 100)
        items = self.overdue.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        items.remove_move_reconcile()
        self.later.button_draft()
        self.later.invoice_line_ids.price_unit = 1
        self.outside.write({"name": "Renamed", "rd_partner_class": "affiliate"})
        self.affiliate.rd_collection_target = 10
        self.overdue.invoice_date_due = "2025-12-31"
        self.assertEqual(self._snapshot(plan), before)
        self.env.invalidate_all()
        self.assertTrue(plan.is_baseline_intact)

    def test_a_change_in_the_database_is_seen(self):
        plan = self._approve()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE rd_collection_plan_line SET planned_amount = 1 WHERE id = %s",
            [plan.line_ids[0].id],
        )
        self.env.invalidate_all()
        self.assertFalse(plan.is_baseline_intact)

    def test_changes_stand_beside(self):
        plan = self._approve()
        before = self._snapshot(plan)
        line = self._line(plan, self.due)
        line.action_revise("2025-04-10", 200, "pays in two parts")
        wizard = self.env["rd.plan.revise"].with_user(self.clerk)
        asked = wizard.create({"line_id": line.id, "reason": "even less"})
        self.assertEqual(
            (asked.planned_date, asked.planned_amount), (date(2025, 4, 10), 200)
        )
        asked.planned_amount = 150
        asked.action_note()
        self.assertRecordValues(
            line,
            [{"expected_amount": 150, "planned_amount": 500}],
        )
        self.assertEqual(
            line.change_ids.sorted("id")[0].planned_date, date(2025, 4, 10)
        )
        self.assertEqual(self._snapshot(plan), before)
        for args in (
            {"planned_amount": 501, "reason": "x"},
            {"planned_amount": -1, "reason": "x"},
            {"planned_amount": 1, "reason": "  "},
        ):
            with self.assertRaises(UserError):
                line.action_revise(**args)
        change = line.change_ids[0]
        for call in (
            lambda: change.write({"reason": "y"}),
            lambda: change.unlink(),
            lambda: change.create({"line_id": line.id, "reason": "y"}),
        ):
            with self.assertRaises(UserError):
                call()
        with self.assertRaisesRegex(UserError, "note another one instead"):
            change.sudo().unlink()
        with self.assertRaises(AccessError):
            line.with_user(self.users["finance"]).action_revise(reason="x")

    def test_what_is_expected_is_a_day_and_an_amount(self):
        line = self._line(self._approve(), self.due)
        for values in ({"planned_date": "soon"}, {"planned_amount": "half"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "as a date"):
                line.action_revise(reason="they called", **values)
        self.assertFalse(line.change_ids)

    def test_another_day_leaves_the_amount(self):
        line = self._line(self._approve(), self.due)
        line.action_revise(planned_date="2025-04-10", reason="pays later")
        self.assertRecordValues(
            line.change_ids,
            [{"planned_date": date(2025, 4, 10), "planned_amount": 500}],
        )

    def test_an_approved_plan_takes_a_reminder(self):
        plan = self._approve()
        reminder = {
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "res_model_id": self.env["ir.model"]._get_id(plan._name),
            "summary": "Call them",
        }
        plan.write({"activity_ids": [Command.create(reminder)]})
        self.assertIn("Call them", plan.activity_ids.mapped("summary"))
        with self.assertRaisesRegex(UserError, "baseline stays"):
            plan.write({"activity_ids": [Command.clear()], "note": "x"})

    def test_an_item_of_the_plan_is_opened(self):
        plan = self._approve()
        line = self._line(plan, self.due)
        move = self.env["account.move.line"].browse(line.item_id).move_id
        self.assertEqual(
            line.with_user(self.clerk).action_open_item()["res_id"], move.id
        )
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        with self.assertRaisesRegex(UserError, "not in the books any more"):
            line.with_user(self.clerk).action_open_item()

    def test_not_beside_a_draft(self):
        line = self._line(self._propose(), self.due)
        with self.assertRaisesRegex(UserError, "not approved yet"):
            line.action_revise(planned_amount=1, reason="x")

    def test_one_plan_a_month(self):
        self._propose()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.cr.savepoint():
                self._propose()

    # ------------------------------------------------------------------
    # Close
    # ------------------------------------------------------------------
    def test_closed_answers_from_what_was_kept(self):
        plan = self._approve()
        payment = self._pay(self.due, 300)
        self._create_open(40, due="2025-03-30", invoice_date="2025-03-10")
        with (
            freeze_time("2025-03-31 04:00:00"),
            self.assertRaisesRegex(UserError, "month is over"),
        ):
            plan.action_close()
        with freeze_time("2025-04-01 04:00:00"):
            self.env.invalidate_all()
            before = (plan.due_rate_text, plan.whole_formula, plan.new_amount)
            plan.action_close()
            self.env.invalidate_all()
            self.assertEqual(
                (plan.due_rate_text, plan.whole_formula, plan.new_amount), before
            )
            payment.move_id.line_ids.remove_move_reconcile()
            self.env.invalidate_all()
            self.assertEqual(
                (plan.due_rate_text, plan.whole_formula, plan.new_amount), before
            )
            self.assertEqual(plan._get_closed_actuals()[0].keys(), set(plan.line_ids))
        asked = self._as_of(plan, "2025-03-31")
        self.assertEqual(asked.state, "closed")

    def test_closed_with_its_month(self):
        """Fails when the results of a closed month follow the books still."""
        plan = self._approve()
        april = self._propose(date(2025, 4, 1), "2025-03-25 04:00:00")
        self._pay(self.due, 300)
        loose = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.outside.id,
                "amount": 77,
                "date": "2025-03-10",
            }
        )
        loose.action_post()
        close = self.env["rd.close"].create({"month": MARCH})
        close.step_ids._as_internal().write({"state": "done"})
        with freeze_time("2025-04-02 04:00:00"):
            close.with_user(self.clerk).action_close()
            self.env.invalidate_all()
            self.assertEqual((plan.state, april.state), ("closed", "draft"))
            self.assertEqual(close.freeze_ids._get_content()["plans"][0][1], "closed")
            self.assertEqual((plan.due_received, plan.unapplied_amount), (300, 77))
            self._pay(self.overdue, 200, "2025-03-20")
            items = (loose.move_id | self.overdue).line_ids.filtered(
                lambda line: (
                    line.account_id.account_type == "asset_receivable"
                    and not line.reconciled
                )
            )
            items.reconcile()
            self.env.invalidate_all()
            self.assertEqual((plan.due_received, plan.unapplied_amount), (300, 77))
            opened = self.env["account.move.line"].search(
                plan.action_view_unapplied()["domain"]
            )
            self.assertEqual(opened.move_id, loose.move_id)
        with self.assertRaises(UserError):
            plan.closed_unapplied = {}
        with freeze_time("2025-04-03 04:00:00"):
            close.with_user(self.clerk).action_ask_reopen("a late note")
            close._get_waiting().with_user(self.second).action_approve()
        self.assertEqual((close.state, plan.state), ("open", "closed"))
        self.assertEqual((plan.due_received, plan.unapplied_amount), (300, 77))

    def test_month_end_waits_when_asked(self):
        close = self.env["rd.close"].create({"month": "2025-02-01"})
        self.assertTrue(close._run_step_plan(self.affiliate).done)
        self.assertNotIn("plan", [step.code for step in close._get_company_steps()])
        self.company.rd_close_waits_for_plan = True
        self.assertIn("plan", [step.code for step in close._get_company_steps()])
        self.assertEqual(close._run_step_plan(self.affiliate).role, "clerk")
        plan = self._propose()
        plan.action_submit()
        self.assertEqual(close._run_step_plan(self.affiliate).role, "supervisor")
        plan.with_user(self.second).action_approve()
        self.assertTrue(close._run_step_plan(self.affiliate).done)
        march = self.env["rd.close"].create({"month": "2025-03-01"})
        self.assertEqual(march._get_kpis()[-1][1], "0.00 %")
        self.assertEqual(close._get_kpis()[-1][1], "n/a")

    # ------------------------------------------------------------------
    # Access
    # ------------------------------------------------------------------
    def test_roles(self):
        plan = self._approve()
        for role in ("auditor", "finance"):
            own = plan.with_user(self.users[role])
            self.assertTrue(own.due_rate_text)
            for call in (own.action_propose, own.action_submit, own.action_close):
                with self.assertRaises(AccessError):
                    call()
        for role in OTHERS:
            with self.assertRaises(AccessError):
                plan.with_user(self.users[role]).read(["name"])
            with self.assertRaises(AccessError):
                plan.line_ids.with_user(self.users[role]).read(["item_name"])

    def test_other_company(self):
        second = self.setup_other_company()["company"]
        plan = (
            self.env["rd.collection.plan"]
            .sudo()
            .create({"month": "2025-03-01", "company_id": second.id})
        )
        for model in ("rd.collection.plan", "rd.collection.plan.line"):
            found = self.env[model].with_user(self.clerk).search([])
            self.assertNotIn(second, found.company_id)
        with self.assertRaises(AccessError):
            plan.with_user(self.clerk).action_propose()
