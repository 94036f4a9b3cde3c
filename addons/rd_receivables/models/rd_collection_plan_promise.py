# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdCollectionPlan(models.Model):
    """What customers have promised is planned for the day they promised."""

    _name = "rd.collection.plan"
    _inherit = ["rd.collection.plan"]

    def _get_promises(self, items):
        """Return the promises as the month sees them.

        A promise for a later month is planned there; one whose day is past and that
        still holds is planned for the first day.
        """
        first, last = self._get_period()
        found = super()._get_promises(items)
        for ref, (day, amount) in self.env["rd.promise"]._get_promises(items).items():
            found[ref] = (max(day, first), amount) if day <= last else (False, 0.0)
        return found

    def _prepare_line(self, item, debt, opening, promises):
        """Plan no more than was open on the day of the plan."""
        values = super()._prepare_line(item, debt, opening, promises)
        values["planned_amount"] = min(values["planned_amount"], float(opening))
        return values
