# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import models


class RdClose(models.Model):
    """Whose step it is and by when, by each affiliate's own cut-off."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _get_step_plan(self):
        """Return ``{code: (role, due)}``; ``due(cut-off)`` is the last day of the step.

        Each add-on appends its own through ``super()``. Working days are those of the
        company's calendar.
        """
        self.ensure_one()
        grace = timedelta(days=self.company_id.rd_list_due_days)
        return {"lists": ("warehouse", lambda cutoff: cutoff + grace)}

    def _get_due_after(self, days):
        """Return the function that counts so many working days from a cut-off."""
        company, known = self.company_id, {}

        def due(cutoff):
            if cutoff not in known:
                known[cutoff] = company._rd_days_later(cutoff, days)
            return known[cutoff]

        return due
