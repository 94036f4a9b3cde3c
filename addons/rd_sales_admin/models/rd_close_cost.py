# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdClose(models.Model):
    """When the month closes, its costs are collected for the last time and frozen; a
    reopened month collects them again."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target == "closed":
            self._freeze_costs()
        else:
            self._get_cost_sheets()._move_to("draft", {"content_hash": False})
        return res

    def _freeze_costs(self):
        self._get_cost_sheets()._freeze()

    def _get_cost_sheets(self):
        """Return the cost sheets of these months, made where there is none."""
        # Who closes the month need not be the one who reads the costs.
        sheets = self.env["rd.cost.sheet"].sudo()
        found = sheets.browse()
        for close in self:
            values = {"company_id": close.company_id.id, "month": close.month}
            domain = [(name, "=", value) for name, value in values.items()]
            found |= sheets.search(domain) or sheets.create(values)
        return found
