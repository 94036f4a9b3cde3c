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
        if leaves._rd_is_public():
            self.env.registry.clear_cache()
        return leaves

    def write(self, vals):
        public = self._rd_is_public()
        res = super().write(vals)
        if public or self._rd_is_public():
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        public = self._rd_is_public()
        res = super().unlink()
        if public:
            self.env.registry.clear_cache()
        return res

    def _rd_is_public(self):
        """Tell whether any is everybody's, a day off of the company."""
        return any(not leave.resource_id for leave in self.sudo().exists())
