# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .guards import GuardMixin
from .handover_common import HandoverCommon

PLAN = (
    ("Deposit", 30, "signature", 0),
    ("Acceptance", 60, "handover", 100),
    ("Retention", 10, "warranty_end", 0),
)


@tagged("post_install", "-at_install")
class TestHandoverRevoke(GuardMixin, HandoverCommon):
    """An acceptance noted by mistake is taken back, while nothing is billed by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outsider = cls.env["res.partner"].create(
            {"name": "Harbour", "is_company": True, "rd_partner_class": "outside"}
        )

    def _under_contract(self, plan=PLAN):
        """Return an accepted handover of an order under a contract, and that."""
        contract = self.env["rd.contract"].create(
            {
                "subject": "Line",
                "partner_id": self.outsider.id,
                "warranty_months": 12,
                "scan": "c2Nhbg==",
                "stage_ids": [
                    Command.create(
                        {
                            "sequence": number,
                            "name": name,
                            "due_percent": due,
                            "due_trigger": trigger,
                            "invoice_percent": invoiced,
                            "invoice_trigger": other[0] if other else trigger,
                        }
                    )
                    for number, (name, due, trigger, invoiced, *other) in enumerate(
                        plan
                    )
                ],
            }
        )
        order, line = self._service_order(self.outsider, rd_contract_id=contract.id)
        contract.action_send()
        contract.action_sign_scan()
        self.assertEqual(line.rd_settlement_way, "stages")
        handover = self._make_handover(order)
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover)
        return handover, contract, line

    def test_by_a_supervisor_with_a_reason(self):
        handover = self._accepted()
        milestone = handover.milestone_id
        self.assertTrue(milestone.is_reached)
        with self.assertRaisesRegex(AccessError, "supervisor"):
            handover.with_user(self.clerk).action_revoke("wrong list")
        for reason in (None, " ", {"a": 1}):
            with self._refused("Say why"):
                handover.with_user(self.supervisor).action_revoke(reason)
        self.assertEqual(handover.state, "accepted")
        wizard = (
            self.env["rd.handover.revoke"]
            .with_user(self.supervisor)
            .create({"handover_id": handover.id, "reason": "wrong list"})
        )
        wizard.action_apply()
        self.assertRecordValues(
            handover,
            [{"state": "sent", "accepted_qty": 0.0, "confirmed_by": False}],
        )
        self.assertFalse(milestone.is_reached)
        self.assertEqual(self.service_line.qty_delivered, 0.0)
        self.assertEqual(set(handover.line_ids.mapped("verdict")), {"waiting"})
        last = handover.answer_ids[0]
        self.assertEqual((last.decision, last.reason), ("revoked", "wrong list"))
        with self._refused("is not accepted"):
            handover.with_user(self.supervisor).action_revoke("again")
        # and it can be accepted anew, once
        self._accept(handover)
        self.assertEqual(self.service_line.qty_delivered, 1.0)

    def test_no_way_round(self):
        handover = self._accepted()
        for method in ("action_send", "action_correct"):
            with self.assertRaises(UserError):
                self._rpc(self.supervisor, "rd.handover", method, handover.ids)
        with self.assertRaises(UserError):
            self._rpc(
                self.supervisor, "rd.handover", "write", handover.ids, {"state": "sent"}
            )
        self.assertEqual(handover.state, "accepted")

    def test_not_once_it_is_invoiced(self):
        order, line = self._service_order(self.outsider)
        handover = self._make_handover(order)
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover)
        move = order._create_invoices()
        with self._refused("is invoiced by"):
            handover.with_user(self.supervisor).action_revoke("wrong")
        self.assertTrue(handover.milestone_id.is_reached)
        move.button_cancel()
        handover.with_user(self.supervisor).action_revoke("wrong")
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (0.0, 0.0))

    def test_stages_wait_again(self):
        handover, contract, line = self._under_contract()
        stage = contract.stage_ids[1]
        move = line.invoice_lines.move_id
        self.assertTrue(stage.due_reached)
        self.assertTrue(contract.accepted_on)
        with self._refused("is on invoice"):
            handover.with_user(self.supervisor).action_revoke("wrong")
        move.button_cancel()
        handover.with_user(self.supervisor).action_revoke("wrong")
        self.assertRecordValues(
            stage, [{"due_reached": False, "invoice_reached": False}]
        )
        self.assertFalse(contract.accepted_on or contract.warranty_end)
        self.assertFalse(line.rd_stage_line_ids)
        self.assertEqual(line.qty_to_invoice, 0.0)
        self._accept(handover)
        items = line.invoice_lines.filtered(lambda one: one.parent_state != "cancel")
        self.assertEqual(items.price_subtotal, 5000.0)
        self.assertTrue(contract.warranty_end)

    def test_only_what_the_handover_brought_waits_again(self):
        plan = (
            ("Deposit", 40, "signature", 100, "handover"),
            ("Acceptance", 60, "handover", 0, "signature"),
        )
        handover, contract, line = self._under_contract(plan)
        deposit, acceptance = contract.stage_ids
        line.invoice_lines.move_id.button_cancel()
        handover.with_user(self.supervisor).action_revoke("wrong")
        signed = contract.date_signed
        self.assertRecordValues(
            deposit | acceptance,
            [
                {"due_reached": signed, "invoice_reached": False},
                {"due_reached": False, "invoice_reached": signed},
            ],
        )
        self.assertFalse(line.rd_stage_line_ids)

    def test_not_after_the_warranty_it_began(self):
        handover, contract, line = self._under_contract()
        line.invoice_lines.move_id.button_cancel()
        contract.stage_ids[2]._reach("warranty_end", date(2027, 12, 1))
        with self._refused("warranty"):
            handover.with_user(self.supervisor).action_revoke("wrong")

    def test_the_paper_of_an_answer_stays_and_is_filed(self):
        handover = self._make_handover()
        self._receive_all(handover)
        handover.action_send()
        paper = self.env["ir.attachment"].create(
            {
                "name": "stamped.pdf",
                "raw": b"%PDF- stamped",
                "res_model": "rd.handover",
                "res_id": handover.id,
            }
        )
        handover._take_acceptance(
            {**self._source(handover), "channel": "scan", "attachment_ids": paper.ids}
        )
        for act in (paper.unlink, lambda: paper.write({"raw": b"other"})):
            with self._refused("stays as it is"):
                act()
        filed = self.env["rd.document"].search(
            [("res_model", "=", "rd.handover"), ("res_id", "=", handover.id)]
        )
        self.assertEqual(filed.kind, "handover")
        self.assertEqual(filed.attachment_ids.name, "stamped.pdf")

    def test_a_paper_that_is_no_answer_may_go(self):
        handover = self._accepted()
        loose = self.env["ir.attachment"].create(
            {
                "name": "sketch.png",
                "raw": b"sketch",
                "res_model": "rd.handover",
                "res_id": handover.id,
            }
        )
        loose.unlink()
        self.assertFalse(loose.exists())

    def test_what_a_contract_and_a_handover_lack(self):
        handover, contract, _line = self._under_contract()
        self.env["rd.document.due"]._refresh(self.company)
        dues = self.env["rd.document.due"].search(
            [("res_model", "in", ("rd.contract", "rd.handover"))]
        )
        own = {
            due.res_model: due.state
            for due in dues
            if due.res_id in (handover.id, contract.id)
        }
        # the scan of the contract was filed as it was signed
        self.assertEqual(own["rd.handover"], "missing")
        self.assertEqual(own["rd.contract"], "filed")

    def test_project_sheet_shows_them(self):
        handover, contract, _line = self._under_contract()
        project = handover.project_id.with_user(self.clerk)
        self.assertEqual(project.rd_handover_ids.ids, handover.ids)
        self.assertEqual(project.rd_contract_stage_ids.ids, contract.stage_ids.ids)
