# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.rd_sales_admin.tests.guards import GuardMixin

from .common import ReconciliationCommon

LEDGER = [
    ("2026-09-10", "DN-1", "P-100", 58, 655.4),
    ("2026-09-10", "DN-1", "P-200", 20, 576.3),
    ("2026-09-10", "DN-1", "P-300", 3, 1.15),
]
STATES = ("draft", "sent", "confirmed", "agreed", "invoiced", "closed", "cancelled")


class GuardCase(GuardMixin, ReconciliationCommon):
    """One statement with a short receipt, and the people around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p100, cls.p200, cls.p300 = cls.parts
        cls.order = cls._create_order(
            [(cls.p100, 100, 10.0), (cls.p200, 50, 25.5), (cls.p300, 9, 0.34)]
        )
        cls.close = cls._open_close(date(2026, 9, 1))
        cls._deliver(
            cls.order,
            {cls.p100: 60, cls.p200: 20, cls.p300: 3},
            "DN-1",
            date(2026, 9, 10),
        )
        cls.statement = cls._build(cls.close)
        cls.finance = cls._create_user("finance")
        cls.auditor = cls._create_user("auditor")
        cls.salesperson = cls._create_user("salesperson")
        cls.desk = (cls.clerk, cls.supervisor)

    def _bring_to(self, state):
        """Take the statement to a state through the desk's own methods."""
        statement = self.statement.with_user(self.clerk)
        if state == "cancelled":
            statement.action_cancel()
            return
        steps = {
            "sent": statement.action_send,
            "confirmed": lambda: statement.action_confirm_recorded(
                who="Mr Tan", note="call 7"
            ),
            "agreed": statement.action_agree,
            "invoiced": statement.action_invoice,
            "closed": self._close_month,
        }
        for target, step in steps.items():
            if state == "draft":
                return
            step()
            if target == state:
                return

    def _close_month(self):
        self.statement.with_user(self.clerk).action_post()
        self.close.step_ids._as_internal().write({"state": "done"})
        self.close.with_user(self.clerk).action_close()


