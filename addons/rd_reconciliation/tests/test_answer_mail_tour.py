# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import HttpCase, tagged

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestAnswerMailTour(PortalCommon, HttpCase):
    """A marked workbook comes back by mail; the clerk sees the answers taken."""

    def test_marked_workbook_by_mail(self):
        role = self.env.ref("rd_sales_admin.rd_sales_admin_group_clerk")
        self.clerk.write(
            {"password": self.clerk.login, "group_ids": [Command.set(role.ids)]}
        )

        def edit(sheet, rows, heads):
            sheet.cell(rows["P-100"], heads["Confirmed quantity"]).value = 8
            sheet.cell(rows["P-200"], heads["Confirmed quantity"]).value = 4

        self._reply_by_mail(self._mark(self._workbook(), edit))
        self.start_tour(
            f"/odoo/statements/{self.statement.id}",
            "rd_answer_mail_tour",
            login=self.clerk.login,
        )
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "confirmed", "pending"]
        )
