# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tests.intake_common import IntakeCases

from .common import CustodyCommon

SAMPLES = (
    "样品编号,Name and type,Kind of sample,Owner,For customer,Quantity,Place,"
    "Received on,Valid until"
)


@tagged("post_install", "-at_install")
class TestIntakeSample(IntakeCases, CustodyCommon):
    """The register of the sample room comes in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.users["clerk"]

    def test_samples(self):
        record = self._hand_in(
            "sample",
            SAMPLES,
            "YP-1,Cover,sealed,,Owner A,2,Shelf 4,2026-03-02,2100-01-01",
            ",Pin,,Owner B,,,,,",
            "YP-3,Nut,Golden,,,1,,,",
            "YP-4,Nut,,,,0,,,",
            "YP-5,Nut,,,,1,,2100-01-01,",
            "YP-1,Cover,,,,1,,,",
        )
        self.assertEqual(
            self._verdicts(record), ["ready", "ready", "mend", "mend", "mend", "mend"]
        )
        self.assertIn("row 2 speaks of the same", self._message(record, 7))
        record.action_take()
        cards = self.env["rd.property"].browse(
            record.row_ids.filtered("res_id").mapped("res_id")
        )
        sealed, pin = cards
        self.assertEqual((sealed.name, sealed.kind), ("YP-1", "sample"))
        self.assertEqual(sealed.sample_kind, "sealed")
        self.assertEqual(sealed.quantity, 2)
        self.assertEqual(sealed.sample_for_id, self.owner)
        self.assertTrue(sealed.is_own)
        self.assertEqual(sealed.valid_until, date(2100, 1, 1))
        self.assertEqual(sealed.event_ids.place, "Shelf 4")
        self.assertEqual(pin.partner_id, self.other_owner)
        self.assertNotEqual(pin.name, "/")
        again = self._hand_in(
            "sample",
            SAMPLES,
            "YP-1,Cover,,,,1,,,",
            "YP-1,Lid,,,,1,,,",
            ",Pin,,Owner B,,1,,,",
            "YP-9,Pin,,Owner B,,1,,,",
        )
        self.assertEqual(self._verdicts(again), ["known", "mend", "known", "ready"])
        self.assertIn("this is the number of “Cover”", self._message(again, 3))

    def test_register_of_property_is_linked(self):
        page = self.env["rd.first.day"].with_user(self.clerk).read_page()
        kinds = {one["code"]: one for one in page["kinds"]}
        self.assertEqual(
            kinds["property"]["hand_in"]["res_model"], "rd.property.import"
        )
        self.assertFalse(kinds["property"]["template"])
        self.assertEqual(kinds["property"]["state"], "none")
