# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models, tools


class IrModelAccess(models.Model):
    """Which models a user may use, kept by his groups: a deputy's come and go."""

    _name = "ir.model.access"
    _inherit = ["ir.model.access"]

    @tools.ormcache("self.env.uid", "self.env.user._rd_get_lent_group_ids()", "mode")
    def _get_allowed_models(self, mode="read"):
        """Ask core's own function past its cache, which is kept by user only."""
        return super()._get_allowed_models.__wrapped__(self, mode)
