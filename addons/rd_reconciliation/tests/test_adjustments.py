# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Price adjustments, charges and taking a statement back."""

from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import InvariantsMixin, ReconciliationCommon


class AfterwardsCase(InvariantsMixin, ReconciliationCommon):
    """A September statement, and two supervisors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p100, cls.p200, cls.p300 = cls.parts
        cls.order = cls._create_order([(cls.p100, 100, 10.0), (cls.p300, 50, 0.335)])
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.october = cls._open_close(date(2026, 10, 1))
        cls.november = cls._open_close(date(2026, 11, 1))
        cls.picking = cls._deliver(
            cls.order, {cls.p100: 60, cls.p300: 7}, "DN-1", date(2026, 9, 10)
        )
        cls.statement = cls._build(cls.close)
        cls.second = new_test_user(
            cls.env,
            login="rd_second",
            groups="rd_sales_admin.rd_sales_admin_group_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _invoice(self, statement=None, user=None):
        statement = (statement or self.statement).with_user(user or self.env.user)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        statement.action_invoice()
        statement.action_post()
        return statement.invoice_ids.filtered(lambda move: move.state == "posted")

    def _get_waiting(self):
        return self.env["rd.approval"].search([("state", "=", "waiting")])


@tagged("post_install", "-at_install")
class TestPriceAdjustment(AfterwardsCase):
    """A price agreed later enters the next statement once."""

    def _adjust(self, price, **values):
        return self._adjust_price(self.p100, price, **values)

    def _approve(self, adjustment):
        adjustment.action_request()
        self._get_waiting().with_user(self.supervisor).action_approve()
        self.assertEqual(adjustment.state, "approved")

    def test_higher_price_is_debited_once(self):
        self._invoice()
        adjustment = self._adjust(10.55)
        adjustment.action_list()
        self.assertRecordValues(
            adjustment.line_ids,
            [{"quantity": 60, "old_price": 10, "new_price": 10.55, "amount": 33}],
        )
        self._approve(adjustment)
        late = self._build(self.october)
        self.assertRecordValues(
            late.line_ids,
            [
                {
                    "quantity": 60,
                    "price_unit": 0.55,
                    "amount_untaxed": 33,
                    "late": True,
                    "first_statement_id": self.statement.id,
                    "sale_line_id": False,
                }
            ],
        )
        invoice = self._invoice(late, self.clerk)
        self.assertEqual(
            (invoice.move_type, invoice.amount_total), ("out_invoice", 37.29)
        )
        self.assertFalse(invoice.invoice_line_ids.product_id)
        self.assertEqual(self.order.order_line[0].qty_invoiced, 60)
        self.assertFalse(self._build(self.november))

    def test_what_is_approved_is_not_listed_anew(self):
        self._invoice()
        adjustment = self._adjust(10.55)
        self._approve(adjustment)
        lines = adjustment.line_ids
        with self.assertRaisesRegex(UserError, "cannot become"):
            adjustment.action_list()
        with self.assertRaisesRegex(UserError, "listed anew, not deleted"):
            lines.sudo().unlink()
        self.assertEqual(adjustment.line_ids, lines)

    def test_lower_price_is_credited(self):
        self._invoice()
        self._approve(self._adjust(9.5))
        late = self._build(self.october)
        self.assertRecordValues(
            late.line_ids, [{"quantity": -60, "price_unit": 0.5, "amount_untaxed": -30}]
        )
        credit = self._invoice(late)
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 33.9))

    def test_tax_included_price(self):
        self._invoice()
        adjustment = self._adjust(11.865, tax_basis="included")
        adjustment.action_list()
        self.assertEqual(adjustment.line_ids.new_price, 10.5)

    def test_a_price_without_tax_where_the_tax_is_in_the_price(self):
        self.order.order_line.tax_ids.price_include_override = "tax_included"
        self.statement.with_user(self.clerk).action_refresh()
        self._invoice()
        adjustment = self._adjust(10, tax_basis="excluded")
        adjustment.action_list()
        self.assertEqual(adjustment.line_ids.new_price, 11.3)

    def test_prices_of_a_draft_are_taken_out_and_no_others(self):
        self._invoice()
        adjustment = self._adjust(10.55)
        extra = {"product_id": self.p300.id, "price_unit": 1}
        adjustment.price_ids = [Command.create(extra)]
        adjustment.price_ids[1].with_user(self.clerk).unlink()
        self._approve(adjustment)
        with self.assertRaisesRegex(UserError, "take it back to draft first"):
            adjustment.price_ids.with_user(self.clerk).unlink()
        self.assertEqual(adjustment.price_ids.product_id, self.p100)

    def test_second_adjustment_starts_from_the_first(self):
        self._invoice()
        self._approve(self._adjust(11))
        second = self._adjust(12)
        second.action_list()
        self.assertRecordValues(
            second.line_ids, [{"old_price": 11, "new_price": 12, "step": 1}]
        )
        with self.assertRaisesRegex(UserError, "at another price"):
            self._adjust(11).action_list()

    @mute_logger("odoo.sql_db")
    def test_two_documents_never_list_one_line(self):
        self._invoice()
        self._adjust(11).action_list()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._adjust(12).action_list()
            self.env.flush_all()

    def test_valid_from_leaves_earlier_deliveries_alone(self):
        self._invoice()
        with self.assertRaisesRegex(UserError, "at another price"):
            self._adjust(11, valid_from=date(2026, 9, 11)).action_list()

    def test_return_after_an_adjustment_takes_its_price(self):
        self._invoice()
        self._approve(self._adjust(11))
        self._return(self.picking, {self.p100: 5}, "RT-1", date(2026, 10, 25))
        late = self._build(self.october)
        back = late.line_ids.filtered(lambda line: line.note == "RT-1")
        self.assertEqual((back.quantity, back.price_unit), (-5, 11))

    # -- Units -----------------------------------------------------------
    def _box(self, count):
        box = self.env["uom.uom"].create(
            {
                "name": f"Box of {count}",
                "relative_factor": count,
                "relative_uom_id": self.p100.uom_id.id,
            }
        )
        self.p100.uom_ids |= box
        return box

    def _adjust_per(self, unit, price):
        values = {"product_id": self.p100.id, "price_unit": price, "uom_id": unit.id}
        return self._adjust(price, price_ids=[Command.create(values)])

    def test_price_per_box_for_what_was_invoiced_by_the_piece(self):
        """Fails when 95.00 per box of ten is taken for the price of a piece."""
        self._invoice()
        adjustment = self._adjust_per(self._box(10), 95)
        adjustment.action_list()
        self.assertRecordValues(
            adjustment.line_ids,
            [{"quantity": 60, "old_price": 10, "new_price": 9.5, "amount": -30}],
        )
        self._approve(adjustment)
        late = self._build(self.october)
        self.assertRecordValues(
            late.line_ids, [{"quantity": -60, "price_unit": 0.5, "amount_untaxed": -30}]
        )

    def test_price_that_is_not_even_per_piece_stays_to_the_cent(self):
        """1,055.55 a hundred are 10.5555 each: rounded, 33.60 would be asked for
        sixty instead of 33.33."""
        self._invoice()
        box = self._box(100)
        adjustment = self._adjust_per(box, 1055.55)
        self._approve(adjustment)
        self.assertRecordValues(
            adjustment.line_ids,
            [
                {
                    "uom_id": box.id,
                    "quantity": 0.6,
                    "old_price": 1000,
                    "new_price": 1055.55,
                    "amount": 33.33,
                }
            ],
        )
        late = self._build(self.october)
        self.assertRecordValues(
            late.line_ids,
            [
                {
                    "uom_id": box.id,
                    "uom_name": box.name,
                    "quantity": 0.6,
                    "price_unit": 55.55,
                    "amount_untaxed": 33.33,
                }
            ],
        )
        invoice = self._invoice(late, self.clerk)
        self.assertEqual(invoice.invoice_line_ids.product_uom_id, box)
        self.assertEqual(invoice.amount_untaxed, 33.33)
        self.assertFalse(self._build(self.november))
        again = self._adjust_per(box, 1055.55)
        with self.assertRaisesRegex(UserError, "at another price"):
            again.action_list()
        second = self._adjust(11)
        self._approve(second)
        self.assertRecordValues(
            second.line_ids, [{"uom_id": box.id, "old_price": 1055.55, "amount": 26.67}]
        )

    def test_price_per_piece_for_what_was_invoiced_by_the_box(self):
        box = self._box(10)
        values = {
            "product_id": self.p100.id,
            "product_uom_qty": 3,
            "product_uom_id": box.id,
            "price_unit": 98,
            "tax_ids": [Command.set(self.tax.ids)],
        }
        order = self._create_order([], order_line=[Command.create(values)])
        move = order.picking_ids.move_ids
        count = box._compute_quantity(3, move.product_uom)
        self._deliver(order, {self.p100: count}, "DN-9", date(2026, 9, 11))
        self._build(self.close)
        self._invoice()
        adjustment = self._adjust(10.5)
        adjustment.action_list()
        boxes = adjustment.line_ids.filtered(lambda line: line.note == "DN-9")
        self.assertRecordValues(
            boxes,
            [
                {
                    "uom_id": box.id,
                    "quantity": 3,
                    "old_price": 98,
                    "new_price": 105,
                    "amount": 21,
                }
            ],
        )
        self.assertEqual((adjustment.line_ids - boxes).amount, 30)

    def test_no_price_in_a_unit_of_another_kind(self):
        metre = self.env.ref("uom.product_uom_meter")
        with self.assertRaisesRegex(UserError, "cannot be one per"):
            self._adjust_per(metre, 95)

    def test_their_part_number_finds_the_part(self):
        self.env["rd.part.alias"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
                "code": "NW-77",
                "product_id": self.p100.id,
            }
        )
        adjustment = self._adjust(
            1.0,
            price_ids=[Command.create({"customer_part": "NW-77", "price_unit": 11})],
        )
        self.assertEqual(adjustment.price_ids.product_id, self.p100)

    def test_approval_needs_another_person_and_the_same_lines(self):
        invoice = self._invoice()
        adjustment = self._adjust(11).with_user(self.supervisor)
        adjustment.action_request()
        approval = self._get_waiting()
        with self.assertRaisesRegex(UserError, "other than"):
            approval.with_user(self.supervisor).action_approve()
        with self.assertRaisesRegex(UserError, "by a supervisor"):
            approval.with_user(self.clerk).action_approve()
        with self.assertRaisesRegex(UserError, "Say why"):
            approval.with_user(self.second).action_refuse(" ")
        invoice.button_draft()
        invoice.button_cancel()
        with (
            self.assertRaisesRegex(UserError, "has changed since"),
            self.env.cr.savepoint(),
        ):
            approval.with_user(self.second).action_approve()
        self.env.invalidate_all()
        approval.with_user(self.second).action_refuse("not agreed")
        self.assertEqual(adjustment.state, "draft")

    def test_under_way_nothing_changes(self):
        self._invoice()
        adjustment = self._adjust(11)
        adjustment.action_request()
        for record, values in (
            (adjustment, {"valid_from": date(2026, 1, 1)}),
            (adjustment, {"state": "approved"}),
            (adjustment.price_ids, {"price_unit": 99}),
            (adjustment.line_ids.sudo(), {"new_price": 99}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                record.write(values)


@tagged("post_install", "-at_install")
class TestCharges(AfterwardsCase):
    """What no delivery stands behind, with a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.freight = cls._create_part("FREIGHT", 0.0, type="service")

    def _charge(self, price, **values):
        return (
            self.env["rd.statement.charge"]
            .with_user(self.clerk)
            .create(
                {
                    "name": "Express freight",
                    "partner_id": self.affiliate.id,
                    "date": date(2026, 9, 20),
                    "product_id": self.freight.id,
                    "price_unit": price,
                    "reason": "agreed by mail",
                    **values,
                }
            )
        )

    def test_freight_enters_the_draft_and_its_invoice(self):
        charge = self._charge(88.5)
        charge.action_confirm()
        self.assertEqual(charge.statement_id, self.statement)
        line = self.statement.line_ids.filtered(lambda item: not item.sale_line_id)
        self.assertRecordValues(
            line, [{"amount_untaxed": 88.5, "product_name": "Express freight"}]
        )
        self.assertFalse(line.late)
        invoice = self._invoice(user=self.clerk)
        self.assertEqual(invoice.amount_total, self.statement.amount_total)
        self.assertIn(self.freight, invoice.invoice_line_ids.product_id)
        self.assertFalse(self._build(self.october))

    def test_deduction_alone_becomes_a_credit_note(self):
        self._invoice()
        self._charge(-100, kind="deduction", date=date(2026, 10, 2)).action_confirm()
        late = self._build(self.october)
        self.assertRecordValues(late.line_ids, [{"quantity": -1, "price_unit": 100}])
        credit = self._invoice(late, self.clerk)
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 113))

    def test_the_limit_is_one_of_the_companys_currency(self):
        """The same figure is much in one currency and little in another."""
        for name, rate, state in (("EUR", 0.125, "waiting"), ("JPY", 20, "approved")):
            currency = self._give_rate(name, rate)
            charge = self._charge(400, currency_id=currency.id)
            charge.action_confirm()
            self.assertEqual(charge.state, state, name)

    def test_above_the_limit_a_second_person_approves(self):
        charge = self._charge(501)
        charge.action_confirm()
        self.assertEqual(charge.state, "waiting")
        self.assertFalse(charge.statement_id)
        self._get_waiting().with_user(self.supervisor).action_refuse("too much")
        self.assertEqual(charge.state, "draft")
        charge.action_confirm()
        self._get_waiting().with_user(self.supervisor).action_approve("fine")
        self.assertEqual(charge.statement_id, self.statement)

    def test_cancelled_from_a_draft_only(self):
        charge = self._charge(10)
        charge.action_confirm()
        charge.action_cancel()
        self.assertFalse(charge.statement_id)
        self.assertEqual(len(self.statement.line_ids), 2)
        charge.action_draft()
        charge.action_confirm()
        self.statement.action_send()
        with self.assertRaisesRegex(UserError, "has been sent"):
            charge.action_cancel()

    def test_incomplete_and_wrong_customer(self):
        with self.assertRaisesRegex(UserError, "no amount"):
            self._charge(0.0).action_confirm()
        with self.assertRaisesRegex(UserError, "no tax"):
            self._charge(5, tax_ids=[Command.clear()]).action_confirm()
        outsider = self.env["res.partner"].create({"name": "Outsider"})
        with self.assertRaisesRegex(UserError, "no monthly statement"):
            self._charge(5, partner_id=outsider.id)

    def test_approved_is_not_written(self):
        charge = self._charge(5)
        charge.action_confirm()
        for values in ({"price_unit": 7}, {"state": "draft"}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                charge.write(values)


@tagged("post_install", "-at_install")
class TestReopen(AfterwardsCase):
    """Taking a statement back: two people, a new revision, nothing half undone."""

    def _ask(self):
        self.statement.with_user(self.clerk).action_ask_reopen("two notes missing")
        return self._get_waiting()

    def test_sent_statement_goes_out_again_as_a_new_revision(self):
        self.statement.action_send()
        old = (self.statement.revision, self.statement.content_hash)
        self._ask().with_user(self.supervisor).action_approve()
        self.assertEqual(self.statement.state, "draft")
        self.statement.action_send()
        self.assertEqual(self.statement.revision, old[0] + 1)
        with self.assertRaisesRegex(UserError, "has changed since"):
            self.statement._record_confirmation("phone", "Mr Tan", *old)
        self.assertEqual(
            self.statement.revision_ids.sorted("id").mapped("event"),
            ["fixed", "taken_back", "fixed"],
        )

    def test_invoiced_statement_says_what_it_undoes(self):
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()
        self.statement.action_invoice()
        approval = self._ask()
        for text in ("1 draft invoices", "Mr Tan", "2 confirmed lines", "Revision 1"):
            self.assertIn(text, approval.effects)
        self.picking.move_ids[0].move_line_ids.quantity = 50
        approval.with_user(self.supervisor).action_approve()
        self.assertEqual(self.statement.state, "draft")
        self.assertEqual(self.statement.invoice_ids.state, "cancel")
        self.assertFalse(self.statement.confirmed_by)
        self._build(self.close)
        self.assertIn(50, self.statement._lines().mapped("quantity"))
        invoice = self._invoice()
        self.assertEqual(invoice.amount_total, self.statement.amount_total)
        self.assertFalse(self._build(self.october))

    def test_posted_or_closed_stays(self):
        self._invoice()
        with self.assertRaisesRegex(UserError, "is posted"):
            self._ask()
        self.statement._move_to("closed")
        with self.assertRaisesRegex(UserError, "cannot become"):
            self._ask()

    def test_what_was_left_open_stays_in_its_closed_month(self):
        self.statement.action_send()
        self.close.step_ids._as_internal().write({"state": "done"})
        step = self.close.step_ids[0]
        step._as_internal().write({"state": "todo"})
        step.with_user(self.supervisor).action_leave_open("audit")
        self.close.with_user(self.supervisor).action_close()
        self._get_waiting().with_user(self.second).action_approve()
        self.assertEqual((self.close.state, self.statement.state), ("closed", "sent"))
        with self.assertRaisesRegex(UserError, "is closed; .* the next month"):
            self._ask()
        self.assertEqual(self.statement.state, "sent")

    def test_the_form_says_what_was_decided_stays_decided(self):
        self._read_ledger(
            self.statement,
            [
                ("2026-09-10", "DN-1", "P-100", 58, 655.4),
                ("2026-09-10", "DN-1", "P-300", 7, 2.66),
            ],
        )
        self.statement.action_match()
        short = self.statement.difference_ids.filtered(lambda one: one.state == "open")
        short.with_user(self.clerk).action_accept_theirs()
        self.statement.action_send()
        wizard = self.env["rd.statement.reopen"].with_user(self.clerk)
        self.assertFalse(wizard.new({}).effects)
        wizard = wizard.create(
            {"statement_id": self.statement.id, "reason": "two notes missing"}
        )
        self.assertIn("1 decided differences stay decided", wizard.effects)
        wizard.action_apply()
        self._get_waiting().with_user(self.supervisor).action_approve()
        self.assertEqual(self.statement.state, "draft")
        self.assertEqual(short.state, "agreed")

    def test_own_request_and_missing_reason(self):
        self.statement.action_send()
        with self.assertRaisesRegex(UserError, "Say why"):
            self.statement.with_user(self.clerk).action_ask_reopen(" ")
        self.statement.with_user(self.supervisor).action_ask_reopen("mine")
        with self.assertRaisesRegex(UserError, "other than"):
            self._get_waiting().with_user(self.supervisor).action_approve()
        self.assertEqual(self.statement.state, "sent")
        self.statement.with_user(self.supervisor).action_ask_reopen("again")
        self.assertEqual(len(self._get_waiting()), 1)
        self._get_waiting().with_user(self.second).action_refuse("no need")
        self.assertEqual(self.statement.state, "sent")

    def test_the_log_is_kept(self):
        self.statement.action_send()
        with self.assertRaises(UserError):
            self.statement.revision_ids.sudo().note = "x"
        with self.assertRaises(UserError):
            self.statement.revision_ids.sudo().unlink()

    def test_supervisors_are_told(self):
        self.statement.action_send()
        approval = self._ask()
        self.assertEqual(
            set(approval.activity_ids.mapped("user_id").ids)
            & {self.supervisor.id, self.second.id, self.clerk.id},
            {self.supervisor.id, self.second.id},
        )
        approval.with_user(self.second).action_approve()
        self.assertFalse(approval.activity_ids)
        with self.assertRaisesRegex(UserError, "already been answered"):
            approval.with_user(self.supervisor).action_approve()

    def test_month_with_someone_left_open(self):
        self.close.step_ids._as_internal().write({"state": "done"})
        step = self.close.step_ids[0]
        step._as_internal().write({"state": "todo"})
        step.with_user(self.supervisor).action_leave_open("audit")
        self.statement.action_cancel()
        self.close.with_user(self.supervisor).action_close()
        self.assertEqual(self.close.state, "open")
        approval = self._get_waiting()
        with self.assertRaisesRegex(UserError, "other than"):
            approval.with_user(self.supervisor).action_approve()
        approval.with_user(self.second).action_approve()
        self.assertEqual(self.close.state, "closed")
