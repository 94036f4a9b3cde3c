# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from random import Random

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.rd_sales_admin.models.rd_settlement_source import (
    KIND_DELIVERY,
    KIND_HANDOVER,
    KIND_STAGE,
)

from .invoicing import InvoicingCase

WAYS = ("deliveries", "handover", "stages", "none")
BY_KIND = {
    KIND_DELIVERY: "deliveries",
    KIND_HANDOVER: "handover",
    KIND_STAGE: "stages",
}
# What bills an order line and counts: portions of statements, and invoices beside them.
STATED = """
    SELECT line.sale_line_id, line.source_kind, line.quantity * line.price_unit
      FROM rd_statement_line line
      JOIN rd_statement statement ON statement.id = line.statement_id
     WHERE line.live AND line.sale_line_id = ANY(%s)
"""
BESIDE = """
    SELECT link.order_line_id, item.rd_stage_line_id IS NOT NULL,
           item.price_subtotal
      FROM sale_order_line_invoice_rel link
      JOIN account_move_line item ON item.id = link.invoice_line_id
      JOIN account_move move ON move.id = item.move_id
     WHERE link.order_line_id = ANY(%s) AND move.rd_statement_id IS NULL
       AND move.state <> 'cancel' AND move.move_type = 'out_invoice'
"""


@tagged("post_install", "-at_install")
class TestOneWay(InvoicingCase):
    """Whatever is tried in whatever order: a line is billed by one way, and once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls._create_part(
            "PRJ-1",
            900.0,
            type="service",
            is_storable=False,
            service_policy="delivered_milestones",
            service_tracking="project_only",
        )
        cls.staged = cls._create_part("EQ-1", 0.0, type="service")
        # a contract that is signed today is reached from today on
        cls.day = cls.company._rd_today()
        cls.close = cls._open_close(cls.day.replace(day=1))
        cls.contract = cls._make_contract()
        cls.order = cls._create_order([(cls.p100, 10, 10.0), (cls.service, 1, 900.0)])
        cls.under = cls._create_order(
            [(cls.staged, 1, 1000.0)], rd_contract_id=cls.contract.id
        )
        cls.contract.action_send()
        cls.contract.action_sign_scan()
        cls.goods, cls.project = cls.order.order_line
        cls.equipment = cls.under.order_line
        cls.lines = cls.goods | cls.project | cls.equipment
        cls.handover = cls._make_handover()

    @classmethod
    def _make_contract(cls):
        return cls.env["rd.contract"].create(
            {
                "subject": "Welding line",
                "partner_id": cls.affiliate.id,
                "scan": "c2Nhbg==",
                "stage_ids": [
                    Command.create(
                        {
                            "sequence": number,
                            "name": trigger,
                            "due_percent": share,
                            "due_trigger": trigger,
                            "invoice_percent": share,
                            "invoice_trigger": trigger,
                        }
                    )
                    for number, (trigger, share) in enumerate(
                        (("dispatch", 40), ("handover", 60))
                    )
                ],
            }
        )

    @classmethod
    def _make_handover(cls):
        handover = cls.env["rd.handover"].create(
            {
                "company_id": cls.company.id,
                "order_id": cls.order.id,
                "sale_line_id": cls.project.id,
                "line_ids": [
                    Command.create({"name": "Keys", "handover_class": "accessory"})
                ],
            }
        )
        handover.action_start()
        handover.line_ids.action_receive()
        handover.action_send()
        return handover

    # ------------------------------------------------------------------
    # What may happen
    # ------------------------------------------------------------------
    def _get_acts(self, dice):
        line = dice.choice(self.lines)
        trigger = dice.choice(("dispatch", "handover"))
        order = dice.choice((self.order, self.under))
        return (
            lambda: self._deliver(
                self.order, {self.p100: dice.randint(1, 4)}, "DN", self.day
            ),
            lambda: self._accept_handover(),
            lambda: self.handover.with_user(self.supervisor).action_revoke("wrong"),
            lambda: self.env["rd.contract.stage"]._trigger(
                trigger, self.equipment, self.day
            ),
            lambda: self._build(self.close),
            lambda: self._build(self.close),
            lambda: self._agree_what_is_there(),
            lambda: self._invoice(self._get_statement()),
            lambda: self._get_statement().invoice_ids.action_post(),
            lambda: self._get_statement().invoice_ids[:1].button_cancel(),
            lambda: order._create_invoices(),
            lambda: self._run_parted("rd.contract"),
            lambda: self.equipment.rd_stage_line_ids[:1].action_invoice(),
            lambda: line.write({"rd_settlement_way": dice.choice(WAYS)}),
            lambda: self.order.write({"rd_contract_id": self.contract.id}),
            lambda: self.under.write({"rd_contract_id": False}),
            lambda: self._switch_mode(dice),
        )

    def _accept_handover(self):
        shown = self.handover._get_shown_revision()
        source = self.handover._prepare_source("portal", "Ms Lin", *shown)
        self.handover._take_acceptance(source)

    def _get_statement(self):
        return self.env["rd.statement"].search(
            [("company_id", "=", self.company.id), ("state", "!=", "cancelled")],
            limit=1,
        )

    def _switch_mode(self, dice):
        mode = dice.choice(("order", "statement_confirm", "statement_confirm"))
        self.affiliate.rd_settlement_mode = mode

    # ------------------------------------------------------------------
    # What has to hold
    # ------------------------------------------------------------------
    def _read_billed(self):
        """Return ``{order line: {way: amount}}`` of what bills it, by raw SQL."""
        self.env.flush_all()
        billed = defaultdict(lambda: defaultdict(float))
        self.env.cr.execute(STATED, [self.lines.ids])
        for line, kind, amount in self.env.cr.fetchall():
            billed[line][BY_KIND[kind]] += float(amount)
        self.env.cr.execute(BESIDE, [self.lines.ids])
        ways = {line.id: line.rd_settlement_way for line in self.lines}
        for line, by_stage, amount in self.env.cr.fetchall():
            own = ways[line] if ways[line] in ("deliveries", "handover") else "order"
            billed[line]["stages" if by_stage else own] += float(amount)
        return billed

    def _check_one_way(self):
        billed = self._read_billed()
        for line in self.lines:
            found = {way: amount for way, amount in billed[line.id].items() if amount}
            self.assertLessEqual(len(found), 1, (line.name, found))
            self.assertLessEqual(
                round(sum(found.values()), 2), line.price_subtotal, (line.name, found)
            )
        return {way for found in billed.values() for way in found}

    def _walk(self, seed):
        dice = Random(seed)
        done, seen = 0, set()
        for _step in range(25):
            act = dice.choice(self._get_acts(dice))
            try:
                with self.env.cr.savepoint():
                    act()
                    self.env.flush_all()
                done += 1
            except UserError:
                self.env.invalidate_all()
            seen |= self._check_one_way()
        return done, seen

    def test_random_operations(self):
        seen = set()
        for seed in range(8):
            with self.subTest(seed=seed):
                savepoint = self.env.cr.savepoint()
                done, ways = self._walk(seed)
                seen |= ways
                self.assertGreater(done, 3)
                savepoint.close(rollback=True)
                self.env.invalidate_all()
        self.assertGreaterEqual(seen, {"deliveries", "handover", "stages"})
