# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .invoicing import InvoicingCase
from .test_fapiao_import import HEADS


@tagged("post_install", "-at_install")
class TestBillingPaths(InvoicingCase):
    """Cancel, credit, reset, copy: billed once, never above what was agreed."""

    def setUp(self):
        super().setUp()
        self.statement = self._agree([(self.p100, 60, 10.0), (self.p200, 2, 25.5)])
        self.move = self._invoice(self.statement)
        self.order_lines = self.statement.line_ids.sale_line_id.sudo()

    def _billed(self):
        return dict(
            zip(
                self.order_lines.mapped("product_id.default_code"),
                self.order_lines.mapped("qty_invoiced"),
                strict=True,
            )
        )

    def _assert_billed_once(self):
        self.assertEqual(self._billed(), {"P-100": 60, "P-200": 2})

    def _post(self, moves=None):
        (moves or self.move).with_user(self.finance).action_post()

    def test_cancel_gives_back_once(self):
        self.move.with_user(self.finance).button_cancel()
        self.assertEqual(self.statement.state, "agreed")
        live = self._invoice(self.statement)
        self.assertEqual(self.statement.state, "invoiced")
        self._post(live)
        self._assert_billed_once()

    def test_cancelled_invoice_drafted_again_beside_its_successor(self):
        """One sentence, and behind it the index."""
        self.move.with_user(self.finance).button_cancel()
        self._invoice(self.statement)
        text = self._assert_refused(
            self.move,
            self._rpc,
            self.finance,
            "account.move",
            "button_draft",
            self.move.ids,
        )
        self.assertIn("has been invoiced anew", text)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self.move.invoice_line_ids.write({"parent_state": "draft"})
                self.env.flush_all()

    def test_cancelled_invoice_drafted_again(self):
        """Nothing was made in its place: it is the statement's invoice again."""
        self.move.with_user(self.finance).button_cancel()
        self.move.with_user(self.finance).button_draft()
        self.assertEqual(self.statement.state, "invoiced")
        self._post()
        self._assert_billed_once()

    def test_what_was_taken_back_keeps_its_invoice_cancelled(self):
        """The cancelled draft bills nothing beside a statement that is open again,
        nor what was agreed otherwise since."""
        self.statement.with_user(self.clerk).action_ask_reopen("two notes missing")
        waiting = self.env["rd.approval"].search([("state", "=", "waiting")])
        waiting.with_user(self.supervisor).action_approve()
        self.assertEqual((self.statement.state, self.move.state), ("draft", "cancel"))
        draft = self.move.with_user(self.finance).button_draft
        with self.assertRaisesRegex(UserError, "was taken back"):
            draft()
        goods = self.statement._lines()[0].move_id
        goods.move_line_ids.quantity += 1
        self._build(self.statement.close_id)
        self.statement.action_confirm_recorded("Li Si", note="call 7")
        self.statement.action_agree()
        with self.assertRaisesRegex(UserError, "agreed"):
            draft()
        self._post(self._invoice(self.statement))

    def test_reset_edit_repost(self):
        self._post()
        self.move.with_user(self.finance).button_draft()
        self.assertEqual(self.statement.state, "invoiced")
        line = self.move.invoice_line_ids[0]
        line.with_user(self.finance).quantity = 600
        with self.assertRaisesRegex(UserError, "quantity is not what was agreed"):
            self._post()
        line.with_user(self.finance).quantity = 60
        self._post()
        self._assert_billed_once()

    def test_unit_and_part_are_as_agreed(self):
        """Fails when 60 pieces of the statement are billed as 60 dozens, or as
        another part of the same price."""
        dozen = self.env.ref("uom.product_uom_dozen")
        line = self.move.invoice_line_ids[0].with_user(self.finance)
        agreed = {name: line[name] for name in ("name", "price_unit", "tax_ids")}
        for change, pattern in (
            ({"product_uom_id": dozen.id}, "unit is not what was agreed"),
            ({"product_id": self.p300.id}, "part is not what was agreed"),
            ({"product_id": False}, "part is not what was agreed"),
        ):
            with self.env.cr.savepoint() as savepoint:
                line.write(change)
                line.write(
                    {
                        **agreed,
                        "tax_ids": [Command.set(agreed["tax_ids"].ids)],
                        "quantity": 60,
                    }
                )
                with self.assertRaisesRegex(UserError, pattern):
                    self._post()
                savepoint.rollback()
            self.env.invalidate_all()
        self._post()
        self._assert_billed_once()

    def test_copy_is_not_of_the_statement_and_not_billed(self):
        self._post()
        copied = self.move.with_user(self.finance).copy()
        self.assertFalse(copied.rd_statement_id)
        self.assertFalse(copied.rd_request_ids)
        self.assertFalse(copied.rd_fapiao_ids)
        self.assertFalse(copied.invoice_line_ids.rd_statement_line_id)
        self._assert_billed_once()

    def test_whole_credit_gives_back_once(self):
        self._post()
        credit = self._credit(self.move)
        self.assertEqual(self.statement.state, "invoiced", "a draft takes nothing back")
        self._post(credit)
        self.assertEqual(self.statement.state, "agreed")
        self.assertEqual(self.move.rd_former_statement_id, self.statement)
        self.assertEqual(self._billed(), {"P-100": 0, "P-200": 0})
        live = self._invoice(self.statement) - self.move
        self._post(live)
        self._assert_billed_once()
        self._assert_to_the_cent(self.statement)
        with self.assertRaisesRegex(UserError, "is in state|cannot become"):
            self.statement.action_send()
        self.statement.action_invoice()
        self.assertEqual(len(self.statement.sudo().invoice_ids), 1)

    def test_an_invoice_is_not_cancelled_under_its_credit_note(self):
        self._post()
        credit = self._credit(self.move)
        credit.invoice_line_ids[:1].quantity = 1
        with self.assertRaisesRegex(UserError, "that credit note first"):
            self.move.with_user(self.finance).button_cancel()
        credit.with_user(self.finance).button_cancel()
        self.move.with_user(self.finance).button_cancel()
        self.assertEqual(self.statement.state, "agreed")

    def _credit_by_hand(self, quantity):
        """Return a posted credit note of P-100 that names no invoice."""
        line = self.order_lines.filtered(lambda one: one.product_id == self.p100)
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.affiliate.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.p100.id,
                            "quantity": quantity,
                            "price_unit": 10.0,
                            "tax_ids": [Command.set(self.tax.ids)],
                            "sale_line_ids": [Command.set(line.ids)],
                        }
                    )
                ],
            }
        )
        credit.action_post()
        return credit

    def test_an_invoice_is_not_cancelled_under_a_credit_note_by_hand(self):
        """It names no invoice; it takes back what is invoiced all the same."""
        self._post()
        credit = self._credit_by_hand(10)
        self.assertEqual(self._billed()["P-100"], 50)
        self.move.with_user(self.finance).button_draft()
        for drop in ("button_cancel", "unlink"):
            with self.assertRaisesRegex(UserError, "that credit note first"):
                getattr(self.move.with_user(self.finance), drop)()
        self._post()
        credit.button_draft()
        credit.button_cancel()
        self.move.with_user(self.finance).button_cancel()
        self._post(self._invoice(self.statement))
        self._assert_billed_once()

    def test_what_was_credited_by_hand_is_billed_again_once(self):
        self._post()
        self._credit_by_hand(10)
        later = self._agree_what_is_there(self._open_close(date(2026, 10, 1)))
        self.assertEqual(later._lines().mapped("quantity"), [10])
        self._post(self._invoice(later))
        self._assert_billed_once()
        # beside it the first may be made anew: what is credited is still invoiced
        self.move.with_user(self.finance).button_draft()
        self.move.with_user(self.finance).button_cancel()
        self._post(self._invoice(self.statement))
        self._assert_billed_once()

    def test_nothing_is_credited_twice(self):
        self._post()
        part = self._credit(self.move)
        part.invoice_line_ids[1:].unlink()
        self._post(part)
        with self.assertRaisesRegex(UserError, "already credits"):
            self._post(self._credit(self.move))

    def test_a_draft_of_a_part_is_not_passed_by(self):
        """Fails when the whole is credited beside a draft that stays for ever."""
        self._post()
        part = self._credit(self.move)
        part.invoice_line_ids[1:].unlink()
        whole = self._credit(self.move)
        for note in (whole, part):
            with self.assertRaisesRegex(UserError, "lower this note"):
                self._post(note)
        part.unlink()
        self._post(whole)
        self._post(self._invoice(self.statement))
        self._assert_billed_once()

    def test_no_second_draft_of_what_is_credited_whole(self):
        """Fails when Odoo counts a draft that can never be posted as to be invoiced."""
        self._post()
        first = self._credit(self.move)
        with self.assertRaisesRegex(UserError, "already credits the whole"):
            self._credit(self.move)
        first.unlink()
        self._post(self._credit(self.move))
        with self.assertRaisesRegex(UserError, "already credits the whole"):
            self._credit(self.move)
        sold = self.move.invoice_line_ids.sale_line_ids
        self.assertEqual(sold.mapped("qty_invoiced"), [0.0] * len(sold))

    def test_a_cancelled_credit_note_does_not_come_back_alone(self):
        """Fails when a credit note takes back what is not invoiced at all."""
        self._post()
        credit = self._credit(self.move).with_user(self.finance)
        credit.button_cancel()
        other = self._credit(self.move)
        with self.assertRaisesRegex(UserError, "more would be credited"):
            credit.button_draft()
        other.unlink()
        invoice = self.move.with_user(self.finance)
        invoice.button_draft()
        invoice.button_cancel()
        with self.assertRaisesRegex(UserError, "stays cancelled"):
            credit.button_draft()
        sold = self.move.invoice_line_ids.sale_line_ids
        self.assertEqual(sold.mapped("qty_invoiced"), [0.0] * len(sold))

    def test_credit_taken_back_ties_the_invoice_again(self):
        self._post()
        credit = self._credit(self.move)
        self._post(credit)
        credit.with_user(self.finance).button_draft()
        self.assertEqual(self.move.rd_statement_id, self.statement)
        self.assertEqual(self.statement.state, "invoiced")
        self.assertFalse(self.statement.invoice_missing)

    def test_credit_is_not_taken_back_beside_a_new_invoice(self):
        self._post()
        credit = self._credit(self.move)
        self._post(credit)
        self._invoice(self.statement)
        for name in ("button_draft", "button_cancel"):
            if name == "button_cancel" and credit.state == "posted":
                continue
            text = self._assert_refused(
                credit, self._rpc, self.finance, "account.move", name, credit.ids
            )
            self.assertIn("has been invoiced anew", text)

    def test_stated_anew_after_its_invoice_was_credited(self):
        """Fails when lines that a credited invoice names cannot be made anew, or when
        it bills them again beside the new ones."""
        self._post()
        credit = self._credit(self.move)
        self._post(credit)
        self.statement.with_user(self.clerk).action_ask_reopen("a note is missing")
        waiting = self.env["rd.approval"].search([("state", "=", "waiting")])
        waiting.with_user(self.supervisor).action_approve()
        old = self.statement._lines()
        self.statement.action_refresh()
        self.assertEqual(set(old.mapped("verdict")), {"replaced"})
        self.assertEqual(len(self.statement._lines() - old), 2)
        with self.assertRaisesRegex(UserError, "stated anew"):
            credit.with_user(self.finance).button_draft()
        self.statement.action_confirm_recorded("Li Si", note="call 7")
        self.statement.action_agree()
        self._post(self._invoice(self.statement))
        self._assert_billed_once()

    def test_a_credited_invoice_is_not_reset(self):
        """Otherwise it could be edited and posted without its statement's check."""
        self._post()
        self._post(self._credit(self.move))
        text = self._assert_refused(
            self.move,
            self._rpc,
            self.finance,
            "account.move",
            "button_draft",
            self.move.ids,
        )
        self.assertIn("take its credit note back first", text)

    def test_part_credit_outside_is_shown_and_bills_nothing(self):
        self._post()
        credit = self._credit(self.move)
        credit.invoice_line_ids[0].with_user(self.finance).quantity = 10
        self._post(credit)
        self.assertEqual(self.statement.state, "invoiced")
        self.assertEqual(self.move.rd_statement_id, self.statement)
        self.assertTrue(self.statement.activity_ids)
        self.assertIn(credit.name, self.statement.message_ids[0].body)

    def test_credit_asks_for_the_red_letter(self):
        self._post()
        request = self.env["rd.invoice.request"]._make(self.move)
        request._invoice_posted()
        fapiao = self._issue(request.fapiao_ids)
        credit = self._credit(self.move)
        self._post(credit)
        self.assertEqual((fapiao.red_state, fapiao.red_move_id), ("pending", credit))
        credit.with_user(self.finance).button_draft()
        self.assertFalse(fapiao.red_state, "the tax invoice counts as it did")
        self.assertFalse(fapiao.red_move_id or fapiao.red_reason or fapiao.activity_ids)
        self.assertEqual(fapiao.state, "issued")
        self.assertIn("is taken back", fapiao.message_ids[0].body)
        self._post(credit)
        self.assertEqual(fapiao.red_state, "pending")

    def test_credit_taken_back_under_an_open_confirmation(self):
        """Finance is told to withdraw it in the tax system, too."""
        self._post()
        fapiao = self._issue_tax_invoice()
        fapiao.with_user(self.clerk).action_book()
        credit = self._credit(self.move)
        self._post(credit)
        fapiao.with_user(self.finance).action_red_confirm("3100012610")
        credit.with_user(self.finance).button_draft()
        self.assertFalse(fapiao.red_state or fapiao.red_deadline)
        self.assertEqual(fapiao.activity_ids.user_id, self.finance)
        self.assertIn("3100012610", fapiao.activity_ids.summary)
        self.assertEqual(self.move.rd_fapiao_received_date, date(2026, 10, 5))

    def test_credit_taken_back_leaves_what_a_person_asked_for(self):
        self._post()
        fapiao = self._issue_tax_invoice()
        fapiao.with_user(self.clerk).action_red("Wrong buyer")
        credit = self._credit(self.move)
        self._post(credit)
        credit.with_user(self.finance).button_draft()
        self.assertEqual(
            (fapiao.red_state, fapiao.red_reason), ("pending", "Wrong buyer")
        )

    def test_finance_finds_what_is_to_be_red_lettered(self):
        self._post()
        fapiao = self._issue_tax_invoice()
        cockpit = self.env["rd.cockpit"].with_user(self.finance)
        scope = cockpit._get_scope("finance", self.company.id)
        queues = {one.code: one for one in cockpit._get_finance_queues(scope)}
        domain = queues["red_letters"].domain
        self.assertFalse(fapiao.search(domain))
        part = self._credit_part().rd_fapiao_ids
        self.assertEqual(fapiao.search(domain), part)
        fapiao.with_user(self.clerk).action_red("Wrong buyer")
        self.assertEqual(fapiao.search(domain), part | fapiao)

    def _issue_tax_invoice(self):
        """Return the tax invoice of the posted invoice, with the customer."""
        request = self.env["rd.invoice.request"]._make(self.move)
        request._invoice_posted()
        fapiao = self._issue(request.fapiao_ids)
        self._receive(fapiao)
        return fapiao

    def _credit_part(self):
        """Return the posted credit note over ten of sixty pieces."""
        credit = self._credit(self.move)
        lines = credit.invoice_line_ids.with_user(self.finance)
        lines[0].quantity = 10
        lines[1:].unlink()
        self._post(credit)
        return credit

    def test_part_credit_takes_back_a_part_of_the_tax_invoice(self):
        """Fails when a part credited has the whole tax invoice red-lettered: its
        receipt would be gone, and the due date with it."""
        self._post()
        fapiao = self._issue_tax_invoice()
        credit = self._credit_part()
        self.assertFalse(fapiao.red_state)
        self.assertEqual(self.move.rd_fapiao_received_date, date(2026, 10, 5))
        part = credit.rd_fapiao_ids
        self.assertRecordValues(
            part,
            [
                {
                    "state": "requested",
                    "amount_untaxed": -100.0,
                    "amount_tax": -13.0,
                    "red_of_ids": fapiao.ids,
                    "kind": fapiao.kind,
                }
            ],
        )
        self.assertEqual(part.activity_ids.user_id, self.finance)
        self.assertEqual(fapiao.red_part_ids, part)
        self._issue(part, "26312000000000000009", date(2026, 10, 20))
        self.assertEqual((part.state, fapiao.state), ("issued", "received"))
        self.assertEqual(self.move.rd_fapiao_received_date, date(2026, 10, 5))

    def _count_right(self, month):
        """Return (tax invoices never red-lettered for our fault, tax invoices)."""
        card = self.env["rd.scorecard"].new(
            {"company_id": self.company.id, "month": month}
        )
        figure = card._measure_never_red()
        return figure.numerator, figure.denominator

    def test_part_taken_back_is_a_fault_until_a_supervisor_says_otherwise(self):
        """Fails when only what is red-lettered whole counts against the desk."""
        self._post()
        fapiao = self._issue_tax_invoice()
        month = fapiao.date.replace(day=1)
        self.assertEqual(self._count_right(month), (1, 1))
        credit = self._credit_part()
        self.assertEqual(self._count_right(month), (0, 1))
        self.assertEqual(fapiao.red_month, month)
        fapiao.with_user(self.finance).action_red("wrong buyer")
        fapiao.with_user(self.finance).action_red_withdraw("it was right")
        self.assertEqual(self._count_right(month), (0, 1), "a part is red all the same")
        part = credit.rd_fapiao_ids
        self._issue(part, "26312000000000000009", date(2026, 10, 20))
        self.assertEqual(self._count_right(month), (0, 1), "it is none to be right")
        fapiao.with_user(self.supervisor).red_ours = False
        self.assertEqual(self._count_right(month), (1, 1))

    def test_part_credit_taken_back_drops_its_red_letter(self):
        self._post()
        fapiao = self._issue_tax_invoice()
        credit = self._credit_part()
        part = credit.rd_fapiao_ids
        self.assertTrue(fapiao.red_month)
        credit.with_user(self.finance).button_draft()
        self.assertFalse(fapiao.red_month)
        self.assertEqual(part.state, "cancelled")
        self.assertFalse(part.activity_ids)
        self._post(credit)
        self.assertEqual(len(credit.rd_fapiao_ids - part), 1)

    def _credit_part_of_booked(self):
        """Return the tax invoice, booked, and the red letter of a part, as finance."""
        self._post()
        fapiao = self._issue_tax_invoice()
        fapiao.with_user(self.clerk).action_book()
        part = self._credit_part().rd_fapiao_ids
        self.assertEqual((part.state, part.red_state), ("requested", "pending"))
        return fapiao, part.with_user(self.finance)

    def test_part_of_what_is_booked_says_what_is_next(self):
        """Fails when it is offered to be issued before the confirmation is open."""
        fapiao, part = self._credit_part_of_booked()
        self.assertTrue(part.must_confirm)
        self.assertFalse(fapiao.must_confirm)
        self.assertIn(fapiao.number, part.display_name)
        part.action_red_confirm("3100012610")
        self.assertFalse(part.must_confirm)

    def test_part_of_what_is_booked_has_its_72_hours(self):
        """Fails when a part is issued that the customer has not confirmed."""
        number, start = "26312000000000000009", datetime(2026, 10, 20, 1, 0)
        fapiao, part = self._credit_part_of_booked()
        with self.assertRaisesRegex(UserError, "open the confirmation"):
            self._issue(part, number, date(2026, 10, 21))
        with freeze_time(start):
            part.action_red_confirm("3100012610")
        self.assertEqual(part.red_deadline, start + timedelta(hours=72))
        with freeze_time(start + timedelta(hours=80)):
            with self.assertRaisesRegex(UserError, "has lapsed"):
                self._issue(part, number, date(2026, 10, 24))
            self._run_parted("rd.fapiao", "_cron_lapse")
            self.assertEqual(part.red_state, "lapsed")
            self.assertIn(fapiao.number, part.activity_ids[-1].summary)
            self._issue(part, number, date(2026, 10, 24))
        self.assertRecordValues(
            part,
            [{"state": "issued", "red_state": "done", "red_number": number}],
        )
        self.assertFalse(part.activity_ids or part.red_month)
        self.assertEqual((fapiao.state, fapiao.red_state), ("booked", False))

    def test_part_withdrawn_is_dropped(self):
        fapiao, part = self._credit_part_of_booked()
        with freeze_time("2026-10-20 01:00:00"):
            part.action_red_confirm("3100012610")
        with self.assertRaisesRegex(UserError, "issued by finance"):
            part.with_user(self.clerk).action_red_withdraw("They refused")
        part.action_red_withdraw("They refused")
        self.assertEqual((part.state, part.red_state), ("cancelled", False))
        self.assertFalse(fapiao.red_month, "it is right as it stands")

    def test_part_that_the_tax_system_has_made_is_taken(self):
        """It makes none of what is booked that nobody has confirmed."""
        _fapiao, part = self._credit_part_of_booked()
        amounts = "-100,-13,-113,数电票（专用发票）,正常"
        row = f"26312000000000000009,2026-10-21,{part.partner_id.name},,{amounts}"
        lists = self.env["rd.fapiao.import"].with_user(self.finance)
        made = lists.create(
            {
                "file": base64.b64encode(f"{HEADS}\n{row}".encode()),
                "filename": "issued.csv",
            }
        )
        made.action_read()
        self.assertEqual(made.line_ids.verdict, "matched")
        self.assertEqual((part.state, part.red_state), ("issued", "done"))

    def test_part_credit_without_a_tax_invoice_asks_for_nothing(self):
        self._post()
        self.assertFalse(self._credit_part().rd_fapiao_ids)

    def test_closed_statement_stays_closed_and_comes_back_visibly(self):
        self._post()
        self.close.step_ids._as_internal().write({"state": "done"})
        self.close.with_user(self.clerk).action_close()
        before = self.statement.content_hash
        self.move.with_user(self.finance).button_draft()
        self.move.with_user(self.finance).button_cancel()
        self.assertEqual(self.statement.state, "closed")
        self.assertTrue(self.statement.invoice_missing)
        self.assertIn("no longer exists", self.statement.activity_ids.summary)
        found = self.env["rd.statement"].search([("invoice_missing", "=", True)])
        self.assertIn(self.statement, found)
        with self.assertRaises(UserError):
            self.statement.action_invoice()
        later = self._agree_what_is_there(self._open_close(date(2026, 10, 1)))
        self.assertEqual(later.line_ids.first_statement_id, self.statement)
        self.assertFalse(self.statement.invoice_missing)
        self._post(self._invoice(later))
        self.assertEqual(self.statement.state, "closed")
        self.assertEqual(self.statement.content_hash, before)
        self.assertEqual(before, self.statement._get_content_hash())
        self._assert_billed_once()

    def test_former_links_are_not_forged(self):
        line = self.statement.line_ids[0]
        item = self.move.invoice_line_ids[0]
        for user in (self.clerk, self.finance):
            for name, value in (
                ("rd_former_statement_id", self.statement.id),
                ("rd_former_group", 3),
            ):
                self._assert_refused(
                    self.move,
                    self._rpc,
                    user,
                    "account.move",
                    "write",
                    self.move.ids,
                    {name: value},
                )
            self._assert_refused(
                item,
                self._rpc,
                user,
                "account.move.line",
                "write",
                item.ids,
                {"rd_former_line_id": line.id},
            )
            self._assert_refused(
                item,
                self._rpc,
                user,
                "account.move.line",
                "create",
                [{"move_id": self.move.id, "rd_former_line_id": line.id}],
                exact=None,
            )

    def test_line_by_another_parent(self):
        """A draft invoice of another kind never takes the statement's line."""
        other = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.affiliate.id}
        )
        line = self.statement.line_ids[0]
        for values in (
            {"rd_statement_line_id": line.id, "quantity": 1, "price_unit": 1},
            {
                "sale_line_ids": [Command.set(line.sale_line_id.ids)],
                "quantity": 9,
                "rd_statement_line_id": line.id,
            },
        ):
            self._assert_refused(
                other,
                self._rpc,
                self.finance,
                "account.move",
                "write",
                other.ids,
                {"invoice_line_ids": [Command.create({"name": "x", **values})]},
                exact=None,
            )

    def test_odoos_own_invoicing_stays_refused(self):
        """Also after a cancel: only the statement invoices these goods."""
        self.move.with_user(self.finance).button_cancel()
        order = self.order_lines.order_id
        with self.assertRaises(UserError):
            order.with_user(self.clerk)._create_invoices()
        self.assertEqual(self._billed(), {"P-100": 0, "P-200": 0})

    def test_order_line_is_refused_above_the_agreed(self):
        """A second month bills only what was shipped since."""
        self._post()
        order = self._create_order([(self.p100, 5, 10.0)])
        self._deliver(order, {self.p100: 5}, "DN-2", date(2026, 10, 4))
        later = self._agree_what_is_there(self._open_close(date(2026, 10, 1)))
        self.assertEqual(later.line_ids.mapped("quantity"), [5.0])


