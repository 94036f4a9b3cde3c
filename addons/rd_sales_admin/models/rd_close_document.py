# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdClose(models.Model):
    """What papers are needed and filed."""

    _name = "rd.close"
    _inherit = ["rd.close", "rd.papers.mixin"]

    def _get_kpis(self):
        """Add how complete the papers are that were due by the end of the month."""
        return [*super()._get_kpis(), self._get_papers_kpi()]

    def _get_papers_kpi(self):
        until = fields.Date.end_of(self.month, "month")
        filed, needed = self.env["rd.document.due"]._get_completeness(
            self.company_id, until
        )
        value = f"{100 * filed / needed:.0f} %" if needed else self.env._("n/a")
        return (
            self.env._("Papers complete"),
            value,
            self.env._(
                "%(filed)s of %(needed)s papers due by %(day)s are filed",
                filed=filed,
                needed=needed,
                day=until,
            ),
        )
