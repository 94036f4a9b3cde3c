# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models, tools


class IrUiMenu(models.Model):
    """Menus, kept by what is lent as well."""

    _name = "ir.ui.menu"
    _inherit = ["ir.ui.menu"]

    @api.model
    @tools.ormcache(
        "self.env.uid",
        "self.env.user._rd_get_lent_group_ids()",
        "debug",
        "self.env.lang",
    )
    def load_menus(self, debug):
        """Ask core's own function past its cache, which is kept by user only."""
        return super().load_menus.__wrapped__(self, debug)

    @api.model
    @tools.ormcache(
        "self.env.uid", "self.env.user._rd_get_lent_group_ids()", "self.env.lang"
    )
    def load_menus_root(self):
        """Ask core's own function past its cache, which is kept by user only."""
        return super().load_menus_root.__wrapped__(self)
