# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
from datetime import date
from decimal import Decimal
from random import Random

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .contract import EACH, USUAL, ContractCase

DAY = date(2026, 9, 10)


def _is_draft(move):
    return move.state == "draft"


def _is_credit(move):
    return move.move_type == "out_refund"


class StageCase(ContractCase):
    """Contracts of an outside customer, and ways to bill him twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outstanding = cls.inbound_payment_method_line.payment_account_id

    def _begin(self, plan=USUAL, lines=None, **values):
        """Return a signed contract and its confirmed order."""
        contract = self._create_contract(plan, **values)
        order = self._order_under(contract, lines or [(self.equipment, 1, 100000.01)])
        with freeze_time("2026-09-01 04:00:00"):
            self._sign(contract)
        return contract.with_env(self.env), order

    def _stage(self, contract, name):
        return contract.stage_ids.filtered(lambda stage: stage.name == name)

    def _pay(self, stage, amount, with_entry=True):
        """Take a deposit for a stage; return the payment."""
        journal = self.company_data["default_journal_bank"]
        method = journal.inbound_payment_method_line_ids[:1]
        method.payment_account_id = with_entry and self.outstanding
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": stage.partner_id.id,
                "amount": amount,
                "journal_id": journal.id,
                "payment_method_line_id": method.id,
                "date": DAY,
                "rd_stage_id": stage.id,
            }
        )
        payment.action_post()
        return payment

    def _credit(self, move, post=True, **values):
        """Return the credit note that Odoo's own reversal makes of an invoice."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id, "reason": "again", **values})
        )
        wizard.refund_moves()
        credit = wizard.new_move_ids
        if post:
            credit.action_post()
        return credit

    # ------------------------------------------------------------------
    # Random baskets through Odoo
    # ------------------------------------------------------------------
    def _check_plans(self, number, random):
        for _ in range(number):
            cut = random.randint(0, 10_000)
            percents = [cut / 100, (10_000 - cut) / 100]
            kinds = ("signature", "handover")
            plan = [
                (kind, percent, kind, 0, invoiced, kind)
                for kind, percent, invoiced in zip(
                    kinds, percents, random.sample(percents, 2), strict=True
                )
            ]
            lines = [
                (self.equipment, random.randint(1, 9), random.randint(1, 10**7) / 100)
                for _line in range(random.randint(1, 2))
            ]
            self._check_plan(plan, lines)

    def _check_plan(self, plan, lines):
        contract = self._create_contract(plan, untracked=True)
        order = self._order_under(contract, lines)
        self._sign(contract)
        self._trigger("handover", order.order_line)
        moves = self._get_moves(order)
        self.assertAlmostEqual(
            sum(moves.mapped("amount_untaxed")), order.amount_untaxed, places=2
        )
        for line in order.order_line:
            parts = line.rd_stage_line_ids
            whole = Decimal(str(line.price_subtotal))
            self.assertEqual(sum(Decimal(str(one.amount)) for one in parts), whole)
        for move in moves:
            claims = move.line_ids.filtered(
                lambda item: item.display_type == "payment_term"
            )
            self.assertAlmostEqual(
                sum(claims.mapped("balance")), move.amount_total, places=2
            )
        stages = contract.with_env(self.env).stage_ids
        self.assertAlmostEqual(
            sum(stages.mapped("due_amount")), order.amount_total, places=2
        )


