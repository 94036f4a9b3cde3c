# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .contract import ContractCase
from .handover_common import HandoverCommon
from .test_document_retention import DocumentCommon

DAY = "2026-09-10 02:00:00"


class NeedsCase(DocumentCommon):
    """One requirement of the desk at a time, as it is installed."""

    requirement = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        needs = cls.env["rd.document.requirement"]
        needs.search([]).active = False
        cls.need = cls.env.ref(f"rd_sales_admin.{cls.requirement}")
        cls.need.active = True

    def _refresh(self):
        dues = self.env["rd.document.due"]
        dues._refresh(self.company)
        return dues.search([("company_id", "=", self.company.id)])

    def _papers(self, record):
        self.env.invalidate_all()
        return record.with_user(self.clerk).rd_papers


@tagged("post_install", "-at_install")
class TestContractNeeds(NeedsCase, ContractCase):
    """A contract needs its signed paper from the day it is signed."""

    requirement = "rd_document_requirement_contract"

    @freeze_time(DAY)
    def test_the_signed_scan_is_the_paper(self):
        contract = self._create_contract(amount=100)
        self.assertFalse(self._refresh(), "a draft needs nothing")
        contract.with_user(self.clerk).action_send()
        self.assertFalse(self._refresh(), "nor what waits for a signature")
        self._sign(self._create_contract(amount=50))
        due = self._refresh()
        self.assertRecordValues(
            due,
            [
                {
                    "state": "filed",
                    "date_due": date(2026, 9, 17),
                    "partner_id": self.customer.id,
                    "user_id": self.clerk.id,
                    "res_model": "rd.contract",
                }
            ],
        )
        self.assertEqual(due.document_id.kind, "contract")
        signed = self.env["rd.contract"].browse(due.res_id)
        self.assertEqual(self._papers(signed), "1/1")
        self.assertEqual(self._papers(contract), "n/a")

    @freeze_time(DAY)
    def test_a_paper_of_another_kind_is_missing_until_it_is_filed(self):
        contract = self._sign(self._create_contract(amount=100))
        self.need.document_kind = "other"
        due = self._refresh()
        self.assertEqual((due.state, due.res_id), ("missing", contract.id))
        self.assertEqual(self._papers(contract), "0/1")
        with freeze_time("2026-09-18 02:00:00"):
            due.invalidate_recordset(["late"])
            self.assertTrue(due.late)
        due.with_user(self.clerk).action_file(self._files())
        self.assertEqual(self._papers(contract), "1/1")


@tagged("post_install", "-at_install")
class TestHandoverNeeds(NeedsCase, HandoverCommon):
    """A handover needs its certificate from the day it is accepted."""

    requirement = "rd_document_requirement_handover"

    @freeze_time(DAY)
    def test_accepted_without_a_paper_is_missing_one(self):
        handover = self._make_handover()
        self._receive_all(handover)
        handover.action_send()
        self.assertFalse(self._refresh(), "not before it is accepted")
        self._accept(handover)
        due = self._refresh()
        self.assertRecordValues(
            due,
            [
                {
                    "state": "missing",
                    "date_due": date(2026, 9, 17),
                    "partner_id": self.affiliate.id,
                    "res_id": handover.id,
                }
            ],
        )
        self.assertEqual(due.user_id, handover.user_id)
        self.assertIn(self.order.name, due.res_name)
        self.assertEqual(self._papers(handover), "0/1")
        due.with_user(self.clerk).action_file(self._files())
        self.assertEqual(due.state, "filed")
        self.assertEqual(due.document_id.kind, "handover")
        self.assertEqual(self._papers(handover), "1/1")

    @freeze_time(DAY)
    def test_the_stamped_scan_is_the_paper(self):
        handover = self._make_handover()
        self._receive_all(handover)
        handover.action_send()
        scan = (
            self.env["ir.attachment"]
            .with_user(self.clerk)
            .create({"name": "stamped.pdf", "raw": b"%PDF-1.4 stamped"})
        )
        form = self._accept_form(
            handover, channel="scan", attachment_ids=[(6, 0, scan.ids)]
        )
        form.action_accept()
        self.assertEqual(handover.state, "accepted")
        self.assertEqual(self._refresh().state, "filed")
        self.assertEqual(self._papers(handover), "1/1")
