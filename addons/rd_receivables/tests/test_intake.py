# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tests.common import DeskCommon
from odoo.addons.rd_sales_admin.tests.intake_common import IntakeCases

HEAD = "Customer,Terms count from,Days of grace,Collection target (%)"


@tagged("post_install", "-at_install")
class TestIntakeTerms(IntakeCases, DeskCommon):
    """What this add-on adds to the settings of a customer."""

    def setUp(self):
        super().setUp()
        self.clerk.group_ids |= self.env.ref("base.group_partner_manager")

    def test_terms(self):
        record = self._hand_in(
            "partner",
            HEAD,
            "Northern Works,Tax invoice received,15,90",
            "Northern Works,,400,",
            "Northern Works,,,101",
            "Northern Works,,1.5,",
        )
        self.assertEqual(self._verdicts(record), ["ready", "mend", "mend", "mend"])
        self.assertIn("write 0 to 366", self._message(record, 3))
        self.assertIn("write 0 to 100", self._message(record, 4))
        record.action_take()
        self.assertEqual(self.affiliate.rd_due_anchor, "fapiao")
        self.assertEqual(self.affiliate.rd_due_grace_days, 15)
        self.assertEqual(self.affiliate.rd_collection_target, 90)

    def test_percentages(self):
        """A spreadsheet keeps 95 % as 0.95, and 100 % as 1: that is asked back."""
        head = "Customer,回款目标"
        self.affiliate.rd_collection_target = 50
        for cell, target in (("95%", 95), ("0.85", 85), ("100%", 100), ("80", 80)):
            with self.subTest(cell=cell):
                record = self._hand_in("partner", head, f"Northern Works,{cell}")
                self.assertEqual(self._verdicts(record), ["ready"])
                record.action_take()
                self.assertAlmostEqual(self.affiliate.rd_collection_target, target)
        record = self._hand_in("partner", head, "Northern Works,1")
        self.assertIn("1 can be 1 % or 100 %", self._message(record, 2))

    def test_missing_terms(self):
        page = self.env["rd.first.day"].with_user(self.clerk)
        missing = {one["code"]: one for one in page.read_page()["missing"]}
        self.assertEqual(missing["terms"]["rows"][0]["name"], "Northern Works")
        term = self.env.ref("account.account_payment_term_30days")
        self.affiliate.with_company(self.company).property_payment_term_id = term
        missing = {one["code"] for one in page.read_page()["missing"]}
        self.assertNotIn("terms", missing)
