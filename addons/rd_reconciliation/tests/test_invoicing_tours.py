# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import HttpCase, tagged

from .invoicing import InvoicingCase


@tagged("post_install", "-at_install")
class TestInvoicingTours(InvoicingCase, HttpCase):
    """Clerk and finance in a real browser, at the desk and on a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user, role in ((cls.clerk, "clerk"), (cls.finance, "finance")):
            group = cls.env.ref(f"rd_sales_admin.rd_sales_admin_group_{role}")
            user.write({"password": user.login, "group_ids": [Command.set(group.ids)]})

    def test_from_the_statement_to_the_receipt(self):
        """Two invoices asked for, one returned, one issued and delivered."""
        self._set_rules(max_lines=1)
        statement = self._agree([(self.p100, 60, 10.0), (self.p200, 2, 25.5)])
        self.start_tour(
            f"/odoo/rd.statement/{statement.id}",
            "rd_invoicing_ask_tour",
            login=self.clerk.login,
        )
        requests = statement.request_ids
        self.assertEqual(set(requests.mapped("state")), {"requested"})
        self.start_tour(
            "/odoo/invoice-requests",
            "rd_invoicing_finance_tour",
            login=self.finance.login,
        )
        states = {item.amount_untaxed: item.state for item in requests}
        self.assertEqual(states, {600: "issued", 51: "returned"})
        returned = requests.filtered(lambda item: item.state == "returned")
        self.assertEqual(returned.activity_ids.user_id, self.clerk)
        self.assertEqual(returned.sudo().move_id.state, "draft")
        fapiao = requests.fapiao_ids
        self.start_tour(
            f"/odoo/rd.fapiao/{fapiao.id}",
            "rd_invoicing_deliver_tour",
            login=self.clerk.login,
        )
        self.assertRecordValues(
            fapiao, [{"state": "received", "received_by": "Ms Guo"}]
        )
        self.assertEqual(fapiao.proof_ids.name, "receipt.png")
        self.assertTrue(fapiao.sudo().move_ids.rd_fapiao_received_date)

    def test_on_a_phone(self):
        """Finance accepts, the clerk notes the receipt, by touch."""
        self.browser_size = "390x844"
        self.touch_enabled = True
        statement = self._agree([(self.p100, 60, 10.0)])
        request = self._request(statement)
        self.start_tour(
            "/odoo/invoice-requests",
            "rd_invoicing_finance_phone_tour",
            login=self.finance.login,
        )
        self.assertEqual(request.sudo().move_id.state, "posted")
        self._issue(request.fapiao_ids)
        self.start_tour(
            "/odoo/tax-invoices-to-deliver",
            "rd_invoicing_deliver_phone_tour",
            login=self.clerk.login,
        )
        self.assertEqual(request.fapiao_ids.state, "received")
