# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import invariants
from .invoicing import PROOF, InvoicingCase

NUMBER = "26312000000000000001"


@tagged("post_install", "-at_install")
class TestFapiao(InvoicingCase):
    """A tax invoice from its request to the customer's books, and its red letter."""

    def setUp(self):
        super().setUp()
        self.statement = self._agree([(self.p100, 60, 10.0)])
        self.fapiao = self._accept(self.statement)
        self.move = self.statement.sudo().invoice_ids

    def test_numbers(self):
        fapiao = self.fapiao.with_user(self.finance)
        for number in ("1234567", "2631200000000000000", "12345678A", "9" * 21):
            with self.assertRaisesRegex(ValidationError, "8 or 20 digits"):
                fapiao.number = number
        for number in ("12345678", NUMBER):
            fapiao.number = number
        for code in ("123", "12345678901"):
            with self.assertRaisesRegex(ValidationError, "10 or 12 digits"):
                fapiao.code = code
        fapiao.code = "1234567890"
        self.assertEqual(fapiao.number, NUMBER, "twenty digits are kept whole")

    def test_a_number_is_there_once(self):
        self._issue(self.fapiao, NUMBER)
        values = {"partner_id": self.affiliate.id, "number": NUMBER}
        with mute_logger("odoo.sql_db"):
            self._assert_refused(
                self.fapiao,
                self._rpc,
                self.finance,
                "rd.fapiao",
                "create",
                [values],
                exact=None,
            )

    def test_eight_digits_come_again_under_another_code(self):
        """The code of a tax invoice on paper (发票代码) belongs to its number."""
        values = {"partner_id": self.affiliate.id, "number": "12345678"}
        fapiao = self.env["rd.fapiao"].with_user(self.finance)
        fapiao.create({**values, "code": "3100221130"})
        fapiao.create({**values, "code": "3100221131"})
        for again in ({"code": "3100221131"}, {"number": NUMBER, "code": "3100221130"}):
            if "number" in again:
                fapiao.create({**values, "number": NUMBER})
            with mute_logger("odoo.sql_db"):
                self._assert_refused(
                    self.fapiao,
                    self._rpc,
                    self.finance,
                    "rd.fapiao",
                    "create",
                    [{**values, **again}],
                    exact=None,
                )

    def test_the_account_names_the_invoice_by_it(self):
        """Their ledger knows an invoice by the number of its tax invoice (发票号)."""
        item = self.move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assertEqual(item._rd_get_reference(), self.move.name)
        fapiao = self._issue(self.fapiao, NUMBER)
        self.assertEqual(item._rd_get_reference(), NUMBER)
        (entry,) = self.statement._prepare_entries(item.ids, 1)
        self.assertEqual((entry.number, entry.name), (NUMBER, self.move.name))
        fapiao._as_internal().write({"state": "red"})
        self.assertEqual(item._rd_get_reference(), self.move.name)

    def test_issuing(self):
        fapiao = self.fapiao.with_user(self.finance)
        with self.assertRaisesRegex(UserError, "enter Number, Invoice date first"):
            fapiao.action_issue()
        fapiao.write({"number": NUMBER, "date": date(2026, 10, 2)})
        with self.assertRaisesRegex(UserError, "issued by finance"):
            fapiao.with_user(self.clerk).action_issue()
        fapiao.action_issue()
        self.assertEqual(fapiao.request_id.state, "issued")
        with self.assertRaisesRegex(UserError, "closed and cannot"):
            fapiao.number = "12345678"
        self.assertEqual(fapiao.deliver_by, date(2026, 10, 9))

    def test_never_above_the_invoices(self):
        """Two tax invoices of one invoice may not come to more than it."""
        self.fapiao.with_user(self.finance).amount_untaxed = 400
        self.fapiao.with_user(self.finance).amount_tax = 52
        self._issue(self.fapiao, NUMBER)
        self.assertEqual(self.fapiao.request_id.state, "accepted")
        second = self._create_fapiao(amount_untaxed=200.01, amount_tax=26)
        with self.assertRaisesRegex(UserError, "more than"):
            second.action_issue()
        second.amount_untaxed = 200
        second.action_issue()
        self.assertEqual(second.state, "issued")

    def _create_fapiao(self, **values):
        return (
            self.env["rd.fapiao"]
            .with_user(self.finance)
            .create(
                {
                    "partner_id": self.affiliate.id,
                    "number": "26312000000000000002",
                    "date": date(2026, 10, 2),
                    "move_ids": [Command.set(self.move.ids)],
                    **values,
                }
            )
        )

    def test_only_posted_invoices_of_the_customer(self):
        other = self.env["res.partner"].create({"name": "Southern Works"})
        stray = self.init_invoice(
            "out_invoice", partner=other, amounts=[678.0], post=True
        )
        fapiao = self._create_fapiao(move_ids=[Command.set(stray.ids)])
        with self.assertRaisesRegex(UserError, "is not a posted invoice"):
            fapiao.action_issue()

    def test_delivery_and_the_anchor_of_the_due_date(self):
        fapiao = self._issue(self.fapiao)
        self.assertFalse(self.move.rd_fapiao_received_date)
        clerk = fapiao.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "tracking number"):
            clerk.action_send("courier")
        clerk.action_send("courier", "SF100200300", date(2026, 10, 3))
        self.assertEqual(fapiao.state, "sent")
        for arguments, pattern in (
            ((None, date(2026, 10, 5), PROOF), "Say who of Northern Works"),
            (("Ms Guo", date(2026, 10, 5), None), "proof of receipt"),
            (("Ms Guo", date(2026, 10, 1), PROOF), "does not lie between"),
            (("Ms Guo", date(2099, 1, 1), PROOF), "does not lie between"),
        ):
            with self.assertRaisesRegex(UserError, pattern):
                clerk.action_receive(*arguments)
        clerk.action_receive("Ms Guo", date(2026, 10, 5), PROOF, "photo.jpg")
        self.assertRecordValues(
            fapiao,
            [{"state": "received", "days_to_deliver": 3, "received_by": "Ms Guo"}],
        )
        self.assertEqual(fapiao.proof_ids.name, "photo.jpg")
        self.assertEqual(self.move.rd_fapiao_received_date, date(2026, 10, 5))
        clerk.action_book()
        self.assertEqual(fapiao.state, "booked")
        self.assertEqual(self.move.rd_fapiao_received_date, date(2026, 10, 5))
        clerk.action_return("Wrong remark")
        self.assertFalse(self.move.rd_fapiao_received_date)
        clerk.action_send("hand")
        self._receive(fapiao, self.company._rd_today())
        self.assertTrue(self.move.rd_fapiao_received_date)

    def test_what_is_noted_of_a_delivery_says_how_and_why(self):
        fapiao = self._issue(self.fapiao)
        clerk = fapiao.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "Say how the tax invoice was sent"):
            clerk.action_send("pigeon")
        self.assertEqual((fapiao.state, fapiao.sent_date), ("issued", False))
        self._receive(fapiao)
        with self.assertRaisesRegex(UserError, "Say why the tax invoice came back"):
            clerk.action_return(" ")
        clerk.action_receive("Mr Ho", date(2026, 10, 6), PROOF, "again.jpg")
        self.assertRecordValues(
            fapiao,
            [
                {
                    "state": "received",
                    "received_by": "Ms Guo",
                    "received_date": date(2026, 10, 5),
                }
            ],
        )
        self.assertEqual(fapiao.proof_ids.name, "photo.jpg", "a repeat is harmless")

    def test_the_anchor_waits_for_the_last_of_several(self):
        self.fapiao.with_user(self.finance).write(
            {"amount_untaxed": 400, "amount_tax": 52}
        )
        first = self._issue(self.fapiao, NUMBER)
        self._receive(first, date(2026, 10, 4))
        self.assertFalse(self.move.rd_fapiao_received_date, "a part is not the whole")
        second = self._create_fapiao(amount_untaxed=200, amount_tax=26)
        second.action_issue()
        self.assertFalse(self.move.rd_fapiao_received_date)
        self._receive(second, date(2026, 10, 8))
        self.assertEqual(self.move.rd_fapiao_received_date, date(2026, 10, 8))

    def test_one_that_came_back_still_stands(self):
        """Fails when what came back can be issued a second time beside it."""
        fapiao = self._issue(self.fapiao, NUMBER)
        clerk = fapiao.with_user(self.clerk)
        clerk.action_send("hand")
        clerk.action_return("Wrong remark")
        for act in ("button_cancel", "button_draft"):
            with self.assertRaisesRegex(UserError, "red-letter invoice first"):
                getattr(self.move.with_user(self.finance), act)()
        second = self._create_fapiao(amount_untaxed=600, amount_tax=78)
        with self.assertRaisesRegex(UserError, "more than"):
            second.action_issue()
        self._credit(self.move).with_user(self.finance).action_post()
        self.assertEqual(fapiao.red_state, "pending")
        fapiao.with_user(self.finance).action_red_done("26312000000000000009")
        second.action_issue()
        self.assertEqual(second.state, "issued")

    def test_one_that_came_back_goes_out_only_within_its_invoices(self):
        fapiao = self._issue(self.fapiao, NUMBER)
        clerk = fapiao.with_user(self.clerk)
        clerk.action_send("hand")
        clerk.action_return("Wrong remark")
        second = self._create_fapiao(amount_untaxed=600, amount_tax=78)
        second._as_internal().write({"state": "issued"})
        self.env.flush_all()
        findings = invariants.check_tax_invoices(self.env.cr)
        self.assertIn("come to 1356", str(findings))
        for act in (clerk.action_send, fapiao.with_user(self.finance).action_issue):
            with self.assertRaisesRegex(UserError, "more than"):
                with self.env.cr.savepoint():
                    act()
        self.assertEqual(fapiao.state, "returned")
        second._as_internal().write({"state": "red"})
        clerk.action_send("hand")
        self.assertEqual(fapiao.state, "sent")

    def test_one_tax_invoice_for_two_invoices(self):
        extra = self.init_invoice(
            "out_invoice", partner=self.affiliate, amounts=[100.0], post=True
        )
        self.fapiao.with_user(self.finance).write(
            {
                "move_ids": [Command.link(extra.id)],
                "amount_untaxed": 600 + extra.amount_untaxed,
                "amount_tax": 78 + extra.amount_tax,
            }
        )
        self._receive(self._issue(self.fapiao), date(2026, 10, 6))
        for move in (self.move, extra):
            self.assertEqual(move.rd_fapiao_received_date, date(2026, 10, 6))

    def _chain(self, count):
        """Return invoices of one amount each, and tax invoices of which each stands
        for two of them, first and last for half as much more."""
        moves = self.env["account.move"].union(
            *(
                self.init_invoice(
                    "out_invoice", partner=self.affiliate, amounts=[100.0], post=True
                )
                for _turn in range(count)
            )
        )
        papers = self.env["rd.fapiao"].with_user(self.finance)
        for place in range(count - 1):
            share = 1 + (place == 0) / 2 + (place == count - 2) / 2
            papers |= self._create_fapiao(
                number=f"2631200000000000010{place}",
                move_ids=[Command.set(moves[place : place + 2].ids)],
                amount_untaxed=share * moves[0].amount_untaxed,
                amount_tax=share * moves[0].amount_tax,
            )
        papers.action_issue()
        return moves, papers

    def test_tax_invoices_that_share_their_invoices(self):
        """Fails when only the invoice that two tax invoices share has its day."""
        self.env.flush_all()
        for count in (3, 5):
            with self.subTest(invoices=count), self.env.cr.savepoint() as savepoint:
                moves, papers = self._chain(count)
                whole = sum(moves.mapped("amount_total"))
                self.assertAlmostEqual(sum(papers.mapped("amount_total")), whole)
                self._receive(papers[1:], date(2026, 10, 4))
                days = moves.mapped("rd_fapiao_received_date")
                self.assertEqual(days, [False] * count, "one is under way")
                self._receive(papers[0], date(2026, 10, 8))
                days = moves.mapped("rd_fapiao_received_date")
                self.assertEqual(days, [date(2026, 10, 8)] * count)
                papers[0].with_user(self.clerk).action_return("Wrong remark")
                days = moves.mapped("rd_fapiao_received_date")
                self.assertEqual(days, [False] * count, "what came back ends it")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_overdue_is_listed_and_reminded_once(self):
        fapiao = self._issue(self.fapiao)
        with freeze_time("2026-10-09 04:00:00"):
            self.assertFalse(fapiao.is_overdue)
        with freeze_time("2026-10-10 04:00:00"):
            fapiao.invalidate_recordset()
            self.assertTrue(fapiao.is_overdue)
            found = self.env["rd.fapiao"].search([("is_overdue", "=", True)])
            self.assertIn(fapiao, found)
            others = self.env["rd.fapiao"].search([("is_overdue", "=", False)])
            self.assertNotIn(fapiao, others)
            for _turn in range(2):
                self._remind()
            self.assertEqual(len(fapiao.activity_ids), 1)
            self._receive(fapiao, date(2026, 10, 10))
            self.assertFalse(fapiao.activity_ids)
            fapiao._remind()
            self.assertFalse(fapiao.activity_ids, "delivered meanwhile")

    def _remind(self):
        with self._parted():
            self.env["rd.fapiao"]._cron_remind()

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_a_bad_one_stops_no_other_reminder(self):
        bad = self._issue(self.fapiao)
        order = self._create_order([(self.p200, 4, 25.5)])
        self._deliver(order, {self.p200: 4}, "DN-2", date(2026, 10, 5))
        october = self._agree_what_is_there(self._open_close(date(2026, 10, 1)))
        good = self._issue(self._accept(october), "26312000000000000002")
        model = type(bad)
        remind = model._remind

        def fail(item):
            remind(item)
            if item == bad:
                raise ZeroDivisionError

        with freeze_time("2026-12-20 04:00:00"):
            with patch.object(model, "_remind", fail):
                self._remind()
            self.assertEqual([len(bad.activity_ids), len(good.activity_ids)], [0, 1])
            self._remind()
            self.assertEqual([len(bad.activity_ids), len(good.activity_ids)], [1, 1])

    # ------------------------------------------------------------------
    # Red letter
    # ------------------------------------------------------------------
    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_one_that_fails_keeps_no_other_confirmation_open(self):
        bad, good = (
            self._create_fapiao(number=f"2631200000000000000{number}")
            for number in (3, 4)
        )
        (bad | good).sudo()._as_internal().write(
            {"red_state": "confirming", "red_deadline": datetime(2026, 10, 20)}
        )
        schedule = type(bad).activity_schedule

        def fail(item, *args, **kwargs):
            if item == bad:
                raise ZeroDivisionError
            return schedule(item, *args, **kwargs)

        with patch.object(type(bad), "activity_schedule", fail):
            self._run_parted("rd.fapiao", "_cron_lapse")
        self.assertEqual((bad.red_state, good.red_state), ("confirming", "lapsed"))

    def test_red_letter_with_the_72_hour_clock(self):
        fapiao = self._issue(self.fapiao)
        self._receive(fapiao)
        fapiao.with_user(self.clerk).action_book()
        with self.assertRaisesRegex(UserError, "Say why"):
            fapiao.with_user(self.clerk).action_red()
        fapiao.with_user(self.clerk).action_red("Price was wrong")
        finance = fapiao.with_user(self.finance)
        with self.assertRaisesRegex(UserError, "open the confirmation first"):
            finance.action_red_done("26312000000000000009")
        start = datetime(2026, 10, 20, 1, 0)
        with freeze_time(start):
            finance.action_red_confirm("3100012610")
        self.assertEqual(fapiao.red_deadline, start + timedelta(hours=72))
        with freeze_time(start + timedelta(hours=71)):
            self._run_parted("rd.fapiao", "_cron_lapse")
            self.assertEqual(fapiao.red_state, "confirming")
        with freeze_time(start + timedelta(hours=72)):
            with self.assertRaisesRegex(UserError, "has lapsed"):
                finance.action_red_done("26312000000000000009")
            self._run_parted("rd.fapiao", "_cron_lapse")
            self.assertEqual(fapiao.red_state, "lapsed")
            self.assertEqual(fapiao.state, "booked")
            self.assertTrue(fapiao.activity_ids)
            finance.action_red_confirm()
            with self.assertRaisesRegex(UserError, "enter the number"):
                finance.action_red_done()
            finance.action_red_done("26312000000000000009")
        self.assertEqual((fapiao.state, fapiao.red_state), ("red", "done"))
        self.assertFalse(self.move.rd_fapiao_received_date)
        self.assertEqual(fapiao.request_id.state, "accepted")

    def _book_and_ask(self):
        """Return the tax invoice, booked and to be red-lettered, as finance."""
        fapiao = self._issue(self.fapiao)
        self._receive(fapiao)
        fapiao.with_user(self.clerk).action_book()
        fapiao.with_user(self.clerk).action_red("Price was wrong")
        return fapiao.with_user(self.finance)

    def test_a_red_letter_written_in_time_is_noted_later(self):
        """Fails when hour 70 counts as hour 73 because it was noted then."""
        fapiao = self._book_and_ask()
        start = datetime(2026, 10, 20, 1, 0)
        with freeze_time(start + timedelta(hours=9)):
            for moment in ("2026-10-01 01:00:00", "2026-10-20 10:00:01", "x"):
                with self.assertRaisesRegex(UserError, "between 2026-10-02 and now"):
                    fapiao.action_red_confirm("3100012610", moment)
            self._act(fapiao, "red_confirm", number="3100012610", moment=start)
        self.assertEqual(fapiao.red_deadline, start + timedelta(hours=72))
        with freeze_time(start + timedelta(hours=100)):
            for day in (date(2026, 10, 1), date(2026, 10, 25), "x"):
                with self.assertRaisesRegex(UserError, "lie between|lapsed"):
                    fapiao.action_red_done("26312000000000000009", day)
            with self.assertRaisesRegex(UserError, "has lapsed"):
                fapiao.action_red_done("26312000000000000009", date(2026, 10, 24))
            self._act(
                fapiao,
                "red_done",
                number="26312000000000000009",
                day=date(2026, 10, 23),
            )
        self.assertRecordValues(
            fapiao, [{"state": "red", "red_date": date(2026, 10, 23)}]
        )

    def _act(self, fapiao, act, **values):
        act = {"act": act, "fapiao_ids": fapiao.ids, **values}
        self.env["rd.fapiao.act"].with_user(self.finance).create(act).action_apply()

    def test_what_was_answered_meanwhile_does_not_lapse(self):
        fapiao = self._book_and_ask()
        asked = fapiao.red_reason
        fapiao.action_red("Once more")
        self.assertEqual((fapiao.red_state, fapiao.red_reason), ("pending", asked))
        fapiao._lapse()
        self.assertEqual(fapiao.red_state, "pending")

    def test_a_lapsed_confirmation_is_taken_up_again(self):
        """Fails when the deadline of the lapsed one refuses what comes after it."""
        fapiao = self._book_and_ask()
        start = datetime(2026, 10, 20, 1, 0)
        with freeze_time(start):
            fapiao.action_red_confirm("3100012610")
        with freeze_time(start + timedelta(hours=80)):
            self._run_parted("rd.fapiao", "_cron_lapse")
            fapiao.action_return("Wrong remark")
            fapiao.action_red("Wrong remark")
            self.assertRecordValues(
                fapiao,
                [
                    {
                        "red_state": "pending",
                        "red_confirmation": False,
                        "red_started": False,
                        "red_deadline": False,
                    }
                ],
            )
            fapiao.action_red_done("26312000000000000009")
        self.assertEqual(fapiao.state, "red")

    def test_without_a_confirmation_the_seller_writes_it(self):
        """What lapsed leaves it to the seller to make the red letter by himself."""
        fapiao = self._book_and_ask()
        start = datetime(2026, 10, 20, 1, 0)
        with freeze_time(start):
            fapiao.action_red_confirm("3100012610")
        with freeze_time(start + timedelta(hours=100)):
            self._run_parted("rd.fapiao", "_cron_lapse")
            with self.assertRaisesRegex(UserError, "enter the number"):
                fapiao.action_red_done(day=date(2026, 10, 24))
            fapiao.action_red_done("26312000000000000009", date(2026, 10, 24))
        self.assertEqual((fapiao.state, fapiao.red_state), ("red", "done"))

    def test_a_red_letter_is_withdrawn(self):
        """The customer refused, or it was a mistake: it counts as it did."""
        fapiao = self._book_and_ask()
        clerk = fapiao.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "Say why the red letter"):
            clerk.action_red_withdraw(" ")
        clerk.action_red_withdraw("Their mistake")
        self.assertEqual((fapiao.red_state, fapiao.state), (False, "booked"))
        self.assertIn("Their mistake", fapiao.message_ids[0].body)
        self.assertEqual(self.move.rd_fapiao_received_date, date(2026, 10, 5))
        with self.assertRaisesRegex(UserError, "not asked for"):
            clerk.action_red_withdraw("Their mistake")
        for lapse in (False, True):
            clerk.action_red("Price was wrong")
            start = datetime(2026, 10, 20, 1, 0)
            with freeze_time(start):
                fapiao.action_red_confirm("3100012610")
            if lapse:
                with freeze_time(start + timedelta(hours=80)):
                    self._run_parted("rd.fapiao", "_cron_lapse")
                self.assertEqual(fapiao.red_state, "lapsed")
            with self.assertRaisesRegex(UserError, "issued by finance"):
                clerk.action_red_withdraw("They refused")
            self._act(fapiao, "red_withdraw", reason="They refused")
            self.assertFalse(fapiao.red_state or fapiao.red_confirmation)
            self.assertFalse(fapiao.activity_ids)

    def test_not_booked_needs_no_confirmation(self):
        fapiao = self._issue(self.fapiao)
        fapiao.action_red("Wrong buyer")
        fapiao.action_red_done("26312000000000000009")
        self.assertEqual(fapiao.state, "red")

    def test_never_issued_has_no_red_letter(self):
        with self.assertRaisesRegex(UserError, "cannot become"):
            self.fapiao.with_user(self.finance).action_red("because")

    def test_an_invoice_with_its_tax_invoice_out_stays(self):
        """Reset, cancel and delete are refused until the red letter is made."""
        fapiao = self._issue(self.fapiao)
        for name in ("button_draft", "button_cancel"):
            text = self._assert_refused(
                self.move,
                self._rpc,
                self.finance,
                "account.move",
                name,
                self.move.ids,
            )
            self.assertIn("red-letter invoice first", text)
        fapiao.action_red("Wrong buyer")
        fapiao.action_red_done("26312000000000000009")
        self.move.with_user(self.finance).button_draft()
        self.assertEqual(self.move.state, "draft")

    # ------------------------------------------------------------------
    # Who and what
    # ------------------------------------------------------------------
    def test_guarded_in_each_state(self):
        users = (self.clerk, self.finance)
        self._assert_guarded(self.fapiao, self.fapiao._get_guarded_fields(), users)
        fapiao = self._issue(self.fapiao)
        frozen = {"number", "date", "amount_untaxed", "amount_tax", "partner_id"}
        names = fapiao._get_guarded_fields() | frozen
        self._assert_guarded(fapiao, names, users)
        self._receive(fapiao)
        self._assert_guarded(fapiao, names, users)
        self._assert_refused(
            fapiao,
            self._rpc,
            self.finance,
            "account.move",
            "write",
            self.move.ids,
            {"rd_fapiao_ids": [Command.clear()]},
        )

    def test_roles(self):
        with self.assertRaises(AccessError):
            self._rpc(self.clerk, "rd.fapiao", "create", [{}])
        with self.assertRaises(AccessError):
            self._rpc(
                self.auditor, "rd.fapiao", "write", self.fapiao.ids, {"note": "x"}
            )
        for user in (self.clerk, self.finance):
            with self.assertRaises(AccessError):
                self._rpc(user, "rd.fapiao", "unlink", self.fapiao.ids)

    def test_other_company_sees_nothing(self):
        self._issue(self.fapiao)
        self.env["rd.invoice.export.column"]._ensure(self.company)
        other = self._create_other_clerk()
        for model in (
            "rd.invoice.request",
            "rd.invoice.request.line",
            "rd.invoice.export.column",
            "rd.fapiao",
            "rd.fapiao.import",
            "rd.fapiao.import.line",
        ):
            with self.subTest(model=model):
                self._assert_isolated(model, other)
