# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Invoicing by ``/json/2`` with a bearer key: never above what was agreed."""

from datetime import date, timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .invoicing import InvoicingCase
from .json_client import JsonClient


@tagged("post_install", "-at_install")
class TestJson2(JsonClient, InvoicingCase, HttpCase):
    """What a program that holds a person's key can make of an agreed statement."""

    def setUp(self):
        super().setUp()
        self.statement = self._agree(
            [(self.p100, 100, 10.0), (self.p200, 2, 25.5)],
            shipped={self.p100: 60, self.p200: 2},
        )
        self.order = self.statement.line_ids.sale_line_id.sudo().order_id
        self.order_lines = self.order.order_line

    def _refused(self, user, model, method, pattern="", **params):
        """Assert a refusal in plain words that leaves what is billed as it was."""
        before = self._state()
        status, answer = self._call(user, model, method, **params)
        self.assertIn(status, (401, 403, 422), (method, answer))
        text = answer["message"]
        self.assertTrue(text.strip())
        if pattern:
            self.assertRegex(text, pattern)
        for word in ("psycopg2", "constraint", "Traceback", "SELECT"):
            self.assertNotIn(word, text)
        self.assertEqual(self._state(), before, f"{method} left something")

    def _state(self):
        """Return all that says what was billed, as the database holds it."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, state, move_type, rd_statement_id, amount_total "
            "FROM account_move ORDER BY id"
        )
        moves = self.env.cr.fetchall()
        self.env.cr.execute(
            "SELECT id, move_id, quantity, price_unit, rd_statement_line_id "
            "FROM account_move_line ORDER BY id"
        )
        lines = self.env.cr.fetchall()
        self.env.cr.execute(
            "SELECT id, state, content_hash, amount_total FROM rd_statement ORDER BY id"
        )
        return moves, lines, self.env.cr.fetchall()

    def _assert_billed_once(self):
        self.order_lines.invalidate_recordset()
        self.assertEqual(self.order_lines.mapped("qty_invoiced"), [60, 2])

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------
    def test_without_a_key_and_without_a_right(self):
        ids = self.statement.ids
        self._refused(None, "rd.statement", "action_invoice", ids=ids)
        self._refused(self.auditor, "rd.statement", "action_invoice", ids=ids)
        self._refused(self.clerk, "rd.statement", "_invoice_gone", ids=ids)

    def test_key_of_another_purpose(self):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.clerk)
            .sudo()
            ._generate("other", "x", fields.Datetime.now() + timedelta(days=1))
        )
        self.keys[self.clerk] = key
        self._refused(
            self.clerk, "rd.statement", "action_invoice", ids=self.statement.ids
        )

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------
    def test_from_agreed_to_posted(self):
        """The way there is open, and a repeat of each call makes nothing more."""
        for _turn in range(3):
            self._taken(
                self.clerk, "rd.statement", "action_invoice", ids=self.statement.ids
            )
        move = self.statement.sudo().invoice_ids
        self.assertEqual(len(move), 1)
        self._taken(self.finance, "account.move", "action_post", ids=move.ids)
        self._assert_billed_once()
        self._assert_to_the_cent(self.statement)
        self._taken(
            self.clerk, "rd.statement", "action_invoice", ids=self.statement.ids
        )
        self.assertEqual(self.statement.sudo().invoice_ids, move)

    def test_an_invoice_beside_the_statement(self):
        """Neither the order's own button nor an invoice typed by hand bills goods."""
        wizard = self._call(
            self.clerk,
            "sale.advance.payment.inv",
            "create",
            vals_list=[
                {
                    "advance_payment_method": "delivered",
                    "sale_order_ids": [Command.set(self.order.ids)],
                }
            ],
        )[1]
        ids = wizard if isinstance(wizard, list) else [0]
        self._refused(
            self.clerk, "sale.advance.payment.inv", "create_invoices", ids=ids
        )
        self._refused(
            self.finance,
            "account.move",
            "create",
            vals_list=[
                {
                    "move_type": "out_invoice",
                    "partner_id": self.affiliate.id,
                    "rd_statement_id": self.statement.id,
                    "rd_statement_group": 7,
                }
            ],
        )
        self._refused(
            self.finance,
            "account.move",
            "create",
            vals_list=[{"move_type": "out_invoice", "partner_id": self.affiliate.id}],
            context={
                "default_rd_statement_id": self.statement.id,
                "rd_guard": True,
            },
        )

    def _typed(self, quantity):
        """Let finance type an invoice that names the order line; return its ids."""
        line = self.order_lines[0]
        values = {
            "move_type": "out_invoice",
            "partner_id": self.affiliate.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "quantity": quantity,
                        "price_unit": 10,
                        "sale_line_ids": [Command.set(line.ids)],
                    }
                )
            ],
        }
        return self._taken(self.finance, "account.move", "create", vals_list=[values])

    def test_a_typed_invoice_that_names_the_order(self):
        """It bills the order line; what is delivered and not agreed is its limit."""
        ids = self._typed(1)
        self._refused(
            self.finance, "account.move", "action_post", "1 Units more", ids=ids
        )
        self._refused(
            self.finance,
            "account.move",
            "write",
            "posted by its button",
            ids=ids,
            vals={"state": "posted"},
            context={"rd_posting": True},
        )
        self._taken(self.finance, "account.move", "unlink", ids=ids)
        self._deliver(self.order, {self.p100: 5}, "DN-2", date(2026, 9, 11))
        self._refused(
            self.finance,
            "account.move",
            "action_post",
            "1 Units more",
            ids=self._typed(6),
        )

    def test_a_typed_invoice_of_what_nobody_has_stated(self):
        """It counts, and the statement leaves out what it bills."""
        self._deliver(self.order, {self.p100: 5}, "DN-2", date(2026, 9, 11))
        ids = self._typed(5)
        self._taken(self.finance, "account.move", "action_post", ids=ids)
        later = self._build(self._open_close(date(2026, 10, 1)))
        self.assertFalse(later._lines())

    # ------------------------------------------------------------------
    # Editing
    # ------------------------------------------------------------------
    def _draft(self):
        move = self._invoice(self.statement)
        return move, move.invoice_line_ids.filtered(
            lambda line: line.product_id == self.p100
        )

    def test_edited_above_the_agreed(self):
        move, line = self._draft()
        self._key(self.finance)
        edits = (
            Command.update(line.id, {"quantity": 61}),
            Command.update(line.id, {"price_unit": 10.01}),
            Command.update(line.id, {"discount": -5}),
            Command.update(
                line.id,
                {
                    "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                    "price_unit": line.price_unit,
                },
            ),
            Command.update(
                line.id,
                {
                    "product_id": self.p300.id,
                    "price_unit": line.price_unit,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                },
            ),
            Command.create({"name": "More", "quantity": 1, "price_unit": 1}),
            Command.delete(line.id),
        )
        for edit in edits:
            with self.env.cr.savepoint() as savepoint:
                self._taken(
                    self.finance,
                    "account.move",
                    "write",
                    ids=move.ids,
                    vals={"invoice_line_ids": [edit]},
                )
                for method in ("action_post", "action_validate_invoice_payment"):
                    if hasattr(move, method):
                        self._refused(
                            self.finance,
                            "account.move",
                            method,
                            ids=move.ids,
                            context={"rd_guard": True, "check_move_validity": False},
                        )
                savepoint.rollback()
            self.env.invalidate_all()

    def test_posted_by_writing_its_state(self):
        move, _line = self._draft()
        for user in (self.clerk, self.finance):
            for values in ({"state": "posted"}, {"rd_statement_id": False}):
                self._refused(user, "account.move", "write", ids=move.ids, vals=values)
        self._refused(
            self.finance,
            "account.move",
            "write",
            ids=move.ids,
            vals={"rd_statement_id": False, "rd_statement_group": 0},
        )

    def test_statement_raised_after_agreeing(self):
        line = self.statement.line_ids[0]
        for model, ids, values in (
            ("rd.statement.line", line.ids, {"quantity": 600}),
            ("rd.statement.line", line.ids, {"price_unit": 99}),
            ("rd.statement", self.statement.ids, {"state": "draft"}),
            ("rd.statement", self.statement.ids, {"amount_total": 1}),
            (
                "rd.statement",
                self.statement.ids,
                {"line_ids": [Command.update(line.id, {"quantity": 600})]},
            ),
        ):
            for user in (self.clerk, self.supervisor):
                self._refused(user, model, "write", ids=ids, vals=values)

    # ------------------------------------------------------------------
    # Crediting
    # ------------------------------------------------------------------
    def _start_reverse(self, move):
        (wizard,) = self._taken(
            self.finance,
            "account.move.reversal",
            "create",
            vals_list=[
                {
                    "journal_id": move.journal_id.id,
                    "date": fields.Date.to_string(fields.Date.today()),
                    "move_ids": [Command.set(move.ids)],
                }
            ],
        )
        return wizard

    def _reverse(self, wizard):
        action = self._taken(
            self.finance, "account.move.reversal", "reverse_moves", ids=[wizard]
        )
        return self.env["account.move"].browse(action["res_id"])

    def test_credited_twice(self):
        """What was credited whole is credited once, and billed anew once."""
        move, _line = self._draft()
        self._taken(self.finance, "account.move", "action_post", ids=move.ids)
        first, second = self._start_reverse(move), self._start_reverse(move)
        note = self._reverse(first)
        self._refused(
            self.finance, "account.move.reversal", "reverse_moves", ids=[second]
        )
        self._taken(self.finance, "account.move", "action_post", ids=note.ids)
        self.assertEqual(self.statement.state, "agreed")
        self._refused(
            self.finance, "account.move.reversal", "reverse_moves", ids=[second]
        )
        for _turn in range(2):
            self._taken(
                self.clerk, "rd.statement", "action_invoice", ids=self.statement.ids
            )
        fresh = self.statement.sudo().invoice_ids - move
        self.assertEqual(len(fresh), 1)
        self._taken(self.finance, "account.move", "action_post", ids=fresh.ids)
        for line in self.order_lines:
            line.invalidate_recordset()
            agreed = line.qty_delivered
            self.assertLessEqual(line.qty_invoiced, agreed)

    def test_credit_note_above_what_was_invoiced(self):
        move, _line = self._draft()
        self._taken(self.finance, "account.move", "action_post", ids=move.ids)
        credit = self._reverse(self._start_reverse(move))
        self._taken(
            self.finance,
            "account.move",
            "write",
            ids=credit.ids,
            vals={
                "invoice_line_ids": [
                    Command.update(credit.invoice_line_ids[0].id, {"quantity": 6000})
                ]
            },
        )
        status, _answer = self._call(
            self.finance, "account.move", "action_post", ids=credit.ids
        )
        self.statement.invalidate_recordset()
        if status == 200:
            # Posted as Odoo allows it: then nothing of the statement is free again.
            self.assertEqual(self.statement.state, "invoiced")
            self._taken(
                self.clerk, "rd.statement", "action_invoice", ids=self.statement.ids
            )
            self.assertEqual(self.statement.sudo().invoice_ids, move)
