# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from email.message import EmailMessage
from io import BytesIO

from .common import ReconciliationCommon

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944"
    "4154789c6360000002000001e221bc330000000049454e44ae426082"
)


class PortalCommon(ReconciliationCommon):
    """Two affiliates with people on the portal, and a statement sent to each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create(
            {
                "name": "Southern Works",
                "is_company": True,
                "rd_partner_class": "affiliate",
            }
        )
        cls.buyer = cls._make_portal("north_buyer", cls.affiliate, "purchasing")
        cls.finance = cls._make_portal("north_finance", cls.affiliate, "finance")
        cls.roleless = cls._make_portal("north_nobody", cls.affiliate, False)
        cls.stranger = cls._make_portal("south_finance", cls.other, "finance")
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.picking = cls._ship(cls.affiliate, "SH-1")
        cls._ship(cls.other, "SO-1")
        cls.statement = cls._build(cls.close)
        cls.theirs = cls._build(cls.close, cls.other)
        (cls.statement | cls.theirs).action_send()
        cls.lines = cls.statement.line_ids.sorted("part")

    @classmethod
    def _ship(cls, partner, note, day=date(2026, 9, 10)):
        first, second, third = cls.parts
        order = cls._create_order(
            [(first, 10.0, 10.0), (second, 4.0, 25.5), (third, 100.0, 0.34)],
            partner=partner,
        )
        quantities = {first: 10.0, second: 4.0, third: 100.0}
        return cls._deliver(order, quantities, note, day)

    @classmethod
    def _seen(cls, statement=None, line=None, **values):
        """Return what the page posts with every act."""
        statement = statement or cls.statement
        seen = {
            "revision": statement.revision,
            "content_hash": statement.content_hash,
            **values,
        }
        return {**seen, "stamp": line._get_stamp()} if line else seen

    @classmethod
    def _workbook(cls, statement=None):
        return (statement or cls.statement)._render_workbook()

    @classmethod
    def _mark(cls, data, edit):
        """Return the workbook after ``edit(sheet, {part: row}, {head: column})``."""
        from openpyxl import load_workbook

        book = load_workbook(BytesIO(data))
        sheet = book.active
        heads = {}
        rows = {}
        for row in sheet.iter_rows():
            texts = [cell.value for cell in row]
            if any(str(text).startswith("RDS|") for text in texts):
                # from the right: a layout may use the words of the answer, too
                heads = {cell.value: cell.column for cell in row}
                ids = next(c.column for c in row if str(c.value).startswith("RDS|"))
                heads["id"] = ids
            elif heads and sheet.cell(row[0].row, heads["id"]).value:
                key = sheet.cell(row[0].row, heads["Our part no."]).value
                rows[key] = row[0].row
        edit(sheet, rows, heads)
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    def _reply_by_mail(self, data):
        """Let a reply to our mail arrive, with a workbook; return its message id."""
        sent = self.statement.message_post(
            body="Please answer",
            partner_ids=self.finance.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        mail = EmailMessage()
        mail["From"] = "Lin <north_finance@works.example>"
        mail["To"] = "desk@example.com"
        mail["Subject"] = "Re: statement"
        mail["Message-Id"] = "<answer-1@works.example>"
        mail["In-Reply-To"] = mail["References"] = sent.message_id
        mail.set_content("Please find our answer.")
        mail.add_attachment(
            data,
            maintype="application",
            subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            filename="back.xlsx",
        )
        self.env["mail.thread"].message_process(None, mail.as_bytes())
        return mail["Message-Id"]
