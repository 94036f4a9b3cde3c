# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ..tools.roles import DESK


class ProjectProject(models.Model):
    """What of a project is handed over, and what its contract lets fall due."""

    _name = "project.project"
    _inherit = ["project.project"]

    rd_handover_ids = fields.One2many(
        "rd.handover", "project_id", string="Handovers", readonly=True, groups=DESK
    )
    rd_contract_stage_ids = fields.Many2many(
        "rd.contract.stage",
        string="Stages of payment",
        compute="_compute_rd_contract_stage_ids",
        groups=DESK,
    )

    @api.depends("rd_on_sheet")
    def _compute_rd_contract_stage_ids(self):
        """Find the plans of the contracts that the project's orders are under."""
        # Whoever reads the sheet need not read orders.
        groups = (
            self.env["sale.order.line"]
            .sudo()
            ._read_group(
                [
                    ("project_id", "in", self.ids),
                    ("order_id.rd_contract_id", "!=", False),
                    ("state", "!=", "cancel"),
                ],
                ["project_id"],
                ["order_id:recordset"],
            )
        )
        contracts = {
            project.id: orders.rd_contract_id.ids for project, orders in groups
        }
        stages = self.env["rd.contract.stage"].search(
            [("contract_id", "in", sum(contracts.values(), []))]
        )
        for project in self:
            own = contracts.get(project.id, [])
            project.rd_contract_stage_ids = stages.filtered(
                lambda stage, own=own: stage.contract_id.id in own
            )
