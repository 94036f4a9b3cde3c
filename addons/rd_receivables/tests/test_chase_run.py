# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure
from python_calamine import CalamineWorkbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.tests.common import DeskCommon

from .chase_common import NOW, TODAY, ChaseCommon


class RunCommon(ChaseCommon):
    _parted = DeskCommon._parted

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.rd_tax_invoices = False
        # Ten days pass between what the levels of the common case need.
        cls.levels = cls.env["rd.chase.level"]._ensure(cls.company)

    def _prepare(self, now=NOW):
        with freeze_time(now):
            return self.env["rd.chase.run"].with_user(self.clerk).create({})

    def _send(self, run, now=NOW):
        with freeze_time(now):
            run.action_send()

    def _line(self, run, partner=None):
        if run._name != "rd.chase.run":
            return super()._line(run, partner)
        return run.line_ids.filtered(
            lambda line: line.partner_id == (partner or self.outside)
        )


@tagged("post_install", "-at_install")
class TestChaseRun(RunCommon):
    """Dry first, one message per customer, and nothing to whom the guard holds."""

    def test_dry_run_sends_nothing(self):
        mails = self.env["mail.mail"].search_count([])
        run = self._prepare()
        self.assertEqual(run.state, "draft")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        line = self._line(run)
        self.assertRecordValues(
            line,
            [
                {
                    "state": "ready",
                    "amount": 1000,
                    "amount_overdue": 1000,
                    "days_overdue": 61,
                    "way": "activity",
                }
            ],
        )
        self.assertEqual(self._line(run, self.affiliate).level_id.days, 10)

    def test_one_message_with_all_items_in_their_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.outside.lang = "zh_CN"
        self._keep_only("email")
        second = self._create_open(30, due="2025-03-20")
        soon = self._create_open(7, due="2025-04-04")
        run = self._prepare()
        self._send(run)
        self.assertEqual(run.state, "sent")
        line = self._line(run)
        self.assertEqual(line.state, "done")
        sending = line.sending_ids
        self.assertRecordValues(
            sending, [{"lang": "zh_CN", "way": "email", "amount": 1037}]
        )
        mail = sending.mail_id
        self.assertIn("ap@outside.example", mail.email_to)
        for move in (self.overdue, second, soon):
            self.assertIn(move.name, mail.body_html)
        self.assertNotIn(self.later.name, mail.body_html)
        self.assertEqual(
            sorted(one.name.rpartition(".")[2] for one in mail.attachment_ids),
            ["pdf", "xlsx"],
        )
        book = mail.attachment_ids.filtered(lambda one: one.name.endswith("xlsx"))
        rows = CalamineWorkbook.from_filelike(io.BytesIO(book.raw)).get_sheet_by_index(
            0
        )
        text = str(rows.to_python())
        self.assertIn(self.overdue.name, text)
        self.assertIn("1037", text)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            book.raw = b"x"

    def test_each_item_in_its_own_currency(self):
        """Letter, mail and workbook name what was invoiced and add up per currency."""
        self._keep_only("email")
        foreign = self.env["res.currency"].create(
            {
                "name": "RDY",
                "symbol": "¤",
                "rounding": 1.0,
                "rate_ids": [
                    Command.create(
                        {"name": "2025-01-01", "rate": 20.0, "company_id": company.id}
                    )
                    for company in self.company
                ],
            }
        )
        yen = [
            self._create_open(amount, due="2025-03-20", currency_id=foreign.id)
            for amount in (30000, 5000)
        ]
        second = self._create_open(30, due="2025-03-20")
        second.ref = "RS/2025/03/0007"
        self.assertEqual(self._item(yen[0]).balance, 1500)
        line = self._line(self._prepare())
        data = line._prepare_letter()
        own = self.company.currency_id.name
        self.assertEqual(
            {(row[0], row[4], row[6]) for row in data["values"]},
            {
                (self.overdue.name, own, 1000),
                (f"{second.name} (RS/2025/03/0007)", own, 30),
                (yen[0].name, "RDY", 30000),
                (yen[1].name, "RDY", 5000),
            },
        )
        self.assertEqual(
            [(total["values"][4], total["values"][6]) for total in data["totals"]],
            [(own, 1030), ("RDY", 35000)],
        )
        texts = str([data["rows"], data["totals"], data["heads"]])
        self.assertNotIn("2780", texts.replace(",", ""), "currencies are never added")
        self.assertIn("35,000", data["heads"][3][1])
        self.assertIn("1,030", data["heads"][3][1])
        self._send(line.run_id)
        mail = line.sending_ids.mail_id
        self.assertIn("35,000", mail.body_html)
        self.assertNotIn("2,780", mail.body_html)
        book = mail.attachment_ids.filtered(lambda one: one.name.endswith("xlsx"))
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.raw))
        rows = sheet.get_sheet_by_index(0).to_python()
        self.assertEqual(
            [(row[4], row[6]) for row in rows if row[0] == "Total"],
            [(own, 1030), ("RDY", 35000)],
        )

    def _keep_only(self, *ways):
        self.levels.filtered(lambda one: one.way not in ways).active = False

    def test_what_waits_for_its_event_is_not_asked_for(self):
        self.company.rd_tax_invoices = True
        self.outside.rd_due_anchor = "fapiao"
        waits = self._create_open(30)
        self.assertTrue(waits.rd_due_waits_for)
        self.company.rd_tax_invoices = False
        self.levels[0].days = -60
        line = self._line(self._prepare())
        self.assertEqual(line.item_ids, self.item | self._item(self.later))

    def test_repeat_sends_nothing(self):
        run = self._prepare()
        self._send(run)
        self._send(run)
        self.assertEqual(len(run.line_ids.sending_ids), 2)

    def test_asked_again_at_a_higher_level_only(self):
        self._keep_only("email", "letter")
        self._send(self._prepare())
        self.assertFalse(self._line(self._prepare("2025-04-12 04:00:00")))
        self.env["rd.chase.run"].search([("state", "=", "draft")]).action_cancel()
        run = self._prepare("2025-04-20 04:00:00")
        self.assertEqual(self._line(run, self.affiliate).level_id.days, 30)
        self.assertFalse(self._line(run))

    def test_pause_between_two_messages(self):
        self._keep_only("email")
        self._send(self._prepare())
        self._create_open(20, due="2025-03-20")
        with self.subTest("within the pause"):
            run = self._prepare("2025-04-07 04:00:00")
            self.assertFalse(self._line(run))
            run.action_cancel()
        self.assertTrue(self._line(self._prepare("2025-04-08 04:00:00")))

    def test_a_run_of_a_tuesday_leaves_nobody_out_of_the_next_mondays(self):
        """Fails when a weekly run loses a week because one was a day late."""
        self._keep_only("email")
        self._send(self._prepare("2025-04-08 04:00:00"), "2025-04-08 04:00:00")
        self._create_open(20, due="2025-03-20")
        self.assertTrue(self._line(self._prepare("2025-04-14 04:00:00")))

    def test_letter_is_printed_and_handed_to_the_owner(self):
        self._keep_only("letter")
        run = self._prepare()
        self._send(run)
        sending = self._line(run).sending_ids
        papers = self.env["ir.attachment"].search(
            [("res_model", "=", sending._name), ("res_id", "=", sending.id)]
        )
        self.assertEqual(len(papers), 2)
        self.assertEqual(sending.with_user(self.clerk).paper_ids, papers)
        self.assertFalse(sending.mail_id)
        self.assertIn("Print and post", self._line(run).activity_ids.summary)

    def test_phone_level_is_a_call(self):
        self._keep_only("phone")
        run = self._prepare()
        self._send(run)
        self.assertIn("Call outside", self._line(run).activity_ids.summary)

    def test_left_out_by_hand(self):
        run = self._prepare()
        self._line(run).action_skip()
        run.action_prepare()
        self.assertEqual(self._line(run).state, "skipped")
        self._send(run)
        self.assertFalse(self._line(run).sending_ids)
        with self.assertRaisesRegex(UserError, "left the desk"):
            self._line(run).action_take_in()
        with self.assertRaisesRegex(UserError, "left the desk; make another"):
            run.action_prepare()

    def test_taken_in_again(self):
        run = self._prepare()
        line = self._line(run)
        line.action_skip()
        line.action_take_in()
        self.assertEqual(line.state, "ready")
        self._send(run)
        self.assertEqual(len(line.sending_ids), 1)

    def test_taken_in_again_while_something_holds_it_back(self):
        run = self._prepare()
        self._line(run).action_skip()
        self._unapplied(5)
        with freeze_time(NOW):
            run.action_prepare()
        line = self._line(run)
        self.assertEqual(line.state, "skipped")
        line.action_take_in()
        self.assertEqual((line.state, line.reason_codes), ("held", "paid"))

    def test_the_dry_run_is_opened_as_it_is_now(self):
        runs = self.env["rd.chase.run"].with_user(self.clerk)
        with freeze_time(NOW):
            run = runs.browse(runs.action_open_draft()["res_id"])
            both = self.outside | self.affiliate
            self.assertEqual(run.line_ids.partner_id, both)
            self._pay(self.overdue, 1000, TODAY)
            self.assertEqual(runs.action_open_draft()["res_id"], run.id)
        self.assertEqual(run.line_ids.partner_id, self.affiliate)
        self.assertEqual(run.line_ids.item_names, self.due.name)
        opened = run.action_view_lines()
        self.assertEqual(
            self.env[opened["res_model"]].search(opened["domain"]), run.line_ids
        )
        run.action_cancel()
        self.assertFalse(run.line_ids.action_open_sent().get("res_id"))

    def test_what_was_sent_is_opened(self):
        self._keep_only("email")
        run = self._prepare()
        self._send(run)
        line = self._line(run)
        action = line.with_user(self.users["auditor"]).action_open_sent()
        self.assertEqual(action["res_id"], line.sending_ids.id)

    def test_the_letter_says_where_to_pay(self):
        bank = self.env["res.bank"].create({"name": "Harbour Bank"})
        self.company.partner_id.bank_ids = [
            Command.create({"acc_number": "6222 0001", "bank_id": bank.id})
        ]
        rows = dict(self._line(self._prepare())._get_payment_data(self.item))
        self.assertEqual(rows["Bank of the payee"], "Harbour Bank")
        self.assertEqual(rows["Account number"], "6222 0001")

    def test_a_conflict_is_no_failure_of_the_customer(self):
        """It is tried again by whoever works for the request, not noted."""
        run = self._prepare()
        line = self._line(run)
        with (
            patch.object(type(line), "_work_off", side_effect=SerializationFailure),
            self.assertRaises(SerializationFailure),
        ):
            line._work_off_alone()
        self.assertEqual((line.state, line.kept_reason), ("ready", False))

    def test_everybody_left_out(self):
        """Fails when a run of which nothing leaves stays open and holds the next."""
        run = self._prepare()
        run.line_ids._as_internal().write({"state": "skipped"})
        self._send(run)
        self.assertEqual(run.state, "sent")
        self.assertFalse(run.line_ids.sending_ids)
        self.assertTrue(self._prepare("2025-04-03 04:00:00"))

    def test_one_open_run(self):
        self._prepare()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._prepare()
            self.env.flush_all()

    # ------------------------------------------------------------------
    # Once, whatever is tried again
    # ------------------------------------------------------------------
    def test_a_transaction_tried_again_queues_one_mail(self):
        self._keep_only("email")
        run = self._prepare()
        before = self.env["mail.mail"].search_count([])
        for _attempt in range(4):
            with self.assertRaises(SerializationFailure), self.env.cr.savepoint():
                self._send(run)
                self.env.flush_all()
                raise SerializationFailure()
            self.env.invalidate_all()
        self._send(run)
        self._send(run)
        self.assertEqual(self.env["mail.mail"].search_count([]), before + 2)

    def test_the_database_refuses_a_second_message(self):
        run = self._prepare()
        self._send(run)
        line = self._line(run)
        values = line.sudo()._prepare_sending()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["rd.chase.sending"].sudo()._as_internal().create(values)
            self.env.flush_all()

    def test_many_are_sent_by_the_scheduled_action(self):
        run = self._make_many()
        self.assertEqual((run.state, run.done_count), ("sending", 0))
        with freeze_time(NOW), self._cron():
            run._cron_send()
            run._cron_send()
        self.assertEqual((run.state, run.done_count), ("sent", 14))
        self.assertEqual(len(run.line_ids.sending_ids), 14)

    def _fail_for(self, partner, error):
        """Let one customer fail in the moment it is asked."""
        lines = type(self.env["rd.chase.run.line"])
        ask = lines._ask

        def maybe(line):
            if line.partner_id == partner:
                raise error
            return ask(line)

        return patch.object(lines, "_ask", maybe)

    def test_one_of_few_that_fails_does_not_block_the_others(self):
        """Fails when the person who sends gets an error and nobody a message."""
        self._keep_only("email")
        run = self._prepare()
        with self._fail_for(self.outside, UserError("没有银行账户。")):
            self._send(run)
        line = self._line(run)
        self.assertEqual((run.state, run.done_count), ("sent", 1))
        self.assertEqual((run.failed_count, line.state), (1, "failed"))
        self.assertIn("asked: 没有银行账户。 Try again", line.reason)
        self.assertFalse(line.sending_ids)

    def test_where_nobody_can_be_asked_the_run_stays_dry(self):
        self._keep_only("email")
        run = self._prepare()
        error = UserError("No bank account.")
        lines = type(self.env["rd.chase.run.line"])
        with (
            self.assertRaisesRegex(UserError, "^No bank account.$"),
            self.env.cr.savepoint(),
            patch.object(lines, "_ask", side_effect=error),
        ):
            self._send(run)
        self.env.invalidate_all()
        self.assertEqual((run.state, run.ready_count), ("draft", 2))
        self.assertFalse(run.failed_count)

    def _make_many(self):
        """Prepare and send a run that the scheduled action works off."""
        self._keep_only("phone")
        partners = self.env["res.partner"].create(
            [{"name": f"p{n}", "email": f"p{n}@x.example"} for n in range(12)]
        )
        for partner in partners:
            self._create_open(10, due="2025-03-01", partner=partner)
        run = self._prepare()
        self._send(run)
        return run

    def test_a_fault_of_one_of_few_stands_in_the_log(self):
        self._keep_only("email")
        run = self._prepare()
        logger = "odoo.addons.rd_receivables.models.rd_chase_run_line"
        with (
            self.assertLogs(logger, "ERROR") as log,
            self._fail_for(self.outside, ZeroDivisionError()),
        ):
            self._send(run)
        self.assertIn("could not be asked", log.output[0])
        self.assertEqual((run.state, run.done_count, run.failed_count), ("sent", 1, 1))
        self.assertIn("log of the server", self._line(run).reason)

    def test_a_run_that_asked_somebody_is_not_cancelled(self):
        """Nor is anybody asked twice in it."""
        run = self._make_many()
        line = self._line(run)
        with freeze_time(NOW):
            line._work_off()
            line._work_off()
            self.assertEqual(len(line.sending_ids), 1)
            with self.assertRaisesRegex(UserError, "asked 1 customers already"):
                run.action_cancel()
        self.assertEqual(run.state, "sending")

    def test_nobody_is_tried_again_in_a_cancelled_run(self):
        run = self._make_many()
        line = self._line(run)
        with freeze_time(NOW):
            line._note_failure(UserError("No bank account."))
            run.action_cancel()
            with self.assertRaisesRegex(UserError, "was cancelled; make another"):
                line.action_try_again()
        self.assertEqual(line.state, "failed")
        self.assertFalse(line.sending_ids)

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_one_that_fails_does_not_block_chasing(self):
        """Fails when the run stays open for a customer that cannot be asked."""
        run = self._make_many()
        line = self._line(run)
        with (
            freeze_time(NOW),
            self._parted(),
            self._fail_for(self.outside, UserError("No bank account.")),
        ):
            run._cron_send()
        self.assertEqual((run.state, run.done_count), ("sent", 13))
        self.assertEqual((run.failed_count, line.state), (1, "failed"))
        self.assertEqual(
            line.reason,
            "outside could not be asked: No bank account. Try again, or leave it out.",
        )
        self.assertRecordValues(
            line.activity_ids, [{"user_id": run.user_id.id, "summary": line.reason}]
        )
        with freeze_time(NOW):
            line.action_try_again()
        self.assertEqual((line.state, line.reason), ("done", False))
        self.assertEqual(len(line.sending_ids), 1)
        self.assertNotIn("could not", str(line.activity_ids.mapped("summary")))
        self.assertTrue(self._prepare("2025-04-12 04:00:00"))

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_one_that_fails_is_left_out_or_asked_by_the_next_run(self):
        run = self._make_many()
        with (
            freeze_time(NOW),
            self._parted(),
            self._fail_for(self.outside, ZeroDivisionError()),
        ):
            run._cron_send()
        line = self._line(run)
        self.assertIn("log of the server", line.reason)
        again = self._prepare("2025-04-12 04:00:00")
        self.assertEqual(self._line(again).state, "ready")
        with self.assertRaisesRegex(UserError, "is followed by"):
            line.action_try_again()
        line.action_skip()
        self.assertEqual(line.state, "skipped")
        self.assertFalse(line.activity_ids)

    def test_prepared_by_itself_once_a_week(self):
        self.company.rd_chase_by_itself = True
        runs = self.env["rd.chase.run"]
        for day in ("2025-04-02", "2025-04-03", "2025-04-04"):
            with freeze_time(f"{day} 04:00:00"), self._cron():
                runs._cron_prepare()
        run = runs.search([("company_id", "=", self.company.id)])
        self.assertEqual((len(run), run.state), (1, "draft"))
        self.assertIn("to be asked", run.activity_ids.summary)

    def test_a_week_without_anybody_to_ask_reminds_nobody(self):
        self.company.rd_chase_by_itself = True
        (self.overdue | self.due).button_draft()
        runs = self.env["rd.chase.run"]
        with freeze_time(NOW), self._cron():
            runs._cron_prepare()
        run = runs.search([("company_id", "=", self.company.id)])
        self.assertEqual(run.state, "cancelled")
        self.assertFalse(run.activity_ids)

    # ------------------------------------------------------------------
    # The guard
    # ------------------------------------------------------------------
    def _held(self, code, sentence):
        run = self._prepare()
        line = self._line(run)
        self.assertEqual((line.state, line.reason_codes), ("held", code))
        self.assertRegex(line.reason, sentence)
        self._send(run)
        self.assertFalse(line.sending_ids)
        self.assertFalse(self._find_mails(self.outside))
        self.assertEqual(line.reason, line.kept_reason)
        return line

    def _find_mails(self, partner):
        """Return the mails to a customer; a colleague is told of his reminder."""
        return self.env["mail.mail"].search(
            [
                "|",
                ("email_to", "ilike", partner.email or "@outside.example"),
                ("recipient_ids", "in", partner.ids),
            ]
        )

    def test_unapplied_payment(self):
        self._unapplied(0.01)
        line = self._held("paid", "applied to nothing yet")
        self.assertIn("let finance apply", line.activity_ids.summary)

    def test_money_on_the_bank_statement(self):
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": TODAY,
                "payment_ref": "x",
                "partner_id": self.outside.id,
                "amount": 5,
            }
        )
        self._held("paid", "5.00 of outside")

    def test_open_promise_needs_nobody(self):
        self._promise(100, date="2025-04-03")
        line = self._held("promise", "has promised")
        self.assertFalse(line.activity_ids)

    def test_sum_that_was_promised(self):
        self._promise(100, items=self.item.browse())
        self._held("promise", "has promised")

    def test_dispute(self):
        self._note("disputed", reason="quality")
        line = self._held("dispute", "disputes .* Quality")
        self.assertEqual(line.activity_ids.user_id, self.clerk)

    def test_tax_invoice_not_delivered(self):
        self.company.rd_tax_invoices = True
        self._held("fapiao", "tax invoice of .* has not been delivered")

    def test_nobody_answers_there(self):
        self._note("wrong_address")
        self._held("address", "no address")

    def test_an_address_is_needed_by_the_way_of_the_level(self):
        """Fails when a letter or a call is held back for want of an e-mail address."""
        self.outside.email = False
        self.outside.street = "1 Harbour Road"
        for way, email, street, state in (
            ("email", False, "x", "held"),
            ("email", "a@b.example", False, "ready"),
            ("letter", False, "x", "ready"),
            ("letter", "a@b.example", False, "held"),
            ("phone", False, False, "ready"),
            ("activity", False, False, "ready"),
        ):
            with self.subTest(way=way, email=email, street=street):
                self.levels.active = True
                self._keep_only(way)
                self.outside.write({"email": email, "street": street})
                run = self._prepare()
                line = self._line(run)
                self.assertEqual((line.way, line.state), (way, state))
                self.assertEqual(
                    line.reason_codes, "address" * (state == "held") or False
                )
                line._look_again()
                self.assertEqual(line.state, state)
                run.action_cancel()

    def test_paid_after_the_dry_run(self):
        run = self._prepare()
        self._pay(self.overdue, 1000, TODAY)
        self._send(run)
        self.assertEqual(self._line(run).state, "skipped")
        self.assertFalse(self._line(run).sending_ids)

    def test_promised_after_the_dry_run(self):
        run = self._prepare()
        self._promise(100)
        self._send(run)
        self.assertEqual(self._line(run).state, "held")
        self.assertFalse(self._line(run).sending_ids)

    def test_owner_is_told_once(self):
        self._unapplied(5)
        self._send(self._prepare())
        run = self._prepare("2025-04-12 04:00:00")
        self._send(run, "2025-04-12 04:00:00")
        line = self._line(run)
        self.assertEqual((line.state, line.is_handed), ("held", True))
        self.assertFalse(line.activity_ids)

    def test_one_reminder_for_each_owner_with_all_that_is_his(self):
        """Fails when of two reasons only the first is handed over."""
        self.company.rd_tax_invoices = True
        self.outside.user_id = self.clerk
        self._note("disputed", reason="quality")
        run = self._prepare()
        line = self._line(run)
        self.assertEqual(line.reason_codes, "dispute,fapiao")
        self._send(run)
        self.assertEqual(len(line.activity_ids), 1)
        self.assertEqual(line.activity_ids.user_id, self.clerk)
        self.assertIn("disputes", line.activity_ids.note)
        self.assertIn("tax invoice of", line.activity_ids.note)
        self._unapplied(5)
        with self.subTest("a new reason of a later run"):
            self._note("wrong_address")
            again = self._prepare("2025-04-12 04:00:00")
            self._send(again, "2025-04-12 04:00:00")
            line = self._line(again)
            self.assertEqual(line.reason_codes, "paid,dispute,fapiao,address")
            told = {one.user_id: one for one in line.activity_ids}
            self.assertEqual(set(told), {self.clerk, self.users["finance"]})
            self.assertIn("no address", told[self.clerk].summary)
            self.assertFalse(told[self.clerk].note)
            self.assertIn("let finance", told[self.users["finance"]].summary)

    def test_queries_do_not_grow(self):
        counts = {}
        for size in (3, 60):
            self._fill(size)
            guard = self.env["rd.chase.guard"]
            partners = self.env["res.partner"].search([("name", "=like", "many %")])
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(guard._read_accounts(self.company, partners)), size)
            counts[size] = self.cr.sql_log_count - before
        self.assertLessEqual(counts[60], counts[3] + 2)

    def _fill(self, size):
        known = self.env["res.partner"].search_count([("name", "=like", "many %")])
        partners = self.env["res.partner"].create(
            [
                {"name": f"many {n}", "email": f"m{n}@x.example"}
                for n in range(known, size)
            ]
        )
        for partner in partners:
            self._create_open(10, due="2025-03-01", partner=partner)

    # ------------------------------------------------------------------
    # Rights and wrong input
    # ------------------------------------------------------------------
    def test_lines_are_not_written(self):
        run = self._prepare()
        self._unapplied(5)
        run.action_prepare()
        line = self._line(run)
        for act in (
            lambda: line.write({"state": "ready"}),
            lambda: line.write({"reason_codes": False}),
            lambda: run.write({"state": "sent"}),
            lambda: run.write({"line_ids": [Command.clear()]}),
            lambda: line.unlink(),
            lambda: run.copy(),
            lambda: line.sending_ids.create({"run_id": run.id}),
        ):
            with self.assertRaises(UserError):
                act()

    def test_what_was_sent_stays(self):
        """Nor does code that has every right delete or copy it."""
        run = self._prepare()
        self._send(run)
        line = self._line(run).sudo()
        for words, act in (
            ("left out of the run, not deleted", line.unlink),
            ("stands in a run once", line.copy),
            ("What was sent stays", line.sending_ids.unlink),
            ("What was sent stays", line.sending_ids.copy),
        ):
            with self.subTest(act.__name__), self.assertRaisesRegex(UserError, words):
                act()
        self.assertTrue(line.exists() and line.sending_ids.exists())

    def test_roles(self):
        run = self._prepare()
        for role in ("auditor", "finance"):
            seen = run.with_user(self.users[role])
            self.assertEqual(len(seen.line_ids), 2)
            for act in (seen.action_send, seen.action_prepare, seen.action_cancel):
                with self.assertRaises(UserError):
                    act()
        for role in ("floor", "warehouse", "salesperson"):
            with self.assertRaises(AccessError):
                run.with_user(self.users[role]).read(["state"])

    def test_levels(self):
        levels = self.env["rd.chase.level"].with_user(self.second)
        level = levels.create(
            {"name": "x", "days": 45, "way": "phone", "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "write its text"):
            level.way = "email"
        with self.assertRaisesRegex(UserError, "days lie between"):
            level.days = -61
        with self.assertRaises(AccessError):
            level.with_user(self.clerk).days = 46

    def test_levels_speak_a_language_that_is_added_later(self):
        """What was worded by hand stays."""
        reminder = self.levels.filtered(lambda level: level.days == 3)
        letter = self.levels.filtered(lambda level: level.days == 30)
        letter.name = "Our own letter"
        self.env["res.lang"]._activate_lang("zh_CN")
        own = self.env["ir.module.module"]._get("rd_receivables")
        self.env["ir.module.module"]._get("bus")._update_translations(["zh_CN"])
        self.assertEqual(reminder.with_context(lang="zh_CN").name, "Reminder")
        for _twice in range(2):
            own._update_translations(["zh_CN"])
            told = (reminder | letter).with_context(lang="zh_CN")
            self.assertEqual(told.mapped("name"), ["催款提醒", "Our own letter"])
        self.assertEqual(reminder.with_context(lang="en_US").name, "Reminder")

    def test_every_company_gets_its_levels_and_rules_once(self):
        archived = self.env["res.company"].create({"name": "Archived"})
        archived.active = False
        for model in ("rd.chase.level", "rd.receivable.rule"):
            records = self.env[model].sudo().with_context(active_test=False)
            records._ensure(self.company)
            for _twice in range(2):
                records._ensure_all()
            own, new = (
                records.search([("company_id", "=", company.id)])
                for company in (self.company, archived)
            )
            self.assertTrue(new)
            self.assertEqual(new.mapped("display_name"), own.mapped("display_name"))

    def test_empty_run(self):
        (self.overdue | self.due).button_draft()
        run = self._prepare()
        with self.assertRaisesRegex(UserError, "Nobody is to be asked"):
            run.action_send()
