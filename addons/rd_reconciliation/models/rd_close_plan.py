# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .res_company_month import STEP_DAYS

OWNERS = {"match": "affiliate", "post": "finance"}


class RdClose(models.Model):
    """Whose the steps of reconciliation are, and by when."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _get_step_plan(self):
        """Return the plan with the steps of reconciliation, by the company's days."""
        return {
            **super()._get_step_plan(),
            **{
                code: (
                    OWNERS.get(code, "clerk"),
                    self._get_due_after(self.company_id[name]),
                )
                for code, name in STEP_DAYS.items()
            },
        }
