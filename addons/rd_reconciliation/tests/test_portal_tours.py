# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalTours(PortalCommon, HttpCase):
    """An affiliate's people on the portal, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", cls.base_url())

    def _on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True

    def _check_answered(self):
        """Two lines disputed with a photo, a ledger read, the rest signed."""
        self.statement.invalidate_recordset()
        self.assertEqual(self.statement.state, "disputed")
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "difference", "confirmed"]
        )
        codes = {
            item.line_ids.part: item.code for item in self.statement.difference_ids
        }
        self.assertEqual(codes, {"P-100": "quantity_short", "P-200": "price"})
        answers = self.statement.answer_ids.sorted("id")
        self.assertEqual(
            answers.mapped("decision"), ["disputed", "disputed", "ledger", "all"]
        )
        self.assertEqual(len(answers.attachment_ids), 2)
        self.assertTrue(answers[-1].signature)
        self.assertEqual(answers[-1].user_id, self.finance)

    def test_statement_on_a_phone(self):
        self._on_a_phone()
        self.start_tour("/my", "rd_portal_statement_tour", login="north_finance")
        self._check_answered()

    def test_statement_at_a_desk(self):
        self.start_tour("/my", "rd_portal_statement_tour", login="north_finance")
        self._check_answered()

    def test_confirm_on_a_phone(self):
        self._on_a_phone()
        self.start_tour(
            f"/my/statements/{self.statement.id}",
            "rd_portal_confirm_tour",
            login="north_finance",
        )
        self.statement.invalidate_recordset()
        self.assertEqual(self.statement.state, "confirmed")

    def test_delivery_on_a_phone(self):
        self._on_a_phone()
        self.start_tour(
            "/my/deliveries", "rd_portal_delivery_tour", login="north_buyer"
        )
        self.picking.invalidate_recordset()
        self.assertEqual(self.picking.rd_portal_user_id, self.buyer)
        self.assertEqual(
            sorted(self.picking.move_ids.mapped("rd_confirmed_qty")), [4.0, 9.0, 100.0]
        )
