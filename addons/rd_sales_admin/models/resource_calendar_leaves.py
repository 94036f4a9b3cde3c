# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Public holidays; whoever remembers the working days has to read them again."""

    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves"]

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._rd_forget_working_days()
        return leaves

    def write(self, vals):
        self._rd_forget_working_days()
        res = super().write(vals)
        self._rd_forget_working_days()
        return res

    def unlink(self):
        self._rd_forget_working_days()
        return super().unlink()

    def _rd_forget_working_days(self):
        # one person's time off is no day off of the company
        if any(not leave.resource_id for leave in self):
            self.env.registry.clear_cache()
