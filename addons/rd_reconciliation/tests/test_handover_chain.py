# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import importlib.util
from pathlib import Path

from odoo import Command
from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tests.handover_common import HandoverCommon

from .common import ReconciliationCommon

INVARIANTS = Path(__file__).resolve().parents[3] / "tests" / "invariants.py"


@tagged("post_install", "-at_install")
class TestHandoverChain(HandoverCommon, ReconciliationCommon):
    """An accepted handover goes onto the affiliate's statement, once, and is invoiced
    from there."""

    def setUp(self):
        super().setUp()
        self.month = self.company._rd_today().replace(day=1)
        self.close = self._open_close(self.month)
        self.env["rd.opening"]._ensure(self.company)

    def _break(self):
        """Return what the invariants find."""
        if not INVARIANTS.exists():
            self.skipTest("needs the project")
        spec = importlib.util.spec_from_file_location("invariants", INVARIANTS)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.env.flush_all()
        return module.check(self.env.cr)

    def test_statement_invoices_what_was_accepted(self):
        handover = self._make_handover()
        self.assertFalse(self._build(self.close))
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover)
        statement = self._build(self.close)
        self.assertRecordValues(
            statement.line_ids,
            [
                {
                    "source_kind": 6,
                    "source_id": handover.id,
                    "quantity": 1.0,
                    "price_unit": 5000.0,
                    "settlement_class": "project",
                    "note": handover.name,
                }
            ],
        )
        self.assertFalse(self._break())
        self.affiliate.rd_settlement_mode = "statement_sent"
        statement.action_send()
        statement.action_agree()
        statement.action_invoice()
        self.assertRecordValues(
            statement.invoice_ids,
            [{"amount_untaxed": 5000.0, "amount_total": 5650.0}],
        )
        self.assertEqual(self.service_line.qty_invoiced, 1.0)
        self.assertEqual(self.service_line.qty_to_invoice, 0.0)
        statement.action_post()
        self.assertFalse(self._break())
        self.assertFalse(self._build(self.close) - statement)

    def test_part_reached_by_hand_is_told_beside_what_a_statement_bills(self):
        """Fails when the invoice of the part handed over is taken for it."""
        customer = self.env["res.partner"].create({"name": "Somebody"})
        order, line = self._service_order(customer)
        milestones = self.env["project.milestone"].sudo()
        first = milestones.search([("sale_line_id", "=", line.id)])
        first.product_uom_qty = 0.4
        first.toggle_is_reached(True)
        customer.write(
            {
                "rd_partner_class": "affiliate",
                "rd_settlement_mode": "statement_sent",
            }
        )
        find = self.env["sale.order.line"]._rd_find_unbilled_by_hand
        self.assertEqual(find(self.company), {line: 0.4})
        handover = self._make_handover(order)
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover)
        statement = self.env["rd.statement"]._build(self.close, customer)
        self.assertEqual(statement.line_ids.mapped("quantity"), [0.6])
        self.assertEqual(find(self.company), {line: 0.4})
        statement.action_send()
        statement.action_agree()
        statement.action_invoice()
        self.assertEqual(line.qty_invoiced, 0.6)
        self.assertEqual(find(self.company), {line: 0.4})

    def test_revoked_while_nobody_has_seen_it(self):
        handover = self._accepted()
        statement = self._build(self.close)
        self.assertEqual(statement.line_ids.source_id, handover.id)
        statement.action_send()
        with self._refused("has seen; cancel that statement"):
            handover.with_user(self.supervisor).action_revoke("wrong list")
        statement.action_cancel()
        statement = self._build(self.close)
        handover.with_user(self.supervisor).action_revoke("wrong list")
        self.assertFalse(statement.line_ids.filtered("live"))
        self.assertEqual(statement.amount_total, 0.0)
        self.assertFalse(self._break())
        self._accept(handover)
        statement = self._build(self.close)
        self.assertEqual(sum(statement.line_ids.mapped("quantity")), 1.0)
        self.assertFalse(self._break())

    def test_accepted_before_the_desk_began(self):
        """It enters by the opening list, once, like goods delivered before."""
        handover = self._accepted()
        handover.sudo()._as_internal().write({"confirmed_date": "2025-12-20 04:00:00"})
        self.env["rd.opening"].sudo().search([])._as_internal().unlink()
        opening = self.env["rd.opening"]._ensure(self.company)
        self.assertRecordValues(
            opening.line_ids,
            [{"sale_line_id": self.service_line.id, "quantity": 1.0}],
        )
        opening.with_user(self.supervisor).action_approve()
        with self._refused("opening list"):
            handover.with_user(self.supervisor).action_revoke("wrong")
        statement = self._build(self.close)
        self.assertEqual(statement.line_ids.mapped("quantity"), [1.0])
        self.assertFalse(self._break())

    def test_changed_after_the_statement_was_sent(self):
        """What changes behind a stated handover is noted as a late fact."""
        self._accepted()
        statement = self._build(self.close)
        statement.action_send()
        self.env["rd.drift"]._detect(self.company)
        self.assertFalse(self.env["rd.drift"].search([]))
        self.service_line.write({"price_unit": 4500.0, "discount": 10.0})
        self.env["rd.drift"]._detect(self.company)
        self.env["rd.drift"]._detect(self.company)
        drifts = self.env["rd.drift"].search([], order="kind")
        self.assertEqual(drifts.mapped("kind"), ["discount", "price"])
        self.assertEqual(drifts[1].new_value, "4500")
        self.service_line.write({"price_unit": 5000.0, "discount": 0.0})
        self.env["rd.drift"]._detect(self.company)
        self.assertEqual(set(drifts.mapped("state")), {"gone"})
        self.assertEqual(statement.line_ids.price_unit, 5000.0)

    def test_a_draft_follows_a_changed_price(self):
        self._accepted()
        statement = self._build(self.close)
        self.service_line.price_unit = 4500.0
        self._build(self.close)
        self.assertEqual(statement.line_ids.price_unit, 4500.0)

    def test_shares_enter_one_by_one(self):
        first = self._make_handover(share=60.0)
        second = self._make_handover()
        for handover in (first, second):
            self._receive_all(handover)
            handover.action_send()
        self._accept(first)
        statement = self._build(self.close)
        self.assertEqual(statement.line_ids.mapped("quantity"), [0.6])
        self._accept(second)
        self._build(self.close)
        self.assertEqual(sorted(statement.line_ids.mapped("quantity")), [0.4, 0.6])
        self.assertAlmostEqual(statement.amount_untaxed, 5000.0)
        self.assertFalse(self._break())

    def test_invoiced_elsewhere_is_not_stated(self):
        """An invoice that exists all the same lowers what may be stated."""
        self._accepted()
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.affiliate.id,
                "invoice_line_ids": [
                    Command.create(self.service_line._prepare_invoice_line(quantity=1))
                ],
            }
        )
        self.assertFalse(self._build(self.close).line_ids)
        self.assertFalse(self._break())

    def test_planted_faults_are_found(self):
        """The invariants name a milestone reached by SQL, and a lost acceptance."""
        self._accepted()
        statement = self._build(self.close)
        self.assertFalse(self._break())
        self.unexplained = True
        for fault in (
            "UPDATE rd_handover SET state = 'sent'",
            "UPDATE rd_handover SET confirmed_by = NULL",
            "UPDATE rd_handover SET share = 40",
            "UPDATE rd_handover_line SET verdict = 'waiting'",
            "UPDATE project_milestone SET quantity_percentage = 0.5 WHERE is_reached",
        ):
            with self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(fault)
                self.env.invalidate_all()
                found = self._break()
                savepoint.rollback()
            self.assertTrue(found, fault)
        self.assertTrue(statement)

    def test_reached_by_hand_before_the_customer_came(self):
        """The invariants ask for no handover behind what was reached outside the
        desk; with what is handed over later it comes to the whole."""
        partner = self.env["res.partner"].create({"name": "Somebody"})
        order, line = self._service_order(partner)
        milestone = self.env["project.milestone"].search(
            [("sale_line_id", "=", line.id)]
        )
        milestone.with_user(self._project_manager()).write(
            {"quantity_percentage": 0.4, "is_reached": True}
        )
        order._create_invoices()
        partner.rd_partner_class = "affiliate"
        self.assertFalse(self._break())
        handover = self._make_handover(order)
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover)
        self.assertEqual((line.qty_delivered, handover.share), (1.0, 60.0))
        self.assertFalse(self._break())
        statement = self._build(self.close, partner)
        self.assertEqual(statement.line_ids.mapped("quantity"), [0.6])
        self.assertFalse(self._break())
        self.unexplained = True
        for fault in (
            "UPDATE project_milestone SET rd_by_hand = FALSE",
            "UPDATE project_milestone SET quantity_percentage = 0.6 WHERE rd_by_hand",
        ):
            with self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(fault)
                self.env.invalidate_all()
                found = self._break()
                savepoint.rollback()
            self.assertTrue(found, fault)

    def test_query_counts(self):
        """Collecting handovers costs as many queries for 300 as for 10."""
        counts = []
        for number in (10, 300):
            handovers = self._bulk(number)
            handovers.sudo()._as_internal().write(
                {
                    "state": "accepted",
                    "accepted_qty": 1.0,
                    "confirmed_date": "2026-11-02 04:00:00",
                    "confirmed_by": "x",
                }
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            portions = self.env["rd.handover"]._rd_get_portions(
                self.company, self.affiliate, self.company._rd_today()
            )
            counts.append(self.env.cr.sql_log_count - before)
            self.assertGreaterEqual(len(portions), number)
        self.assertLessEqual(counts[1], counts[0] + 3)
