# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from email.message import EmailMessage

from odoo import Command
from odoo.tests import HttpCase, tagged

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestAnswerMailTour(PortalCommon, HttpCase):
    """A marked workbook comes back by mail; the clerk sees the answers taken."""

    def _reply(self, data):
        """Let a reply to our mail arrive through the gateway, with the workbook."""
        sent = self.statement.message_post(
            body="Please answer", partner_ids=self.finance.partner_id.ids
        )
        mail = EmailMessage()
        mail["From"] = "Lin <north_finance@works.example>"
        mail["To"] = "desk@example.com"
        mail["Subject"] = "Re: statement"
        mail["Message-Id"] = "<marked-1@works.example>"
        mail["In-Reply-To"] = mail["References"] = sent.message_id
        mail.set_content("Please find our answer.")
        mail.add_attachment(
            data,
            maintype="application",
            subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            filename="back.xlsx",
        )
        self.env["mail.thread"].message_process(None, mail.as_bytes())

    def test_marked_workbook_by_mail(self):
        role = self.env.ref("rd_sales_admin.rd_sales_admin_group_clerk")
        self.clerk.write(
            {"password": self.clerk.login, "group_ids": [Command.set(role.ids)]}
        )

        def edit(sheet, rows, heads):
            sheet.cell(rows["P-100"], heads["Confirmed quantity"]).value = 8
            sheet.cell(rows["P-200"], heads["Confirmed quantity"]).value = 4

        self._reply(self._mark(self._workbook(), edit))
        self.start_tour(
            f"/odoo/statements/{self.statement.id}",
            "rd_answer_mail_tour",
            login=self.clerk.login,
        )
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "confirmed", "pending"]
        )
