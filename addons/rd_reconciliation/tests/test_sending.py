# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Statements by e-mail, reminders, and the gates before agreeing."""

import io
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure
from python_calamine import CalamineWorkbook

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_adjustments import AfterwardsCase


@tagged("post_install", "-at_install")
class TestSending(AfterwardsCase):
    """One mail per statement, revision and recipient, in their language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.affiliate.write({"email": "ap@northern.example", "lang": "zh_CN"})
        cls.buyer = cls.env["res.partner"].create(
            {
                "name": "Ms Lin",
                "email": "lin@northern.example",
                "parent_id": cls.affiliate.id,
            }
        )

    def _send(self):
        self.statement.with_user(self.clerk).action_send_mail()

    def _get_mails(self):
        return self.statement.sending_ids.mail_id

    def test_mail_with_both_papers_in_their_language(self):
        self._send()
        mail = self._get_mails()
        self.assertEqual(len(mail), 1)
        self.assertIn("ap@northern.example", mail.email_to)
        self.assertEqual(
            sorted(mail.attachment_ids.mapped(lambda one: one.name.split(".")[-1])),
            ["pdf", "xlsx"],
        )
        book = mail.attachment_ids.filtered(lambda one: one.name.endswith("xlsx"))
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.raw)).get_sheet_by_index(
            0
        )
        self.assertIn("对账单", str(sheet.to_python()[0][0]))
        self.assertRecordValues(
            self.statement.sending_ids,
            [
                {
                    "revision": 1,
                    "lang": "zh_CN",
                    "kind": "statement",
                    "content_hash": self.statement.content_hash,
                    "user_id": self.clerk.id,
                }
            ],
        )
        self.assertEqual(self.statement.state, "sent")

    def test_a_repeat_sends_nothing_and_a_new_revision_does(self):
        self._send()
        self._send()
        self.assertEqual(len(self._get_mails()), 1)
        self.statement.with_user(self.clerk).action_ask_reopen("price")
        self._get_waiting().with_user(self.supervisor).action_approve()
        self._send()
        self.assertEqual(
            self.statement.sending_ids.sorted("id").mapped("revision"), [1, 2]
        )

    def test_what_was_sent_is_filed_once_for_each_revision(self):
        self._send()
        self._send()
        papers = self.env["rd.document"].search(
            [
                ("res_model", "=", "rd.statement"),
                ("res_id", "=", self.statement.id),
            ]
        )
        self.assertEqual((papers.kind, papers.state), ("statement", "filed"))
        self.assertEqual(papers.partner_id, self.affiliate)
        self.assertEqual(papers.version_ids.mapped("reference"), ["R1"])
        self.assertEqual(len(papers.attachment_ids), 2)
        self.assertTrue(papers.retain_until)
        self.statement._as_internal().write({"revision": 2})
        self._send()
        self.assertEqual(set(papers.version_ids.mapped("reference")), {"R1", "R2"})
        self.assertEqual(papers.version_id.reference, "R2")
        with self.assertRaisesRegex(UserError, "be kept until"):
            papers.with_user(self.supervisor).unlink()

    def test_a_transaction_tried_again_queues_one_mail(self):
        """Four conflicts, then success: exactly one mail (reliability A10)."""
        before = self.env["mail.mail"].search_count([])
        for _attempt in range(4):
            with self.assertRaises(SerializationFailure), self.env.cr.savepoint():
                self._send()
                self.env.flush_all()
                raise SerializationFailure()
            self.env.invalidate_all()
        self._send()
        self.assertEqual(self.env["mail.mail"].search_count([]), before + 1)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_row(self):
        self._send()
        sending = self.statement.sending_ids
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            sending.sudo()._as_internal().copy()
            self.env.flush_all()

    def test_dry_run_says_who_gets_what_and_what_is_missing(self):
        nobody = self.env["res.partner"].create({"name": "No address"})
        self.affiliate.rd_statement_contact_ids = self.buyer | nobody
        wizard = (
            self.env["rd.statement.send"]
            .with_user(self.clerk)
            .with_context(active_model="rd.statement", active_ids=self.statement.ids)
            .create({})
        )
        self.assertEqual((wizard.ready_count, wizard.missing_count), (1, 1))
        self.assertIn("no valid e-mail", wizard.line_ids.filtered("missing").missing)
        self.assertEqual(self.statement.state, "draft")
        self.assertFalse(self.statement.sending_ids)
        wizard.action_send()
        self.assertEqual(self.statement.sending_ids.contact_id, self.buyer)

    def test_a_statement_without_lines_is_not_sent(self):
        self.statement._lines()._carry_over()
        self.statement._recompute_amounts()
        with self.assertRaisesRegex(UserError, "has no lines"):
            self._send()
        self.assertEqual(self.statement.state, "draft")
        self.assertFalse(self._get_mails())

    def test_one_paper_of_one_revision_is_queued_once(self):
        template = self.env.ref("rd_reconciliation.mail_template_statement")
        template.reply_to = "desk@ours.example"
        self._send()
        self.assertEqual(self._get_mails().reply_to, "desk@ours.example")
        self.statement._queue_mail(self.affiliate, "statement")
        self.assertEqual(len(self.statement.sending_ids), 1)

    def test_nothing_to_send_is_said(self):
        self.affiliate.email = False
        with self.assertRaisesRegex(UserError, "no valid e-mail"):
            self._send()
        self.statement.action_cancel()
        self.affiliate.email = "ap@northern.example"
        with self.assertRaisesRegex(UserError, "Cancelled"):
            self._send()

    def test_reminders_by_the_calendar_then_a_call(self):
        with freeze_time("2026-10-02 04:00:00"):
            self._send()
        # Friday 2 October; three working days later is Wednesday the 7th.
        turns = []
        for day in ("2026-10-07", "2026-10-08", "2026-10-09", "2026-10-13"):
            with freeze_time(f"{day} 04:00:00"):
                self.statement._remind()
                self.statement._remind()
            turns.append(
                len(self.statement.sending_ids.filtered(lambda s: s.kind == "reminder"))
            )
        self.assertEqual(turns, [0, 1, 1, 2])
        with freeze_time("2026-10-16 04:00:00"):
            self.statement._remind()
            self.statement._remind()
        calls = self.statement.activity_ids
        self.assertEqual(len(calls), 1)
        self.assertIn("has not answered", calls.summary)

    def _run_the_night(self, day):
        """Run both scheduled actions on a day, as each night does."""
        crons = type(self.env["ir.cron"])
        with (
            freeze_time(f"{day} 04:00:00"),
            # a test has one transaction; how it is parted is tested on a server
            patch.object(crons, "_commit_progress", lambda *args, **kwargs: 1),
        ):
            self.env["rd.statement"]._cron_silence()
            self.env["rd.statement"]._cron_remind()

    def test_silence_stops_no_reminder_and_no_call(self):
        """Fails when what is told to the supervisor counts as the call."""
        with freeze_time("2026-10-02 04:00:00"):
            self._send()
        for day in range(7, 20):
            self._run_the_night(f"2026-10-{day:02}")
        reminders = self.statement.sending_ids.filtered(lambda s: s.turn)
        self.assertEqual(sorted(reminders.mapped("turn")), [1, 2])
        self.assertEqual(self.statement.silence_date, date(2026, 10, 10))
        call = self.env.ref("mail.mail_activity_data_call")
        self.assertEqual(
            len(
                self.statement.activity_ids.filtered_domain(
                    [("activity_type_id", "=", call.id)]
                )
            ),
            1,
        )
        self.statement.activity_ids.action_done()
        self._run_the_night("2026-10-20")
        self.assertFalse(self.statement.activity_ids, "who has called need not again")

    def test_silence_begins_anew_with_each_revision(self):
        """Fails when what was answered before it was taken back is an answer yet."""
        with freeze_time("2026-10-02 04:00:00"):
            self._send()
        for day in range(7, 20):
            self._run_the_night(f"2026-10-{day:02}")
        with freeze_time("2026-10-20 04:00:00"):
            self._read_ledger(
                self.statement, [("2026-09-10", "DN-1", "P-100", 60, 678)]
            )
            self.statement._take_line_answers(
                {self.statement.line_ids[:1]: {"decision": "confirmed"}},
                self.statement._prepare_answer_source("portal", "Ms Lin"),
            )
            self.assertTrue(self.statement._has_any_answer())
        with freeze_time("2026-10-21 04:00:00"):
            self.statement._reopen("wrong price")
            self._send()
        self.assertFalse(self.statement._has_any_answer())
        for day in range(22, 31):
            self._run_the_night(f"2026-10-{day}")
        self.assertEqual(self.statement.silence_date, date(2026, 10, 29))
        reminders = self.statement.sending_ids.filtered(lambda s: s.turn)
        self.assertEqual(
            sorted(reminders.mapped(lambda s: (s.revision, s.turn))),
            [(1, 1), (1, 2), (2, 1), (2, 2)],
        )

    def test_who_answered_line_by_line_is_not_reminded(self):
        with freeze_time("2026-10-02 04:00:00"):
            self._send()
            self.statement._take_line_answers(
                {self.statement.line_ids[:1]: {"decision": "confirmed"}},
                self.statement._prepare_answer_source("portal", "Ms Lin"),
            )
        self._run_the_night("2026-10-30")
        self.assertFalse(self.statement.sending_ids.filtered(lambda s: s.turn))

    def test_who_answered_is_not_reminded(self):
        with freeze_time("2026-10-02 04:00:00"):
            self._send()
            self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        with freeze_time("2026-10-30 04:00:00"):
            self.assertEqual(self.statement._get_due_turn(), 0)

    def test_a_confirmation_that_was_given_stays(self):
        self._send()
        self.statement.action_confirm_recorded(who="Mr Tan", note="by noon")
        date_given = self.statement.confirmed_date
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        for who, channel in (("Ms Lin", "phone"), ("Mr Tan", "scan")):
            with self.assertRaisesRegex(UserError, "by Mr Tan on .* already"):
                self.statement.action_confirm_recorded(who=who, channel=channel)
        self.assertRecordValues(
            self.statement,
            [
                {
                    "confirmed_by": "Mr Tan",
                    "confirmed_date": date_given,
                    "confirmation_channel": "phone",
                    "confirmation_note": "by noon",
                }
            ],
        )
        self.assertEqual(len(self.statement.answer_ids), 1)

    def test_missing_ledger_is_asked_for(self):
        self.env["rd.ledger.profile"].create(
            {
                "name": "Northern",
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
            }
        )
        with freeze_time("2026-10-02 04:00:00"):
            self._send()
        with freeze_time("2026-10-08 04:00:00"):
            self.statement._remind()
        self.assertIn("ledger", self.statement.sending_ids.mapped("kind"))

    def test_what_was_sent_stays_on_record(self):
        self._send()
        with self.assertRaises(UserError):
            self.statement.sending_ids.sudo().email = "x@y.example"
        with self.assertRaises(UserError):
            self.statement.sending_ids.sudo().unlink()


@tagged("post_install", "-at_install")
class TestGates(AfterwardsCase):
    """What has to be done before agreeing, per customer class."""

    def _match_short(self, pieces=58):
        self._read_ledger(
            self.statement,
            [
                ("2026-09-10", "DN-1", "P-100", pieces, pieces * 11.3),
                ("2026-09-10", "DN-1", "P-300", 7, 2.65),
            ],
        )
        self.statement.with_user(self.clerk).action_match()

    def _get_open(self):
        return self.statement.difference_ids.filtered(lambda one: one.state == "open")

    def _agree(self):
        self.statement.with_user(self.clerk).action_agree()

    def test_all_matched(self):
        self.company.rd_gate_lines_affiliate = "matched"
        self._match_short()
        with self.assertRaisesRegex(UserError, "1 lines are not confirmed"):
            self._agree()
        self._get_open().with_user(self.clerk).action_accept_theirs()
        self._agree()
        self.assertEqual(self.statement.state, "agreed")

    def test_all_assigned(self):
        self.company.rd_gate_lines_affiliate = "assigned"
        self._match_short()
        difference = self._get_open()
        difference.user_id = False
        with self.assertRaisesRegex(UserError, "nor have a difference with an owner"):
            self._agree()
        difference.user_id = self.clerk
        difference.deadline = date(2026, 10, 10)
        self._agree()
        self.assertEqual(self.statement.state, "agreed")

    def test_the_month_says_what_holds_a_statement(self):
        """Open differences first, then the gate, then lines nobody has confirmed."""
        why = self.statement.with_user(self.clerk)._why_not_by_itself
        self.assertIn("2 lines that are not confirmed", why())
        self._match_short()
        self.assertIn("1 open differences", why())
        self.company.rd_gate_lines_affiliate = "matched"
        item = self._get_open()
        item.with_user(self.clerk).action_accept_theirs()
        self.statement._lines()[:1]._as_internal().write({"verdict": "pending"})
        self.assertIn("1 lines are not confirmed", why())
        self.statement._lines()._carry_over()
        self.statement._recompute_amounts()
        self.assertFalse(why())

    def test_what_is_not_approved_says_why_and_is_not_agreed(self):
        self.company.rd_gate_approval_affiliate = "any"
        self._match_short()
        self._get_open().with_user(self.clerk).action_accept_theirs()
        self._agree()
        self._get_waiting().with_user(self.supervisor).action_refuse("Ask them again")
        self.assertEqual(self.statement.state, "draft")
        self.assertIn("Ask them again", self.statement.message_ids[:1].preview)

    def test_gate_of_the_other_class_does_not_count(self):
        self.company.rd_gate_lines_outside = "matched"
        self._match_short()
        self._agree()
        self.assertEqual(self.statement.state, "agreed")

    def test_any_difference_needs_a_second_person(self):
        self.company.rd_gate_approval_affiliate = "any"
        self._match_short()
        self._get_open().with_user(self.clerk).action_accept_theirs()
        self.assertIn("second person", self.statement._why_not_by_itself())
        self._agree()
        self.assertEqual(self.statement.state, "draft")
        approval = self._get_waiting()
        with self.assertRaisesRegex(UserError, "by a supervisor"):
            approval.with_user(self.clerk).action_approve()
        approval.with_user(self.supervisor).action_approve()
        self.assertEqual(self.statement.state, "agreed")

    def test_above_a_tolerance(self):
        self.company.write(
            {
                "rd_gate_approval_affiliate": "tolerance",
                "rd_gate_tolerance_affiliate": 22.6,
            }
        )
        self._match_short()
        self._get_open().with_user(self.clerk).action_accept_theirs()
        self.assertFalse(self.statement._needs_approval())
        self.company.rd_gate_tolerance_affiliate = 22.59
        self.assertTrue(self.statement._needs_approval())

    def test_difference_is_on_the_one_list(self):
        self.company.rd_write_off_limit = 1
        self._match_short()
        item = self._get_open()
        item.with_user(self.clerk).action_write_off()
        approval = self._get_waiting()
        self.assertEqual((approval.kind, approval.res_id), ("write_off", item.id))
        approval.with_user(self.supervisor).action_approve("fine")
        self.assertEqual(item.state, "written_off")
        self.assertEqual(approval.state, "approved")

    def test_answer_on_the_desk_ends_the_entry(self):
        self.company.rd_write_off_limit = 1
        self._match_short()
        item = self._get_open()
        item.with_user(self.clerk).action_write_off()
        approval = self._get_waiting()
        item.with_user(self.supervisor).action_refuse("look again")
        self.assertEqual(approval.state, "refused")
        self.assertEqual(item.state, "open")
