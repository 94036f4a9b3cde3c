# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from python_calamine import CalamineWorkbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common import DeskCommon

HEAD = "日期,送货单号,料号,数量,客户,事务类型"
NOTHING = "title,only\n"


@tagged("post_install", "-at_install")
class TestShippingHandIn(MailCase, DeskCommon):
    """Lists from the phone and by mail; what is missing is asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.porter = cls._create_user("warehouse")
        cls.company.alias_domain_id = cls.env["mail.alias.domain"].create(
            {"name": "desk.example", "bounce_alias": "bounce", "catchall_alias": "all"}
        )
        cls.keeper = cls.env["res.partner"].create(
            {"name": "Keeper", "email": "keeper@store.example", "lang": "en_US"}
        )
        cls.warehouse.write(
            {
                "rd_list_contact_ids": [(6, 0, cls.keeper.ids)],
                "rd_list_user_id": cls.clerk.id,
                "rd_list_alias_name": "lists-main",
            }
        )
        cls.alias = cls.warehouse.rd_list_alias_id
        cls.order = cls._create_order([(cls.parts[0], 100, 10.0)])
        cls.lists = cls.env["rd.shipping.list"]

    def _csv(self, *rows):
        lines = [
            ",".join((day, note, part, str(quantity), self.affiliate.name, "发货"))
            for day, note, part, quantity in rows
        ]
        return "\n".join([HEAD, *lines])

    def _upload(self, text, filename="list.csv"):
        wizard = (
            self.env["rd.shipping.upload"]
            .with_user(self.porter)
            .create(
                {
                    "warehouse_id": self.warehouse.id,
                    "file": base64.b64encode(text.encode()),
                    "filename": filename,
                }
            )
        )
        action = wizard.action_hand_in()
        return self.lists.browse(action["res_id"])

    def _attach(self, name, text):
        body = base64.encodebytes((text or "").encode()).decode()
        return (
            f"--b\nContent-Type: text/csv\nContent-Transfer-Encoding: base64\n"
            f'Content-Disposition: attachment; filename="{name}"\n\n{body}\n'
        )

    def _mail(
        self,
        text,
        sender="keeper@store.example",
        name="list.csv",
        number=1,
        more=(),
        model=None,
    ):
        """Let a mail arrive; return the lists that came of it and the answers.

        :param more: ``(name, text)`` of further files
        :param model: for which it arrives, where it is not for the address
        """
        before = self.lists.search([])
        files = [(name, text), *more] if text is not None else more
        attachments = "".join(self._attach(*file) for file in files)
        to = "all@elsewhere.example" if model else self.alias.alias_full_name
        message = (
            f"From: Someone <{sender}>\nTo: {to}\n"
            f"Subject: list\nMessage-Id: <{number}@store.example>\n"
            "Date: Wed, 30 Sep 2026 10:00:00 +0800\nMIME-Version: 1.0\n"
            "Content-Type: multipart/mixed; boundary=b\n\n"
            "--b\nContent-Type: text/plain\n\nHere it is.\n"
            f"{attachments}--b--\n"
        )
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(model, message)
        return self.lists.search([]) - before, self._mails

    # ------------------------------------------------------------------
    # Phone
    # ------------------------------------------------------------------
    @freeze_time("2026-10-01 04:00:00")
    def test_upload_and_verdict_at_once(self):
        done = self._upload(
            self._csv(
                ("2026-09-10", "DN-1", "P-100", 5), ("2026-09-20", "DN-2", "X", 1)
            )
        )
        self.assertEqual(done.state, "checked")
        self.assertEqual(done.received_by_id, self.porter)
        self.assertEqual(
            (done.date_from, done.date_to), (date(2026, 9, 10), date(2026, 9, 20))
        )
        self.assertEqual(done.with_user(self.porter).mend_ids.mapped("note"), ["DN-2"])
        with (
            self.assertRaisesRegex(UserError, "already been handed in"),
            self.cr.savepoint(),
        ):
            self._upload(
                self._csv(
                    ("2026-09-10", "DN-1", "P-100", 5), ("2026-09-20", "DN-2", "X", 1)
                )
            )
        with self.assertRaises(UserError), self.cr.savepoint():
            self._upload("nothing,here\n")
        self.assertEqual(len(self.lists.search([])), 1)

    @freeze_time("2026-10-01 04:00:00")
    def test_a_layout_that_is_asked_takes_its_period_once_it_is_accepted(self):
        text = "出货单号,料号,数量,日期,类型\nDN-1,P-100,5,2026-09-10,出货\n"
        text += "DN-2,P-100,1,2026-09-20,调整\n"
        done = self._upload(text)
        self.assertEqual(done.layout_state, "asked")
        self.assertEqual(
            (done.date_from, done.date_to), (date(2026, 9, 1), date(2026, 10, 1))
        )
        done.with_user(self.clerk).action_accept_layout()
        self.assertEqual(done.state, "checked")
        self.assertEqual(
            (done.date_from, done.date_to), (date(2026, 9, 10), date(2026, 9, 20))
        )

    @freeze_time("2026-10-01 04:00:00")
    def test_a_period_that_a_person_names_stays(self):
        text = "出货单号,料号,数量,日期,类型\nDN-1,P-100,5,2026-09-10,出货\n"
        done = self._upload(text + "DN-2,P-100,1,2026-09-20,调整\n")
        done.with_user(self.clerk).write({"date_from": "2026-09-01"})
        done.with_user(self.clerk).write({"date_to": "2026-09-30"})
        done.with_user(self.clerk).action_accept_layout()
        self.assertEqual(
            (done.date_from, done.date_to), (date(2026, 9, 1), date(2026, 9, 30))
        )

    # ------------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------------
    @freeze_time("2026-10-01 04:00:00")
    def test_mail_brings_a_list_and_takes_the_verdict_home(self):
        made, mails = self._mail(
            self._csv(
                ("2026-09-10", "DN-1", "P-100", 5), ("2026-09-20", "<b>2", "X-9", 1)
            )
        )
        self.assertEqual(made.warehouse_id, self.warehouse)
        self.assertEqual(made.company_id, self.company)
        self.assertIn("keeper@store.example", made.received_from)
        self.assertEqual(made.line_ids.mapped("verdict"), ["new", "no_order"])
        self.assertEqual(len(mails), 1)
        self.assertIn("keeper@store.example", mails[0]["email_to"][0])
        self.assertIn("1 to mend", mails[0]["body"])
        self.assertIn("X-9", mails[0]["body"])
        self.assertNotIn("<b>2", mails[0]["body"])
        name, content, _kind = mails[0]["attachments"][0]
        self.assertEqual(name, "Rows to mend.xlsx")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = sheet.get_sheet_by_index(0).to_python()
        self.assertTrue(any("X-9" in row for row in rows))

    @freeze_time("2026-10-01 04:00:00")
    def test_the_same_list_twice_does_nothing_twice(self):
        text = self._csv(("2026-09-10", "DN-1", "P-100", 5))
        self._mail(text)
        made, mails = self._mail(text, number=2)
        self.assertFalse(made)
        self.assertEqual(len(mails), 1)
        self.assertIn("already been handed in", mails[0]["body"])
        made, mails = self._mail(text)  # the very same mail again
        self.assertFalse(made or mails)

    @freeze_time("2026-10-01 04:00:00")
    def test_one_plain_answer_to_what_is_no_list(self):
        good = self._csv(("2026-09-10", "DN-1", "P-100", 5))
        for number, (values, words) in enumerate(
            (
                ({"text": good, "sender": "thief@else.example"}, "is not one of them"),
                ({"text": None}, "No spreadsheet was attached"),
                ({"text": good, "name": "list.pdf"}, "No spreadsheet was attached"),
                ({"text": "a\nb\n"}, ""),
            ),
            start=10,
        ):
            with self.subTest(words=words):
                made, mails = self._mail(**values, number=number)
                self.assertFalse(made)
                self.assertEqual(len(mails), 1)
                self.assertIn(words, mails[0]["body"])
                self.assertNotIn("Traceback", mails[0]["body"])

    @freeze_time("2026-10-01 04:00:00")
    def test_one_mail_brings_a_list_and_what_is_none(self):
        good = self._csv(("2026-09-10", "DN-1", "P-100", 5))
        made, mails = self._mail(good, more=[("other.csv", "a\nb\n")])
        self.assertEqual(made.filename, "list.csv")
        self.assertEqual(len(mails), 1)
        self.assertIn("other.csv", mails[0]["body"])
        self.assertIn("1 rows read, 1 ready to deliver", mails[0]["body"])

    @freeze_time("2026-10-01 04:00:00")
    def test_a_mailed_list_of_another_layout_waits_for_the_desk(self):
        text = "出货单号,料号,数量,日期,类型\nDN-1,P-100,5,2026-09-10,出货\n"
        made, mails = self._mail(text + "DN-2,P-100,1,2026-09-20,调整\n")
        self.assertEqual((made.state, made.layout_state), ("draft", "asked"))
        self.assertIn("looks different from the lists before", mails[0]["body"])

    @freeze_time("2026-10-01 04:00:00")
    def test_a_list_without_a_row_is_not_taken(self):
        text = self._csv(("2026-09-10", "DN-1", "P-100", "?"))
        with self.assertRaisesRegex(UserError, "nothing was handed in"):
            with self.cr.savepoint():
                self._upload(text)
        made, mails = self._mail(text)
        self.assertFalse(made)
        self.assertIn("No row of list.csv could be read", mails[0]["body"])

    @freeze_time("2026-10-01 04:00:00")
    def test_an_address_for_known_partners_only(self):
        self.alias.alias_contact = "partners"
        good = self._csv(("2026-09-10", "DN-1", "P-100", 5))
        made, mails = self._mail(good, sender="thief@else.example")
        self.assertFalse(made)
        self.assertEqual(len(mails), 1)
        self.assertNotIn("takes shipping lists", mails[0]["body"])

    @freeze_time("2026-10-01 04:00:00")
    def test_a_mail_for_no_warehouse_brings_no_list(self):
        """As a mail server does that is set to make lists of all it fetches."""
        good = self._csv(("2026-09-10", "DN-1", "P-100", 5))
        for number, text in enumerate((None, good), start=30):
            with self.subTest(text=text), self.cr.savepoint():
                with self.assertRaisesRegex(UserError, "brings no list to hand in"):
                    self._mail(text, number=number, model="rd.shipping.list")
        self.assertFalse(self.lists.search([]))

    def test_nobody_but_the_gateway_brings_mail(self):
        for user in (self.porter, self.clerk):
            with self.assertRaises(AccessError):
                self.lists.with_user(user).message_new(
                    {"email_from": "keeper@store.example"},
                    {"warehouse_id": self.warehouse.id},
                )

    def test_other_addresses_answer_as_ever(self):
        other = self.env["mail.alias"].create(
            {"alias_name": "press", "alias_model_id": self.alias.alias_model_id.id}
        )
        mail = {"author_id": False, "subject": "Hello", "body": "Hi"}
        self.assertIn("Dear Sender", other._get_alias_bounced_body(mail))
        answer = self.alias._get_alias_bounced_body({**mail, "rd_refusal": "No list."})
        self.assertIn("No list.", answer)
        self.assertNotIn("Dear Sender", answer)

    def test_the_address_follows_its_name(self):
        self.warehouse.rd_list_alias_name = "lists-new"
        self.assertEqual(self.alias.alias_name, "lists-new")
        self.warehouse.rd_list_alias_name = False
        self.assertFalse(self.warehouse.rd_list_alias_id)
        self.assertFalse(self.alias.exists())

    # ------------------------------------------------------------------
    # Expected
    # ------------------------------------------------------------------
    def _expected(self):
        records = self.env["rd.shipping.expected"]._ensure(self.company)
        return records.sorted("date_from")

    @freeze_time("2026-10-01 04:00:00")
    def test_periods(self):
        self.assertFalse(self._expected())
        self.warehouse.rd_list_rhythm = "half"
        self.assertEqual(
            [
                (item.date_from.day, item.date_to.day, item.date_due.day)
                for item in self._expected()
            ],
            [(1, 15, 17), (16, 30, 2), (1, 15, 17)],
        )
        self.assertEqual(len(self._expected()), 3)
        self.assertEqual(self._expected().mapped("late"), [True, False, False])
        expected = self.env["rd.shipping.expected"]
        ours = [("company_id", "=", self.company.id)]
        for value, found in (
            ([True], self._expected()[0]),
            ([False], self._expected()[1:]),
            ([True, False], self._expected()),
        ):
            late = expected.search([*ours, ("late", "in", value)], order="date_from")
            self.assertEqual(late, found)

    @freeze_time("2026-10-01 04:00:00")
    def test_nothing_is_expected_before_the_desk_starts(self):
        self.warehouse.rd_list_rhythm = "month"
        self.company.rd_start_date = False
        self.assertFalse(self._expected())
        done = self._upload(self._csv(("2026-09-10", "DN-1", "P-100", 5)))
        self.assertEqual(done.date_to, date(2026, 9, 10))

    @freeze_time("2026-10-05 04:00:00")
    def test_the_day_on_which_the_last_list_came(self):
        self.warehouse.rd_list_rhythm = "month"
        for first, last in ((1, 20), (21, 30)):
            with freeze_time(f"2026-10-{last // 10:02} 04:00:00"):
                self.lists.create(
                    {
                        "warehouse_id": self.warehouse.id,
                        "date_from": date(2026, 9, first),
                        "date_to": date(2026, 9, last),
                        "file": base64.b64encode(
                            self._csv(
                                (f"2026-09-{last}", f"D{last}", "P-100", 1)
                            ).encode()
                        ),
                        "filename": "x.csv",
                    }
                ).action_check()
        item = self._expected()[0]
        self.assertEqual(item._get_days_received(), {item: date(2026, 10, 3)})
        # of lists that came before their day was kept nobody can tell
        self.lists.search([])[0]._as_internal().write({"received_date": False})
        self.assertEqual((item.state, item._get_days_received()), ("received", {}))

    def test_a_week_ends_on_sunday(self):
        self.warehouse.rd_list_rhythm = "week"
        periods = self.warehouse._rd_get_list_periods(
            date(2026, 9, 1), date(2026, 9, 14)
        )
        self.assertEqual(
            [(first.day, last.day) for first, last in periods],
            [(1, 6), (7, 13), (14, 20)],
        )

    @freeze_time("2026-10-01 04:00:00")
    def test_received_once_every_day_is_covered(self):
        self.warehouse.rd_list_rhythm = "month"
        self._upload(self._csv(("2026-09-10", "DN-1", "P-100", 5)))
        self.assertEqual(self._expected()[0].state, "received")
        september = self.lists.search([])
        september.action_cancel()
        self.assertEqual(self._expected()[0].state, "expected")
        for first, last, state in (
            (1, 10, "expected"),
            (12, 30, "expected"),
            (11, 11, "received"),
        ):
            self.lists.create(
                {
                    "warehouse_id": self.warehouse.id,
                    "date_from": date(2026, 9, first),
                    "date_to": date(2026, 9, last),
                    "file": base64.b64encode(
                        self._csv((f"2026-09-{last}", f"D{last}", "P-100", 1)).encode()
                    ),
                    "filename": "x.csv",
                }
            ).action_check()
            self.assertEqual(self._expected()[0].state, state)

    def test_a_list_of_today_does_not_cover_tomorrow(self):
        self.warehouse.rd_list_rhythm = "month"
        with freeze_time("2026-09-20 04:00:00"):
            first = self._upload(self._csv(("2026-09-10", "DN-1", "P-100", 5)))
            self.assertEqual(first.date_to, date(2026, 9, 20))
            self.assertEqual(self._expected()[0].state, "expected")
        with freeze_time("2026-10-01 04:00:00"):
            self._upload(self._csv(("2026-09-28", "DN-2", "P-100", 5)))
            self.assertEqual(self._expected()[0].state, "received")

    def test_reminded_on_the_due_day_once_a_day_then_told_higher_up(self):
        self.warehouse.rd_list_rhythm = "month"

        def remind():
            with self._parted():
                self.env["rd.shipping.expected"]._cron_remind()

        # Due on 2 October; 16:00 UTC is the next day for the company.
        for moment, reminders in (
            ("2026-10-01 15:59:00", 0),
            ("2026-10-01 16:00:00", 1),
            ("2026-10-02 15:00:00", 1),
            ("2026-10-02 16:00:00", 2),
            ("2026-10-04 04:00:00", 3),
        ):
            with freeze_time(moment), self.mock_mail_gateway():
                remind()
                item = self._expected()[0]
                self.assertEqual(item.reminder_count, reminders)
                self.assertEqual(bool(item.escalated_date), reminders == 3)
        sent = item.message_ids.filtered(lambda one: self.keeper in one.partner_ids)
        self.assertEqual(len(sent), 3)
        self.assertIn("was due on 2026-10-02", sent[0].body)
        self.assertEqual(len(item.activity_ids), 2)
        self.assertEqual(item.activity_ids[0].user_id, self.clerk)
        item.with_user(self.porter).action_nothing_shipped()
        self.assertEqual(item.state, "waived")
        self.assertFalse(item.activity_ids)
        with freeze_time("2026-10-05 04:00:00"):
            remind()
        self.assertEqual(item.reminder_count, 3)

    @freeze_time("2026-10-09 04:00:00")
    def test_nobody_higher_up_and_nothing_for_what_has_come(self):
        self.warehouse.rd_list_rhythm = "month"
        self._leave_no_supervisor()
        with self._parted(), self.mock_mail_gateway():
            self.env["rd.shipping.expected"]._cron_remind()
        item = self._expected()[0]
        self.assertEqual(item.reminder_count, 1)
        self.assertFalse(item.escalated_date, "once there is one he is told")
        self._upload(self._csv(("2026-09-10", "DN-1", "P-100", 5)))
        with freeze_time("2026-10-10 04:00:00"):
            # it has come since it was looked for
            item._remind()
        self.assertEqual((item.state, item.reminder_count), ("received", 1))

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    @freeze_time("2026-10-05 04:00:00")
    def test_a_bad_one_stops_no_other_reminder(self):
        """One warehouse that cannot be written to costs the other no reminder."""
        other = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "company_id": self.company.id}
        )
        (self.warehouse | other).rd_list_rhythm = "month"
        model = type(self.env["rd.shipping.expected"])
        escalate = model._escalate

        def fail(item, today):
            if item.warehouse_id == self.warehouse:
                raise ZeroDivisionError
            return escalate(item, today)

        with patch.object(model, "_escalate", fail), self._parted():
            self.env["rd.shipping.expected"]._cron_remind()
        items = self.env["rd.shipping.expected"].search([("reminder_count", ">", 0)])
        self.assertEqual(items.warehouse_id, other)
        with self._parted():
            self.env["rd.shipping.expected"]._cron_remind()
        items = self.env["rd.shipping.expected"].search([("reminder_count", ">", 0)])
        self.assertEqual(items.warehouse_id, self.warehouse | other)

    @freeze_time("2026-10-05 04:00:00")
    def test_the_month_waits_for_a_missing_list(self):
        close = self._open_close(date(2026, 9, 1))
        self.assertTrue(close._run_step_lists(self.affiliate).done)
        self.warehouse.rd_list_rhythm = "month"
        outcome = close._run_step_lists(self.affiliate)
        self.assertFalse(outcome.done)
        self.assertEqual(outcome.role, "warehouse")
        self.assertIn("due 2026-10-02", outcome.message)
        self._expected()[0].action_waive("closed for stocktaking")
        self.assertTrue(close._run_step_lists(self.affiliate).done)
        with self.assertRaisesRegex(UserError, "Say why"):
            self._expected()[1].action_waive(" ")
        self._expected()[0].action_expect_again()
        self.assertEqual(self._expected()[0].state, "expected")

    def test_guards(self):
        self.warehouse.rd_list_rhythm = "month"
        with freeze_time("2026-10-05 04:00:00"):
            item = self._expected()[0]
        for values in (
            {"state": "received"},
            {"date_due": "2027-01-01"},
            {"reminder_count": 0},
        ):
            with self.assertRaisesRegex(UserError, "kept by the system"):
                item.with_user(self.clerk).write(values)
        with self.assertRaises(UserError):
            item.with_user(self.clerk).unlink()
