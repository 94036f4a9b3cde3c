# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_scorecard import Figure


class RdScorecard(models.Model):
    """What is measured of customers' property."""

    _name = "rd.scorecard"
    _inherit = ["rd.scorecard"]

    def _measure_property_right(self):
        """Cards found as they should be ÷ cards counted, in the counts signed off in
        the month; what was found without being expected is a difference."""
        start, end = self._get_moments()
        lines = self.env["rd.property.count.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("count_id.state", "=", "done"),
                ("count_id.signed_date", ">=", start),
                ("count_id.signed_date", "<", end),
                ("is_counted", "=", True),
            ]
        )
        right = lines.filtered(lambda line: not line.differs)
        return Figure.of_rows(right, lines)