@tagged("post_install", "-at_install")
class TestDownPayments(InvoicingCase):
    """A down payment is given back once, when the goods have reached it."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order([(self.p100, 100, 10.0)])
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=self.order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        wizard.create_invoices()
        self.deposit = self.order.invoice_ids
        self.deposit.action_post()

    def _ship(self, quantity, note, month):
        close = self.close if month == 9 else self._open_close(date(2026, month, 1))
        self._deliver(self.order, {self.p100: quantity}, note, date(2026, month, 10))
        statement = self._agree_what_is_there(close)
        statement.action_invoice()
        return statement.sudo()

    def test_given_back_when_the_goods_have_reached_it(self):
        first = self._ship(20, "DN-1", 9)
        self.assertFalse(first.deposit_move_ids, "200 of goods, 300 paid")
        first.with_user(self.finance).action_post()
        second = self._ship(20, "DN-2", 10)
        credit = second.deposit_move_ids
        self.assertRecordValues(
            credit,
            [
                {
                    "move_type": "out_refund",
                    "state": "draft",
                    "amount_untaxed": self.deposit.amount_untaxed,
                    "amount_total": self.deposit.amount_total,
                }
            ],
        )
        self.assertEqual(second.invoice_ids.amount_total, second.amount_total)
        second.with_user(self.finance).action_post()
        self.assertEqual(credit.state, "posted")
        third = self._ship(20, "DN-3", 11)
        self.assertFalse(third.deposit_move_ids, "once is enough")

    def test_cancelled_with_its_invoice_and_made_again(self):
        statement = self._ship(60, "DN-1", 9)
        credit = statement.deposit_move_ids
        statement.invoice_ids.with_user(self.finance).button_cancel()
        self.assertEqual(credit.state, "cancel")
        statement.with_user(self.clerk).action_invoice()
        again = statement.deposit_move_ids - credit
        self.assertEqual(again.state, "draft")

    def test_nothing_else_is_given_back(self):
        statement = self._ship(60, "DN-1", 9)
        credit = statement.deposit_move_ids
        credit.invoice_line_ids.filtered("is_downpayment").with_user(
            self.finance
        ).price_unit = 999
        with self.assertRaisesRegex(UserError, "not the down payment"):
            credit.with_user(self.finance).action_post()
        self._assert_refused(
            credit,
            self._rpc,
            self.finance,
            "account.move",
            "write",
            credit.ids,
            {"rd_deposit_statement_id": False},
        )

    def test_it_never_moves_to_another_month_silently(self):
        """Fails when only the invoice's month is shown, and not its credit note's."""
        statement = self._ship(60, "DN-1", 9)
        credit = statement.deposit_move_ids
        credit.invoice_date = date(2026, 9, 30)
        self.assertFalse(credit.rd_needs_month)
        self.company.sudo().sale_lock_date = date(2026, 9, 30)
        self.env.invalidate_all()
        self.assertTrue(credit.rd_needs_month)
        self.assertIn(statement.name, credit.rd_month_note)
        with self.assertRaisesRegex(UserError, "Finance accepts the month first"):
            credit.with_user(self.finance).action_post()
        credit.with_user(self.finance).action_rd_accept_month()
        credit.with_user(self.finance).action_post()
        self.assertEqual(credit.state, "posted")

    def test_finance_is_asked_for_it_too(self):
        statement = self._ship(60, "DN-1", 9)
        statement.with_user(self.clerk).action_request_invoices()
        self.assertEqual(
            sorted(statement.request_ids.mapped("is_credit")), [False, True]
        )
        self.assertFalse(statement.to_request)
        statement.request_ids.with_user(self.finance).action_accept()
        self.assertEqual(statement.deposit_move_ids.state, "posted")

    def test_the_desk_does_not_post_it_past_finance(self):
        """Fails when only the statement's own invoices are finance's to post."""
        statement = self._ship(60, "DN-1", 9)
        credit = statement.deposit_move_ids
        statement.invoice_ids.with_user(self.finance).action_post()
        desk = statement.with_user(self.clerk)
        self.assertEqual((desk.draft_invoice_count, desk.may_post), (1, False))
        with self.assertRaisesRegex(UserError, "Finance posts the invoices of"):
            desk.action_post()
        self.assertEqual(credit.state, "draft")
        finance = statement.with_user(self.finance)
        self.assertTrue(finance.draft_invoice_count and finance.may_post)
        finance.action_post()
        self.assertEqual(credit.state, "posted")
        self.assertFalse(desk.draft_invoice_count)
