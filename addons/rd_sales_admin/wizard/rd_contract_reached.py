# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdContractReached(models.TransientModel):
    """Asks when a dispatch or handover came that the suite has no record of."""

    _name = "rd.contract.reached"
    _description = "Note a Trigger"

    stage_id = fields.Many2one("rd.contract.stage", required=True, ondelete="cascade")
    day = fields.Date(
        string="It came on",
        required=True,
        default=lambda self: self.env.company._rd_today(),
    )
    own_way = fields.Char(compute="_compute_own_way")
    reason = fields.Char(help="What makes it certain: a paper, who said it.")

    @api.depends("stage_id")
    def _compute_own_way(self):
        for wizard in self:
            kinds = sorted(wizard.stage_id._get_notable()) if wizard.stage_id else []
            ways = [wizard.stage_id._get_own_way(kind) for kind in kinds]
            wizard.own_way = "; ".join(way for way in ways if way)

    def action_apply(self):
        """Note it for the whole contract, as the form says."""
        self.ensure_one()
        self.stage_id.action_record_reached(self.reason, self.day)
        return {"type": "ir.actions.act_window_close"}
