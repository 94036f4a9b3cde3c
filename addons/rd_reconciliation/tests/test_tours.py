# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestTours(ReconciliationCommon, HttpCase):
    """The clerk closes a month in a real browser, at the desk and on a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", cls.base_url())
        # Nothing but the desk's own rights, and a password to sign in with.
        role = cls.env.ref("rd_sales_admin.rd_sales_admin_group_clerk")
        cls.clerk.write(
            {"password": cls.clerk.login, "group_ids": [Command.set(role.ids)]}
        )
        first, second, third = cls.parts
        order = cls._create_order(
            [(first, 10.0, 10.0), (second, 4.0, 25.5), (third, 100.0, 0.34)]
        )
        cls._deliver(
            order, {first: 10.0, second: 4.0, third: 100.0}, "SH-1", date(2026, 9, 10)
        )
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.close.action_run()
        cls.statement = cls.env["rd.statement"].search(
            [("close_id", "=", cls.close.id), ("partner_id", "=", cls.affiliate.id)]
        )
        # One of the ten pieces was sent and not accepted.
        ledger = (
            "送货日期,送货单号,料号,送货数量,入库数量,价税合计\n"
            "2026-09-10,SH-1,P-100,10,9,101.70\n"
            "2026-09-10,SH-1,P-200,4,4,115.26\n"
            "2026-09-10,SH-1,P-300,100,100,38.42\n"
        )
        cls.env["rd.ledger"].create(
            {
                "statement_id": cls.statement.id,
                "file": base64.b64encode(ledger.encode()),
                "filename": "ledger.csv",
            }
        )
        cls.close.action_run()

    def _check_agreed(self):
        difference = self.statement.difference_ids
        self.assertRecordValues(
            difference,
            [
                {
                    "state": "agreed",
                    "settled_by_id": self.clerk.id,
                    "quantity": 1.0,
                }
            ],
        )
        lines = self.statement.line_ids
        self.assertEqual(
            sorted(lines.filtered("live").mapped("quantity")), [4.0, 9.0, 100.0]
        )
        self.assertEqual(
            lines.filtered(lambda line: line.verdict == "carried").quantity, 1.0
        )
        self.assertAlmostEqual(self.statement.amount_total, 255.38)

    def test_close_month(self):
        """Open the close and a statement, settle with one tap, agree, invoice."""
        self.assertEqual(self.statement.difference_ids.code, "quantity_short")
        self.start_tour("/odoo/months", "rd_close_month_tour", login=self.clerk.login)
        self._check_agreed()
        self.assertEqual(self.statement.state, "invoiced")
        self.assertRecordValues(
            self.statement.invoice_ids,
            [{"state": "draft", "move_type": "out_invoice", "amount_total": 255.38}],
        )

    def test_close_month_on_a_phone(self):
        """The same on 390 pixels, by touch."""
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/months", "rd_close_month_phone_tour", login=self.clerk.login
        )
        self._check_agreed()
        self.assertEqual(self.statement.state, "agreed")
