# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdFapiaoChoose(models.TransientModel):
    """Asks which of the possible requests a row of the list stands for."""

    _name = "rd.fapiao.choose"
    _description = "Choose the Request of an Issued Tax Invoice"

    line_id = fields.Many2one(
        "rd.fapiao.import.line",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    candidate_ids = fields.Many2many(related="line_id.candidate_ids")
    fapiao_id = fields.Many2one(
        "rd.fapiao", string="Tax invoice", required=True, ondelete="cascade"
    )

    def action_apply(self):
        """Take the row for the chosen one."""
        self.ensure_one()
        return self.line_id.action_take(self.fapiao_id.id)
