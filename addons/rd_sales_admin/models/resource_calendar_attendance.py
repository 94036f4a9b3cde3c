# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """Working hours; whoever remembers the working days has to read them again."""

    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance"]

    @api.model_create_multi
    def create(self, vals_list):
        hours = super().create(vals_list)
        hours._rd_forget_working_days()
        return hours

    def write(self, vals):
        res = super().write(vals)
        self._rd_forget_working_days()
        return res

    def unlink(self):
        res = super().unlink()
        self._rd_forget_working_days()
        return res

    def _rd_forget_working_days(self):
        if self:
            self.env.registry.clear_cache()
