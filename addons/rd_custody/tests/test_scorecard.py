# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tests.scorecard_common import ScorecardMixin

from .test_rd_property_count import CountCommon


@tagged("post_install", "-at_install")
class TestScorecardProperty(ScorecardMixin, CountCommon):
    """Cards found as they should be, of the counts signed off in the month."""

    def test_found_as_it_should_be(self):
        self.clerk = self.users["clerk"]
        with freeze_time("2026-09-29 04:00:00"):
            count = self._create_count().with_user(self.counter)
            count.action_start()
            self._line(count, self.mould).action_missing()
            others = count.line_ids.filtered(lambda line: not line.is_counted)
            others.action_all_there()
            count.action_submit()
            self.assertEqual(self._figure("property_right")[1], 0.0)
            clerk = count.with_user(self.clerk)
            self._line(clerk, self.mould).recounted_quantity = 0.0
            clerk.action_sign_off()
        whole = len(count.line_ids)
        self.assertGreater(whole, 1)
        self.assertEqual(self._figure("property_right")[:2], (whole - 1.0, whole))
