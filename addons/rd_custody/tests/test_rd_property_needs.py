# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import CustodyCommon

NOW = "2025-01-12 04:00:00"


@tagged("post_install", "-at_install")
class TestRdPropertyNeeds(CustodyCommon):
    """The radar of missing papers looks at customers' property too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.rd_start_date = "2025-01-01"
        cls.env["rd.document.requirement"].search([]).active = False
        cls.need = cls.env.ref("rd_custody.rd_document_requirement_property")
        cls.need.active = True
        cls.clerk = cls.users["clerk"]

    def _refresh(self):
        dues = self.env["rd.document.due"]
        dues._refresh(self.company)
        return dues.search([("company_id", "=", self.company.id)])

    def _papers(self, card):
        self.env.invalidate_all()
        return card.with_user(self.clerk).rd_papers

    def _file(self, due):
        data = base64.b64encode(b"%PDF-1.4 list of the property").decode()
        due.with_user(self.clerk).action_file([{"name": "list.pdf", "data": data}])

    @freeze_time(NOW)
    def test_a_card_needs_the_list_it_came_with(self):
        registered = self._create_card(description="Not here yet")
        self.assertFalse(self._refresh())
        card = self._create_held(custodian_id=self.users["warehouse"].id)
        due = self._refresh()
        self.assertRecordValues(
            due,
            [
                {
                    "state": "missing",
                    "res_id": card.id,
                    "date_due": date(2025, 1, 17),
                    "partner_id": self.owner.id,
                    "user_id": self.users["warehouse"].id,
                }
            ],
        )
        self.assertEqual(self._papers(card), "0/1")
        self.assertEqual(self._papers(registered), "n/a")
        with freeze_time("2025-01-18 04:00:00"):
            due.invalidate_recordset(["late"])
            self.assertTrue(due.late)
            self.env["rd.document.due"]._remind(self.company)
        self.assertEqual(due.activity_ids.user_id, self.users["warehouse"])
        self._file(due)
        self.assertEqual((due.state, due.document_id.kind), ("filed", "property"))
        self.assertFalse(due.activity_ids)
        self.assertEqual(self._papers(card), "1/1")

    @freeze_time(NOW)
    def test_what_went_back_and_what_is_our_own_need_nothing(self):
        card = self._create_held()
        own = self._create_held(partner_id=self.company.partner_id.id, kind="sample")
        self.assertEqual(self._refresh().mapped("res_id"), card.ids)
        self._register(card, "return", "2025-01-11", quantity=10)
        self.assertFalse(self._refresh())
        self.assertEqual(self._papers(own), "n/a")
