# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import importlib.util
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import ReconciliationCommon

INVARIANTS = Path(__file__).resolve().parents[3] / "tests" / "invariants.py"


@tagged("post_install", "-at_install")
class TestBasis(ReconciliationCommon):
    """Statements on what was signed or accepted: nothing too early, nothing lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = cls.parts[0]
        cls.affiliate.rd_cutoff_day = 25
        cls.order = cls._create_order([(cls.part, 100, 10.0)])
        cls.picking = cls._deliver(cls.order, {cls.part: 10}, "DN-1", date(2026, 9, 10))
        cls.move = cls.picking.move_ids.filtered("quantity")
        cls.september = cls._open_close(date(2026, 9, 1))
        cls.october = cls._open_close(date(2026, 10, 1))

    def setUp(self):
        super().setUp()
        self.addCleanup(self._check_invariants)

    def _check_invariants(self):
        """Hold the books against the invariants of the project, in raw SQL."""
        if not INVARIANTS.exists():
            return
        spec = importlib.util.spec_from_file_location("rd_invariants", INVARIANTS)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.env.flush_all()
        self.assertEqual(module.check(self.env.cr._obj), [])

    def _sign(self, day, picking=None, **figures):
        picking = picking or self.picking
        move = picking.move_ids.filtered("quantity")
        picking._rd_sign("Li Si", day, self.env["ir.attachment"], {move.id: figures})

    def _line_figures(self, statement):
        return [
            (line.qty_from, line.qty_to, line.verdict, line.zero_reason or "")
            for line in statement._lines().sorted(lambda line: line.qty_from)
        ]

    # ------------------------------------------------------------------
    # Signed
    # ------------------------------------------------------------------
    def test_only_signed_notes_count(self):
        self.affiliate.rd_basis = "signed"
        self.assertFalse(self._build(self.september))
        self._sign(datetime(2026, 9, 25, 15, 59))
        statement = self._build(self.september)
        self.assertEqual(statement.basis, "signed")
        self.assertEqual(statement.line_ids.date, date(2026, 9, 25))
        self.assertEqual(statement.line_ids.quantity, 10)

    def test_signed_after_the_cutoff_enters_the_next_period(self):
        self.affiliate.rd_basis = "signed"
        # 16:00 UTC on the 25th is midnight of the 26th for the company.
        self._sign(datetime(2026, 9, 25, 16))
        self.assertFalse(self._build(self.september))
        statement = self._build(self.october)
        self.assertEqual(statement.line_ids.date, date(2026, 9, 26))
        self.assertFalse(statement.line_ids.late)

    def test_the_price_is_that_of_the_delivery_day(self):
        """Fails when a price is looked for by the day of the signature."""
        self.affiliate.rd_basis = "signed"
        self._sign(datetime(2026, 9, 25, 16))
        line = self._build(self.october).line_ids
        self.assertEqual(line._get_delivery_day(), date(2026, 9, 10))
        asked = []

        def agreed(_line, day):
            asked.append(day)
            return 10.0, "x"

        line._as_internal().zero_reason = "no_price"
        with patch.object(
            type(self.env["sale.order.line"]), "_rd_get_agreed_price", agreed
        ):
            line._refresh_price()
        self.assertEqual(set(asked), {date(2026, 9, 10)})

    def test_elsewhere_invoiced_counts_against_what_is_due(self):
        self.affiliate.rd_basis = "accepted"
        self._sign(datetime(2026, 9, 12), rejected=2)
        move = self.init_invoice(
            "out_invoice", partner=self.affiliate, post=False, products=self.part
        )
        move.invoice_line_ids.write(
            {"quantity": 5, "sale_line_ids": [(6, 0, self.order.order_line.ids)]}
        )
        statement = self._build(self.september)
        due = statement._lines().filtered(lambda line: not line.zero_reason)
        self.assertEqual(sum(due.mapped("quantity")), 3)
        self.assertEqual(self.order.order_line.qty_to_invoice, 5)

    # ------------------------------------------------------------------
    # Accepted
    # ------------------------------------------------------------------
    def _accepted_statement(self):
        self.affiliate.rd_basis = "accepted"
        self._sign(datetime(2026, 9, 12), rejected=1, short=1, conceded=1)
        return self._build(self.september)

    def test_what_is_not_accepted_is_listed_at_0_and_asked_about(self):
        statement = self._accepted_statement()
        self.assertEqual(
            self._line_figures(statement),
            [(0, 8, "pending", ""), (8, 10, "difference", "not_accepted")],
        )
        self.assertEqual(statement.amount_untaxed, 80)
        item = statement.difference_ids
        self.assertEqual(
            (item.code, item.state, item.quantity), ("quantity_short", "open", 2)
        )
        self.assertEqual(item.amount, 22.6)
        self.assertIn("Li Si signed DN-1", item.reason)
        keys = [action["key"] for action in item._get_actions()]
        self.assertEqual(keys[0], "return")
        self.assertIn("write_off", keys)
        self.assertIn(
            "DN-1: signed by Li Si on 2026-09-12", str(item._prepare_evidence({}))
        )

    def test_their_ledger_of_accepted_goods_agrees(self):
        statement = self._accepted_statement()
        self._read_ledger(statement, [("2026-09-12", "DN-1", "P-100", 8, 90.4)])
        statement.action_match()
        self.assertEqual(statement._lines().mapped("verdict").count("confirmed"), 1)
        self.assertEqual(statement.difference_count, 1)
        statement.action_agree()
        self.assertEqual(statement._lines().qty_to, 8)
        later = self._build(self.october)
        self.assertEqual(
            self._line_figures(later), [(8, 10, "difference", "not_accepted")]
        )
        self.assertEqual(later.difference_ids.age, 1)

    def test_it_ends_settled_short(self):
        statement = self._accepted_statement()
        statement.difference_ids.action_write_off("lost")
        statement.action_confirm_recorded("Li Si", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        self.assertEqual(self.order.order_line.qty_to_invoice, 0)
        self.assertEqual(self.order.order_line.rd_settled_short, 2)
        self.assertFalse(self._build(self.october))

    def test_it_ends_returned(self):
        statement = self._accepted_statement()
        statement.difference_ids.action_return("comes back")
        back = statement.difference_ids.return_picking_ids
        back.move_ids.picked = True
        back._action_done()
        back.date_done = datetime(2026, 10, 2, 4)
        statement.action_confirm_recorded("Li Si", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        self.assertFalse(self._build(self.october))
        self.assertEqual(self.order.order_line.qty_to_invoice, 0)

    def _assert_done(self, invoiced):
        """Nothing of the order line is left to invoice."""
        line = self.order.order_line
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (invoiced, 0))
        self.assertFalse(self._build(self._open_close(date(2026, 11, 1)))._lines())

    def test_back_by_the_warehouse_while_it_is_asked_about(self):
        """What is here again cannot be settled as lost any more."""
        statement = self._accepted_statement()
        statement.action_send()
        item = statement.difference_ids
        self._return(self.picking, {self.part: 2}, "RT-1", date(2026, 9, 20))
        self.assertEqual(self._line_figures(statement), [(0, 8, "pending", "")])
        self.assertNotEqual(item.state, "open")
        with self.assertRaisesRegex(UserError, "already settled"):
            item.action_write_off("lost")
        gone = statement.line_ids.filtered("carry_reason")
        self.assertIn("RT-1", gone.carry_reason)
        statement.action_send()
        self._finish(statement)
        self._assert_done(8)

    def test_a_part_back_by_the_warehouse_while_it_is_asked_about(self):
        statement = self._accepted_statement()
        self._return(self.picking, {self.part: 1}, "RT-1", date(2026, 9, 20))
        self._build(self.september)
        self.assertEqual(
            self._line_figures(statement),
            [(0, 8, "pending", ""), (8, 9, "difference", "not_accepted")],
        )
        item = statement.difference_ids.filtered(lambda one: one.state == "open")
        self.assertEqual(item.quantity, 1)
        item.action_write_off("lost")
        self._finish(statement)
        self._assert_done(8)

    def test_back_by_the_warehouse_after_it_was_settled_as_lost(self):
        """What is not agreed yet is lost no more; what has not come back stays."""
        statement = self._accepted_statement()
        item = statement.difference_ids
        item.action_write_off("lost")
        self._return(self.picking, {self.part: 1}, "RT-1", date(2026, 9, 20))
        self.assertEqual(
            self._line_figures(statement),
            [(0, 8, "pending", ""), (8, 9, "short", "short")],
        )
        self._return(self.picking, {self.part: 1}, "RT-2", date(2026, 9, 21))
        self.assertEqual(self._line_figures(statement), [(0, 8, "pending", "")])
        with self.assertRaisesRegex(UserError, "have come back with RT-1, RT-2"):
            item.action_reopen()
        self._finish(statement)
        self._assert_done(8)

    def test_back_by_the_warehouse_after_it_was_agreed_as_lost(self):
        """What was agreed stays lost: something else has come back, and is credited."""
        statement = self._accepted_statement()
        statement.difference_ids.action_write_off("lost")
        self._finish(statement)
        self._return(self.picking, {self.part: 2}, "RT-1", date(2026, 10, 5))
        later = self._build(self.october)
        self.assertEqual(later._lines().mapped("quantity"), [-2])
        self._finish(later)
        self._assert_done(6)

    def test_back_to_be_repaired_while_it_is_asked_about(self):
        """Nothing was given back for good: it is still asked about."""
        statement = self._accepted_statement()
        back = {self.part: 2}
        self._return(self.picking, back, "RT-1", date(2026, 9, 20), to_refund=False)
        self.assertEqual(statement.difference_ids.state, "open")
        self._build(self.september)
        self.assertEqual(statement.difference_ids.state, "open")

    # ------------------------------------------------------------------
    # Asked in the warehouse
    # ------------------------------------------------------------------
    def _ask_warehouse(self):
        """Return the person of the warehouse, and the statement that asks."""
        rules = self.env["rd.difference.rule"]._get_by_code(self.company)
        rules["quantity_short"].role = "warehouse"
        return self._create_user("warehouse"), self._accepted_statement()

    def test_the_warehouse_is_asked_on_its_delivery(self):
        porter, statement = self._ask_warehouse()
        item = statement.difference_ids
        self.assertNotEqual(item.user_id, porter, "the desk decides")
        asked = self.picking.activity_ids
        self.assertRecordValues(
            asked, [{"user_id": porter.id, "date_deadline": item.deadline}]
        )
        self.assertIn("2 of P-100 by DN-1", asked.summary)
        with self.assertRaises(AccessError):
            item.with_user(porter).read(["amount"])
        asked.with_user(porter).action_feedback(feedback="Two are on the ramp.")
        self.assertEqual(item.state, "open")
        self.assertIn("Two are on the ramp.", item.message_ids[0].body)
        self.assertIn(item.user_id.partner_id, item.message_ids[0].partner_ids)
        item._schedule_for_owners(always=True)
        self.assertFalse(self.picking.activity_ids, "asked once")

    def test_the_warehouse_is_not_asked_about_what_is_settled(self):
        porter, statement = self._ask_warehouse()
        asked = self.picking.activity_ids
        self.assertEqual(asked.user_id, porter)
        statement.difference_ids.action_write_off("lost")
        self.assertFalse(self.picking.activity_ids)

    def test_nobody_answers_for_another_difference(self):
        porter, statement = self._ask_warehouse()
        item = statement.difference_ids
        asked = self.picking.activity_ids.with_user(porter)
        with self.assertRaises(AccessError):
            asked.write({"rd_difference_id": item.id})
        with self.assertRaises(AccessError):
            asked.copy({"rd_difference_id": item.id})

    def test_it_ends_conceded_and_can_be_taken_back(self):
        statement = self._accepted_statement()
        item = statement.difference_ids
        before = self.move.rd_short_qty, self.move.rd_rejected_qty
        self.assertEqual(before, (1, 1))
        item.action_keep_ours("they use it")
        self.assertEqual(self.move.rd_accepted_qty, 10)
        self.assertEqual(statement.amount_untaxed, 100)
        item.action_reopen()
        self.assertEqual(self.move.rd_accepted_qty, 8)
        after = self.move.rd_short_qty, self.move.rd_rejected_qty
        self.assertEqual(after, before, "what was short is short again")
        self.assertEqual(self.move.rd_conceded_qty, 1)
        self.assertEqual(statement.amount_untaxed, 80)
        item.action_keep_ours("they use it")
        statement.action_confirm_recorded("Li Si", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        self.assertEqual(self.order.order_line.qty_to_invoice, 0)

    # ------------------------------------------------------------------
    # Corrections
    # ------------------------------------------------------------------
    def test_a_corrected_receipt_takes_along_what_is_open(self):
        statement = self._accepted_statement()
        statement.action_send()
        self._sign(datetime(2026, 9, 13), rejected=4)
        self.assertEqual(self._line_figures(statement), [(0, 6, "pending", "")])
        self.assertEqual(statement.line_ids.filtered("live").date, date(2026, 9, 13))
        self.assertEqual(statement.amount_untaxed, 60)
        self.assertFalse(statement.difference_count)

    def test_a_signed_day_that_was_corrected_is_that_of_the_line(self):
        self.affiliate.rd_basis = "signed"
        self._sign(datetime(2026, 9, 12))
        statement = self._build(self.september)
        statement.action_send()
        self._sign(datetime(2026, 9, 14), rejected=2)
        self.assertEqual(statement._lines().date, date(2026, 9, 14))
        self.assertEqual(statement._lines().quantity, 10, "signed is what counts")

    def test_a_higher_receipt_leaves_what_was_stated(self):
        self.affiliate.rd_basis = "accepted"
        self._sign(datetime(2026, 9, 12))
        statement = self._build(self.september)
        statement.action_send()
        self._sign(datetime(2026, 9, 13))
        self.assertEqual(self._line_figures(statement), [(0, 10, "pending", "")])
        self.assertEqual(statement._lines().date, date(2026, 9, 13))

    def test_where_dispatched_goods_count_a_receipt_changes_nothing(self):
        self._return(self.picking, {self.part: 3}, "RT-1", date(2026, 9, 15))
        statement = self._build(self.september)
        statement.action_send()
        before = self._line_figures(statement)
        self._sign(datetime(2026, 9, 28), rejected=2)
        self.assertEqual(self._line_figures(statement), before)
        self.assertEqual(sorted(statement._lines().mapped("quantity")), [-3, 10])

    def test_what_was_not_accepted_does_not_wait_for_a_price(self):
        statement = self._accepted_statement()
        item = statement.difference_ids
        with self.assertRaisesRegex(UserError, "Li Si signed DN-1"):
            item.action_wait_price()
        self.assertEqual((item.state, statement.amount_untaxed), ("open", 80))

    def test_a_later_day_moves_the_line_to_its_period(self):
        statement = self._accepted_statement()
        self._sign(datetime(2026, 9, 28), rejected=2)
        self.assertFalse(statement._lines())
        later = self._build(self.october)
        self.assertEqual(later._lines().mapped("quantity"), [8, 2])

    def _returned_statements(self):
        """Return September with the delivery, and October with three of it back."""
        self.affiliate.rd_basis = "accepted"
        self._sign(datetime(2026, 9, 12))
        delivered = self._build(self.september)
        self._return(self.picking, {self.part: 3}, "RT-1", date(2026, 10, 5))
        return delivered, self._build(self.october)

    def _finish(self, statements):
        for statement in statements:
            statement.action_confirm_recorded("Li Si", note="call 7")
            statement.action_agree()
            statement.action_invoice()

    def test_a_corrected_receipt_takes_along_the_return(self):
        delivered, returned = self._returned_statements()
        returned.action_send()
        self.assertEqual(returned._lines().mapped("quantity"), [-3])
        # two of the three that came back had never been accepted
        self._sign(datetime(2026, 9, 12), rejected=2)
        self.assertEqual(returned._lines().mapped("quantity"), [-1])
        self.assertIn("DN-1", returned.line_ids.filtered("carry_reason").carry_reason)
        self.assertFalse(self._build(self.october).line_ids - returned.line_ids)
        self._build(self.september)
        returned.action_send()
        self._finish(delivered | returned)
        self.assertEqual(self.order.order_line.qty_invoiced, 7)
        self.assertEqual(self.order.order_line.qty_to_invoice, 0)

    def test_a_return_follows_the_day_of_the_receipt(self):
        delivered, returned = self._returned_statements()
        self._sign(datetime(2026, 10, 12))
        self.assertFalse(delivered._lines())
        self.assertEqual(returned._lines().mapped("date"), [date(2026, 10, 12)])
        # signed after the period: the return waits for its delivery
        self._sign(datetime(2026, 10, 27))
        self.assertFalse(returned._lines())
        later = self._build(self._open_close(date(2026, 11, 1)))
        self.assertEqual(sorted(later._lines().mapped("quantity")), [-3, 10])

    def test_a_return_waits_for_a_withdrawn_receipt(self):
        _delivered, returned = self._returned_statements()
        self.picking.action_rd_withdraw_receipt("wrong note")
        self.assertFalse(returned._lines())
        self.assertFalse(self._build(self.october)._lines())

    def test_a_return_that_is_to_be_repaired_stays(self):
        self.affiliate.rd_basis = "accepted"
        self._sign(datetime(2026, 9, 12))
        back = {self.part: 3}
        self._return(self.picking, back, "RT-1", date(2026, 10, 5), to_refund=False)
        statement = self._build(self.october)
        lines = statement._lines()
        self._sign(datetime(2026, 9, 12), rejected=2)
        self.assertTrue(lines.filtered("live").filtered("zero_reason"))

    def test_a_receipt_is_locked_by_an_agreed_return(self):
        delivered, returned = self._returned_statements()
        returned.action_confirm_recorded("Li Si", note="call 7")
        returned.action_agree()
        self.assertEqual(delivered.state, "draft")
        self.assertTrue(self.picking.rd_receipt_locked)
        with self.assertRaisesRegex(UserError, "were agreed"):
            self._sign(datetime(2026, 9, 12), rejected=2)
        self._finish(delivered)
        returned.action_invoice()
        self.assertEqual(self.order.order_line.qty_to_invoice, 0)

    def test_a_concession_taken_back_takes_along_the_return(self):
        statement = self._accepted_statement()
        item = statement.difference_ids
        item.action_keep_ours("they use it")
        self._return(self.picking, {self.part: 3}, "RT-1", date(2026, 10, 5))
        returned = self._build(self.october)
        self.assertEqual(returned._lines().mapped("quantity"), [-3])
        item.action_reopen()
        self.assertEqual(returned._lines().mapped("quantity"), [-1])

    def test_a_concession_stays_once_a_return_by_it_was_agreed(self):
        statement = self._accepted_statement()
        item = statement.difference_ids
        item.action_keep_ours("they use it")
        self._return(self.picking, {self.part: 3}, "RT-1", date(2026, 10, 5))
        returned = self._build(self.october)
        returned.action_confirm_recorded("Li Si", note="call 7")
        returned.action_agree()
        with self.assertRaisesRegex(UserError, "were agreed"):
            item.action_reopen()

    def test_agreed_receipts_are_locked(self):
        statement = self._accepted_statement()
        paper = self.env["ir.attachment"].create(
            {
                "name": "n",
                "raw": b"x",
                "res_model": "stock.picking",
                "res_id": self.picking.id,
            }
        )
        self.picking._as_internal().write({"rd_receipt_ids": [(4, paper.id)]})
        statement.action_confirm_recorded("Li Si", note="call 7")
        statement.action_agree()
        self.assertTrue(self.picking.rd_receipt_locked)
        with self.assertRaisesRegex(UserError, "were agreed"):
            self._sign(datetime(2026, 9, 12))
        with self.assertRaisesRegex(UserError, "were agreed"):
            self.picking.action_rd_withdraw_receipt("x")
        with self.assertRaisesRegex(UserError, "proof of agreed"):
            paper.unlink()
        with self.assertRaisesRegex(UserError, "proof of agreed"):
            paper.raw = b"y"

    def test_lowered_after_it_was_agreed_is_a_late_fact(self):
        self.affiliate.rd_basis = "accepted"
        self._sign(datetime(2026, 9, 12))
        statement = self._build(self.september)
        statement.action_confirm_recorded("Li Si", note="call 7")
        statement.action_agree()
        self.move.move_line_ids.quantity = 8
        self._check_invariants()
        later = self._build(self.october)
        self.assertEqual(later.line_ids.mapped("quantity"), [-2])

    def test_lowered_after_it_was_agreed_loses_first_what_was_not_accepted(self):
        statement = self._accepted_statement()
        statement.action_confirm_recorded("Li Si", note="call 7")
        statement.action_agree()
        lines = self.move.move_line_ids
        # eight were signed for and agreed: nine shipped leave one that was not
        lines.quantity = 9
        self.assertEqual(self.move.rd_accepted_qty, 8)
        self._check_invariants()
        later = self._build(self.october)
        self.assertEqual(
            self._line_figures(later), [(8, 9, "difference", "not_accepted")]
        )
        # a slip that is put right is as if it had never been
        lines.quantity = 10
        self.assertEqual(self.move.rd_accepted_qty, 8)
        self._build(self.october)
        refused = later._lines().filtered("zero_reason")
        self.assertEqual(sum(refused.mapped("quantity")), 2)
        # below what was accepted the agreed quantity is lowered by a late fact
        lines.quantity = 7
        self.assertEqual(self.move.rd_accepted_qty, 7)
        self._build(self.october)
        self._check_invariants()
        billed = later._lines().filtered(lambda line: not line.zero_reason)
        self.assertEqual(billed.mapped("quantity"), [-1])

    def test_corrected_while_it_is_a_draft(self):
        """Fails when pieces that were never shipped stay on the draft, asked about."""
        statement = self._accepted_statement()
        for quantity, expected in (
            (9, [(0, 8, "pending", ""), (8, 9, "difference", "not_accepted")]),
            (2, [(0, 2, "pending", "")]),
            (10, [(0, 8, "pending", ""), (8, 10, "difference", "not_accepted")]),
        ):
            self.move.move_line_ids.quantity = quantity
            self._build(self.september)
            self.assertEqual(self._line_figures(statement), expected)
            asked = statement.difference_ids.filtered(lambda one: one.state == "open")
            self.assertEqual(sum(asked.mapped("quantity")), max(0, quantity - 8))
            self._check_invariants()

    def test_kept_all_the_same_and_lowered_since(self):
        """Fails when pieces that were never shipped stay on the draft because somebody
        had decided that they are invoiced."""
        statement = self._accepted_statement()
        statement.difference_ids.action_keep_ours("they use it")
        self.move.move_line_ids.quantity = 2
        self._build(self.september)
        self.assertEqual(self._line_figures(statement), [(0, 2, "pending", "")])

    def test_signed_later_after_it_was_lowered(self):
        """Fails when what was lowered of a line is still taken off once the line has
        left its statement."""
        self.affiliate.rd_basis = "signed"
        self._sign(datetime(2026, 9, 20, 1))
        statement = self._build(self.september)
        statement.action_send()
        self.move.move_line_ids.quantity = 3
        self.assertEqual(self._build(self.october)._lines().mapped("quantity"), [-7])
        self._sign(datetime(2026, 10, 10, 1))
        self.assertFalse(statement._lines())
        self._check_invariants()
        self.assertEqual(self._build(self.october)._lines().mapped("quantity"), [3])

    def test_raised_after_it_was_signed(self):
        self._accepted_statement()
        self.move.move_line_ids.quantity = 12
        self.assertEqual(self.move.rd_accepted_qty, 10)

    def test_a_concession_taken_back_after_the_delivery_was_lowered(self):
        statement = self._accepted_statement()
        statement.difference_ids.action_keep_ours("they use it")
        self.move.move_line_ids.quantity = 9
        self.assertEqual(self.move.rd_accepted_qty, 9)
        statement.difference_ids.action_reopen()
        self.assertEqual(self.move.rd_accepted_qty, 8)

    def test_a_basis_does_not_change_under_a_statement(self):
        self._accepted_statement()
        with self.assertRaisesRegex(ValidationError, "present basis"):
            self.affiliate.rd_basis = "dispatched"

    # ------------------------------------------------------------------
    # Confirmed as it arrives
    # ------------------------------------------------------------------
    def _confirm(self, quantity):
        user = new_test_user(
            self.env,
            login="buyer",
            groups="base.group_portal",
            partner_id=self.env["res.partner"]
            .create({"name": "buyer", "parent_id": self.affiliate.id})
            .id,
        )
        self.picking._rd_confirm_by_portal(user, {self.move.id: quantity}, "192.0.2.7")

    def test_what_was_confirmed_on_arrival_is_confirmed_at_month_end(self):
        self._confirm(10)
        statement = self._build(self.september)
        # Signed by the confirmation on the day it was given, which is now.
        self.assertEqual(self._line_figures(statement), [(0, 10, "confirmed", "")])
        self.assertFalse(statement._needs_confirmation())
        self.assertTrue(self.september._run_step_match(self.affiliate).done)
        statement.action_agree()
        self.assertEqual(statement.state, "agreed")

    def test_the_rest_of_a_confirmed_delivery_waits(self):
        self._confirm(8)
        statement = self._build(self.september)
        self.assertEqual(
            self._line_figures(statement),
            [(0, 8, "confirmed", ""), (8, 10, "pending", "")],
        )
        self.assertTrue(statement._needs_confirmation())
        self._read_ledger(statement, [("2026-09-12", "DN-1", "P-100", 10, 113.0)])
        statement.action_match()
        self.assertEqual({line.verdict for line in statement._lines()}, {"confirmed"})

    def test_nothing_is_confirmed_after_it_was_agreed(self):
        statement = self._build(self.september)
        statement.action_confirm_recorded("Li Si", note="call 7")
        statement.action_agree()
        with self.assertRaisesRegex(UserError, "were agreed"):
            self._confirm(10)