@tagged("post_install", "-at_install")
class TestStatementGuards(GuardCase):
    """Each guarded field × state × way in: refused, and nothing changed."""

    def _check_state(self, state):
        self._bring_to(state)
        statement = self.statement
        self.assertEqual(statement.state, state)
        names = statement._get_guarded_fields()
        self._assert_guarded(statement, names, self.desk)
        line = statement.line_ids[0]
        self._assert_guarded(line, line._get_guarded_fields(), self.desk)
        for name in ("amount_total", "state"):
            for user in (self.finance, self.auditor, self.salesperson):
                self._assert_refused(
                    statement,
                    self._rpc,
                    user,
                    "rd.statement",
                    "write",
                    statement.ids,
                    {name: self._other_value(statement, name)},
                    exact=None,
                )

    def test_draft(self):
        self._check_state("draft")

    def test_sent(self):
        self._check_state("sent")

    def test_confirmed(self):
        self._check_state("confirmed")

    def test_agreed(self):
        self._check_state("agreed")

    def test_invoiced(self):
        self._check_state("invoiced")

    def test_closed(self):
        self._check_state("closed")

    def test_cancelled(self):
        self._check_state("cancelled")

    def test_another_takes_over_an_agreed_statement(self):
        """Frozen is what was agreed, not who looks after it."""
        for step in ("agreed", "invoiced", "closed"):
            if step == "agreed":
                self._bring_to(step)
            elif step == "invoiced":
                self.statement.with_user(self.clerk).action_invoice()
            else:
                self._close_month()
            self.assertEqual(self.statement.state, step)
            for user in (self.clerk, self.supervisor):
                ids, values = self.statement.ids, {"user_id": user.id}
                self._rpc(self.clerk, "rd.statement", "write", ids, values)
                self.assertEqual(self.statement.user_id, user)

    def test_lines_through_their_parents(self):
        line = self.statement.line_ids[0]
        parents = (
            ("rd.statement", self.statement, "line_ids"),
            ("sale.order.line", line.sale_line_id, "rd_statement_line_ids"),
        )
        for model, parent, name in parents:
            for command in (
                Command.update(line.id, {"quantity": 500}),
                Command.create({"source_kind": 1, "source_id": 1, "quantity": 3}),
                Command.delete(line.id),
            ):
                with self.subTest(model=model, command=command[0]):
                    self._assert_refused(
                        line,
                        self._rpc,
                        self.clerk,
                        model,
                        "write",
                        parent.ids,
                        {name: [command]},
                        exact=None,
                    )

    def test_statement_through_the_month(self):
        for command in (
            Command.update(self.statement.id, {"amount_total": 1}),
            Command.create({"partner_id": self.affiliate.id}),
            Command.delete(self.statement.id),
        ):
            self._assert_refused(
                self.statement,
                self._rpc,
                self.clerk,
                "rd.close",
                "write",
                self.close.ids,
                {"statement_ids": [command]},
                exact=None,
            )

    def test_not_made_by_hand(self):
        statement = self.statement
        values = {"user_id": self.clerk.id}
        names = statement._get_guarded_fields()
        self._assert_not_created(statement, self.clerk, values, names)
        forged = {
            f"default_{name}": statement[name].id
            for name in ("company_id", "partner_id", "currency_id", "close_id")
        }
        forged |= {"default_state": "agreed", "default_date_to": "2026-09-30"}
        self._assert_refused(
            statement,
            self._rpc,
            self.clerk,
            "rd.statement",
            "create",
            [values],
            context=forged,
            exact=None,
        )
        for model in ("rd.statement", "rd.statement.line"):
            record = self.env[model].search([("company_id", "=", self.company.id)])[0]
            self._assert_refused(
                record, self._rpc, self.clerk, model, "copy", record.ids
            )
            self._assert_refused(
                record,
                self._rpc,
                self.clerk,
                model,
                "unlink",
                record.ids,
                exact=AccessError,
            )

    def test_not_loaded_from_a_file(self):
        before = self._rows(self.statement)
        answer = self._rpc(
            self.clerk,
            "rd.statement",
            "load",
            [".id", "amount_total"],
            [[str(self.statement.id), "1"]],
        )
        self.assertFalse(answer["ids"])
        self.assertIn("kept by the system", answer["messages"][0]["message"])
        self.assertEqual(self._rows(self.statement), before)

    def test_merge_of_an_affiliate_entered_twice(self):
        """Both have the month's steps; one set of them remains."""
        twin = self.env["res.partner"].create(
            {
                "name": "Northern Works (old)",
                "is_company": True,
                "rd_partner_class": "affiliate",
            }
        )
        close = self.statement.close_id
        close._add_steps()
        before = len(close.step_ids.filtered(lambda s: s.partner_id == twin))
        self.assertTrue(before)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.affiliate | twin).ids, self.affiliate, extra_checks=False)
        self.assertFalse(twin.exists())
        self.assertEqual(len(close.step_ids), before)
        self.assertEqual(close.step_ids.partner_id, self.affiliate)

    def test_merge_never_moves_statements_to_another_partner(self):
        self._bring_to("agreed")
        other = self.env["res.partner"].create({"name": "Northern Works (old)"})
        before = self._rows(self.statement), self._rows(self.statement.line_ids)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaisesRegex(Exception, "has statements"), self.cr.savepoint():
            wizard._merge((self.affiliate | other).ids, other, extra_checks=False)
        wizard._merge((self.affiliate | other).ids, self.affiliate, extra_checks=False)
        self.assertFalse(other.exists())
        after = self._rows(self.statement), self._rows(self.statement.line_ids)
        self.assertEqual(after, before)
        self.assertEqual(
            self.statement.content_hash, self.statement._get_content_hash()
        )