@tagged("post_install", "-at_install")
class TestContractStage(StageCase):
    """Stages become due by themselves, and are invoiced once, in one way."""

    def test_each_stage_invoiced_as_it_is_reached(self):
        contract, order = self._begin(EACH)
        line = order.order_line
        self.assertEqual(line.rd_settlement_way, "stages")
        deposit = self._stage(contract, "Deposit")
        self.assertEqual(deposit.due_date, date(2026, 9, 11))
        move = self._get_moves(order)
        self.assertEqual(move.amount_untaxed, 30000.00)
        self.assertEqual(move.state, "draft")
        self._trigger("dispatch", line)
        self._trigger("dispatch", line, date(2026, 9, 20))
        self.assertEqual(self._stage(contract, "Dispatch").due_reached, DAY)
        self._trigger("handover", line)
        self._trigger("handover", line, date(2026, 9, 20))
        moves = self._get_moves(order)
        self.assertEqual(
            sorted(moves.mapped("amount_untaxed")), [30000.0, 30000.0, 30000.01]
        )
        self.assertEqual(contract.warranty_end, date(2027, 9, 10))
        with freeze_time("2027-09-10 04:00:00"):
            self._run_parted("rd.contract")
        self.assertEqual(len(self._get_moves(order)), 3)
        with freeze_time("2027-09-11 04:00:00"):
            self._run_parted("rd.contract")
            self._run_parted("rd.contract")
        moves = self._get_moves(order)
        self.assertEqual(len(moves), 4)
        self.assertAlmostEqual(sum(moves.mapped("amount_untaxed")), 100000.01, places=2)
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (1.0, 0.0))

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_a_plan_that_fails_keeps_no_other_from_going_on(self):
        plans = [self._begin(EACH) for _turn in range(2)]
        for _contract, order in plans:
            self._trigger("handover", order.order_line)
        bad, good = (
            contract.stage_ids.filtered(lambda one: one.due_trigger == "warranty_end")
            for contract, _order in plans
        )
        reach = type(bad)._reach

        sentence = "No account for this part."

        def fail(stage, kind, day):
            if stage == bad:
                stage._as_internal().write({"due_reached": day})
                raise UserError(sentence)
            return reach(stage, kind, day)

        self.patch(type(bad), "_reach", fail)
        with freeze_time("2027-09-11 04:00:00"):
            self._run_parted("rd.contract")
        self.assertEqual(good.due_reached, date(2027, 9, 10))
        self.assertFalse(bad.due_reached, "nothing is left of what failed")

    def test_deposit_without_invoice_offset_at_acceptance_retention_released(self):
        contract, order = self._begin(USUAL, [(self.equipment, 1, 100000.0)])
        deposit = self._stage(contract, "Deposit")
        self.assertFalse(self._get_moves(order))
        self.assertEqual(deposit.due_amount, 33900.0)
        self.assertEqual(deposit.request_amount, 33900.0)
        self.assertIn("ask for the payment", contract.activity_ids[:1].summary)
        deposit.with_user(self.clerk).action_request_payment()
        self.assertTrue(deposit.requested_on)
        action = deposit.with_user(self.clerk).action_register_deposit()
        self.assertEqual(action["context"]["default_amount"], 33900.0)
        payment = self._pay(deposit, 33900.0)
        self.assertEqual((deposit.deposit_amount, deposit.request_amount), (33900.0, 0))
        self.assertTrue(deposit.settled)
        self._trigger("dispatch", order.order_line)
        self._trigger("handover", order.order_line)
        move = self._get_moves(order)
        self.assertEqual(move.amount_total, 113000.0)
        with freeze_time("2026-09-12 04:00:00"):
            move.action_post()
        claims = move.line_ids.filtered(
            lambda item: item.display_type == "payment_term"
        )
        self.assertEqual(
            sorted((str(one.date_maturity), one.balance) for one in claims),
            [
                ("2026-09-11", 33900.0),
                ("2026-09-20", 33900.0),
                ("2026-10-10", 33900.0),
                ("2027-09-10", 11300.0),
            ],
        )
        self.assertEqual(move.amount_residual, 79100.0)
        self.assertTrue(payment.is_reconciled)
        oldest = claims.sorted("date_maturity")[0]
        self.assertTrue(oldest.reconciled)
        retention = self._stage(contract, "Retention")
        self.assertEqual(retention.due_amount, 11300.0)
        self.assertEqual(contract.retention, 11300.0)
        self.assertEqual(retention.progress, "waiting")
        with freeze_time("2037-09-11 04:00:00"):
            self._run_parted("rd.contract")
            self.assertEqual(retention.due_reached, date(2027, 9, 10))
            self.assertEqual(retention.progress, "due")
            self.assertIn("released", contract.activity_ids.mapped("summary")[-1])
        self.assertEqual(contract.amount_paid, 33900.0)
        rest = self._pay(self._stage(contract, "Retention"), 79100.0)
        move.js_assign_outstanding_line(rest._rd_get_claims().id)
        contract.invalidate_recordset()
        contract.stage_ids.invalidate_recordset()
        self.assertEqual(contract.retention, 0.0)
        contract.with_user(self.clerk).action_start()
        contract.with_user(self.clerk).action_complete()
        self.assertEqual(contract.state, "completed")

    def test_a_deposit_that_waits_for_the_bank_pays_the_first_invoice(self):
        contract, order, (payment,) = self._begin_with_the_bank(339.0)
        deposit = self._stage(contract, "Deposit")
        self.assertFalse(payment.move_id)
        self.assertEqual((contract.amount_invoiced, contract.amount_paid), (0.0, 339.0))
        first = self._get_moves(order)
        first.action_post()
        self.assertEqual(payment.invoice_ids, first)
        contract.invalidate_recordset()
        self.assertEqual((contract.amount_invoiced, contract.amount_paid), (339, 339))
        self.assertTrue(deposit.settled)
        self._trigger("dispatch", order.order_line)
        second = self._get_moves(order) - first
        second.action_post()
        self.assertEqual(payment.invoice_ids, first)

    def _begin_with_the_bank(self, *amounts):
        """Return contract, order and deposits that wait for the bank's statement."""
        # so it is with Odoo's accountant
        moves = type(self.env["account.move"])
        self.patch(moves, "_get_invoice_in_payment_state", lambda _move: "in_payment")
        contract, order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        stage = self._stage(contract, "Deposit")
        deposits = [self._pay(stage, amount, with_entry=False) for amount in amounts]
        return contract, order, deposits

    def _settle_by_bank(self, move, amount):
        """Pay an invoice as the bank's statement does, without any payment."""
        claim = move.line_ids.filtered(
            lambda item: item.display_type == "payment_term" and not item.reconciled
        )
        bank = self.company_data["default_journal_bank"]
        entry = self.env["account.move"].create(
            {
                "journal_id": bank.id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (bank.default_account_id, amount),
                        (claim.account_id, -amount),
                    )
                ],
            }
        )
        entry.line_ids.partner_id = move.partner_id
        entry.action_post()
        (claim | entry.line_ids[1]).reconcile()

    def _get_paid(self, contract):
        contract.invalidate_recordset()
        return contract.amount_paid

    def test_a_second_deposit_waits_for_the_invoice_that_needs_it(self):
        contract, order, (paid, more) = self._begin_with_the_bank(339.0, 100.0)
        first = self._get_moves(order)
        first.action_post()
        self.assertEqual((paid.invoice_ids, len(more.invoice_ids)), (first, 0))
        self.assertEqual(self._get_paid(contract), 439.0)
        self._settle_by_bank(first, 339.0)
        self.assertEqual(first.amount_residual, 0.0)
        self.assertEqual(self._get_paid(contract), 439.0)
        self._trigger("dispatch", order.order_line)
        second = self._get_moves(order) - first
        second.action_post()
        self.assertEqual((paid.invoice_ids, more.invoice_ids), (first, second))
        self._settle_by_bank(second, 100.0)
        self.assertEqual(self._get_paid(contract), 439.0)

    def test_what_two_deposits_leave_pays_the_next_invoice(self):
        contract, order, (paid, more) = self._begin_with_the_bank(300.0, 100.0)
        first = self._get_moves(order)
        first.action_post()
        self.assertEqual((paid.invoice_ids, more.invoice_ids), (first, first))
        self._settle_by_bank(first, 339.0)
        self.assertEqual(self._get_paid(contract), 400.0)
        self._trigger("dispatch", order.order_line)
        second = self._get_moves(order) - first
        second.action_post()
        self.assertEqual(paid.invoice_ids, first)
        self.assertEqual(more.invoice_ids, first | second)
        self._settle_by_bank(second, 61.0)
        self.assertEqual(self._get_paid(contract), 400.0)

    def test_a_deposit_that_waits_and_one_with_an_entry(self):
        contract, order, (paid,) = self._begin_with_the_bank(339.0)
        booked = self._pay(self._stage(contract, "Deposit"), 100.0)
        first = self._get_moves(order)
        first.action_post()
        self.assertEqual(paid.invoice_ids, first)
        self.assertTrue(booked.move_id)
        self.assertEqual(first.amount_residual, 339.0)
        self.assertEqual(booked._rd_get_unused(), 100.0)
        self._trigger("dispatch", order.order_line)
        second = self._get_moves(order) - first
        second.action_post()
        self.assertEqual(second.amount_residual, 239.0)
        self.assertEqual(self._get_paid(contract), 439.0)

    def test_a_deposit_that_waits_pays_the_invoice_made_anew(self):
        contract, order, (paid,) = self._begin_with_the_bank(339.0)
        first = self._get_moves(order)
        first.action_post()
        self._credit(first)
        self.assertEqual(self._get_paid(contract), 339.0)
        self._stage(contract, "Deposit").with_user(self.clerk).action_invoice_again()
        anew = self._get_moves(order).filtered(_is_draft)
        anew.action_post()
        self.assertIn(anew, paid.invoice_ids)
        self._settle_by_bank(anew, 339.0)
        self.assertEqual(self._get_paid(contract), 339.0)

    def test_a_deposit_that_was_not_taken_is_not_paid(self):
        contract, _order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        payment = self._pay(self._stage(contract, "Deposit"), 339.0)
        self.assertEqual(contract.amount_paid, 339.0)
        payment.action_draft()
        contract.invalidate_recordset()
        self.assertEqual(contract.amount_paid, 0.0)

    def test_what_is_paid_takes_no_more_money(self):
        contract, order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        deposit = self._stage(contract, "Deposit")
        first, second = self._pay(deposit, 339.0), self._pay(deposit, 100.0)
        move = self._get_moves(order)
        move.action_post()
        self.assertEqual(move.amount_residual, 0.0)
        self.assertTrue(first.is_reconciled)
        self.assertEqual(second._rd_get_claims().amount_residual, -100.0)

    def test_due_by_one_and_invoiced_by_another(self):
        plan = [
            ("Start", 40, "signature", 0, 100, "handover"),
            ("End", 60, "handover", 0, 0, "signature"),
        ]
        contract, order = self._begin(plan, [(self.equipment, 1, 1000.0)])
        start, end = contract.stage_ids
        self.assertEqual(start.due_reached, contract.date_signed)
        self.assertFalse(start.invoice_reached or end.due_reached)
        self.assertFalse(self._get_moves(order))
        self._trigger("handover", order.order_line)
        self.assertEqual((start.invoice_reached, end.due_reached), (DAY, DAY))
        self.assertEqual(self._get_moves(order).amount_untaxed, 1000.0)

    def test_a_handover_begins_the_warranty_where_no_stage_waits_for_it(self):
        plan = [("All", 100, "signature", 0, 100, "signature")]
        contract, order = self._begin(plan, [(self.equipment, 1, 1000.0)])
        self._trigger("handover", order.order_line)
        self.assertEqual(contract.accepted_on, DAY)
        self.assertEqual(contract.warranty_end, date(2027, 9, 10))

    def test_a_service_is_dispatched_by_the_note_of_the_desk(self):
        plan = [("All", 100, "dispatch", 0, 100, "dispatch")]
        contract, _order = self._begin(plan)
        stage = contract.stage_ids.with_user(self.clerk)
        stage.action_record_reached()
        self.assertEqual(stage.due_reached, self.company._rd_today())

    def test_what_falls_due_on_a_day_is_expected_then(self):
        plan = [
            ("Deposit", 40, "signature", 0, 100, "signature"),
            ("Rest", 60, "date", 10, 0, "date"),
        ]
        contract = self._create_contract(plan)
        contract.stage_ids[1].date = date(2098, 3, 1)
        order = self._order_under(contract, [(self.equipment, 1, 1000.0)])
        self._sign(contract)
        rows = self._get_moves(order).rd_maturities
        self.assertEqual(rows[-1][:2], ["2098-03-11", "678.00"])

    def test_a_stage_that_an_amendment_adds_has_reached_nothing(self):
        contract, _order = self._begin(USUAL)
        later = contract.browse(contract.with_user(self.clerk).action_amend()["res_id"])
        retention = self._stage(later, "Retention")
        later.stage_ids = [
            Command.update(retention.id, {"due_percent": 5}),
            Command.create(
                {
                    "name": "Training",
                    "due_percent": 5,
                    "due_trigger": "handover",
                    "invoice_trigger": "handover",
                }
            ),
        ]
        self._sign(later)
        self.assertTrue(self._stage(later, "Deposit").due_reached)
        self.assertFalse(self._stage(later, "Training").due_reached)

    def test_what_was_cut_off_a_line_is_not_deleted(self):
        contract, order = self._begin(EACH)
        with self.assertRaisesRegex(UserError, "is not deleted; credit its invoice"):
            self._stage(contract, "Deposit").line_ids.sudo().unlink()
        self.assertTrue(order.order_line.rd_stage_line_ids)

    def test_dispatch_reaches_stages_by_itself(self):
        plan = [("All", 100, "dispatch", 5, 100, "dispatch")]
        contract, order = self._begin(
            plan, [(self.p100, 5, 10.0), (self.p200, 1, 20.0)]
        )
        self._deliver(order, {self.p100: 5}, "DN-1", DAY)
        stage = contract.stage_ids
        self.assertFalse(stage.due_reached)
        self._deliver(order, {self.p200: 1}, "DN-2", DAY)
        self.assertTrue(stage.due_reached)
        self.assertEqual(self._get_moves(order).amount_untaxed, 70.0)

    def test_by_hand_only_what_nothing_records(self):
        contract, order = self._begin()
        with self.assertRaisesRegex(UserError, "by itself"):
            self._stage(contract, "Deposit").with_user(
                self.clerk
            ).action_record_reached()
        acceptance = self._stage(contract, "Acceptance").with_user(self.clerk)
        acceptance.action_record_reached()
        self.assertEqual(acceptance.due_reached, self.company._rd_today())
        self.assertTrue(contract.accepted_on)
        self.assertEqual(len(self._get_moves(order)), 1)
        with self.assertRaises(UserError):
            self._rpc(
                self.auditor,
                "rd.contract.stage",
                "action_record_reached",
                self._stage(contract, "Dispatch").ids,
            )

    def test_agreed_date(self):
        plan = [("Then", 100, "date", 0, 100, "date")]
        contract = self._create_contract(plan)
        contract.stage_ids.date = date(2026, 10, 1)
        order = self._order_under(contract, [(self.equipment, 1, 50.0)])
        self._sign(contract)
        with freeze_time("2026-09-30 15:00:00"):
            self._run_parted("rd.contract")
        self.assertFalse(self._get_moves(order))
        with freeze_time("2026-09-30 16:30:00"):  # 1 October in Shanghai
            self._run_parted("rd.contract")
        self.assertEqual(self._get_moves(order).amount_untaxed, 50.0)

    def test_order_that_comes_after_the_signature(self):
        contract = self._create_contract(EACH)
        self._sign(contract)
        order = self._order_under(contract, [(self.equipment, 1, 1000.0)])
        self.assertEqual(self._get_moves(order).amount_untaxed, 300.0)

    def test_lines_of_two_rates_and_a_price_change(self):
        contract, order = self._begin(
            EACH, [(self.equipment, 1, 1000.01), (self.p300, 3, 0.33)]
        )
        first, second = order.order_line
        self._trigger("dispatch", order.order_line)
        first.price_unit = 1100.01
        self._trigger("handover", order.order_line)
        contract.stage_ids[-1]._reach("warranty_end", date(2027, 9, 10))
        amounts = {
            line: sum(line.rd_stage_line_ids.mapped("amount"))
            for line in (first, second)
        }
        self.assertAlmostEqual(amounts[first], 1100.01, places=2)
        self.assertAlmostEqual(amounts[second], 0.99, places=2)

    def test_cancelled_invoice_is_made_again_once(self):
        _contract, order = self._begin(EACH)
        part = order.order_line.rd_stage_line_ids
        move = self._get_moves(order)
        with self.assertRaisesRegex(UserError, "on an invoice already"):
            part.with_user(self.clerk).action_invoice()
        move.button_cancel()
        self.assertEqual(order.order_line.qty_invoiced, 0)
        part.with_user(self.clerk).action_invoice()
        live = self._get_moves(order) - move
        self.assertEqual(live.amount_untaxed, move.amount_untaxed)

    def test_invoice_of_a_stage_is_posted_as_cut(self):
        _contract, order = self._begin(EACH)
        move = self._get_moves(order)
        move.invoice_line_ids.price_unit = 1.0
        with self.assertRaisesRegex(UserError, "comes to"):
            move.action_post()

    # ------------------------------------------------------------------
    # One way of settlement only
    # ------------------------------------------------------------------
    def test_no_second_way(self):
        contract, order = self._begin(EACH)
        line = order.order_line
        with self.assertRaisesRegex(UserError, "stages of its contract"):
            order._create_invoices()
        for method in ("percentage", "fixed", "delivered"):
            wizard = self.env["sale.advance.payment.inv"].create(
                {
                    "sale_order_ids": [Command.set(order.ids)],
                    "advance_payment_method": method,
                    "amount": 10,
                    "fixed_amount": 10,
                }
            )
            with self.subTest(method=method), self.assertRaises(UserError):
                self._rpc(self.env.user, wizard._name, "create_invoices", wizard.ids)
        with self.assertRaisesRegex(UserError, "settled in part"):
            self._rpc(
                self.clerk,
                "sale.order.line",
                "write",
                line.ids,
                {"rd_settlement_way": "deliveries"},
            )
        with self.assertRaisesRegex(UserError, "stays under this contract"):
            self._rpc(
                self.clerk, "sale.order", "write", order.ids, {"rd_contract_id": False}
            )
        self.assertEqual(len(self._get_moves(order)), 1)
        self._get_moves(order).button_cancel()
        self.assertGreater(line.qty_to_invoice, 0)
        with self.assertRaisesRegex(UserError, "and not from the order"):
            order._create_invoices()

    def test_no_invoice_line_by_hand(self):
        _contract, order = self._begin(EACH)
        line = order.order_line
        values = {
            "move_type": "out_invoice",
            "partner_id": self.customer.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": "again",
                        "quantity": 1,
                        "price_unit": 5,
                        "sale_line_ids": [Command.link(line.id)],
                    }
                )
            ],
        }
        with self.assertRaisesRegex(UserError, "stages of its contract only"):
            self._rpc(self.finance, "account.move", "create", [values])
        item = values["invoice_line_ids"][0][2]
        item.pop("sale_line_ids")
        item["rd_stage_line_id"] = line.rd_stage_line_ids.id
        with self.assertRaisesRegex(UserError, "not by hand"):
            self._rpc(self.finance, "account.move", "create", [values])
        item.pop("rd_stage_line_id")
        (number,) = self._rpc(self.finance, "account.move", "create", [values])
        items = self.env["account.move"].browse(number).invoice_line_ids
        for model, ids, change in (
            (
                "account.move.line",
                items.ids,
                {"sale_line_ids": [Command.link(line.id)]},
            ),
            ("sale.order.line", line.ids, {"invoice_lines": [Command.link(items.id)]}),
        ):
            with self.subTest(model=model), self.assertRaises(UserError):
                self._rpc(self.env.user, model, "write", ids, change)

    def test_no_line_takes_an_invoice_along(self):
        """Whether its way is given or the contract's, the link a default or not."""
        _contract, order = self._begin(EACH)
        other = self._create_order([(self.equipment, 1, 10.0)], partner=self.customer)
        other.order_line.qty_delivered = 1
        item = other._create_invoices().invoice_line_ids[:1]
        links = [Command.link(item.id)]
        create = ("sale.order.line", "create")
        values = {"order_id": order.id, "product_id": self.equipment.id}
        free = {**values, "rd_settlement_way": "none"}
        for given, context, said in (
            ({**values, "invoice_lines": links}, {}, "stages of its contract only"),
            (values, {"default_invoice_lines": links}, "stages of its contract only"),
            ({**free, "invoice_lines": links}, {}, "free of charge"),
        ):
            with self.subTest(said), self.assertRaisesRegex(UserError, said):
                self._rpc(self.env.user, *create, [given], context=context)
        (number,) = self._rpc(self.env.user, *create, [free])
        for way in ("none", "handover"):
            line = self.env["sale.order.line"].browse(number)
            line.rd_settlement_way = way
            change = {"rd_settlement_way": "none", "invoice_lines": links}
            write = ("sale.order.line", "write", line.ids, change)
            with self.subTest(way), self.assertRaisesRegex(UserError, "never invoic"):
                self._rpc(self.env.user, *write)
        self.assertEqual(item.sale_line_ids, other.order_line)

    def test_posted_stages_count_by_their_amount(self):
        _contract, order = self._begin(EACH, [(self.equipment, 10, 1000.0)])
        line = order.order_line
        self.assertEqual((line.qty_invoiced, line.qty_invoiced_posted), (3, 0))
        self._get_moves(order).action_post()
        self.assertEqual(line.qty_invoiced_posted, 3)

    def test_lines_follow_the_plan_of_their_contract_but_not_what_is_free(self):
        lines = [(self.equipment, 1, 10.0), (self.equipment, 1, 20.0)]
        order = self._create_order(lines, partner=self.customer)
        paid, free = order.order_line
        free.rd_settlement_way = "none"
        contract = self._create_contract(EACH, amount=10)
        values = {"rd_contract_id": contract.id}
        self._rpc(self.clerk, "sale.order", "write", order.ids, values)
        ways = order.order_line.mapped("rd_settlement_way")
        self.assertEqual(ways, ["stages", "none"])
        contract.stage_ids.unlink()
        self._sign(contract)
        ways = order.order_line.mapped("rd_settlement_way")
        self.assertEqual(ways, ["handover", "none"])

    def test_no_context_says_when_an_invoice_is_due(self):
        moves = self.env["account.move"].with_user(self.finance)
        moves = moves.with_context(default_rd_maturities=[["2030-01-01", "5.0", 1]])
        with self.assertRaisesRegex(UserError, "come from its plan"):
            moves.create({"move_type": "out_invoice", "partner_id": self.customer.id})

    def test_what_is_free_is_never_invoiced(self):
        order = self._create_order([(self.equipment, 1, 10.0)], partner=self.customer)
        line = order.order_line
        line.write({"rd_settlement_way": "none", "qty_delivered": 1})
        self.assertEqual(line.qty_to_invoice, 0)
        with self.assertRaises(UserError):
            order._create_invoices()

    def test_partly_billed_lines_keep_their_way(self):
        order = self._create_order([(self.p100, 10, 10.0)], partner=self.customer)
        self._deliver(order, {self.p100: 4}, "DN-1", DAY)
        order._create_invoices()
        contract = self._create_contract(EACH)
        order.rd_contract_id = contract
        self._sign(contract)
        self.assertEqual(order.order_line.rd_settlement_way, "deliveries")
        self.assertFalse(order.order_line.rd_stage_line_ids)

    def test_random_operations_bill_nothing_twice(self):
        """Whatever is tried in whatever order: never above the amount, one way only."""
        random = Random(11)
        for number in range(5):
            self._walk(random, number)

    def _walk(self, random, number):
        amount = random.randint(1, 900_000) / 100
        contract = self._create_contract(EACH)
        order = self._order_under(contract, [(self.p100, 3, amount)])
        self._sign(contract)
        line = order.order_line
        acts = [
            lambda: self._trigger("dispatch", line),
            lambda: self._trigger("handover", line),
            lambda: (
                contract.stage_ids[-1].with_env(self.env)._reach("warranty_end", DAY)
            ),
            lambda: self._deliver(order, {self.p100: 3}, f"W-{number}", DAY),
            lambda: order._create_invoices(),
            lambda: line.write({"rd_settlement_way": "deliveries"}),
            lambda: line.write({"rd_settlement_way": "none"}),
            lambda: order.write({"rd_contract_id": False}),
            lambda: self._get_moves(order)[:1].button_cancel(),
            lambda: line.rd_stage_line_ids.filtered(
                lambda part: not part._get_items()
            ).action_invoice(),
            lambda: contract.stage_ids.action_invoice_again(),
            lambda: self._get_moves(order).filtered(_is_draft)[:1].action_post(),
            lambda: self._credit_one(order, bool(random.randint(0, 3))),
            lambda: self._get_moves(order).filtered(_is_credit)[:1].button_draft(),
            lambda: self._get_moves(order)[:1].button_draft(),
        ]
        for act in random.choices(acts, k=15):
            try:
                with self.env.cr.savepoint():
                    act()
                    self.env.flush_all()
            except UserError:
                continue
        items = line.invoice_lines.filtered(lambda item: item.parent_state != "cancel")
        billed = sum(
            -item.move_id.direction_sign * item.price_subtotal for item in items
        )
        self.assertLessEqual(round(billed, 2), round(line.price_subtotal, 2))
        invoiced = items.filtered(lambda item: not _is_credit(item.move_id))
        for item in invoiced:
            self.assertTrue(item.rd_stage_line_id or item.rd_former_stage_line_id)
        live = invoiced.filtered("rd_stage_line_id")
        self.assertEqual(len(live.rd_stage_line_id), len(live))

    def _credit_one(self, order, post):
        posted = self._get_moves(order).filtered(lambda one: one.state == "posted")
        move = posted.filtered(lambda one: not _is_credit(one))[:1]
        if move:
            self._credit(move, post)

    def test_random_plans(self):
        self._check_plans(50, Random(5))


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestContractStageNightly(StageCase):
    """The same with many more plans."""

    def test_many_random_plans(self):
        seed = int(os.environ.get("RD_SEED", "0")) or None
        self._check_plans(1000, Random(seed))
