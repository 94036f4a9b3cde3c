# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdClose(models.Model):
    """When the month closes, its scorecard is counted for the last time and frozen."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target == "closed":
            self._freeze_scorecard()
        return res

    def _freeze_scorecard(self):
        # Whoever closes the month need not be allowed to read what it counts.
        cards = self.env["rd.scorecard"].sudo()
        for close in self:
            values = {"company_id": close.company_id.id, "month": close.month}
            domain = [(name, "=", value) for name, value in values.items()]
            card = cards.search(domain) or cards.create(values)
            card._freeze()
