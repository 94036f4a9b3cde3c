# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError


class ProjectProject(models.Model):
    """A project keeps its handovers: deleting it must not take milestones along."""

    _name = "project.project"
    _inherit = ["project.project"]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rd_handed_over(self):
        handover = (
            self.env["rd.handover"]
            .sudo()
            .search([("project_id", "in", self.ids), ("state", "!=", "cancelled")])
        )[:1]
        if handover:
            raise UserError(
                self.env._(
                    "%(project)s cannot be deleted: %(handover)s belongs to it; "
                    "archive it instead.",
                    project=handover.project_id.name,
                    handover=handover.name,
                )
            )
