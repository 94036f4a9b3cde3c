# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class IrModuleModule(models.Model):
    """The levels that each company starts with speak a language added later, too."""

    _name = "ir.module.module"
    _inherit = ["ir.module.module"]

    def _update_translations(self, *args, **kwargs):
        """Word the levels that are still as they came in the new languages."""
        res = super()._update_translations(*args, **kwargs)
        if "rd_receivables" in self.mapped("name"):
            levels = self.env["rd.chase.level"].sudo()
            everyone = [("active", "in", (True, False))]
            levels.search(everyone)._translate_defaults()
        return res
