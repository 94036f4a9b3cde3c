# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_scorecard import Figure


class RdScorecard(models.Model):
    """The collection rates by which the post is measured: 100 % and 95 %."""

    _name = "rd.scorecard"
    _inherit = ["rd.scorecard"]

    def _measure_collected_outside(self):
        """Received ÷ due of customers outside the group, by the collection plan."""
        return self._measure_collected(affiliate=False)

    def _measure_collected_affiliates(self):
        """Received ÷ due of affiliates, by the collection plan."""
        return self._measure_collected(affiliate=True)

    def _measure_collected(self, affiliate):
        scope = self.company_id, self.month, affiliate
        plans = self.env["rd.collection.plan"]
        received, due, domain = plans._get_collection_rate(*scope)
        items = self.env["account.move.line"].search(domain)
        rest = items & items.browse(plans._get_uncollected(*scope))
        ids = tuple(items.ids), tuple(rest.ids)
        return Figure(received, due, items._name, *ids)
