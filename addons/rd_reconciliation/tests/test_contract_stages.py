# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import InvariantsMixin
from .invoicing import InvoicingCase

DAY = date(2026, 9, 10)
PLAN = (
    ("Deposit", 30, "signature", 30, "signature"),
    ("Acceptance", 60, "handover", 70, "handover"),
    ("Retention", 10, "warranty_end", 0, "warranty_end"),
)


@tagged("post_install", "-at_install")
class TestContractStages(InvariantsMixin, InvoicingCase):
    """Stages of an affiliate are invoiced by its statement, and by nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls._create_part("EQ-1", 0.0, type="service")
        cls.contract = cls.env["rd.contract"].create(
            {
                "subject": "Welding line",
                "partner_id": cls.affiliate.id,
                "warranty_months": 12,
                "stage_ids": [
                    Command.create(
                        {
                            "sequence": number,
                            "name": name,
                            "due_percent": due,
                            "due_trigger": trigger,
                            "invoice_percent": invoiced,
                            "invoice_trigger": at,
                        }
                    )
                    for number, (name, due, trigger, invoiced, at) in enumerate(PLAN)
                ],
                "scan": "c2Nhbg==",
            }
        )
        cls.order = cls._create_order(
            [(cls.service, 1, 100000.01)], rd_contract_id=cls.contract.id
        )
        cls.line = cls.order.order_line
        cls.contract.action_send()
        cls.contract.action_sign_scan()
        cls.contract.stage_ids[0]._as_internal().write({"invoice_reached": DAY})

    def _reach(self, day=DAY):
        self.env["rd.contract.stage"]._trigger("handover", self.line, day)

    def test_stage_enters_the_statement(self):
        self.assertEqual(self.line.rd_settlement_way, "stages")
        self.assertFalse(self.line.invoice_lines)
        self._reach()
        self.assertFalse(self.line.invoice_lines)
        statement = self._build(self.close)
        lines = statement.line_ids
        self.assertEqual(set(lines.mapped("settlement_class")), {"project"})
        self.assertEqual(sorted(lines.mapped("price_unit")), [30000.0, 70000.01])
        self.assertIn(self.contract.name, lines[0].note)
        # built again, nothing comes twice
        self._build(self.close)
        self.assertEqual(len(statement.line_ids), 2)

    def test_invoiced_by_the_agreed_statement(self):
        self._reach()
        self._deliver(
            self._create_order([(self.p100, 5, 10.0)]), {self.p100: 5}, "D", DAY
        )
        statement = self._agree_what_is_there()
        moves = self._invoice(statement)
        self._assert_to_the_cent(statement)
        self.assertEqual((self.line.qty_invoiced, self.line.qty_to_invoice), (1.0, 0.0))
        stages = moves.invoice_line_ids.filtered("rd_stage_line_id")
        self.assertEqual(stages.sale_line_ids, self.line)
        moves.action_post()
        claims = moves.line_ids.filtered(
            lambda item: item.display_type == "payment_term"
        )
        self.assertAlmostEqual(
            sum(claims.mapped("balance")), sum(moves.mapped("amount_total")), places=2
        )
        retained = claims.filtered(lambda one: one.date_maturity == date(2027, 9, 10))
        self.assertAlmostEqual(retained.balance, 11300.0, places=2)
        with self.assertRaisesRegex(UserError, "monthly statement"):
            self.line.rd_stage_line_ids[0].with_user(self.clerk).action_invoice()

    def test_the_stage_of_goods_is_asked_for_under_their_tax_code(self):
        """Fails when the tax invoice for an instalment of a machine, which leaves no
        stock with it, names neither part nor tax classification code."""
        part = self._create_part("EQ-2", 0.0)
        part.product_tmpl_id.rd_tax_code = "1090511030000000000"
        order = self._create_order(
            [(part, 1, 50000.0)], rd_contract_id=self.contract.id
        )
        lines = self.line | order.order_line
        self.env["rd.contract.stage"]._trigger("handover", lines, DAY)
        request = self._request(self._agree_what_is_there())
        lines = request.line_ids.filtered(lambda line: line.product_id == part)
        self.assertEqual(sum(lines.mapped("amount_untaxed")), 50000.0)
        self.assertEqual(set(lines.mapped("tax_code")), {"1090511030000000000"})

    def test_no_other_way_beside_the_statement(self):
        self._reach()
        statement = self._build(self.close)
        with self.assertRaises(UserError):
            self.order._create_invoices()
        for way in ("deliveries", "handover", "none"):
            with self.assertRaisesRegex(UserError, "settled in part"):
                self.line.with_user(self.clerk).rd_settlement_way = way
        # a customer that leaves the statements is not invoiced for it once more
        self.affiliate.rd_settlement_mode = "order"
        self._run_parted("rd.contract")
        self.assertFalse(self.line.invoice_lines)
        self.assertEqual(len(statement.line_ids), 2)

    def test_invoiced_at_once_stays_off_later_statements(self):
        self.affiliate.rd_settlement_mode = "order"
        self._reach()
        self.assertEqual(self.line.invoice_lines.move_id.mapped("state"), ["draft"])
        self.affiliate.rd_settlement_mode = "statement_confirm"
        at_once = self.line.rd_stage_line_ids.filtered(lambda one: not one.by_statement)
        stated = self._build(self.close).line_ids
        self.assertNotIn(at_once.id, stated.mapped("source_id"))
        self.assertEqual(stated.price_unit, 30000.0)

    def test_a_statement_credited_whole_bills_its_stage_once_more(self):
        self._reach()
        statement = self._agree_what_is_there()
        move = self._invoice(statement)
        move.action_post()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id, "reason": "wrong"})
        )
        wizard.refund_moves()
        wizard.new_move_ids.action_post()
        shares = self.line.rd_stage_line_ids
        self.assertFalse(shares._get_items())
        self.assertEqual(self.line.qty_invoiced, 0.0)
        self.assertFalse(self.contract.stage_ids.filtered("invoice_gone"))
        with self.assertRaisesRegex(UserError, "nothing is to be invoiced again"):
            self.contract.stage_ids[0].with_user(self.clerk).action_invoice_again()
        anew = self._invoice(statement)
        anew.action_post()
        self.assertEqual(anew.amount_total, move.amount_total)
        self.assertEqual(len(shares._get_items()), 2)
        self.assertEqual((self.line.qty_invoiced, self.line.qty_to_invoice), (1.0, 0.0))

    def test_deviating_price_waits_on_the_statement(self):
        framework = self.env["rd.contract"].create(
            {
                "subject": "Parts",
                "kind": "framework",
                "partner_id": self.affiliate.id,
                "scan": "c2Nhbg==",
                "price_ids": [
                    Command.create(
                        {
                            "product_id": self.p100.id,
                            "price": 10.0,
                            "valid_from": date(2026, 1, 1),
                        }
                    )
                ],
            }
        )
        framework.action_send()
        framework.action_sign_scan()
        order = self._create_order([(self.p100, 5, 10.0)])
        order.order_line.price_unit = 12
        self._deliver(order, {self.p100: 5}, "DN-1", DAY)
        line = self._build(self.close).line_ids.filtered(
            lambda one: one.product_id == self.p100
        )
        self.assertEqual(line.verdict, "no_price")
        order.action_rd_take_prices()
        line._refresh_price()
        self.assertEqual(line.price_unit, 10.0)
        self.assertIn(framework.name, line.price_source)
