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


@tagged("post_install", "-at_install")
class TestExceptionDeskTours(ReconciliationCommon, HttpCase):
    """The exception desk in a real browser: by keyboard alone, and on a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        role = cls.env.ref("rd_sales_admin.rd_sales_admin_group_clerk")
        cls.clerk.write(
            {"password": cls.clerk.login, "group_ids": [Command.set(role.ids)]}
        )
        cls.affiliate.email = "books@works.example"
        part = cls.parts[0]
        order = cls._create_order([(part, 660.0, 10.0)])
        for letter in "ABCDEFGHIJK":
            note = f"K{letter}-1" if letter != "K" else "KK-100001"
            picking = cls._deliver(order, {part: 60.0}, note, date(2026, 9, 10))
            if letter == "H":
                cls.env["ir.attachment"].create(
                    {
                        "name": "KH-1.png",
                        "raw": b"signed",
                        "res_model": "stock.picking",
                        "res_id": picking.id,
                    }
                )
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.statement = cls._build(cls.close)
        cls.statement.user_id = cls.clerk
        rows = [
            ("2026-09-10", f"K{letter}-1", "P-100", 58, 655.4) for letter in "ABCDEFGHJ"
        ]
        rows += [
            ("2026-09-10", "KX-9", "P-100", 60, 678.0),
            ("2026-09-10", "CNKK-100001", "P-100", 60, 678.0),
            ("2026-09-11", "KZ-1", "P-200", 1, 28.82),
        ]
        cls._read_ledger(cls.statement, rows)
        cls.statement.action_match()

    def test_every_action_by_keyboard(self):
        """Each way out of a difference, without touching the mouse."""
        self.start_tour(
            "/odoo/exceptions", "rd_exception_desk_tour", login=self.clerk.login
        )
        states = {}
        for item in self.statement.difference_ids:
            note = item.line_ids[:1].note or item.ledger_line_ids[:1].note
            states.setdefault(note, set()).add(item.state)
        self.assertEqual(
            states,
            {
                "KA-1": {"agreed"},
                "KB-1": {"agreed"},
                "KC-1": {"carried"},
                "KD-1": {"open"},
                "KE-1": {"agreed", "open"},
                "KF-1": {"written_off"},
                "KG-1": {"agreed"},
                "KH-1": {"open"},
                "KI-1": {"agreed"},
                "KJ-1": {"open"},
                "KK-100001": {"agreed"},
                "KZ-1": {"explained"},
            },
        )
        self.assertEqual(
            self.env["rd.match.refusal"].search_count(
                [("partner_id", "=", self.affiliate.id)]
            ),
            1,
        )

    def test_on_a_phone(self):
        """One difference settled and taken back on 390 pixels, by touch."""
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/exceptions", "rd_exception_desk_phone_tour", login=self.clerk.login
        )
        self.assertEqual(set(self.statement.difference_ids.mapped("state")), {"open"})


@tagged("post_install", "-at_install")
class TestApprovalTours(ReconciliationCommon, HttpCase):
    """What needs two people, each at his own desk and by the keyboard."""

    def test_clerk_asks_and_supervisor_answers(self):
        """Two prices and a deduction: one approved, one refused, one credited."""
        for user, role in ((self.clerk, "clerk"), (self.supervisor, "supervisor")):
            group = self.env.ref(f"rd_sales_admin.rd_sales_admin_group_{role}")
            user.write({"password": user.login, "group_ids": [Command.set(group.ids)]})
        part = self.parts[0]
        order = self._create_order([(part, 120.0, 10.0)])
        for note in ("PA-1", "PB-1"):
            self._deliver(order, {part: 60.0}, note, date(2026, 9, 10))
        statement = self._build(self._open_close(date(2026, 9, 1)))
        self._read_ledger(
            statement,
            [
                ("2026-09-10", "PA-1", "P-100", 60, 610.2),
                ("2026-09-10", "PB-1", "P-100", 60, 610.2),
                ("2026-09-10", "", "质量扣款", -1, -113.0),
            ],
        )
        statement.action_match()
        self.start_tour(
            "/odoo/exceptions", "rd_exception_desk_ask_tour", login=self.clerk.login
        )
        self.assertEqual(statement.difference_ids.credit_move_id.amount_total, 113)
        self.start_tour(
            "/odoo/exceptions",
            "rd_exception_desk_approve_tour",
            login=self.supervisor.login,
        )
        prices = {line.note: line.price_unit for line in statement.line_ids}
        self.assertEqual(prices, {"PA-1": 9, "PB-1": 10})
        self.assertFalse(statement.difference_ids.requested_by_id)
