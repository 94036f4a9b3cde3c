# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdClose(models.Model):
    """Whose the plan of the next month is, and by when."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _get_step_plan(self):
        """Return the plan with the collection plan of the next month."""
        return {
            **super()._get_step_plan(),
            "plan": ("clerk", self._get_due_after(self.company_id.rd_plan_due_days)),
        }
