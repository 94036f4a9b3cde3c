# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .contract import USUAL, ContractCase


@tagged("post_install", "-at_install")
class TestHandoverStage(ContractCase):
    """A contract's stages wait for the handover of what it is about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project_part = cls._create_part(
            "PRJ-9",
            1000.0,
            type="service",
            is_storable=False,
            service_policy="delivered_milestones",
            service_tracking="project_only",
        )

    def _make_handover(self, order, share):
        handover = self.env["rd.handover"].create(
            {
                "company_id": self.company.id,
                "order_id": order.id,
                "share": share,
                "line_ids": [Command.create({"name": "Drawing"})],
            }
        )
        handover.action_start()
        handover.line_ids.action_receive()
        handover.action_send()
        return handover

    def _accept(self, handover):
        source = handover._prepare_source(
            "paper", "Ms Lin", handover.revision, handover.content_hash
        )
        handover._take_acceptance(source)

    def test_stage_is_reached_by_the_last_handover(self):
        contract = self._sign(self._create_contract(USUAL))
        order = self._order_under(contract, [(self.project_part, 1, 1000.0)])
        line = order.order_line
        self.assertEqual(line.rd_settlement_way, "stages")
        first = self._make_handover(order, 40)
        second = self._make_handover(order, 60)
        acceptance = contract.stage_ids.filtered(lambda one: one.name == "Acceptance")
        self._accept(first)
        self.assertFalse(acceptance.due_reached, "a part is not the whole")
        self._accept(second)
        self.assertTrue(acceptance.due_reached)
        self.assertTrue(acceptance.invoice_reached)
        self.assertFalse(
            line.qty_to_invoice, "the stages invoice it, not the handover as well"
        )

    def test_what_a_handover_brings_is_not_noted_by_hand(self):
        contract = self._sign(self._create_contract(USUAL))
        order = self._order_under(contract, [(self.project_part, 1, 1000.0)])
        handover = self._make_handover(order, 100)
        acceptance = contract.stage_ids.filtered(lambda one: one.name == "Acceptance")
        waits = f"{handover.name} waits for it; only a supervisor"
        with self.assertRaisesRegex(UserError, waits):
            acceptance.with_user(self.clerk).action_record_reached()
        self.assertFalse(acceptance.due_reached)

    def test_order_is_signed_with_its_contract(self):
        contract = self._create_contract(USUAL)
        order = self._order_under(contract, [(self.project_part, 1, 1000.0)])
        self.assertFalse(order._rd_is_signed())
        self.assertEqual(order.rd_order_stage, "contract")
        self._sign(contract)
        self.assertTrue(order._rd_is_signed())
        self.assertNotEqual(order.rd_order_stage, "contract")
