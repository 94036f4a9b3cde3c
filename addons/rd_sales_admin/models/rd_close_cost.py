# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdClose(models.Model):
    """When the month closes, its costs are collected for the last time and frozen."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target == "closed":
            self._freeze_costs()
        return res

    def _freeze_costs(self):
        # Who closes the month need not be the one who reads the costs.
        sheets = self.env["rd.cost.sheet"].sudo()
        for close in self:
            values = {"company_id": close.company_id.id, "month": close.month}
            domain = [(name, "=", value) for name, value in values.items()]
            sheet = sheets.search(domain) or sheets.create(values)
            sheet._freeze()
