# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """An instalment of a stage: not due before the stage is reached."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    rd_waits_stage = fields.Boolean(
        string="Waits for its stage",
        compute="_compute_rd_waits_stage",
        compute_sudo=True,
        store=True,
        help="The stage of the contract has not been reached, so it is not due.",
    )

    @api.model
    def _rd_get_kept_of_due(self):
        return super()._rd_get_kept_of_due() | {"rd_waits_stage"}

    @api.depends("rd_due_stage_id.due_reached")
    def _compute_rd_waits_stage(self):
        for line in self:
            stage = line.rd_due_stage_id
            line.rd_waits_stage = bool(stage) and not stage.due_reached
