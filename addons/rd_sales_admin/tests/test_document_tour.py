# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .test_document_retention import DocumentCommon


class DocumentTour(DocumentCommon, HttpCase):
    """People of the desk with the roles they have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._create_user("auditor")
        for user in (cls.clerk, cls.supervisor, cls.auditor):
            user.password = user.login
        cls.order = cls._create_order([(cls.parts[0], 5, 10.0)])
        cls.paper = cls._file_paper(
            "contract", "Supply contract gearbox", partner_id=cls.affiliate.id
        )


@tagged("post_install", "-at_install")
class TestDocumentPhone(DocumentTour):
    """On a phone: file with one tap, find by one box, check a box."""

    browser_size = "390x844"
    touch_enabled = True

    def test_a_paper_is_filed_with_two_taps(self):
        self.env["rd.document.requirement"].search([]).active = False
        needed = self.env.ref("rd_sales_admin.rd_document_requirement_order_customer")
        needed.active = True
        self.env["rd.document.due"]._refresh(self.company)
        self.start_tour(
            "/odoo/missing-papers", "rd_document_phone_tour", login=self.clerk.login
        )
        due = self.env["rd.document.due"].search([("res_id", "=", self.order.id)])
        self.assertEqual(due.state, "filed")
        self.assertEqual(due.document_id.attachment_ids.name, "order.pdf")

    def test_a_paper_is_found(self):
        self.start_tour(
            "/odoo/papers", "rd_document_find_tour", login=self.auditor.login
        )

    def test_a_box_is_checked(self):
        check = self.env["rd.document.check"]._open_sessions(self.company)
        self.start_tour(
            f"/odoo/filing-checks/{check.id}",
            "rd_document_check_tour",
            login=self.clerk.login,
        )
        self.assertEqual(check.line_ids.result, "missing")


@tagged("post_install", "-at_install")
class TestDocumentDesk(DocumentTour):
    """At the desk: print the index; a procedure from draft to acknowledged."""

    browser_size = "1440x900"

    def test_the_index_is_printed(self):
        self.start_tour(
            "/odoo/master-index", "rd_document_index_tour", login=self.auditor.login
        )

    def test_a_procedure_comes_into_force_and_is_read(self):
        paper = self._file_paper("procedure", "How a month is closed")
        first = paper.version_ids
        first.with_user(self.supervisor).action_review()
        first.with_user(self.supervisor).action_approve()
        first.with_user(self.clerk).action_put_in_force()
        paper.with_user(self.clerk).reader_ids = self.auditor
        page = f"/odoo/procedures/{paper.id}"
        self.start_tour(page, "rd_document_write_tour", login=self.clerk.login)
        second = paper.version_ids - first
        self.assertEqual(second.author_id, self.clerk)
        self.start_tour(
            f"/odoo/rd.document.version/{second.id}",
            "rd_document_approve_tour",
            login=self.supervisor.login,
        )
        self.assertEqual(paper.version_id, second)
        self.start_tour(page, "rd_document_read_tour", login=self.auditor.login)
        self.assertEqual(paper.read_text, "1/1")
