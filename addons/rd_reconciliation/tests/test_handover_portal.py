# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.rd_sales_admin.tests.handover_common import HandoverCommon

from .portal_common import PortalCommon

SCAN = base64.b64encode(b"%PDF-1.4 stamped").decode()


@tagged("post_install", "-at_install")
class TestHandoverPortal(HandoverCommon, PortalCommon, HttpCase):
    """The affiliate accepts on the phone; strangers see nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", cls.base_url())
        cls.handover = cls._make_handover()
        cls.handover.action_start()
        cls.drawing = cls.handover.line_ids.filtered(lambda one: one.number == "D-7")
        (cls.handover.line_ids - cls.drawing).action_receive()
        cls.handover.action_send()

    def _answer(self, user, decision="accept", **values):
        seen = dict(
            zip(
                ("revision", "content_hash"),
                self.handover._get_shown_revision(),
                strict=True,
            )
        )
        return (
            self.env["rd.handover"]
            .with_user(user)
            ._portal_answer(self.handover.id, decision, {**seen, **values}, "10.0.0.9")
        )

    def test_missing_drawing_blocks_then_statement_invoices(self):
        """A missing drawing blocks; received on the phone, accepted on the portal, and
        invoiced by the statement."""
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.floor_user.write({"password": self.floor_user.login})
        url = f"/my/handovers/{self.handover.id}"
        self.start_tour(
            "/my/handovers", "rd_handover_blocked_tour", login="north_buyer"
        )
        self.assertEqual(self.handover.state, "sent")
        self.start_tour(
            "/odoo/receive", "rd_handover_receive_tour", login=self.floor_user.login
        )
        self.assertEqual(self.drawing.recorded_by_id, self.floor_user)
        self.start_tour(url, "rd_handover_accept_tour", login="north_buyer")
        self.assertRecordValues(
            self.handover,
            [
                {
                    "state": "accepted",
                    "confirmation_channel": "portal",
                    "confirmed_by": "north_buyer",
                }
            ],
        )
        close = self._open_close(self.company._rd_today().replace(day=1))
        self.affiliate.rd_settlement_mode = "statement_sent"
        statement = self._build(close)
        statement.action_send()
        statement.action_agree()
        statement.action_invoice()
        self.assertEqual(statement.invoice_ids.amount_untaxed, 5000.0)

    def test_only_the_receiver_answers(self):
        for user in (self.stranger, self.roleless, self.clerk):
            with self.assertRaises(AccessError):
                self._answer(user, kind="tooling")
            self.assertFalse(
                self.env["rd.handover"].with_user(user)._find_handover(self.handover.id)
            )
        for user in (self.buyer, self.stranger):
            with self.assertRaises(AccessError):
                self.handover.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                self.handover.line_ids.with_user(user).action_receive()

    def test_pages(self):
        """Own pages and papers open, those of others lead back to the own list."""
        url = f"/my/handovers/{self.handover.id}"
        self.authenticate("north_buyer", "north_buyer")
        self.assertIn("D-7", self.url_open(url).text)
        page = self.url_open(f"/my/handovers?search={self.handover.name}")
        self.assertIn(self.handover.name, page.text)
        answer = self.url_open(f"{url}/list.xlsx")
        self.assertIn("spreadsheetml", answer.headers["Content-Type"])
        self.assertIn("Handovers", self.url_open("/my/home").text)
        self.authenticate("south_finance", "south_finance")
        self.assertNotIn("D-7", self.url_open(url).text)
        self.assertTrue(self.url_open(f"{url}/list.pdf").url.endswith("/my/handovers"))
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(url).url)

    def test_wrong_answers_change_nothing(self):
        for decision, values in (
            ("accept", {"revision": 99}),
            ("accept", {"content_hash": "x"}),
            ("accept", {}),
            ("dispute", {"line": self.drawing.id, "reason": ""}),
            ("dispute", {"line": self.drawing.id, "reason": {"a": 1}}),
            ("dispute", {"line": 0, "reason": "x"}),
            ("dispute", {"line": "x", "reason": "x"}),
            ("agree", {}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._answer(self.buyer, decision, **values)
        self.assertFalse(self.handover.answer_ids)

    def test_accepted_by_a_stamped_scan(self):
        """A scan handed in on the portal accepts all, and what is no scan nothing."""
        self.drawing.action_receive()
        for file in ("", "%%", base64.b64encode(b"<svg/>").decode(), None):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._answer(self.buyer, "scan", file=file, file_name="scan.pdf")
        self.assertFalse(self.handover.answer_ids)
        with self.assertRaises(AccessError):
            self._answer(self.stranger, "scan", file=SCAN, file_name="scan.pdf")
        self._answer(self.buyer, "scan", file=SCAN, file_name="scan.pdf")
        self.assertRecordValues(
            self.handover, [{"state": "accepted", "confirmation_channel": "scan"}]
        )
        answer = self.handover.answer_ids[0]
        self.assertEqual(answer.user_id, self.buyer)
        self.assertEqual(answer.attachment_ids.name, "scan.pdf")
        with self.assertRaises(UserError):
            answer.attachment_ids.unlink()
        filed = self.env["rd.document"].search(
            [("res_model", "=", "rd.handover"), ("res_id", "=", self.handover.id)]
        )
        self.assertEqual(filed.attachment_ids.name, "scan.pdf")

    def test_a_scan_does_not_pass_what_is_missing(self):
        with self.assertRaisesRegex(UserError, "D-7"), self.env.cr.savepoint():
            self._answer(self.buyer, "scan", file=SCAN, file_name="scan.pdf")
        self.assertEqual(self.handover.state, "sent")
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", "rd.handover"), ("res_id", "=", self.handover.id)]
            )
        )

    def test_dispute_and_withdraw(self):
        line = self.handover.line_ids[0]
        self._answer(self.buyer, "dispute", line=line.id, reason="scratched")
        self.assertRecordValues(
            self.handover.answer_ids,
            [
                {
                    "decision": "disputed",
                    "user_id": self.buyer.id,
                    "ip_address": "10.0.0.9",
                    "reason": "scratched",
                }
            ],
        )
        self.assertEqual(self.handover.state, "disputed")
        self._answer(self.buyer, "withdraw", line=line.id)
        self.assertEqual(self.handover.state, "sent")
        self.drawing.action_receive()
        self._answer(self.buyer)
        self.assertEqual(self.handover.state, "accepted")

    def test_new_order_of_other_affiliate_is_not_shown(self):
        order, _line = self._service_order(self.other)
        theirs = self._make_handover(order)
        theirs.action_send()
        domain = self.env["rd.handover"].with_user(self.buyer)._get_handover_domain()
        self.assertEqual(self.env["rd.handover"].sudo().search(domain), self.handover)
