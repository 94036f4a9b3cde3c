# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdPlanRevise(models.TransientModel):
    """Ask what is expected of a planned item now, and why."""

    _name = "rd.plan.revise"
    _description = "Change beside the Plan"

    line_id = fields.Many2one("rd.collection.plan.line", required=True)
    currency_id = fields.Many2one(related="line_id.currency_id")
    planned_date = fields.Date(
        string="Expected on",
        compute="_compute_planned",
        store=True,
        readonly=False,
        precompute=True,
    )
    planned_amount = fields.Monetary(
        string="Expected",
        compute="_compute_planned",
        store=True,
        readonly=False,
        precompute=True,
    )
    reason = fields.Char(required=True)

    @api.depends("line_id")
    def _compute_planned(self):
        for wizard in self:
            wizard.planned_date = wizard.line_id.expected_date
            wizard.planned_amount = wizard.line_id.expected_amount

    def action_note(self):
        """Note it beside the baseline."""
        self.ensure_one()
        self.line_id.action_revise(self.planned_date, self.planned_amount, self.reason)
        return {"type": "ir.actions.act_window_close"}
