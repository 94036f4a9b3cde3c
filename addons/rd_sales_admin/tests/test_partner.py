# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DeskCommon


@tagged("post_install", "-at_install")
class TestPartner(DeskCommon):
    """Class, settlement and cut-off of a customer."""

    def test_class_sets_the_settlement_until_told_otherwise(self):
        self.assertEqual(self.affiliate.rd_settlement_mode, "statement_confirm")
        self.affiliate.rd_settlement_mode = "statement_sent"
        self.affiliate.name = "Renamed"
        self.assertEqual(self.affiliate.rd_settlement_mode, "statement_sent")
        plain = self.env["res.partner"].create({"name": "Plain"})
        self.assertEqual(plain.rd_settlement_mode, "order")

    def test_cutoff_day_beyond_the_month_is_its_end(self):
        self.affiliate.rd_cutoff_day = 31
        self.assertEqual(self.affiliate._rd_cutoff(date(2028, 2, 1)), date(2028, 2, 29))
        self.affiliate.rd_cutoff_day = 25
        self.assertEqual(self.affiliate._rd_cutoff(date(2026, 2, 1)), date(2026, 2, 25))

    def test_impossible_cutoff_day_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "between 1 and 31"):
            self.affiliate.rd_cutoff_day = 32

    def test_addresses_follow_their_company(self):
        address = self.env["res.partner"].create(
            {"name": "Plant 2", "parent_id": self.affiliate.id, "type": "delivery"}
        )
        self.assertTrue(address._rd_settles_by_statement())

    def test_alias_is_known_in_any_writing(self):
        values = {"partner_id": self.affiliate.id, "product_id": self.parts[0].id}
        self.env["rd.part.alias"].create({**values, "code": "ab-12"})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env["rd.part.alias"].create({**values, "code": "ＡＢ－12 "})
