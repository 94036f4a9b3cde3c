# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import DeskCommon

CROSS = "日期,甲店,乙店,丙店,当日合计\n1日,3,0,5,8\n2日,,4,1,5\n本月合计,3,4,6,13\n"
SIDES = (
    "日期,单号,摘要,借方,贷方,余额\n2026-09-01,,期初余额,,,-100\n"
    "2026-09-10,S1,送货,9,,-91\n2026-09-11,R1,收款,,50,-141\n"
)
SECTIONS = (
    "客户名称：甲厂,,,\n日期,送货单号,料号,数量\n2026-09-02,S1,P-1,2\n小计,,,2\n"
    "客户名称：乙厂,,,\n日期,送货单号,料号,数量\n2026-09-03,S2,P-2,4\n小计,,,5\n"
)


@tagged("post_install", "-at_install")
class TestLedgerLayout(DeskCommon):
    """The layout of a spreadsheet is set in its profile and seen at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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

    def test_a_note_pattern_that_is_none(self):
        with self.assertRaisesRegex(ValidationError, "Northern ledger is not a valid"):
            self.profile.with_user(self.clerk).key_pattern = "DN-(\\d+"

    def test_cross_table_is_told_and_read_once_its_headings_are_named(self):
        self._upload(CROSS)
        with Form(self.profile) as form:
            self.assertIn("cross table", form.preview["refused"])
            form.crosstab = "partner"
            rows = form.preview["rows"]
            self.assertEqual([row["number"] for row in rows], ["B2", "D2", "C3", "D3"])
            self.assertIn("甲店", rows[0]["cells"])
            self.assertIn("3", rows[0]["cells"])
            self.assertIn("4 of", form.preview["summary"])
            skipped = {item["row"]: item["reason"] for item in form.preview["skipped"]}
            self.assertIn("nothing moved", skipped["C2"])
            meanings = [column["meaning"] for column in form.preview["columns"]]
            self.assertIn("Customer or supplier", meanings)
            form.crosstab_figures = "amount"
            meanings = [column["meaning"] for column in form.preview["columns"]]
            # The profile says that this side's amounts are with tax.
            self.assertIn("Amount with tax", meanings)
            form.crosstab = False
            self.assertIn("cross table", form.preview["refused"])

    def test_proposal_keeps_a_cross_table_one(self):
        self._upload(CROSS)
        self.profile.crosstab = "partner"
        self.profile.action_propose()
        self.assertEqual(self.profile.crosstab, "partner")
        self.assertFalse(self.profile.column_ids)
        self.assertEqual(len(self.profile.preview["rows"]), 4)

    def test_debit_and_credit_need_a_rule_which_the_proposal_gives(self):
        self._upload(SIDES)
        self.assertIn("debit or credit", self.profile.preview["refused"])
        self.profile.action_propose()
        self.assertEqual(self.profile.sign, "debit")
        self.assertIn("-50", self.profile.preview["rows"][1]["cells"])
        self.assertIn("F2: opening balance -100.", self.profile.preview["notes"])
        with Form(self.profile) as form:
            form.sign = "credit"
            self.assertIn("50", form.preview["rows"][1]["cells"])
            form.owed_negative = True
            self.assertIn("F2: opening balance 100.", form.preview["notes"])

    def test_days_above_twelve_set_the_order_of_dates(self):
        self._upload(
            "Date,Delivery no,Part,Qty\n03/26/2026,S1,P,1\n03/05/2026,S2,P,1\n"
        )
        self.assertEqual(len(self.profile.preview["rows"]), 1)
        self.profile.action_propose()
        self.assertEqual(self.profile.date_order, "mdy")
        self.assertEqual(len(self.profile.preview["rows"]), 2)

    def test_sections_are_read_and_kept_by_their_party(self):
        self._upload(SECTIONS)
        self.assertEqual(
            [row["number"] for row in self.profile.preview["rows"]], [3, 7]
        )
        self.assertIn("D8 states 5, the rows come to 4.", self.profile.preview["notes"])
        self.profile.keep_partners = "乙厂"
        self.assertEqual([row["number"] for row in self.profile.preview["rows"]], [7])
