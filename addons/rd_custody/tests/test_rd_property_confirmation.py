# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo import Command, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.tests.common import DeskCommon

from .common import ROLES, CustodyCommon


class LetterCommon(CustodyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.email = "owner@example.com"
        people = cls.env["res.partner"].create(
            [
                {"name": "Ms Wen", "parent_id": cls.owner.id},
                {"name": "Mr Ott", "parent_id": cls.other_owner.id},
            ]
        )
        for login, person in zip(("letter_owner", "letter_other"), people, strict=True):
            user = new_test_user(
                cls.env, login=login, password=login, groups="base.group_portal"
            )
            user.partner_id = person
        cls.mould = cls._create_held(1, description="Left mould")
        cls.boxes = cls._create_held(60, description="Boxes", kind="packaging")

    @classmethod
    def _create_letter(cls, day="2025-06-30", **values):
        letters = cls.env["rd.property.confirmation"].with_user(cls.users["clerk"])
        return letters.create({"partner_id": cls.owner.id, "day": day, **values})

    def _line(self, letter, card):
        return letter.line_ids.filtered(lambda line: line.property_id == card)


@tagged("post_install", "-at_install")
class TestRdPropertyConfirmation(LetterCommon):
    def test_states_the_day_and_what_changed_since(self):
        first = self._create_letter("2025-03-31")
        first.action_send()
        self.assertEqual(set(first.line_ids.mapped("change")), {"new"})
        self._register(self.boxes, "use", "2025-04-10", quantity=5)
        self._register(self.mould, "return", "2025-05-01", quantity=1)
        gauge = self._create_held(1, "2025-05-02", description="Gauge", kind="gauge")
        self._register(gauge, "move", "2025-07-01", place="Later")
        second = self._create_letter("2025-06-30")
        self.assertEqual(second.previous_id, first)
        found = {line.property_id: line for line in second.line_ids}
        self.assertEqual(
            {card: line.change for card, line in found.items()},
            {self.boxes: "changed", self.mould: "gone", gauge: "new"},
        )
        self.assertEqual(
            (found[self.boxes].quantity, found[self.boxes].before), (55, 60)
        )
        self.assertEqual(found[gauge].place, "Shelf 1", "as of the day, not today")

    def test_another_day_or_owner_is_another_register(self):
        letter = self._create_letter("2025-01-05")
        self.assertFalse(letter.line_ids, "nothing had come by then")
        letter.day = "2025-06-30"
        self.assertEqual(letter.line_ids.property_id, self.mould | self.boxes)
        letter.partner_id = self.other_owner
        self.assertFalse(letter.line_ids)

    def test_what_came_and_went_between_two_letters_is_not_asked(self):
        self._create_letter("2025-03-31").action_send()
        jig = self._create_held(1, "2025-04-10", description="Jig")
        self._register(jig, "return", "2025-05-02", quantity=1)
        letter = self._create_letter()
        self.assertEqual(letter.line_ids.property_id, self.mould | self.boxes)

    def test_what_has_gone_is_confirmed_as_gone(self):
        """The card keeps the day on which it was confirmed as here."""
        first = self._create_letter("2025-03-31")
        first.action_send()
        first.action_record_answer({}, "Ms Wen")
        self._register(self.mould, "return", "2025-05-01", quantity=1)
        second = self._create_letter()
        second.action_send()
        second.action_record_answer({}, "Ms Wen")
        self.assertEqual(set(second.line_ids.mapped("verdict")), {"confirmed"})
        self.assertEqual(str(self.mould.confirmed_on), "2025-03-31")
        self.assertEqual(str(self.boxes.confirmed_on), "2025-06-30")

    def test_sent_with_pdf_and_workbook_once(self):
        letter = self._create_letter()
        letter.action_send()
        letter.action_send()
        mails = self.env["mail.mail"].search(
            [("model", "=", letter._name), ("res_id", "=", letter.id)]
        )
        self.assertEqual(len(mails), 1)
        self.assertIn(self.owner, mails.recipient_ids)
        names = sorted(mails.attachment_ids.mapped("name"))
        stem = letter.name.replace("/", "-")
        self.assertEqual(names, [f"{stem}.pdf", f"{stem}.xlsx"])
        self.assertEqual(letter.revision, 1)
        with self.assertRaises(UserError):
            mails.attachment_ids[0].sudo().unlink()

    def test_what_was_sent_stays(self):
        letter = self._create_letter()
        letter.action_send()
        digest = letter._get_content_hash()
        self._register(self.boxes, "use", "2025-06-01", quantity=5)
        self.assertEqual(letter._get_content_hash(), digest)
        line = letter.line_ids[0]
        for act in (
            lambda: letter.write({"day": "2025-05-01"}),
            lambda: line.write({"verdict": "confirmed"}),
            letter.unlink,
            line.unlink,
            lambda: self.mould.write({"confirmed_on": "2025-06-30"}),
        ):
            with self.assertRaises(UserError):
                act()

    def test_owner_without_address_and_without_property(self):
        self.owner.email = False
        letter = self._create_letter()
        with self.assertRaisesRegex(UserError, "e-mail"):
            letter.action_send()
        empty = self._create_letter(partner_id=self.other_owner.id)
        with self.assertRaisesRegex(UserError, "keep nothing"):
            empty.action_send()

    def test_a_confirmed_register_is_an_occasion_to_ask(self):
        reviews = self.env["rd.customer.review"].sudo()
        letter = self._create_letter()
        letter.action_send()
        self.assertFalse(reviews._ask(self.env.company))
        user = self.env["res.users"].search([("login", "=", "letter_owner")])
        letter.with_user(user)._portal_answer({}, 1, letter.content_hash, "10.0.0.1")
        made = reviews._ask(self.env.company)
        self.assertEqual(made.contact_id, user.partner_id)
        self.assertEqual(made.partner_id, self.owner)
        self.assertEqual(made._get_topics(), ["property"])
        self.assertFalse(reviews._ask(self.env.company))

    def test_confirmed_line_by_line_on_the_portal(self):
        letter = self._create_letter()
        letter.action_send()
        user = self.env["res.users"].search([("login", "=", "letter_owner")])
        stranger = self.env["res.users"].search([("login", "=", "letter_other")])
        owner = letter.with_user(user)
        with self.assertRaises(AccessError):
            letter.with_user(stranger)._portal_answer({}, 1, letter.content_hash, "")
        with self.assertRaisesRegex(UserError, "load it again"):
            owner._portal_answer({}, 1, "0" * 64, "")
        owner._portal_answer({}, 1, letter.content_hash, "10.0.0.1")
        self.assertRecordValues(
            letter,
            [
                {
                    "state": "confirmed",
                    "confirmed_by": user.name,
                    "confirmation_channel": "portal",
                }
            ],
        )
        self.assertEqual(str(self.mould.confirmed_on), "2025-06-30")
        with self.assertRaises(UserError):
            owner._portal_answer({}, 1, letter.content_hash, "")

    def test_differences_open_a_recount_and_an_incident(self):
        letter = self._create_letter()
        letter.action_send()
        boxes, mould = self._line(letter, self.boxes), self._line(letter, self.mould)
        with self.assertRaisesRegex(UserError, "Say what is wrong"):
            letter.action_record_answer({boxes.id: ("quantity", " ", 59)}, "Ms Wen")
        letter.action_record_answer(
            {
                boxes.id: ("quantity", "We gave 58", "58"),
                mould.id: ("condition", "It had a crack", 0),
            },
            "Ms Wen",
            "scan",
        )
        self.assertEqual(letter.state, "disputed")
        self.assertEqual(boxes.their_quantity, 58)
        self.assertFalse(self.boxes.confirmed_on)
        self.assertEqual(mould.incident_id.state, "draft")
        count = letter.count_id
        count.with_user(self.users["floor"]).action_start()
        self.assertEqual(count.line_ids.property_id, self.boxes)
        with self.assertRaisesRegex(UserError, "counted again"):
            boxes.action_settle("done")
        count.line_ids.with_user(self.users["floor"]).action_all_there()
        count.with_user(self.users["floor"]).action_submit()
        count.with_user(self.users["supervisor"]).action_sign_off()
        with self.assertRaisesRegex(UserError, "is still open"):
            letter.action_settle()
        with self.assertRaisesRegex(UserError, "Say how the difference"):
            boxes.action_settle("  ")
        boxes.action_settle("60 seen again, they agree")
        self.assertEqual(letter.state, "disputed")
        with self.assertRaisesRegex(UserError, "incident"):
            mould.action_settle("ok")
        mould.incident_id.action_cancel()
        mould.action_settle("Crack was there before, protocol of 2024")
        self.assertEqual(letter.state, "settled")

    def test_an_answer_written_down_in_the_form(self):
        letter = self._create_letter()
        letter.action_send()
        boxes = self._line(letter, self.boxes)
        form = (
            self.env["rd.property.confirmation.answer"]
            .with_user(self.users["clerk"])
            .create(
                {
                    "confirmation_id": letter.id,
                    "who": "Ms Wen",
                    "line_ids": [
                        Command.create(
                            {
                                "line_id": boxes.id,
                                "words": "We gave 58",
                                "their_quantity": 58,
                            }
                        )
                    ],
                }
            )
        )
        form.action_record()
        self.assertEqual((letter.state, boxes.their_quantity), ("disputed", 58))
        count = letter.count_id
        count.with_user(self.users["floor"]).action_start()
        count.line_ids.with_user(self.users["floor"]).action_all_there()
        count.with_user(self.users["floor"]).action_submit()
        count.with_user(self.users["supervisor"]).action_sign_off()
        self.env["rd.property.confirmation.settle"].with_user(
            self.users["clerk"]
        ).create({"line_id": boxes.id, "words": "They agree"}).action_settle()
        self.assertEqual(letter.state, "settled")

    @freeze_time("2025-07-01 04:00:00")
    def test_what_is_late_is_found(self):
        letter = self._create_letter()
        letter.action_send()
        letters = self.env["rd.property.confirmation"]
        for day, late in ((letter.answer_due, False), (date(2026, 1, 1), True)):
            with self.subTest(day=day), freeze_time(f"{day} 04:00:00"):
                self.env.invalidate_all()
                self.assertEqual(letter.is_late, late)
                found = letters.search([("is_late", "=", True)])
                self.assertEqual(letter in found, late)
                found = letters.search([("is_late", "=", False)])
                self.assertEqual(letter in found, not late)
                found = letters.search([("is_late", "in", [True, False])])
                self.assertIn(letter, found)

    @freeze_time("2025-07-01 04:00:00")
    def test_letters_send_themselves_in_their_rhythm(self):
        letters = self.env["rd.property.confirmation"]
        # a test has one transaction; how it is parted is tested on a server
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: 1)
        self.owner.rd_property_rhythm = "quarter"
        self.other_owner.rd_property_rhythm = "year"
        unconfirmed = self.env["rd.property"]._get_open_domains(self.company)[
            "unconfirmed"
        ][1]
        self.assertEqual(
            self.env["rd.property"].search(unconfirmed), self.boxes | self.mould
        )
        for _turn in range(2):
            letters._cron_letters()
        letter = letters.search([("partner_id", "=", self.owner.id)])
        self.assertRecordValues(letter, [{"state": "sent"}])
        self.assertEqual(str(self.owner.rd_property_letter_next), "2025-10-01")
        self.assertFalse(letters.search([("partner_id", "=", self.other_owner.id)]))
        letter.action_record_answer({}, "Ms Wen")
        self.assertFalse(self.env["rd.property"].search(unconfirmed))

    @freeze_time("2025-07-01 04:00:00")
    def test_a_letter_that_is_there_already_is_not_made_again(self):
        letters = self.env["rd.property.confirmation"]
        made = self._create_letter("2025-07-01")
        self.owner.rd_property_rhythm = "quarter"
        with DeskCommon._parted(self):
            letters._cron_letters()
        found = letters.search([("partner_id", "=", self.owner.id)])
        self.assertEqual((found, made.state), (made, "draft"))
        self.assertEqual(str(self.owner.rd_property_letter_next), "2025-10-01")
        self.owner.rd_property_rhythm = "year"
        self.assertEqual(str(self.owner.rd_property_letter_next), "2025-10-01")

    @freeze_time("2025-07-01 04:00:00")
    def test_an_owner_without_address_waits_for_a_supervisor(self):
        letters = self.env["rd.property.confirmation"]
        self._create_held(partner_id=self.other_owner.id)
        (self.other_owner | self.other_owner.child_ids).email = False
        self.other_owner.rd_property_rhythm = "year"
        with DeskCommon._parted(self):
            letters._cron_letters()
        letter = letters.search([("partner_id", "=", self.other_owner.id)])
        self.assertEqual(letter.state, "draft")
        self.assertIn(self.users["supervisor"], letter.activity_ids.user_id)
        self.assertIn("no e-mail address", letter.activity_ids[0].summary)

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    @freeze_time("2025-07-01 04:00:00")
    def test_a_letter_that_fails_keeps_no_other_back(self):
        letters = self.env["rd.property.confirmation"]
        self._create_held(partner_id=self.other_owner.id)
        self.other_owner.email = "other@example.com"
        owners = self.owner | self.other_owner
        owners.rd_property_rhythm = "quarter"
        send = type(letters)._send_letter

        def fail(letter):
            if letter.partner_id == self.owner:
                raise ZeroDivisionError
            return send(letter)

        self.patch(type(letters), "_send_letter", fail)
        with DeskCommon._parted(self):
            letters._cron_letters()
        letter = letters.search([("partner_id", "in", owners.ids)])
        self.assertRecordValues(
            letter, [{"state": "sent", "partner_id": self.other_owner.id}]
        )
        self.assertEqual(str(self.owner.rd_property_letter_next), "2025-07-01")

    def test_the_day_has_come_in_each_company(self):
        """Fails when a company whose day begins later gets no letter, or the other
        one a second."""
        second = self._create_company()
        self.company.rd_tz, second.rd_tz = "Asia/Shanghai", "Pacific/Honolulu"
        self._create_held(company_id=second.id)
        self.owner.write(
            {"rd_property_rhythm": "quarter", "rd_property_letter_next": "2025-07-02"}
        )
        letters = self.env["rd.property.confirmation"]
        made = []
        self.patch(
            type(letters),
            "_make_letter",
            lambda _self, company, owner, _day: made.append((company, owner)),
        )
        for day, count in ((1, 0), (2, 2), (3, 2)):
            # in Shanghai it is the next day already
            with freeze_time(f"2025-07-0{day} 20:00:00"), DeskCommon._parted(self):
                letters._cron_letters()
            self.assertEqual(len(made), count, f"{day} July")
        both = self.company | second
        self.assertCountEqual(made, [(one, self.owner) for one in both])
        self.assertEqual(str(self.owner.rd_property_letter_next), "2025-10-02")

    def test_an_owner_s_number_is_read_as_it_is_written(self):
        letter = self._create_letter()
        letter.action_send()
        boxes = self._line(letter, self.boxes)
        for text in ("about 58", "-1", "1,5"):
            with self.assertRaisesRegex(UserError, "is not a number"):
                letter.action_record_answer(
                    {boxes.id: ("quantity", "We gave more", text)}, "Ms Wen"
                )
        letter.action_record_answer(
            {boxes.id: ("quantity", "We gave more", "1,200")}, "Ms Wen"
        )
        self.assertEqual(boxes.their_quantity, 1200)

    def test_a_link_posts_and_reads_no_messages(self):
        letter = self._create_letter()
        letter.action_send()
        token = letter._as_internal()._portal_ensure_token()
        threads = self.env[letter._name].with_user(self.env.ref("base.public_user"))
        for mode in ("read", "write"):
            self.assertFalse(
                threads._get_thread_with_access(letter.id, mode=mode, token=token)
            )

    def test_who_may(self):
        letter = self._create_letter()
        for role in ROLES:
            own = letter.with_user(self.users[role])
            with self.subTest(role=role):
                if role in ("clerk", "supervisor"):
                    own.action_send()
                else:
                    with self.assertRaises(AccessError):
                        own.action_send()

    def test_other_company_is_out_of_sight(self):
        second = self._create_company()
        theirs = self.env["rd.property.confirmation"].create(
            {"company_id": second.id, "partner_id": self.owner.id, "day": "2025-01-01"}
        )
        letters = theirs.with_user(self.users["clerk"])
        self.assertNotIn(theirs, letters.search([]))


