# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.rd_reconciliation.tests.common import ReconciliationCommon

NOW = "2026-09-10 04:00:00"


@tagged("post_install", "-at_install")
class TestDeliveryStop(ReconciliationCommon):
    """Deliveries are held by a supervisor's approval, and released by another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(
            cls.env,
            login="stop_second",
            groups="rd_sales_admin.rd_sales_admin_group_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.p100 = cls.parts[0]
        cls.debt = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.affiliate.id,
                "invoice_date": "2026-05-01",
                "invoice_date_due": "2026-05-31",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 500, "tax_ids": []})
                ],
            }
        )
        cls.debt.action_post()
        cls.order = cls._create_order([(cls.p100, 5, 10.0)])
        cls.picking = cls.order.picking_ids

    def setUp(self):
        super().setUp()
        with freeze_time(NOW):
            exceptions = self.env["rd.receivable.exception"]
            exceptions._sync(self.company, self.affiliate)
            self.found = exceptions.search(
                [("partner_id", "=", self.affiliate.id), ("code", "=", "silence")]
            ).with_user(self.clerk)

    def _pick(self, picking):
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True

    def _ship(self, picking=None):
        picking = picking or self.picking
        self._pick(picking)
        return picking.button_validate()

    def _stop(self):
        with freeze_time(NOW):
            self.found.action_decide("stop", "owes since May")
            self.found.waiting_approval_id.with_user(self.second).action_approve()
        return self.env["rd.delivery.stop"].search(
            [("partner_id", "=", self.affiliate.id)]
        )

    def test_only_after_a_supervisors_approval(self):
        with freeze_time(NOW):
            self.found.action_decide("stop", "owes since May")
        self.assertEqual(self.found.state, "waiting")
        approval = self.found.waiting_approval_id
        self.assertIn("1 open deliveries", approval.effects)
        self.assertFalse(self.env["rd.delivery.stop"].search([]))
        for user in (self.clerk,):
            with self.assertRaises(UserError):
                approval.with_user(user).action_approve()
        self._ship()
        self.assertEqual(self.picking.state, "done")

    def test_refused_is_to_decide_again(self):
        self.found.action_decide("stop", "owes since May")
        self.found.waiting_approval_id.with_user(self.second).action_refuse("not yet")
        self.assertEqual((self.found.state, self.found.decision), ("open", False))
        self.found.action_decide("stop", "again")
        self.found.action_take_back()
        self.assertEqual(self.found.state, "open")
        self.assertFalse(self.found.waiting_approval_id)

    def _find_another(self):
        """Let the rule find one more debt while the first ones wait."""
        debt = self.debt.copy({"invoice_date": "2026-05-02", "ref": "another"})
        debt.invoice_date_due = "2026-06-01"
        debt.action_post()
        with freeze_time(NOW):
            self.env["rd.receivable.exception"]._sync(self.company, self.affiliate)
        return self.found.search(
            [
                ("partner_id", "=", self.affiliate.id),
                ("code", "=", "silence"),
                ("state", "=", "open"),
            ]
        )

    def test_refused_after_something_new_was_found(self):
        """Fails when the request can neither be refused nor taken back any more."""
        for answer in (
            lambda: self.found.waiting_approval_id.with_user(self.second).action_refuse(
                "not yet"
            ),
            self.found.action_take_back,
        ):
            self.found.action_decide("stop", "owes since May")
            newer = self._find_another()
            self.assertEqual(len(newer), 1)
            count = len(self.found.item_ids.filtered("live"))
            answer()
            self.assertEqual(self.found.state, "open")
            self.assertEqual(newer.state, "closed")
            self.assertIn("decided together", newer.closed_reason)
            live = self.found.item_ids.filtered("live")
            self.assertEqual(len(live), count + 1)
            self.assertEqual(self.found.amount, sum(live.mapped("amount")))
            self.assertFalse(newer.item_ids.filtered("live"))
            with freeze_time(NOW):
                self.env["rd.receivable.exception"]._sync(self.company, self.affiliate)
            self.assertEqual(self.found.item_ids.filtered("live"), live)

    def test_a_supervisor_does_not_approve_his_own(self):
        own = self.found.with_user(self.second)
        own.action_decide("stop", "owes")
        with self.assertRaisesRegex(UserError, "other than"):
            own.waiting_approval_id.action_approve()

    def test_held_and_released(self):
        """Fails when a way past the door is left open."""
        stop = self._stop()
        self.assertEqual(self.found.state, "decided")
        self.assertEqual(stop.approved_by_id, self.second)
        self.assertIn("are held since 2026-09-10", self.picking.rd_stop_reason)
        self.assertIn("are held", self.picking.message_ids[0].body)
        other = self._create_order([(self.p100, 2, 10.0)]).picking_ids
        for picking in (self.picking, other):
            self._pick(picking)
            with (
                self.assertRaisesRegex(UserError, "owes since May"),
                self.cr.savepoint(),
            ):
                self._ship(picking)
            with self.assertRaisesRegex(UserError, "are held"), self.cr.savepoint():
                picking._action_done()
        with self.assertRaisesRegex(UserError, "are held"), self.cr.savepoint():
            self.picking.move_ids._action_done()
        with freeze_time("2026-09-14 04:00:00"):
            with self.assertRaisesRegex(UserError, "Say why"):
                stop.with_user(self.clerk).action_ask_release(" ")
            wizard = self.env["rd.stop.release"].with_user(self.clerk)
            wizard.create({"stop_id": stop.id, "reason": "paid half"}).action_ask()
            with self.assertRaisesRegex(UserError, "are held"), self.cr.savepoint():
                self._ship()
            stop.waiting_approval_id.with_user(self.second).action_approve()
        self.assertEqual(stop.lifted_date, date(2026, 9, 14))
        self.picking.invalidate_recordset()
        self.assertFalse(self.picking.rd_stop_reason)
        self._ship()
        self.assertEqual(self.picking.state, "done")
        with self.assertRaisesRegex(UserError, "were released"):
            stop.with_user(self.clerk).action_ask_release("again")

    def test_goods_of_others_and_returns_pass(self):
        delivered = self._create_order([(self.p100, 3, 10.0)])
        gone = self._deliver(delivered, {self.p100: 3}, "D-1", date(2026, 9, 9))
        self._stop()
        self._return(gone, {self.p100: 1}, "R-1", date(2026, 9, 10))
        stranger = self.env["res.partner"].create({"name": "Other", "is_company": True})
        order = self._create_order([(self.p100, 1, 10.0)], partner=stranger)
        self._ship(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")

    def test_whoever_pays_counts_wherever_the_goods_go(self):
        self._stop()
        site = self.env["res.partner"].create({"name": "Site", "is_company": True})
        order = self._create_order([(self.p100, 1, 10.0)])
        order.picking_ids.partner_id = site
        free = self._create_order([(self.p100, 1, 10.0)], partner=site)
        both = order.picking_ids | free.picking_ids
        self.assertEqual(
            [bool(picking.rd_stop_reason) for picking in both], [True, False]
        )
        with self.assertRaisesRegex(UserError, "are held"), self.cr.savepoint():
            self._ship(order.picking_ids)

    def test_what_a_list_reports_has_left(self):
        """Booked all the same, and a supervisor is told."""
        self._stop()
        shipping = self.env["rd.shipping.list"].search([], limit=1)
        if not shipping:
            shipping = (
                self.env["rd.shipping.list"]
                .sudo()
                ._as_internal()
                .create(self._prepare_list())
            )
        self.picking._as_internal().write({"rd_shipping_list_id": shipping.id})
        self._ship()
        self.assertEqual(self.picking.state, "done")
        self.assertTrue(
            self.picking.activity_ids.filtered(
                lambda one: "left although" in one.summary
            )
        )

    def _prepare_list(self):
        return {
            "warehouse_id": self.warehouse.id,
            "date_from": "2026-09-01",
            "date_to": "2026-09-15",
        }

    def test_paid_asks_for_the_release_by_itself(self):
        stop = self._stop()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.debt.ids
        ).create({"payment_date": "2026-09-12"})._create_payments()
        with freeze_time("2026-09-12 04:00:00"):
            self.env["rd.receivable.exception"]._sync(self.company, self.affiliate)
        self.assertEqual(self.found.state, "closed")
        self.assertFalse(stop.lifted_date)
        self.assertIn("settled on", stop.waiting_approval_id.reason)

    def _pay_debt(self, debt=None, day="2026-09-12"):
        debt = debt or self.debt
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=debt.ids
        ).create({"payment_date": day})._create_payments()

    def _look(self, day):
        """Let a day's look at the exceptions run."""
        with freeze_time(f"{day} 04:00:00"):
            exceptions = self.env["rd.receivable.exception"]
            partners = exceptions._get_concerned(self.company)
            exceptions._sync(self.company, partners & self.affiliate)

    def test_paid_after_it_was_done_asks_for_the_release(self):
        """Fails when a stop is forgotten once its exception is done."""
        stop = self._stop()
        with freeze_time(NOW):
            self.found.action_finish("They will pay next week.")
        self._look("2026-09-11")
        self.assertFalse(stop.waiting_approval_id, "the debt is there")
        self._pay_debt()
        self._look("2026-09-18")
        self.assertIn("settled on", stop.waiting_approval_id.reason)
        stop.waiting_approval_id.with_user(self.second).action_refuse("Owes elsewhere")
        self._look("2026-09-19")
        self.assertFalse(stop.waiting_approval_id, "not asked each day")

    def test_two_exceptions_of_one_stop(self):
        """Fails when the end of the first one releases what the second one holds."""
        stop = self._stop()
        newer = self._find_another()
        with freeze_time(NOW):
            newer.with_user(self.clerk).action_decide("stop", "and more")
            newer.waiting_approval_id.with_user(self.second).action_approve()
        self.assertEqual(stop.exception_ids, self.found | newer)
        first = self.found.sudo()
        with freeze_time("2026-09-11 04:00:00"):
            first._forget(first.item_ids.filtered("live"), "settled")
            stop.sudo()._ask_where_settled()
        self.assertEqual((first.state, newer.state), ("closed", "decided"))
        self.assertFalse(stop.waiting_approval_id)
        self._pay_debt(self.env["account.move"].search([("ref", "=", "another")]))
        self._pay_debt(day="2026-09-13")
        self._look("2026-09-13")
        self.assertEqual(newer.state, "closed")
        self.assertTrue(stop.waiting_approval_id)

    def test_nobody_makes_or_lifts_one_by_hand(self):
        stop = self._stop()
        own = stop.with_user(self.second)
        for call in (
            lambda: own.write({"lifted_date": "2026-09-11"}),
            lambda: own.unlink(),
            lambda: own.create({"partner_id": self.affiliate.id, "reason": "x"}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                call()
        with self.assertRaisesRegex(UserError, "is released, not deleted"):
            stop.sudo().unlink()
