# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.rd_reconciliation.tests.portal_common import PNG

from .chase_common import ChaseCommon

PAGE = "/my/open-items"


@tagged("post_install", "-at_install")
class TestOpenItemsPortal(ChaseCommon, HttpCase):
    """What people of a customer see of what they owe, and say to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", cls.base_url())
        cls.finance = cls._make_portal("out_finance", cls.outside, "finance")
        cls.buyer = cls._make_portal("out_buyer", cls.outside, "purchasing")
        cls.looker = cls._make_portal("out_amounts", cls.outside, "purchasing_amounts")
        cls.nobody = cls._make_portal("out_nobody", cls.outside, False)
        cls.stranger = cls._make_portal("in_finance", cls.affiliate, "finance")
        cls.outside.user_id = cls.clerk
        cls.day = str(cls.company._rd_today())

    @classmethod
    def _make_portal(cls, login, partner, role):
        contact = cls.env["res.partner"].create(
            {
                "name": login,
                "parent_id": partner.id,
                "email": f"{login}@x.example",
                "rd_portal_role": role,
            }
        )
        users = cls.env["res.users"].with_context(no_reset_password=True)
        return users.create(
            {
                "login": login,
                "password": login,
                "partner_id": contact.id,
                "group_ids": [Command.set([cls.env.ref("base.group_portal").id])],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )

    def _page(self, user):
        return self.env["rd.chase.note"].with_user(user)._prepare_portal_page()

    def _act(self, user, name, items=None, **values):
        notes = self.env["rd.chase.note"].with_user(user)
        seen = self._page(self.finance)["companies"][0]
        return getattr(notes, f"_portal_{name}")(
            {
                "company": self.company.id,
                "content_hash": seen["hash"],
                "items": self._get_refs(items),
                **values,
            }
        )

    def _get_refs(self, items):
        """Return what a page posts for items; anything else is posted as it is."""
        if items is None:
            return self.item.ids
        return getattr(items, "ids", items)

    # ------------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------------
    def test_own_items_only(self):
        for user in (self.finance, self.looker):
            (part,) = self._page(user)["companies"]
            names = [row["name"] for row in part["rows"]]
            self.assertEqual(names, [self.overdue.name, self.later.name])
            own = self.company.currency_id
            self.assertEqual(part["sums"], [(own, 1070, 1070)])
        for user in (self.buyer, self.nobody, self.clerk):
            self.assertFalse(self._page(user)["companies"])
        (part,) = self._page(self.stranger)["companies"]
        self.assertEqual([row["name"] for row in part["rows"]], [self.due.name])

    def test_an_item_names_what_they_know_it_by(self):
        """Our statement, and the tax invoice that counts for it."""
        self.overdue.ref = "RS/2025/03/0007"
        fapiao = self.env["rd.fapiao"].sudo()._as_internal()
        issued, red, waiting = fapiao.create(
            [
                {
                    "partner_id": self.outside.id,
                    "number": number,
                    "move_ids": [Command.set(self.overdue.ids)],
                    "amount_untaxed": 1,
                }
                for number in ("12345678", "23456789", False)
            ]
        )
        issued._as_internal().write({"state": "issued"})
        red._as_internal().write({"state": "red"})
        self.assertFalse(waiting.number)
        rows = self._page(self.finance)["companies"][0]["rows"]
        self.assertEqual(rows[0]["refs"], "RS/2025/03/0007 · 12345678")
        self.assertFalse(rows[1]["refs"])

    def test_sentences_follow_the_language(self):
        """Chinese says the days after the word for overdue."""
        self.env["res.lang"]._activate_lang("zh_CN")
        notes = self.env["rd.chase.note"].with_user(self.finance)
        page = notes.with_context(lang="zh_CN")._prepare_portal_page()
        row = page["companies"][0]["rows"][0]
        self.assertRegex(row["overdue"], r"^逾期 \d+ 天$")
        self.assertRegex(row["due"], "到期$")
        self.assertRegex(page["companies"][0]["proposed"], r"^\d+\.\d\d$")

    def test_each_item_in_its_own_currency(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "RDY",
                "symbol": "¤",
                "rate_ids": [
                    Command.create(
                        {
                            "name": "2025-01-01",
                            "rate": 20.0,
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
        self._create_open(30000, due="2025-03-20", currency_id=foreign.id)
        (part,) = self._page(self.finance)["companies"]
        own = self.company.currency_id
        self.assertEqual(
            set(part["sums"]), {(own, 1070, 1070), (foreign, 30000, 30000)}
        )
        self.authenticate("out_finance", "out_finance")
        text = self.url_open(PAGE).text
        self.assertIn("30,000.00", text)
        self.assertNotIn("2,570", text, "currencies are never added up")

    def test_pages(self):
        for login, seen in (
            ("out_finance", True),
            ("out_amounts", True),
            ("out_buyer", False),
            ("in_finance", False),
        ):
            self.authenticate(login, login)
            text = self.url_open(PAGE).text
            self.assertEqual(self.overdue.name in text, seen, login)
            self.assertEqual("rd_promise_form" in text, "finance" in login, login)
            self.assertIn("/my/open-items", self.url_open("/my/home").text)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(PAGE).url)

    def test_counter(self):
        for login, count in (("out_finance", 2), ("out_buyer", 0)):
            self.authenticate(login, login)
            answer = self.make_jsonrpc_request(
                "/my/counters", {"counters": ["rd_open_item_count"]}
            )
            self.assertEqual(answer, {"rd_open_item_count": count})

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------
    def test_promise(self):
        note = self._act(self.finance, "promise", amount="600", date=self.day)
        self.assertRecordValues(
            note.promise_id,
            [
                {
                    "amount": 600,
                    "channel": "portal",
                    "who": "out_finance",
                    "state": "open",
                }
            ],
        )
        self.assertEqual(note.promise_id.line_ids, self.item)
        self.assertIn("On the portal", self.outside.activity_ids.summary)
        row = self._page(self.finance)["companies"][0]["rows"][0]
        self.assertEqual(row["promised_amount"], 600)

    def test_what_waits_for_its_event_is_not_due(self):
        self.company.rd_tax_invoices = True
        self.outside.rd_due_anchor = "fapiao"
        move = self._create_open(30)
        page = self._page(self.finance)["companies"][0]
        rows = {row["name"]: row for row in page["rows"]}
        waiting = rows[move.name]
        self.assertEqual((waiting["due"], waiting["overdue"]), ("not due yet", False))
        self.assertRegex(rows[self.overdue.name]["due"], "^due .*2025")

    def test_a_promise_is_noted_where_nobody_can_be_told(self):
        self.outside.user_id = False
        self._dismiss_supervisors()
        note = self._act(self.finance, "promise", amount="600", date=self.day)
        self.assertEqual(note.promise_id.amount, 600)
        self.assertFalse(self.outside.activity_ids)

    def test_dispute(self):
        note = self._act(self.finance, "dispute", reason="quality", text="rust " * 200)
        self.assertEqual(note.line_ids, self.item)
        self.assertLessEqual(len(note.text), 500)
        self.assertTrue(self._page(self.finance)["companies"][0]["rows"][0]["disputed"])

    def test_only_finance_of_the_customer_acts(self):
        for user in (self.buyer, self.looker, self.nobody, self.clerk):
            with self.assertRaises(AccessError):
                self._act(user, "promise", amount=1, date=self.day)
        with self.assertRaisesRegex(UserError, "has changed meanwhile"):
            self._act(self.stranger, "promise", amount=1, date=self.day)
        self.assertFalse(self.env["rd.promise"].search([]))

    def test_one_plain_sentence(self):
        alien = self._item(self.due)
        cases = [
            ("has changed meanwhile", "promise", {"content_hash": "x"}),
            ("has changed meanwhile", "promise", {"company": 999999999}),
            ("not open", "promise", {"items": alien}),
            ("Choose the items", "promise", {"items": {"a": 1}}),
            ("Choose the items", "promise", {"items": ["x"]}),
            ("how much", "promise", {"amount": "nan"}),
            ("how much", "promise", {"amount": -1}),
            ("how much", "promise", {"amount": 1, "date": "tomorrow"}),
            ("at most", "promise", {"amount": 1000.01}),
            ("is past", "promise", {"amount": 1, "date": "2025-01-01"}),
            ("say why", "dispute", {"reason": "because"}),
            ("say why", "dispute", {"reason": "price", "items": alien.browse()}),
            ("few words", "dispute", {"reason": "other"}),
        ]
        for sentence, name, values in cases:
            with self.subTest(sentence=sentence, values=values):
                values = {"amount": 1, "date": self.day, **values}
                self._refused(sentence, self._act, self.finance, name, **values)

    def test_figures_that_changed_are_refused(self):
        seen = self._page(self.finance)["companies"][0]["hash"]
        self._pay(self.overdue, 1)
        with self.assertRaisesRegex(UserError, "has changed meanwhile"):
            self._act(
                self.finance, "promise", amount=1, date=self.day, content_hash=seen
            )

    # ------------------------------------------------------------------
    # Over HTTP
    # ------------------------------------------------------------------
    def _post(self, path, **params):
        try:
            return self.make_jsonrpc_request(path, params)
        except JsonRpcException as error:
            return {"error": str(error)}

    def _seen(self):
        part = self._page(self.finance)["companies"][0]
        return {"company": self.company.id, "content_hash": part["hash"]}

    def test_acts_of_everybody(self):
        seen = self._seen()
        for login in (None, "out_buyer", "out_amounts", "out_nobody", "in_finance"):
            self.authenticate(login, login)
            with mute_logger("odoo.http"):
                for path, values in (
                    ("promise", {"amount": 1, "date": self.day}),
                    ("dispute", {"reason": "price", "items": self.item.ids}),
                ):
                    answer = self._post(f"{PAGE}/{path}", **seen, **values)
                    self.assertIn("error", answer, login)
        self.assertFalse(self.env["rd.chase.note"].search([]))
        self.authenticate("out_finance", "out_finance")
        answer = self._post(f"{PAGE}/promise", **seen, amount=5, date=self.day)
        self.assertEqual(answer, {"done": True})

    def test_proof(self):
        form = {**self._seen(), "items": str(self.item.id)}
        files = {"file": ("<b>slip.png", PNG, "image/png")}
        for login in ("out_buyer", "in_finance"):
            self.authenticate(login, login)
            form["csrf_token"] = http.Request.csrf_token(self)
            self.assertIn("alert-danger", self._upload(form, files).text)
        self.authenticate("out_finance", "out_finance")
        with mute_logger("odoo.http"):
            refused = self._upload({**form, "csrf_token": ""}, files)
        self.assertEqual(refused.status_code, 400)
        form["csrf_token"] = http.Request.csrf_token(self)
        bad = {"file": ("x.html", b"<html><script>1</script>", "text/html")}
        self.assertIn("photo or PDF", self._upload(form, bad).text)
        self.assertIn("rd_said", self._upload(form, files).text)
        note = self.env["rd.chase.note"].search([])
        self.assertRecordValues(
            note, [{"outcome": "disputed", "reason": "paid", "channel": "portal"}]
        )
        self.assertEqual(note.proof_ids.raw, PNG)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            note.proof_ids.unlink()

    def _upload(self, form, files):
        return self.url_open(f"{PAGE}/proof", data=form, files=files)

    def test_looking_changes_nothing(self):
        self.authenticate("out_finance", "out_finance")
        for path in ("promise", "dispute", "proof"):
            with mute_logger("odoo.http"):
                answer = self.url_open(f"{PAGE}/{path}")
            self.assertIn(answer.status_code, (400, 404, 405, 415))
        self.assertFalse(self.env["rd.chase.note"].search([]))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_models_are_closed(self):
        for model in ("rd.promise", "rd.chase.note", "rd.chase.worklist"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.finance).search([])
