# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.tests import HttpCase, new_test_user, tagged

from .contract import USUAL
from .test_contract_stage import StageCase


@tagged("post_install", "-at_install")
class TestContractTours(StageCase, HttpCase):
    """The customer signs, the desk asks for the deposit, in a real browser."""

    def _sent(self):
        contract = self._create_contract(USUAL, amount=113000)
        contract.signer_id = self.signer.partner_id
        contract.action_send()
        return contract

    def test_signed_at_a_desk(self):
        contract = self._sent()
        self.start_tour(
            "/my/contracts", "rd_contract_sign_tour", login=self.signer.login
        )
        contract.invalidate_recordset()
        self.assertEqual(contract.state, "signed")
        self.assertTrue(contract.signature)

    def test_signed_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        contract = self._sent()
        self.start_tour(
            "/my/contracts", "rd_contract_sign_tour", login=self.signer.login
        )
        contract.invalidate_recordset()
        self.assertEqual(contract.confirmed_by, "Ms Harbour")

    def test_a_link_only_looks(self):
        contract = self._sent()
        address = f"/my/contracts/{contract.id}"
        page = self.url_open(f"{address}?access_token={contract.access_token}").text
        self.assertIn("Welding line", page)
        self.assertNotIn("#rd_sign", page)
        paper = f"{address}/paper"
        answer = self.url_open(f"{paper}?access_token={contract.access_token}")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.content)
        for wrong in ("", "?access_token=x"):
            for path in (address, paper):
                self.assertNotIn("Welding line", self.url_open(path + wrong).text)
        answer = self.make_jsonrpc_request_refused(address, contract)
        self.assertNotIn("force_refresh", answer)
        contract.invalidate_recordset()
        self.assertEqual(contract.state, "signature")

    def test_the_text_comes_as_a_file(self):
        contract = self._create_contract(USUAL, amount=113000)
        contract.write({"document": "VGhlIHRleHQ=", "document_name": "text.txt"})
        contract.signer_id = self.signer.partner_id
        contract.action_send()
        text = f"/my/contracts/{contract.id}/text"
        self.assertNotIn(b"The text", self.url_open(text).content)
        self.authenticate(self.signer.login, self.signer.login)
        answer = self.url_open(text)
        self.assertEqual(answer.content, b"The text")
        self.assertIn("text.txt", answer.headers["Content-Disposition"])

    def test_a_signature_that_is_not_taken_says_why(self):
        contract = self._sent()
        address = f"/my/contracts/{contract.id}"
        colleague = self._create_portal_user("harbour_other", self.customer)
        for user, sentence in (
            (colleague, "not open to you"),
            (self.signer, "could not be decoded as an image"),
        ):
            self.authenticate(user.login, user.login)
            answer = self.make_jsonrpc_request_refused(address, contract)
            self.assertIn(sentence, answer)
        contract.invalidate_recordset()
        self.assertEqual(contract.state, "signature")
        new_test_user(self.env, "rd_bare", groups="base.group_user", password="rd_bare")
        self.authenticate("rd_bare", "rd_bare")
        page = self.url_open("/my/contracts")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Welding line", page.text)

    def make_jsonrpc_request_refused(self, address, contract):
        """Post a signature without signing in; return the text of the answer."""
        return self.url_open(
            f"{address}/sign?revision={contract.revision}"
            f"&content_hash={contract.content_hash}"
            f"&access_token={contract.access_token}",
            json={
                "jsonrpc": "2.0",
                "params": {"name": "x", "signature": "iVBORw0KGgo="},
            },
        ).text

    def test_deposit_offset_at_acceptance_and_retention_released(self):
        contract, order = self._begin(USUAL, [(self.equipment, 1, 100000.0)])
        self.clerk.password = self.clerk.login
        self.start_tour(
            f"/odoo/contracts/{contract.id}",
            "rd_contract_deposit_tour",
            login=self.clerk.login,
        )
        stage = contract.stage_ids[0]
        self.assertTrue(stage.requested_on)
        self.assertEqual(stage.payment_ids.amount, 33900.0)
        self.assertEqual(stage.request_amount, 0)
        self._trigger("handover", order.order_line)
        move = self._get_moves(order)
        move.action_post()
        self.assertIn(stage.payment_ids, move.reconciled_payment_ids)
        retention = contract.stage_ids[-1]
        self.assertEqual(retention.progress, "waiting")
        with freeze_time("2037-09-11 04:00:00"):
            self._run_parted("rd.contract")
            self.assertEqual(retention.progress, "due")
        self.assertIn("released", contract.activity_ids.mapped("summary")[-1])
