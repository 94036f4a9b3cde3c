# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every portal route × who asks × own, foreign and no record at all."""

import base64
import re
from datetime import date

from odoo import http
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import file_open, mute_logger

from .portal_common import PNG, PortalCommon

NOBODY = 999_999_999
# Every route of the portal, each asked below as every visitor.
ROUTES = {
    "/my/deliveries",
    "/my/deliveries/page/<int:page>",
    "/my/deliveries/<int:picking_id>/confirm",
    "/my/statements",
    "/my/statements/page/<int:page>",
    "/my/statements/<int:statement_id>",
    "/my/statements/<int:statement_id>/page/<int:page>",
    "/my/statements/<int:statement_id>/statement.<string:suffix>",
    "/my/statements/<int:statement_id>/proof/<int:attachment_id>",
    "/my/statements/<int:statement_id>/line/<int:line_id>",
    "/my/statements/<int:statement_id>/confirm",
    "/my/statements/<int:statement_id>/upload",
}
# Pages of other rooms, and the tests that ask them as owner and as stranger.
ELSEWHERE = {
    "/my/contracts": "rd_sales_admin/tests/test_contract_tours.py",
    "/my/handovers": "rd_reconciliation/tests/test_handover_portal.py",
    "/my/open-items": "rd_receivables/tests/test_open_items_portal.py",
    "/my/incidents": "rd_custody/tests/test_rd_property_incident.py",
    "/my/property-letters": "rd_custody/tests/test_rd_property_confirmation.py",
    "/my/progress": "rd_sales_admin/tests/test_order_digest.py",
    "/my/review": "rd_sales_admin/tests/test_customer_review.py",
    "/my/returns": "rd_custody/tests/test_rd_return_portal.py",
}
# To log in, not there, not so: what a visitor without a login is answered.
CLOSED = (303, 404, 405, 415)
VISITORS = (
    *(None, "north_buyer", "north_finance", "north_nobody", "south_finance"),
    *("gone", "rd_bare"),
)


