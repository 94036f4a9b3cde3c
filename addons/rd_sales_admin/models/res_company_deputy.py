# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResCompany(models.Model):
    """The days of a deputy are counted in the company's time zone."""

    _name = "res.company"
    _inherit = ["res.company"]

    def write(self, vals):
        """Forget from when to when a deputy has rights: the days have moved."""
        res = super().write(vals)
        if "rd_tz" in vals:
            self.env["rd.deputy"]._forget_spans()
        return res
