# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class RdClose(models.Model):
    """Who runs the months looks whether the other scheduled actions run."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    @api.model
    def _cron_run(self):
        res = super()._cron_run()
        # So that nobody can switch off the one who looks without being seen.
        self.env["rd.cron.incident"]._look()
        return res
