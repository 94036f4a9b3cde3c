# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ReconciliationCommon

SAMPLE = (
    "日期,单号,料号,数量,金额(不含税),备注\n"
    "2026-09-10,771,P-100,60,600,810826001 发甲厂\n"
    "2026-09-11,772,P-100,5,50,810826002\n"
    "合计,,,65,650,\n"
)


@tagged("post_install", "-at_install")
class TestLedgerProfile(ReconciliationCommon):
    """A profile is proposed from a first file and seen to read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        order = cls._create_order([(cls.parts[0], 60, 10.0)])
        cls._deliver(order, {cls.parts[0]: 60}, "810826001", date(2026, 9, 10))
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.statement = cls._build(cls.close)
        cls.profile = cls.env["rd.ledger.profile"].create(
            {"name": "Northern ledger", "partner_id": cls.affiliate.id}
        )

    def _upload(self, text):
        self.profile.write(
            {
                "sample_file": base64.b64encode(text.encode()),
                "sample_filename": "ledger.csv",
            }
        )

    def test_proposal_finds_columns_tax_and_where_our_note_stands(self):
        self._upload(SAMPLE)
        self.profile.with_user(self.clerk).action_propose()
        columns = {item.field: item.header for item in self.profile.column_ids}
        self.assertEqual((columns["note"], columns["part"]), ("备注", "料号"))
        self.assertEqual(self.profile.tax_basis, "excluded")
        self.assertEqual(self.profile.key_pattern, r"\d{9,}")
        self.assertIn("810826001", str(self.profile.preview["rows"][0]["cells"]))
        rows = [(f"2026-09-10,771,P-100,60,600,{note}") for note in ("810826001",)]
        ledger = self.env["rd.ledger"].create(
            {
                "statement_id": self.statement.id,
                "file": base64.b64encode(
                    "\n".join([SAMPLE.splitlines()[0], *rows]).encode()
                ),
                "filename": "october.csv",
            }
        )
        self.assertEqual(ledger.line_ids.note, "810826001")

    def test_preview_follows_every_setting_before_it_is_saved(self):
        self._upload(SAMPLE)
        with Form(self.profile.with_user(self.clerk)) as form:
            before = [column["meaning"] for column in form.preview["columns"]]
            self.assertIn("Delivery note", before)
            self.assertIn("2 of 3 rows", form.preview["summary"])
            form.header_row = 2
            self.assertIn("refused", form.preview)
            form.header_row = 0
            form.key_pattern = r"7(\d)"
            cells = form.preview["rows"][0]["cells"]
            self.assertIn("7", cells)

    def test_preview_of_a_file_that_is_just_being_uploaded(self):
        profiles = self.env["rd.ledger.profile"].with_user(self.clerk)
        named = profiles.with_context(default_sample_filename="new.csv")
        with Form(named) as form:
            form.name = "New"
            form.sample_file = base64.b64encode(SAMPLE.encode())
            self.assertEqual(len(form.preview["rows"]), 2)

    def test_what_cannot_be_read_says_so(self):
        with self.assertRaisesRegex(UserError, "Add a sample file"):
            self.profile.action_propose()
        self._upload("a,b\n1,2\n")
        self.assertIn("No header row", self.profile.preview["refused"])
        with self.assertRaisesRegex(UserError, "No header row"):
            self.profile.action_propose()