@tagged("post_install", "-at_install")
class TestLetterPortal(HttpCase, LetterCommon):
    def _token(self):
        return {"csrf_token": http.Request.csrf_token(self)}

    def _count_waiting(self):
        """Return what the home page of the portal shows."""
        return self.make_jsonrpc_request(
            "/my/counters", {"counters": ["rd_letter_count"]}
        )["rd_letter_count"]

    def test_answer_on_the_portal(self):
        letter = self._create_letter()
        letter.action_send()
        boxes = self._line(letter, self.boxes)
        url = f"/my/property-letters/{letter.id}"
        self.authenticate("letter_other", "letter_other")
        for path in (url, f"{url}/letter.pdf"):
            self.assertNotIn("Left mould", self.url_open(path).text)
        page = self.url_open(f"{url}/answer", data=self._token(), allow_redirects=False)
        self.assertTrue(page.headers["Location"].endswith("/my"))
        self.assertEqual(self._count_waiting(), 0)
        self.authenticate("letter_owner", "letter_owner")
        self.assertEqual(self._count_waiting(), 1)
        self.assertIn(letter.name, self.url_open("/my/property-letters").text)
        pdf = self.url_open(f"{url}/letter.pdf")
        self.assertIn("Left mould", pdf.text)
        name = letter.name.replace("/", "_")
        self.assertIn(f"{name}.pdf", pdf.headers["Content-Disposition"])
        page = self.url_open(url).text
        self.assertIn("Left mould", page)
        self.assertEqual(letter.state, "sent", "looking changes nothing")
        data = {
            "csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0],
            "revision": letter.revision,
            "content_hash": "0" * 64,
            f"differs_{boxes.id}": "quantity",
            f"quantity_{boxes.id}": "58",
            f"words_{boxes.id}": "<script>alert(1)</script>",
        }
        self.assertIn("load it again", self.url_open(f"{url}/answer", data=data).text)
        odd = {**data, "revision": "²", "differs_²": "quantity"}
        self.assertIn("load it again", self.url_open(f"{url}/answer", data=odd).text)
        data["content_hash"] = letter.content_hash
        page = self.url_open(f"{url}/answer", data=data).text
        self.assertNotIn("<script>alert(1)", page)
        self.assertNotIn("alert-danger", page)
        self.assertEqual(letter.state, "disputed")
        self.assertRecordValues(
            letter.line_ids.sorted("id"),
            [
                {"verdict": "disputed" if line == boxes else "confirmed"}
                for line in letter.line_ids.sorted("id")
            ],
        )
        self.assertEqual(letter.confirmed_by, "Ms Wen")
