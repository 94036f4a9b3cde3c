# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdClose(models.Model):
    """Whose the steps of reconciliation are, and by when."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _get_step_plan(self):
        """Return the plan with the steps of reconciliation.

        The statement is made on the day after the cut-off, answered within a week of
        working days, invoiced three working days later.
        """
        return {
            **super()._get_step_plan(),
            "build": ("clerk", self._get_due_after(1)),
            "match": ("affiliate", self._get_due_after(5)),
            "agree": ("clerk", self._get_due_after(8)),
            "invoice": ("clerk", self._get_due_after(11)),
            "post": ("finance", self._get_due_after(12)),
            "fapiao": ("clerk", self._get_due_after(15)),
        }
