# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdFapiaoChoose(models.TransientModel):
    """Asks which of the possible requests a row of the list stands for, or of which
    one rows are parts."""

    _name = "rd.fapiao.choose"
    _description = "Choose the Request of an Issued Tax Invoice"

    line_id = fields.Many2one(
        "rd.fapiao.import.line",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    line_ids = fields.Many2many(
        "rd.fapiao.import.line",
        string="Rows",
        default=lambda self: self.env.context.get("active_ids"),
    )
    is_part = fields.Boolean(compute="_compute_candidate_ids")
    candidate_ids = fields.Many2many("rd.fapiao", compute="_compute_candidate_ids")
    fapiao_id = fields.Many2one(
        "rd.fapiao", string="Tax invoice", required=True, ondelete="cascade"
    )

    @api.depends("line_id", "line_ids")
    def _compute_candidate_ids(self):
        for wizard in self:
            lines = wizard.line_ids or wizard.line_id
            wizard.is_part = lines[:1].verdict == "no_request"
            wizard.candidate_ids = (
                lines._get_wholes() if wizard.is_part else lines[:1].candidate_ids
            )

    def action_apply(self):
        """Take the row for the chosen one, or the rows as parts of it."""
        self.ensure_one()
        if self.is_part:
            lines = self.line_ids or self.line_id
            return lines.action_take_part(self.fapiao_id.id)
        return self.line_id.action_take(self.fapiao_id.id)