@tagged("post_install", "-at_install")
class TestDifferenceGuards(GuardCase):
    """Matches, differences and ledgers are evidence, not notes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ledger = cls._read_ledger(cls.statement, LEDGER)
        cls.statement.action_match()
        cls.difference = cls.statement.difference_ids

    def test_open_and_settled(self):
        names = self.difference._get_guarded_fields()
        self._assert_guarded(self.difference, names, self.desk)
        match = self.difference.match_id
        self._assert_guarded(match, match._get_guarded_fields(), self.desk)
        row = self.ledger.line_ids[0]
        self._assert_guarded(row, row._get_guarded_fields(), self.desk)
        names = self.ledger._get_guarded_fields() | {"file", "statement_id"}
        self._assert_guarded(self.ledger, names, self.desk)
        self.difference.with_user(self.clerk).action_settle()
        names = self.difference._get_guarded_fields()
        self._assert_guarded(self.difference, names, self.desk)

    def test_none_is_deleted(self):
        for records in (
            self.difference,
            self.difference.match_id,
            self.ledger.line_ids[0],
        ):
            self._assert_refused(
                records,
                self._rpc,
                self.clerk,
                records._name,
                "unlink",
                records.ids,
            )
        for name, record in (
            ("difference_ids", self.difference),
            ("match_ids", self.difference.match_id),
        ):
            self._assert_refused(
                record,
                self._rpc,
                self.clerk,
                "rd.statement",
                "write",
                self.statement.ids,
                {name: [Command.delete(record.id)]},
            )
        self.difference.with_user(self.clerk).action_settle()
        self.statement.with_user(self.clerk).action_agree()
        self._assert_refused(
            self.ledger,
            self._rpc,
            self.clerk,
            "rd.ledger",
            "unlink",
            self.ledger.ids,
        )

    def test_own_approval_is_refused(self):
        """Four eyes: who asks for a write-off above the limit cannot approve it."""
        self.company.rd_write_off_limit = 1.0
        item = self.difference.with_user(self.supervisor)
        item.action_write_off()
        self.assertEqual(item.state, "open")
        self._assert_refused(
            self.difference,
            self._rpc,
            self.supervisor,
            "rd.difference",
            "action_approve",
            item.ids,
        )
        self._assert_refused(
            self.difference,
            self._rpc,
            self.clerk,
            "rd.difference",
            "action_approve",
            item.ids,
        )
        second = new_test_user(
            self.env,
            login="rd_second",
            groups="rd_sales_admin.rd_sales_admin_group_supervisor",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        item.with_user(second).action_approve()
        self.assertEqual(item.state, "written_off")

    def test_approved_opening_list_stays(self):
        opening = self.env["rd.opening"].search([("company_id", "=", self.company.id)])
        names = opening._get_guarded_fields()
        self._assert_guarded(opening, names, self.desk)


@tagged("post_install", "-at_install")
class TestInvoiceGuards(GuardCase):
    """What is posted is what was agreed, or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_tax = cls.env["account.tax"].create(
            {
                "name": "6% sale",
                "amount": 6.0,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
            }
        )

    def setUp(self):
        super().setUp()
        self._bring_to("invoiced")
        self.invoice = self.statement.invoice_ids
        self.line = self.invoice.invoice_line_ids[0]

    def _assert_not_posted(self, pattern):
        for user in (self.clerk, self.finance):
            text = self._assert_refused(
                self.invoice,
                self._rpc,
                user,
                "account.move",
                "action_post",
                self.invoice.ids,
            )
            self.assertRegex(text, pattern)
        self.assertEqual(self.invoice.state, "draft")

    def _edit(self, command):
        self._rpc(
            self.finance,
            "account.move",
            "web_save",
            self.invoice.ids,
            {"invoice_line_ids": [command]},
            specification={},
        )

    def test_quantity(self):
        self._edit(Command.update(self.line.id, {"quantity": 1}))
        self._assert_not_posted("quantity is not what was agreed")

    def test_price(self):
        self._edit(Command.update(self.line.id, {"price_unit": 9.99}))
        self._assert_not_posted("price is not what was agreed")

    def test_discount(self):
        self._edit(Command.update(self.line.id, {"discount": 1}))
        self._assert_not_posted("discount is not what was agreed")

    def test_tax(self):
        taxes = [Command.set(self.other_tax.ids)]
        self._edit(Command.update(self.line.id, {"tax_ids": taxes}))
        self._assert_not_posted("tax is not what was agreed")

    def test_added_line(self):
        values = {"name": "Freight", "quantity": 1, "price_unit": 5}
        self._edit(Command.create(values))
        self._assert_not_posted("Freight.*is not on")

    def test_removed_line(self):
        self._edit(Command.delete(self.line.id))
        self._assert_not_posted("was agreed on .* but is not on the invoice")

    def test_sign_turned(self):
        """A credit note instead of the invoice takes the money the other way."""
        self.invoice.with_user(self.finance).action_switch_move_type()
        self._assert_not_posted("quantity is not what was agreed")

    def test_partner_and_currency(self):
        other = self.env["res.partner"].create({"name": "Somebody else"})
        self._rpc(
            self.finance,
            "account.move",
            "write",
            self.invoice.ids,
            {"partner_id": other.id},
        )
        self._assert_not_posted("was agreed with Northern Works")

    def test_tax_total_by_hand(self):
        """Odoo lets the tax total of a draft be typed over."""
        tax = self.invoice.line_ids.filtered("tax_line_id")
        amount = tax.amount_currency
        self._rpc(
            self.finance,
            "account.move",
            "write",
            self.invoice.ids,
            {"line_ids": [Command.update(tax.id, {"amount_currency": amount - 5})]},
        )
        self._assert_not_posted("was agreed at")

    def test_links_are_not_forged(self):
        values = {"move_type": "out_invoice", "partner_id": self.affiliate.id}
        line = self.statement.line_ids[0]
        own = {"rd_statement_id": self.statement.id, "rd_statement_group": 5}
        item = {"name": "x", "price_unit": 1, "rd_statement_line_id": line.id}
        for user in (self.finance, self.clerk):
            for name, value in own.items():
                self._assert_refused(
                    self.invoice,
                    self._rpc,
                    user,
                    "account.move",
                    "create",
                    [{**values, name: value}],
                )
                self._assert_refused(
                    self.invoice,
                    self._rpc,
                    user,
                    "account.move",
                    "create",
                    [values],
                    context={f"default_{name}": value},
                )
                self._assert_refused(
                    self.invoice,
                    self._rpc,
                    user,
                    "account.move",
                    "write",
                    self.invoice.ids,
                    {name: 0 if name.endswith("id") else 9},
                )
            self._assert_refused(
                self.invoice,
                self._rpc,
                user,
                "account.move",
                "create",
                [{**values, "invoice_line_ids": [Command.create(item)]}],
            )
            (number,) = self._rpc(
                user,
                "account.move",
                "create",
                [{**values, "invoice_line_ids": [Command.create({"name": "x"})]}],
                context={"default_rd_statement_line_id": line.id},
            )
            made = self.env["account.move"].browse(number)
            self.assertFalse(made.line_ids.rd_statement_line_id)
            self._assert_refused(
                self.line,
                self._rpc,
                user,
                "account.move.line",
                "write",
                self.line.ids,
                {"rd_statement_line_id": False},
            )
            for context in ({"rd_guard": True}, {"rd_guard": {}}):
                self._assert_refused(
                    self.invoice,
                    self._rpc,
                    user,
                    "account.move",
                    "write",
                    self.invoice.ids,
                    {"rd_statement_group": 9},
                    context=context,
                )

    def test_what_is_no_statements_stays_free(self):
        """No link is not forged by taking none away; bills are posted as ever."""
        (number,) = self._rpc(
            self.finance,
            "account.move",
            "create",
            [
                {
                    "move_type": "in_invoice",
                    "partner_id": self.affiliate.id,
                    "invoice_date": "2026-10-02",
                    "invoice_line_ids": [
                        Command.create({"name": "Freight", "price_unit": 5})
                    ],
                }
            ],
        )
        bill = self.env["account.move"].browse(number)
        lines = bill.invoice_line_ids
        values = {"rd_statement_line_id": False}
        self._rpc(self.finance, "account.move.line", "write", lines.ids, values)
        self.assertFalse(lines.rd_statement_line_id)
        bill.write({"state": "posted"})
        self.assertEqual(bill.state, "posted")

    def test_copy_carries_no_link(self):
        (number,) = self._rpc(self.finance, "account.move", "copy", self.invoice.ids)
        copied = self.env["account.move"].browse(number)
        self.assertFalse(copied.rd_statement_id)
        self.assertFalse(copied.invoice_line_ids.rd_statement_line_id)


@tagged("post_install", "-at_install")
class TestIsolation(GuardCase):
    """A user of one company sees no row of another."""

    def test_other_company_sees_nothing(self):
        self._read_ledger(self.statement, LEDGER)
        self.statement.action_match()
        order = self._create_order([(self.p100, 5, 10.0)])
        self._deliver(order, {self.p100: 5}, "DN-0", date(2026, 8, 20))
        self.env["rd.opening"].sudo().search([])._as_internal().unlink()
        self.env["rd.opening"]._ensure(self.company)
        other = self._create_other_clerk()
        for model in (
            "rd.statement",
            "rd.statement.line",
            "rd.match",
            "rd.difference",
            "rd.ledger",
            "rd.ledger.line",
            "rd.opening",
            "rd.opening.line",
        ):
            with self.subTest(model=model):
                self.assertTrue(self.env[model].sudo().search_count([]))
                self._assert_isolated(model, other)
