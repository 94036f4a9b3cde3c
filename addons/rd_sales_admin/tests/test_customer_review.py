# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeskCommon
from .guards import GuardMixin

OCTOBER = date(2026, 10, 1)
NOWHERE = 999_999_999


@tagged("post_install", "-at_install")
class TestCustomerReview(GuardMixin, DeskCommon, HttpCase):
    """Two questions to each person, once a quarter, and nobody sees another's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", cls.base_url())
        cls.reviews = cls.env["rd.customer.review"].sudo()
        cls.other = cls.env["res.partner"].create(
            {"name": "Southern Works", "is_company": True}
        )
        cls.north = cls._create_person("north", cls.affiliate)
        cls.buyer = cls._create_person("buyer", cls.affiliate)
        cls.south = cls._create_person("south", cls.other)
        cls.occasions = {"reconciliation": cls.affiliate, "property": cls.affiliate}
        cls.classPatch(
            type(cls.reviews),
            "_get_occasions",
            lambda self, company, first, last: cls.occasions,
        )
        cls.classPatch(
            type(cls.reviews),
            "_get_contacts",
            lambda self, company, partners, topic: (
                cls.north | cls.buyer | cls.south
            ).partner_id.filtered(lambda one: one.commercial_partner_id in partners),
        )
        cls.today = cls.company._rd_today()

    @classmethod
    def _create_person(cls, login, partner):
        contact = cls.env["res.partner"].create(
            {"name": login, "parent_id": partner.id, "email": f"{login}@example.com"}
        )
        return cls.env["res.users"].create(
            {
                "login": f"rd_{login}",
                "password": f"rd_{login}",
                "partner_id": contact.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )

    def _ask(self):
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", lambda *args, **kwargs: 1):
            self.reviews._cron_ask()
        return self._of(self.north)

    def _of(self, user):
        return self.reviews.search(
            [
                ("contact_id", "=", user.partner_id.id),
                ("date_from", "<=", self.company._rd_today()),
                ("date_to", ">=", self.company._rd_today()),
            ]
        )

    def _answer(self, review, user=None, **values):
        review.with_user(user or self.north)._portal_answer(values)

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------
    def test_once_a_person_and_quarter(self):
        mails = self.env["mail.mail"].search([])
        with freeze_time("2026-10-02 03:00:00"):
            review = self._ask()
            self._ask()
            self.assertRecordValues(
                review,
                [
                    {
                        "name": "2026 Q4",
                        "partner_id": self.affiliate.id,
                        "asks_reconciliation": True,
                        "asks_property": True,
                        "date_to": date(2026, 12, 31),
                    }
                ],
            )
            self.assertTrue(self._of(self.buyer))
            self.assertFalse(self._of(self.south))
        sent = self.env["mail.mail"].search([]) - mails
        people = (self.north | self.buyer).partner_id
        self.assertEqual(sent.recipient_ids & (people | self.south.partner_id), people)
        mine = sent.filtered(lambda one: one.recipient_ids == self.north.partner_id)
        self.assertEqual(len(mine), 1)
        self.assertIn(f"/my/review/{review.id}", mine.body_html)
        with freeze_time("2026-12-31 15:30:00"):
            self.assertEqual(self._ask(), review)
        with freeze_time("2026-12-31 16:30:00"):  # the first of January for them
            self.assertEqual(self._ask().name, "2027 Q1")

    def test_asks_what_applies(self):
        self.patch(type(self), "occasions", {"property": self.env["res.partner"]})
        self.occasions["reconciliation"] = self.affiliate
        review = self._ask()
        self.assertEqual(review._get_topics(), ["reconciliation"])
        with self.assertRaises(UserError):
            self._answer(review, mark_property="5")
        self.assertFalse(review.mark_property)
        self.occasions["property"] = self.affiliate
        self.assertEqual(self._ask()._get_topics(), ["reconciliation", "property"])

    def test_half_year_or_not_at_all(self):
        self.company.rd_review_months = "6"
        with freeze_time("2026-10-02 03:00:00"):
            self.assertEqual(self._ask().name, "2026 H2")
        self.reviews.search([]).unlink()
        self.company.rd_review_months = False
        self.assertFalse(self._ask())

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------
    def test_answered_changed_and_closed(self):
        with freeze_time("2026-10-02 03:00:00"):
            review = self._ask()
            self._answer(review, mark_reconciliation="4", remark_property="fine")
            self.assertRecordValues(
                review,
                [
                    {
                        "state": "answered",
                        "mark_reconciliation": 4,
                        "mark_property": 0,
                        "remark_property": "fine",
                        "answered_date": date(2026, 10, 2),
                        "low": False,
                    }
                ],
            )
        with freeze_time("2026-11-02 03:00:00"):
            self._answer(review, mark_reconciliation="5", mark_property="3")
            self.assertEqual(review.answered_date, date(2026, 10, 2))
            self.assertEqual((review.mark_reconciliation, review.mark_property), (5, 3))
            score = self.reviews._get_score(self.company, date(2026, 11, 1))
            self.assertEqual(score[:2], (8, 10))
            self.assertEqual(self.reviews.search(score[2]), review)
            self.assertEqual(
                self.reviews._get_score(self.company, date(2026, 9, 1))[:2], (0, 0)
            )
        close = self._open_close(date(2026, 12, 1))
        close.step_ids._as_internal().write({"state": "done"})
        with freeze_time("2027-01-01 03:00:00"):
            close.with_user(self.clerk).action_close()
        with self.assertRaises(UserError):
            self._answer(review, mark_reconciliation="1")
        self.assertEqual(review.mark_reconciliation, 5)

    def test_an_answer_after_the_last_day_counts_in_the_last_month(self):
        with freeze_time("2026-12-28 03:00:00"):
            review = self._ask()
        with freeze_time("2027-01-03 03:00:00"):
            self._answer(review, mark_reconciliation="4")

            def score(month):
                return self.reviews._get_score(self.company, month)[:2]

            self.assertEqual(score(date(2026, 11, 1)), (0, 0))
            self.assertEqual(score(date(2026, 12, 1)), (4, 5))
            self.assertEqual(score(date(2027, 1, 1)), (0, 0))

    def test_wrong_input(self):
        review = self._ask()
        for values in (
            *({}, {"mark_reconciliation": "6"}, {"mark_reconciliation": "-1"}),
            *({"mark_reconciliation": "0"}, {"mark_reconciliation": "x"}),
            {"mark_reconciliation": "4.5"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._answer(review, **values)
        self.assertEqual(review.state, "asked")

    def test_low_mark_opens_a_feedback_once(self):
        review = self._ask()
        self._answer(
            review,
            mark_reconciliation="2",
            remark_reconciliation="three weeks late",
            mark_property="5",
        )
        feedback = review.feedback_reconciliation_id
        self.assertRecordValues(
            feedback,
            [
                {
                    "partner_id": self.affiliate.id,
                    "said_by": "north",
                    "description": "three weeks late",
                    "channel": "portal",
                    "kind": "complaint",
                    "state": "open",
                    "user_id": self.clerk.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(feedback.reference, review)
        self.assertGreater(feedback.date_due, self.today)
        self.assertFalse(review.feedback_property_id)
        self.assertTrue(review.low)
        self._answer(review, mark_reconciliation="1")
        self.assertEqual(review.feedback_reconciliation_id, feedback)
        action = self._rpc(
            self.clerk, "rd.customer.review", "action_open_feedback", review.ids
        )
        self.assertEqual(action["res_id"], feedback.id)
        [row] = self._rpc(
            self.clerk,
            "rd.customer.review",
            "formatted_read_group",
            [("company_id", "=", self.company.id)],
            [],
            ["mark_reconciliation:avg"],
        )
        self.assertEqual(row["mark_reconciliation:avg"], 1.0)

    # ------------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------------
    def test_nobody_sees_anyone_elses(self):
        mine = self._ask()
        theirs = self._of(self.buyer)
        for user in (self.north, self.south):
            found = self._rpc(user, "rd.customer.review", "search", [])
            self.assertEqual(found, mine.ids if user == self.north else [])
            with (
                mute_logger("odoo.addons.base.models.ir_rule"),
                self.assertRaises(AccessError),
            ):
                self._rpc(user, "rd.customer.review", "read", theirs.ids)
            with (
                mute_logger("odoo.addons.base.models.ir_rule"),
                self.assertRaises(AccessError),
            ):
                self._answer(theirs, user, mark_reconciliation="5")
        for user in (self.north, self.clerk, self.supervisor):
            for call in (
                ("write", mine.ids, {"mark_reconciliation": 5}),
                ("unlink", mine.ids),
                ("create", [{"contact_id": user.partner_id.id}]),
            ):
                with (
                    self.subTest(user=user.login, call=call[0]),
                    mute_logger("odoo.addons.base.models.ir_model"),
                    self.assertRaises(UserError),
                ):
                    self._rpc(user, "rd.customer.review", *call)
        for role in ("floor", "warehouse", "salesperson", "finance"):
            with (
                self.subTest(role=role),
                mute_logger("odoo.addons.base.models.ir_model"),
                self.assertRaises(AccessError),
            ):
                self._rpc(
                    self._create_user(role), "rd.customer.review", "search_read", []
                )
        self._assert_isolated("rd.customer.review", self._create_other_clerk())

    def test_pages(self):
        mine = self._ask()
        theirs = self._of(self.buyer)
        self.authenticate(None, None)
        for path in ("/my/review", f"/my/review/{mine.id}"):
            answer = self.url_open(path, allow_redirects=False)
            self.assertEqual(answer.status_code, 303)
            self.assertIn("/web/login", answer.headers["Location"])
        self.authenticate("rd_north", "rd_north")
        self.assertIn(mine.name, self.url_open("/my/review").text)
        page = self.url_open(f"/my/review/{mine.id}").text
        self.assertIn("mark_reconciliation", page)
        self.assertIn("mark_property", page)
        for number in (theirs.id, NOWHERE):
            answer = self.url_open(f"/my/review/{number}", allow_redirects=False)
            self.assertEqual(answer.status_code, 303)
            self.assertTrue(answer.headers["Location"].endswith("/my/review"))
        looked = self.url_open(f"/my/review/{mine.id}/answer", allow_redirects=False)
        self.assertEqual(looked.status_code, 405)
        with mute_logger("odoo.http"):
            forged = self.url_open(
                f"/my/review/{mine.id}/answer", data={"mark_reconciliation": "5"}
            )
        self.assertEqual(forged.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(mine.state, "asked")

    def test_answer_by_the_page(self):
        mine = self._ask()
        theirs = self._of(self.buyer)
        self.authenticate("rd_north", "rd_north")
        page = self.url_open(f"/my/review/{mine.id}").text
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]

        def post(number, **values):
            return self.url_open(
                f"/my/review/{number}/answer",
                data={"csrf_token": token, **values},
                allow_redirects=False,
            )

        self.assertIn("1 to 5 stars", post(mine.id).text)
        self.assertEqual(post(theirs.id, mark_reconciliation="5").status_code, 303)
        answer = post(mine.id, mark_reconciliation="4", remark_reconciliation="quick")
        self.assertIn("Thank you", answer.text)
        self.env.invalidate_all()
        self.assertEqual(mine.mark_reconciliation, 4)
        self.assertEqual(mine.remark_reconciliation, "quick")
        self.assertEqual(theirs.state, "asked")
        # an employee without any review gets an empty page
        new_test_user(self.env, login="rd_bare", password="rd_bare")
        self.authenticate("rd_bare", "rd_bare")
        self.assertEqual(self.url_open("/my/review").status_code, 200)
        looked = self.url_open(f"/my/review/{mine.id}", allow_redirects=False)
        self.assertTrue(looked.headers["Location"].endswith("/my/review"))

    def test_only_the_person_asked_answers(self):
        mine = self._ask()
        with self.assertRaisesRegex(AccessError, "Only the person asked"):
            self._answer(mine, self.clerk, mark_reconciliation="5")
        self.assertEqual(mine.state, "asked")

    def test_queries_do_not_grow(self):
        self._ask()

        def count(number):
            people = self.env["res.partner"].create(
                [{"name": f"P{turn}"} for turn in range(number)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            wanted = {person: {"property"} for person in people}
            with patch.object(
                type(self.reviews), "_get_wanted", lambda *args: dict(wanted)
            ):
                self.assertEqual(len(self.reviews._ask(self.company)), number)
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(2)
        few, many = count(3), count(40)
        self.assertLessEqual(many, few + 5)
