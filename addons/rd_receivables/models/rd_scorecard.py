# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_scorecard import Figure

from .. import dues


class RdScorecard(models.Model):
    """The collection rates by which the post is measured: 100 % and 95 %."""

    _name = "rd.scorecard"
    _inherit = ["rd.scorecard"]

    def _measure_collected_outside(self):
        """Received ÷ due of customers outside the group, see ``dues.rates``."""
        return self._measure_collected("outside")

    def _measure_collected_affiliates(self):
        """Received ÷ due of affiliates, see ``dues.rates``."""
        return self._measure_collected("affiliate")

    def _measure_collected(self, partner_class):
        plan = self.env["rd.collection.plan"].search(
            [("company_id", "=", self.company_id.id), ("month", "=", self.month)]
        )
        if not plan.snapshot_date:
            return Figure(0.0, 0.0)
        lines, others = plan._get_actuals(plan._get_as_of())
        own = {
            line: actual
            for line, actual in lines.items()
            if line.partner_class == partner_class
        }
        items = (
            self.env["account.move.line"]
            .browse(others)
            .filtered(
                lambda item: (
                    item.partner_id.commercial_partner_id.rd_partner_class
                    == partner_class
                )
            )
        )
        figures = dues.rates([*own.values(), *(others[item.id] for item in items)])
        ids = sorted({line.item_id for line in own} | set(items.ids))
        return Figure(
            float(figures.received_due), float(figures.due), items._name, tuple(ids)
        )
