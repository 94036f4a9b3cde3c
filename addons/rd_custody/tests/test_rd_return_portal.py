# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestRdReturnPortal(ReturnCommon, HttpCase):
    """A customer asks for a return of its own deliveries: /my/returns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_portal("north_returns", cls.affiliate)
        cls.other = cls.env["res.partner"].create({"name": "Southern Works"})
        cls.stranger = cls._create_portal("south_returns", cls.other)

    @classmethod
    def _create_portal(cls, login, partner):
        user = new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            password=login,
            name=login,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        user.partner_id.parent_id = partner
        return user

    def _post(self, **values):
        return self.url_open(
            "/my/returns/request",
            data={"csrf_token": http.Request.csrf_token(self), **values},
            allow_redirects=False,
        )

    def _ask(self, quantity, login="north_returns", move=None):
        self.authenticate(login, login)
        key = f"quantity_{(move or self.move).id}"
        return self._post(
            **{key: quantity, "reason": self.reason.id, "words": "Thread is short"}
        )

    def _returns(self):
        return self.env["rd.return"].search([("company_id", "=", self.company.id)])

    def test_ask_and_see_it(self):
        answer = self._ask("4")
        record = self._returns()
        self.assertEqual(answer.status_code, 303)
        self.assertRecordValues(
            record,
            [
                {
                    "state": "draft",
                    "channel": "portal",
                    "requested_by": "north_returns",
                    "partner_id": self.affiliate.id,
                    "description": "Thread is short",
                }
            ],
        )
        self.assertEqual(record.line_ids.quantity, 4)
        self.assertTrue(record.activity_ids, "somebody is told")
        page = self.url_open(f"/my/returns/{record.id}")
        self.assertIn(record.name, page.text)
        self.assertIn("at most 6", self.url_open("/my/returns/new").text)
        self.assertIn(record.name, self.url_open("/my/returns").text)

    def test_each_delivery_is_folded_until_something_of_it_is_typed(self):
        self.authenticate("north_returns", "north_returns")
        fold = re.compile(r"<details[^>]*o_rd_return_delivery[^>]*>")
        shut = fold.findall(self.url_open("/my/returns/new").text)
        self.assertEqual(len(shut), 2, "one for each delivery")
        self.assertFalse([one for one in shut if " open" in one])
        later = fold.findall(self._ask("many", move=self.later.move_ids).text)
        self.assertEqual([" open" in one for one in later].count(True), 1)

    def test_pressed_twice_asks_once(self):
        self.authenticate("north_returns", "north_returns")
        page = self.url_open("/my/returns/new").text
        key = re.search(r'name="key" value="(\w+)"', page)[1]
        values = {
            f"quantity_{self.move.id}": "4",
            "reason": self.reason.id,
            "key": key,
        }
        wrong = self._post(**values, **{f"quantity_{self.later.move_ids.id}": "many"})
        self.assertIn(f'name="key" value="{key}"', wrong.text, "the page is the same")
        first, second = self._post(**values), self._post(**values)
        record = self._returns()
        self.assertEqual(len(record), 1)
        self.assertEqual(record.line_ids.quantity, 4)
        self.assertEqual(len(record.activity_ids), 1, "told once")
        for answer in (first, second):
            self.assertTrue(answer.headers["Location"].endswith(f"/{record.id}"))
        again = self.url_open("/my/returns/new").text
        self.assertNotIn(key, again)
        self.assertIn("at most 6", again)
        self._assert_key_is_the_customers(key)

    def _assert_key_is_the_customers(self, key):
        """Whoever knows the name of another's page finds nothing by it."""
        returns = self.env["rd.return"].with_user(self.stranger)
        self.assertFalse(returns._portal_find_asked(key))
        with self._refused("kept by the system"):
            self._returns().with_user(self.clerk).write({"portal_key": "mine"})

    def test_above_what_was_delivered(self):
        answer = self._ask("11")
        self.assertIn("only 10", answer.text)
        self.assertFalse(self._returns())
        self.assertIn("not a number", self._ask("many").text)
        self.assertIn("not a number", self._ask("nan").text)
        self.assertIn("not a number", self._ask("1,5").text, "one and a half, or 15")
        self.assertFalse(self._returns())
        self.assertIn("how many pieces", self._ask("").text)

    def test_more_photos_than_are_kept(self):
        returns = self.env["rd.return"].with_user(self.buyer)
        photos = [(f"{number}.png", b"x") for number in range(11)]
        with self.assertRaisesRegex(UserError, "no more than 10 photos"):
            returns._portal_request({self.move.id: "1"}, self.reason.id, "", photos)

    def test_a_stranger_sees_and_asks_nothing(self):
        self._ask("4")
        record = self._returns()
        answer = self._ask("1", login="south_returns")
        self.assertIn("not one of your deliveries", answer.text)
        self.assertEqual(self._returns(), record)
        self.assertNotIn("SH-1", self.url_open("/my/returns/new").text)
        self.assertNotIn(record.name, self.url_open("/my/returns").text)
        page = self.url_open(f"/my/returns/{record.id}", allow_redirects=False)
        self.assertEqual(page.status_code, 303)
        found = self.env["rd.return"].with_user(self.stranger).search([])
        self.assertFalse(found)
        self.assertEqual(self._count_shown(), 0)
        self.authenticate("north_returns", "north_returns")
        self.assertEqual(self._count_shown(), 1)
        self.authenticate(None, None)
        page = self.url_open("/my/returns", allow_redirects=False)
        self.assertEqual(page.status_code, 303)

    def _count_shown(self):
        """Return what the home page of the portal shows."""
        return self.make_jsonrpc_request(
            "/my/counters", {"counters": ["rd_return_count"]}
        )["rd_return_count"]

    def test_a_colleague_without_a_role_is_sent_home(self):
        new_test_user(self.env, "bare_returns", password="bare_returns")
        self.authenticate("bare_returns", "bare_returns")
        self.assertEqual(self._count_shown(), 0)
        answers = [
            self.url_open(f"/my/returns{path}", allow_redirects=False)
            for path in ("", "/new")
        ]
        for answer in [*answers, self._post(**{f"quantity_{self.move.id}": "1"})]:
            self.assertEqual(answer.status_code, 303)
            self.assertTrue(answer.headers["Location"].endswith("/my"))
        self.assertFalse(self._returns())

    def test_photos_come_along_and_nothing_else(self):
        returns = self.env["rd.return"].with_user(self.buyer)
        png = bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
            "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
        )
        asked = {self.move.id: "1"}
        record = returns._portal_request(
            asked, self.reason.id, "", [("thread.png", png)]
        )
        self.assertEqual(record.sudo().photo_ids.mapped("name"), ["thread.png"])
        self.authenticate("north_returns", "north_returns")
        photo = record.sudo().photo_ids
        url = f"/my/returns/{record.id}/photo/{photo.id}"
        self.assertEqual(self.url_open(url).content, png)
        self.authenticate("south_returns", "south_returns")
        self.assertNotEqual(self.url_open(url).status_code, 200)
        with self._refused("not a photo"):
            returns._portal_request(
                asked, self.reason.id, "", [("a.html", b"<script>1</script>")]
            )
        with self._refused("Only a customer"):
            returns.with_user(self.clerk)._portal_request(asked, self.reason.id, "")
