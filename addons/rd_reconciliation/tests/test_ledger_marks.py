# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from odoo.tests import Form, tagged

from .common import ReconciliationCommon

# A workbook in the XML of 2003 with a red figure, a hidden row, a formula.
BOOK = """<?xml version="1.0" encoding="UTF-8"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="r"><Font ss:Color="#FF0000"/></Style></Styles>
<Worksheet ss:Name="Sheet1"><Table>
<Row>{head}</Row>
<Row>{note1}<Cell><Data ss:Type="Number">60</Data></Cell>
<Cell><Data ss:Type="Number">10</Data></Cell>
<Cell ss:Formula="=RC[-2]*RC[-1]"/></Row>
<Row ss:Hidden="1">{note2}<Cell ss:StyleID="r"><Data ss:Type="Number">5</Data></Cell>
<Cell><Data ss:Type="Number">10</Data></Cell>
<Cell><Data ss:Type="Number">50</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def texts(*words):
    """The cells of these words."""
    return "".join(
        f'<Cell><Data ss:Type="String">{word}</Data></Cell>' for word in words
    )


@tagged("post_install", "-at_install")
class TestLedgerMarks(ReconciliationCommon):
    """What a file hides, marks or leaves to be computed is said where it is read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        order = cls._create_order([(cls.parts[0], 60, 10.0)])
        cls._deliver(order, {cls.parts[0]: 60}, "810826001", date(2026, 9, 10))
        cls.statement = cls._build(cls._open_close(date(2026, 9, 1)))
        cls.profile = cls.env["rd.ledger.profile"].create(
            {"name": "Northern ledger", "partner_id": cls.affiliate.id}
        )
        book = BOOK.format(
            head=texts("日期", "送货单号", "料号", "数量", "单价", "金额"),
            note1=texts("2026-09-10", "810826001", "P-100"),
            note2=texts("2026-09-11", "810826002", "P-100"),
        )
        cls.file = base64.b64encode(book.encode())

    def _read(self):
        return self.env["rd.ledger"].create(
            {
                "statement_id": self.statement.id,
                "file": self.file,
                "filename": "ledger.xls",
            }
        )

    def test_what_was_noticed_is_kept_with_the_file(self):
        ledger = self._read()
        self.assertEqual(ledger.line_ids.mapped("amount"), [600, 50])
        self.assertIn("F2 = D2*E2", ledger.warning_note)
        self.assertIn("1 hidden rows", ledger.warning_note)
        self.assertIn("D3: Red figures without a minus sign", ledger.warning_note)

    def test_red_is_a_return_when_the_profile_says_so(self):
        self.profile.red_is_return = True
        ledger = self._read()
        self.assertEqual(ledger.line_ids.mapped("amount"), [600, -50])
        self.assertEqual(ledger.line_ids.mapped("quantity"), [60, -5])

    def test_the_preview_follows_the_switch(self):
        self.profile.write({"sample_file": self.file, "sample_filename": "a.xls"})
        with Form(self.profile.with_user(self.clerk)) as form:
            self.assertIn("5", form.preview["rows"][1]["cells"])
            form.red_is_return = True
            self.assertIn("-5", form.preview["rows"][1]["cells"])

    def test_noticed_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        note = (
            self.env["rd.ledger"]
            .with_context(lang="zh_CN")
            .create(
                {
                    "statement_id": self.statement.id,
                    "file": self.file,
                    "filename": "ledger.xls",
                }
            )
        )
        self.assertIn("隐藏", note.warning_note)
