# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .rd_scorecard import Figure


class RdScorecard(models.Model):
    """What is measured of the month as a whole."""

    _name = "rd.scorecard"
    _inherit = ["rd.scorecard"]

    def _measure_left_open(self):
        """Affiliates with which the month was closed unfinished ÷ affiliates of the
        month: what is agreed and invoiced of them counts in later months."""
        close = self.env["rd.close"].search(
            [("company_id", "=", self.company_id.id), ("month", "=", self.month)]
        )
        partners = close.step_ids.partner_id.filtered(
            lambda partner: partner.rd_partner_class == "affiliate"
        )
        left = close._get_left_steps().partner_id & partners
        rows = tuple(partners.ids), tuple(left.ids)
        return Figure(len(left), len(partners), partners._name, *rows)