@tagged("post_install", "-at_install")
class TestPortalRoutes(PortalCommon, HttpCase):
    """What pages answer, and that looking changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", cls.base_url())
        cls.bare = new_test_user(
            cls.env, login="rd_bare", password="rd_bare", groups="base.group_user"
        )
        cls.gone = cls._make_portal("gone", cls.affiliate, "finance")
        cls.gone.action_archive()
        cls._ship(cls.affiliate, "SH-2", date(2026, 10, 12))
        cls.draft = cls._build(cls._open_close(date(2026, 10, 1)))

    def _sign_in(self, login):
        if login == "gone":
            with self.assertRaises(AccessDenied):
                self.authenticate(login, login)
            login = None
        self.authenticate(login, login)

    def _get(self, path):
        return self.url_open(path, allow_redirects=False)

    def _post(self, path, **params):
        try:
            return self.make_jsonrpc_request(path, params)
        except JsonRpcException as error:
            return {"error": str(error)}

    def _rows(self):
        """Return count and newest xmin of every table that is ours or holds ours."""
        self.env.flush_all()
        found = {}
        tables = [
            cls._table
            for name, cls in self.env.registry.items()
            if cls._auto and not cls._abstract and not cls._transient
            if name.startswith("rd.")
            or name in ("mail.message", "ir.attachment", "stock.picking", "stock.move")
        ]
        for table in sorted(tables):
            self.env.cr.execute(
                f"SELECT count(*), max(xmin::text::bigint), sum(xmin::text::bigint) "
                f"FROM {table}"
            )
            found[table] = self.env.cr.fetchone()
        return found

    def test_every_route_is_known_here(self):
        """A new route fails until somebody has asked it as every visitor."""
        found = {
            rule.rule
            for rule in self.env["ir.http"].routing_map().iter_rules()
            if rule.endpoint.func.__module__.startswith("odoo.addons.rd_")
            and rule.rule.startswith("/my/")
        }
        others = {
            rule
            for rule in found - ROUTES
            if "/".join(rule.split("/")[:3]) in ELSEWHERE
        }
        self.assertEqual(found - others, ROUTES)
        for prefix, path in ELSEWHERE.items():
            self.assertIn(prefix, file_open(path).read())
            self.assertTrue([rule for rule in others if rule.startswith(prefix)])
        self.authenticate(None, None)
        for rule in sorted(others):
            path = re.sub("<[^>]*>", "1", rule)
            with self.subTest(path=path):
                self.assertIn(self._get(path).status_code, CLOSED)

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------
    def _paths(self, record_id):
        base = f"/my/statements/{record_id}"
        return (
            base,
            f"{base}/page/2",
            f"{base}?filterby=open&search=SH",
            f"{base}/statement.xlsx",
            f"{base}/statement.exe",
            f"{base}/proof/1",
        )

    def test_same_answer_for_foreign_and_none(self):
        """Nobody learns from an answer whether a statement exists."""
        for login in VISITORS:
            self._sign_in(login)
            own = login in ("north_buyer", "north_finance")
            foreign = [self.draft.id, self.theirs.id if own else self.statement.id]
            for none in (NOBODY, 0, 10**18):
                expected = self._get_all(none)
                for record_id in foreign:
                    self.assertEqual(
                        self._get_all(record_id), expected, f"{login} {record_id}"
                    )

    def _get_all(self, record_id):
        """Return what each page answers, with the id that was asked for left out."""
        found = []
        for path in self._paths(record_id):
            answer = self._get(path)
            place = answer.headers.get("Location") or ""
            texts = [self._hide(record_id, text) for text in (place, answer.text)]
            found.append((answer.status_code, *texts))
        return found

    def _hide(self, record_id, text):
        """Leave the id out where it is one: not the 3 of an encoded "%3F"."""
        return re.sub(rf"(/|%2F){record_id}\b", r"\1ID", text)

    def test_own_pages(self):
        for login in ("north_buyer", "north_finance"):
            self._sign_in(login)
            page = self._get(f"/my/statements/{self.statement.id}")
            self.assertEqual(page.status_code, 200)
            self.assertIn("SH-1", page.text)
            listed = self._get("/my/statements")
            self.assertIn(self.statement.name, listed.text)
            self.assertNotIn(self.theirs.name, listed.text)

    def test_purchasing_sees_no_amount(self):
        self._sign_in("north_buyer")
        base = f"/my/statements/{self.statement.id}"
        for path in (base, "/my/statements"):
            text = self._get(path).text
            for amount in ("113.00", "100.00", "266.68", "25.50"):
                self.assertNotIn(amount, text, path)
        self.assertIn("bear prices: finance hands them in", self._get(base).text)
        self.assertNotIn("rd_upload", self._get(base).text)
        self.assertEqual(self._get(f"{base}/statement.xlsx").status_code, 303)
        self.assertEqual(self._get(f"{base}/statement.pdf").status_code, 303)
        self._sign_in("north_finance")
        self.assertIn("113.00", self._get(base).text)

    def _fetch_messages(self, statement=None):
        answer = self._post(
            "/mail/chatter_fetch",
            thread_model="rd.statement",
            thread_id=(statement or self.statement).id,
        )
        return answer["data"].get("mail.message", [])

    def test_purchasing_reads_no_price_in_the_messages(self):
        """Fails when the role of quantities opens what finance sent us by mail."""
        number = self._reply_by_mail(self._workbook())
        asked = "When does the rest come?"
        self.statement.with_user(self.buyer).sudo().message_post(
            body=asked,
            author_id=self.buyer.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        told = "On Monday."
        self.statement.message_post(
            body=told,
            partner_ids=self.buyer.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self._sign_in("north_buyer")
        seen = self._fetch_messages()
        texts = " ".join(message["body"][1] for message in seen)
        self.assertIn(asked, texts)
        self.assertIn(told, texts)
        self.assertEqual(len(seen), 2)
        self.assertFalse([one for one in seen if one["attachment_ids"]])
        found = self.env["mail.message"].with_user(self.buyer).search([])
        self.assertFalse(found.sudo().attachment_ids)
        mail = self.env["mail.message"].search([("message_id", "=", number)])
        self.assertEqual(mail.attachment_ids.name, "back.xlsx")
        for user, allowed in ((self.buyer, False), (self.finance, True)):
            messages = self.env["mail.message"].with_user(user)
            self.assertEqual(bool(messages._get_with_access(mail.id)), allowed)
        self._sign_in("north_finance")
        seen = self._fetch_messages()
        self.assertIn("back.xlsx", str(seen))
        self.assertTrue([one for one in seen if one["attachment_ids"]])

    def test_files(self):
        self._sign_in("north_finance")
        base = f"/my/statements/{self.statement.id}"
        book = self._get(f"{base}/statement.xlsx")
        self.assertEqual(book.status_code, 200)
        self.assertTrue(book.content.startswith(b"PK"))

    def test_link_only_looks(self):
        token = self.statement.access_token
        self.assertTrue(token)
        path = f"/my/statements/{self.statement.id}"
        for login in (None, "south_finance"):
            self._sign_in(login)
            page = self._get(f"{path}?access_token={token}")
            self.assertEqual(page.status_code, 200)
            self.assertIn("This link is for looking", page.text)
            for word in ("rd_agree", "rd_confirm", "rd_upload", "o_portal_chatter"):
                self.assertNotIn(f'"{word}', page.text)
            for wrong in ("", "x", token[:-1], self.theirs.access_token):
                answer = self._get(f"{path}?access_token={wrong}")
                self.assertEqual(answer.status_code, 303)
            book = self._get(f"{path}/statement.xlsx?access_token={token}")
            self.assertEqual(book.status_code, 200)
        draft = f"/my/statements/{self.draft.id}?access_token="
        self.draft._portal_ensure_token()
        answer = self._get(draft + self.draft.access_token)
        self.assertEqual(answer.status_code, 303)

    def test_token_writes_nothing(self):
        """Neither an act nor the chatter nor its upload takes a link for a person."""
        token = self.statement.access_token
        before = self.statement.message_ids
        for login in (None, "south_finance"):
            self._sign_in(login)
            for extra in (
                {"token": token},
                {
                    "pid": self.affiliate.id,
                    "hash": self.statement._sign_token(self.affiliate.id),
                },
            ):
                with mute_logger("odoo.http"):
                    answer = self._post(
                        "/mail/message/post",
                        thread_model="rd.statement",
                        thread_id=self.statement.id,
                        post_data={"body": "We agree"},
                        **extra,
                    )
                self.assertIn("error", answer)
            with mute_logger("odoo.http"):
                fetched = self._post(
                    "/mail/chatter_fetch",
                    thread_model="rd.statement",
                    thread_id=self.statement.id,
                    token=token,
                )
            self.assertIn("error", fetched)
        self.statement.invalidate_recordset()
        self.assertEqual(self.statement.message_ids, before)

    def test_person_writes_a_message(self):
        self._sign_in("north_buyer")
        answer = self._post(
            "/mail/message/post",
            thread_model="rd.statement",
            thread_id=self.statement.id,
            post_data={"body": "When do you answer?"},
        )
        self.assertIn("message_id", answer)
        message = self.env["mail.message"].browse(answer["message_id"])
        self.assertEqual(message.author_id, self.buyer.partner_id)
        with mute_logger("odoo.http"):
            answer = self._post(
                "/mail/message/post",
                thread_model="rd.statement",
                thread_id=self.theirs.id,
                post_data={"body": "Hello"},
            )
        self.assertIn("error", answer)

    def test_get_changes_nothing(self):
        self.make_proof()
        before = self._rows()
        for login in VISITORS:
            self._sign_in(login)
            token = self.statement.access_token
            for record_id in (self.statement.id, self.theirs.id, NOBODY):
                for path in self._paths(record_id):
                    self._get(path)
                    self._get(f"{path.partition('?')[0]}?access_token={token}")
            for path in (
                *("/my", "/my/statements", "/my/deliveries"),
                *("/my/statements/page/2", "/my/deliveries/page/2"),
            ):
                self._get(path)
                self._get(f"{path}?filterby=all&search=SH&sortby=name")
            for path in ("confirm", f"line/{self.lines[0].id}", "upload"):
                with mute_logger("odoo.http"):
                    self._get(f"/my/statements/{self.statement.id}/{path}")
        self.assertEqual(self._rows(), before)

    def make_proof(self):
        self.statement.with_user(self.finance)._portal_answer_line(
            self.lines[0].id,
            self._seen(
                line=self.lines[0],
                decision="disputed",
                reason="short",
                quantity=8,
                note="<img src=x onerror=alert(1)> {{7*7}}",
                file=base64.b64encode(PNG).decode(),
                file_name="<b>{{7*7}}.png",
            ),
        )
        return self.statement.answer_ids.attachment_ids

    def test_proof(self):
        proof = self.make_proof()
        internal = self.env["ir.attachment"].create(
            {
                "name": "our margin.png",
                "raw": PNG,
                "res_model": "rd.statement",
                "res_id": self.statement.id,
            }
        )
        path = f"/my/statements/{self.statement.id}/proof"
        expected = {"north_finance": 200, "north_buyer": 200}
        for login in VISITORS:
            self._sign_in(login)
            status = self._get(f"{path}/{proof.id}").status_code
            self.assertEqual(status, expected.get(login, 303), login)
            other = f"/my/statements/{self.theirs.id}/proof/{proof.id}"
            self.assertEqual(self._get(other).status_code, 303)
            self.assertEqual(self._get(f"{path}/{internal.id}").status_code, 303)
            with mute_logger("odoo.http"):
                status = self._get(f"/web/content/{internal.id}").status_code
            self.assertIn(status, (403, 404), login)

    def test_a_paper_with_amounts_is_not_for_purchasing(self):
        """Fails when the stamped copy tells purchasing every price."""
        proof = self.make_proof()
        form = {
            "revision": str(self.statement.revision),
            "content_hash": self.statement.content_hash,
            "kind": "scan",
        }
        base = f"/my/statements/{self.statement.id}"
        self._sign_in("north_finance")
        form["csrf_token"] = http.Request.csrf_token(self)
        files = {"file": ("stamped.png", PNG, "image/png")}
        self.url_open(f"{base}/upload", data=form, files=files)
        stamped = self.statement.answer_ids.attachment_ids - proof
        self.assertEqual(stamped.name, "stamped.png")
        for login, status in (("north_finance", 200), ("north_buyer", 303)):
            self._sign_in(login)
            self.assertEqual(
                self._get(f"{base}/proof/{stamped.id}").status_code, status, login
            )
            self.assertEqual(self._get(f"{base}/proof/{proof.id}").status_code, 200)
            text = self._get(base).text
            self.assertEqual("stamped.png" in text, status == 200, login)
            self.assertIn(f"{base}/proof/{proof.id}", text)

    def test_text_is_shown_as_it_is(self):
        """Names, reasons and file names with markup are text everywhere."""
        evil = "<img src=x onerror=alert(1)> {{7*7}}"
        self.finance.partner_id.name = f"Lin {evil}"
        self.lines[1]._as_internal().write({"product_name": evil})
        self.statement._fix_revision()
        self.make_proof()
        self._sign_in("north_finance")
        text = self._get(f"/my/statements/{self.statement.id}").text
        self.assertNotIn("<img src=x", text)
        self.assertNotIn("49.png", text)
        self.assertIn("&lt;img src=x onerror=alert(1)&gt; {{7*7}}", text)
        bodies = (
            self.statement.message_ids | self.statement.difference_ids.message_ids
        ).mapped("body")
        for body in bodies:
            self.assertNotIn("<img", body)
            self.assertNotIn(" 49", body)

    # ------------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------------
    def _acts(self, statement_id, line_id):
        seen = self._seen()
        base = f"/my/statements/{statement_id}"
        return (
            (f"{base}/line/{line_id}", {**seen, "decision": "confirmed", "stamp": "x"}),
            (f"{base}/confirm", seen),
        )

    def test_acts_of_others(self):
        """Who may not act gets the same refusal as for what is not there."""
        before = self._rows()
        for login in (None, "north_nobody", "south_finance", "gone", "rd_bare"):
            self._sign_in(login)
            with mute_logger("odoo.http"):
                real = self._acts(self.statement.id, self.lines[0].id)
                none = self._acts(NOBODY, NOBODY)
                got = [self._post(path, **values) for path, values in real]
                expected = [self._post(path, **values) for path, values in none]
            self.assertEqual(got, expected, login)
            self.assertTrue(all("error" in answer for answer in got), login)
        self.assertEqual(self._rows(), before)

    def test_line_of_another_statement(self):
        self._sign_in("north_finance")
        alien = self.theirs.line_ids[0]
        answer = self._post(
            f"/my/statements/{self.statement.id}/line/{alien.id}",
            **self._seen(line=alien, decision="confirmed"),
        )
        gone = self._post(
            f"/my/statements/{self.statement.id}/line/{NOBODY}",
            **self._seen(decision="confirmed"),
        )
        self.assertEqual(answer, gone)
        self.assertEqual(alien.verdict, "pending")

    def test_answer_over_http(self):
        self._sign_in("north_finance")
        line = self.lines[0]
        path = f"/my/statements/{self.statement.id}"
        answer = self._post(
            f"{path}/line/{line.id}", **self._seen(line=line, decision="confirmed")
        )
        self.assertEqual(answer["verdict"], "confirmed")
        answer = self._post(f"{path}/confirm", **self._seen())
        self.assertTrue(answer["force_refresh"])
        self.assertEqual(self.statement.state, "confirmed")
        self.assertEqual(self.statement.answer_ids[0].ip_address, "127.0.0.1")

    def test_sign_over_http_after_the_last_line(self):
        """Fails when who answers line by line is offered no signature."""
        self._sign_in("north_finance")
        path = f"/my/statements/{self.statement.id}"
        for line in self.lines:
            answer = self._post(
                f"{path}/line/{line.id}", **self._seen(line=line, decision="confirmed")
            )
        self.assertTrue(answer["confirmed"])
        self.assertIn('id="rd_sign"', self._get(path).text)
        seen = self._seen()
        signed = f"{path}/confirm?revision={seen['revision']}"
        drawn = base64.b64encode(PNG).decode()
        refused = self._post(f"{signed}&content_hash=other", signature=drawn)
        self.assertIn("has changed since", refused["error"])
        address = f"{signed}&content_hash={seen['content_hash']}"
        for _tap in range(2):
            answer = self._post(address, signature=drawn)
            self.assertTrue(answer["force_refresh"])
        self.assertEqual(len(self.statement.answer_ids.filtered("signature")), 1)
        self.assertNotIn('id="rd_sign"', self._get(path).text)

    def test_upload_over_http(self):
        self._sign_in("north_finance")
        path = f"/my/statements/{self.statement.id}/upload"
        form = {
            "revision": str(self.statement.revision),
            "content_hash": self.statement.content_hash,
            "kind": "ledger",
        }
        ledger = "送货日期,送货单号,料号,数量,价税合计\n2026-09-10,SH-1,P-100,10,113\n"
        files = {"file": ("<b>ours.csv", ledger.encode(), "text/csv")}
        with mute_logger("odoo.http"):
            refused = self.url_open(path, data=form, files=files)
        self.assertEqual(refused.status_code, 400, "no CSRF token")
        form["csrf_token"] = http.Request.csrf_token(self)
        page = self.url_open(path, data=form, files=files)
        self.assertIn("1 of our 3 lines agree", page.text)
        self.assertIn("&lt;b&gt;ours.csv", page.text)
        page = self.url_open(path, data=form, files=files)
        self.assertIn("alert-danger", page.text)
        files = {"file": ("stamped.png", PNG, "image/png")}
        page = self.url_open(path, data={**form, "kind": "scan"}, files=files)
        self.assertEqual(self.statement.confirmation_channel, "scan")
        self.assertIn("stamped.png", page.text)

    def test_a_ledger_of_others_names_nobody(self):
        """Fails when a file tells one customer by whom else we are known."""
        self._sign_in("north_finance")
        form = {
            "revision": str(self.statement.revision),
            "content_hash": self.statement.content_hash,
            "kind": "ledger",
            "csrf_token": http.Request.csrf_token(self),
        }
        text = "送货日期,送货单号,料号,数量,价税合计\n2026-09-10,SO-1,P-100,10,113\n"
        answers = []
        for content in (text, text.replace("SO-1", "ZZ-1")):
            page = self.url_open(
                f"/my/statements/{self.statement.id}/upload",
                data=form,
                files={"file": ("theirs.csv", content.encode(), "text/csv")},
            )
            self.assertIn("none of its delivery notes is on this statement", page.text)
            self.assertNotIn(self.other.name, page.text)
            # A token differs by itself.
            answers.append(re.sub(r"csrf_token[^,>]*", "", page.text))
        self.assertEqual(*answers, "known elsewhere or unknown, the answer is the same")
        self.assertFalse(self.statement.ledger_ids)
        self.assertEqual(self.statement.state, "sent")
        messages = self.statement.message_ids.filtered("attachment_ids").sorted("id")
        self.assertIn(f"statement of {self.other.name}", messages[0].body)
        self.assertIn("No affiliate of this month", messages[1].body)
        self.assertEqual(messages.subtype_id, self.env.ref("mail.mt_note"))
        with self.assertRaisesRegex(UserError, f"ledger of {self.other.name}"):
            self.env["rd.ledger"].with_user(self.clerk).create(
                {
                    "statement_id": self.statement.id,
                    "file": base64.b64encode(text.encode()),
                    "filename": "theirs.csv",
                }
            )

    def test_deliveries(self):
        self._sign_in("north_buyer")
        page = self._get("/my/deliveries")
        self.assertIn("SH-1", page.text)
        self.assertNotIn("SO-1", page.text)
        self.assertNotIn("SH-1", self._get("/my/deliveries?search=nothing").text)
        path = f"/my/deliveries/{self.picking.id}/confirm"
        for login in (None, "north_nobody", "south_finance", "rd_bare"):
            self._sign_in(login)
            with mute_logger("odoo.http"):
                got = self._post(path)
                none = self._post(f"/my/deliveries/{NOBODY}/confirm")
            self.assertEqual(got, none, login)
            self.assertIn("error", got)
        self._sign_in("north_buyer")
        moves = {str(move.id): move.quantity for move in self.picking.move_ids}
        self.assertTrue(self._post(path, quantities=moves).get("done"))
        self.assertEqual(self.picking.rd_portal_user_id, self.buyer)
        self.assertNotIn("SH-1", self._get("/my/deliveries").text)
        self.assertIn("SH-1", self._get("/my/deliveries?filterby=done").text)

    def test_the_day_of_a_delivery_is_the_companys(self):
        """Fails when whoever looks from elsewhere reads another day of delivery."""
        self.company.rd_tz = "Asia/Shanghai"
        self.picking.date_done = "2026-09-10 17:30:00"
        for zone in ("America/New_York", "Asia/Shanghai", "UTC"):
            self.buyer.tz = zone
            self._sign_in("north_buyer")
            text = self._get("/my/deliveries").text
            self.assertIn("09/11/2026", text, zone)
            self.assertNotIn("09/10/2026", text, zone)

    def test_upload_of_others(self):
        """Who may not act uploads nothing, and learns nothing from the answer."""
        before = self._rows()
        for login in (None, "north_nobody", "south_finance", "gone", "rd_bare"):
            self._sign_in(login)
            answers = []
            for record_id in (self.statement.id, NOBODY):
                form = {
                    "revision": self.statement.revision,
                    "content_hash": self.statement.content_hash,
                    "csrf_token": http.Request.csrf_token(self),
                }
                with mute_logger("odoo.http"):
                    answer = self.url_open(
                        f"/my/statements/{record_id}/upload",
                        data=form,
                        files={"file": ("x.csv", b"a,b", "text/csv")},
                        allow_redirects=False,
                    )
                place = answer.headers.get("Location") or ""
                answers.append((answer.status_code, place.split("?")[0]))
            self.assertEqual(answers[0], answers[1], login)
            self.assertNotEqual(answers[0][0], 200, login)
        self.assertEqual(self._rows(), before)

    def test_counters(self):
        self._sign_in("north_finance")
        names = ["rd_statement_count", "rd_delivery_count"]
        got = self._post("/my/counters", counters=names)
        self.assertEqual(got, {"rd_statement_count": 1, "rd_delivery_count": 2})
        self._sign_in("north_nobody")
        got = self._post("/my/counters", counters=names)
        self.assertEqual(got, {"rd_statement_count": 0, "rd_delivery_count": 0})

    # ------------------------------------------------------------------
    # RPC
    # ------------------------------------------------------------------
    def _call(self, user, model, method, *args, **kwargs):
        records = self.env(user=user)[model]
        self.env.invalidate_all()
        return call_kw(records, method, list(args), kwargs)

    def test_rpc_shows_the_list_of_names_only(self):
        """By RPC a portal user reads, searches, sorts and groups what pages show."""
        for user, amounts in ((self.finance, True), (self.buyer, False)):
            seen = self._call(user, "rd.statement", "search_read", [])
            self.assertEqual([row["id"] for row in seen], [self.statement.id])
            self.assertEqual("amount_total" in seen[0], amounts)
            line = self._call(user, "rd.statement.line", "search_read", [])
            self.assertEqual({row["id"] for row in line}, set(self.lines.ids))
            self.assertEqual("price_unit" in line[0], amounts)
            for row in (seen[0], line[0]):
                hidden = {
                    *("access_token", "price_source", "match_id", "difference_ids"),
                    *("user_id", "carry_reason", "order_id", "sale_line_id"),
                    *("ledger_ids", "match_ids", "confirmation_note", "source_id"),
                }
                self.assertFalse(hidden & row.keys())

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_rpc_oracles(self):
        hidden = (
            ("rd.statement", "access_token"),
            ("rd.statement", "user_id"),
            ("rd.statement", "difference_ids.dispute_reason"),
            ("rd.statement.line", "price_source"),
            ("rd.statement.line", "match_id.reason_template"),
            ("rd.statement.line", "sale_line_id.order_id.name"),
            ("rd.statement.answer", "ip_address"),
        )
        for model, name in hidden:
            with self.assertRaises(AccessError, msg=name):
                self._call(self.finance, model, "search", [(name, "ilike", "a")])
            with self.assertRaises(AccessError, msg=name):
                self._call(self.finance, model, "search", [], order=name.split(".")[0])
            with self.assertRaises(AccessError, msg=name):
                self._call(
                    self.finance,
                    model,
                    "formatted_read_group",
                    [],
                    [name.split(".")[0]],
                    ["__count"],
                )
        for model, name in (
            ("rd.statement", "amount_total"),
            ("rd.statement.line", "price_unit"),
            ("rd.statement.answer", "price"),
        ):
            with self.assertRaises(AccessError):
                self._call(self.buyer, model, "search", [(name, ">", 1)])
            with self.assertRaises(AccessError):
                self._call(self.buyer, model, "search", [], order=f"{name} desc")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_rpc_of_others(self):
        for model in ("rd.statement", "rd.statement.line", "rd.statement.answer"):
            for user in (self.roleless,):
                self.assertEqual(self._call(user, model, "search", []), [])
            found = self._call(self.stranger, model, "search", [])
            own = self.env[model].search([("partner_id", "=", self.other.id)])
            self.assertEqual(set(found), set(own.ids))
        for model in ("rd.ledger", "rd.ledger.line", "rd.match", "rd.difference"):
            for user in (self.finance, self.buyer, self.roleless):
                with self.assertRaises(AccessError):
                    self._call(user, model, "search", [])
        for user in (self.stranger, self.roleless):
            with self.assertRaises(AccessError):
                self._call(user, "rd.statement", "read", self.statement.ids, ["name"])
        for values in ({"state": "agreed"}, {"confirmed_by": "me"}):
            with self.assertRaises(UserError):
                self._call(
                    self.finance, "rd.statement", "write", self.statement.ids, values
                )

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_rpc_messages(self):
        """By RPC nobody from outside writes in another's name or follows a paper."""
        forged = {"body": "We agree", "author_id": self.clerk.partner_id.id}
        for user in (self.finance, self.stranger, self.roleless):
            with self.assertRaises(AccessError):
                self._call(
                    user, "rd.statement", "message_post", self.statement.ids, **forged
                )
        for user in (self.stranger, self.roleless):
            self.assertFalse(
                self._call(
                    user,
                    "rd.statement",
                    "message_subscribe",
                    self.statement.ids,
                    user.partner_id.ids,
                )
            )
            self.assertNotIn(user.partner_id, self.statement.message_partner_ids)
        with self.assertRaises(UserError):
            self._call(
                self.finance,
                "rd.statement",
                "message_update",
                self.statement.ids,
                {"email_from": self.finance.email, "attachments": []},
                {"state": "agreed"},
            )

    def test_report_addresses(self):
        """The desk's own report routes give a portal user nothing."""
        for login in ("north_finance", "north_buyer", "south_finance"):
            self._sign_in(login)
            for name in (
                f"/report/xlsx/rd_reconciliation.statement_xlsx/{self.statement.id}",
                f"/report/html/rd_reconciliation.report_statement/{self.statement.id}",
                f"/json/1/rd.statement/{self.statement.id}",
            ):
                with mute_logger(
                    "odoo.http",
                    "odoo.addons.web.controllers.report",
                    "odoo.addons.report_xlsx.controllers.main",
                ):
                    answer = self._get(name)
                self.assertNotIn("113.00", answer.text, f"{login} {name}")
                self.assertFalse(answer.content.startswith(b"PK"), f"{login} {name}")

    # ------------------------------------------------------------------
    # Size
    # ------------------------------------------------------------------
    def test_queries_do_not_grow(self):
        """A page of 5,000 lines takes as many queries as one of 80."""
        counts = {}
        for size in (80, 1000, 5000):
            self._fill(size)
            counts[size] = self._count_page()
        self.assertEqual(counts[80], counts[1000])
        self.assertEqual(counts[1000], counts[5000])

    def _fill(self, size):
        """Bring the statement to that many lines, by SQL."""
        line = self.lines[0]
        missing = size - len(self.statement.line_ids)
        columns = [
            name
            for name, field in line._fields.items()
            if field.store
            and field.column_type
            and name not in ("id", "qty_from", "qty_to", "moved_qty", "source_id")
        ]
        names = ", ".join(columns)
        self.env.flush_all()
        self.env.cr.execute(
            f"INSERT INTO rd_statement_line ({names}, source_id, qty_from, qty_to, "
            f"moved_qty) SELECT {names}, -1 - n, 0, 10, 10 FROM rd_statement_line, "
            "generate_series(1, %s) n WHERE id = %s",
            [missing, line.id],
        )
        self.env.invalidate_all()

    def _count_page(self):
        self._show_page()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._show_page()
        return self.env.cr.sql_log_count - before

    def _show_page(self):
        statements = self.env["rd.statement"].with_user(self.finance)
        found = statements._find_for_portal(self.statement.id)
        values = found._prepare_portal_page(2, "all", "SH", "", 0, False)
        return self.env["ir.qweb"]._render(
            "rd_reconciliation.portal_statement_lines",
            {
                **values,
                "url": "/x",
                "keep_query": lambda *args, **kwargs: "",
                "token_args": {},
                "pager": None,
            },
        )
