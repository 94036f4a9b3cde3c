# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdApproval(models.Model):
    """Nobody approves what he prepared himself while he sat in for somebody."""

    _name = "rd.approval"
    _inherit = ["rd.approval"]

    def _get_involved(self):
        actors = self.env["rd.deputy.act"]._get_actors(self._get_record())
        return super()._get_involved() | actors
