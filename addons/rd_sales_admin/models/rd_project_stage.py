# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

STAGES = [
    ("quotation", "Quotation"),
    ("design", "Design"),
    ("tooling", "Tooling"),
    ("trial", "Trial"),
    ("sample", "Sample approval"),
    ("pilot", "Pilot run"),
    ("production", "Start of production"),
]


class RdProjectStage(models.Model):
    """One stage of a project's development: the day planned and the day reached."""

    _name = "rd.project.stage"
    _description = "Development Stage"
    _order = "project_id, sequence, id"

    project_id = fields.Many2one(
        "project.project", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="project_id.company_id", store=True)
    stage = fields.Selection(STAGES, required=True)
    sequence = fields.Integer(compute="_compute_sequence", store=True)
    planned_date = fields.Date(string="Planned")
    actual_date = fields.Date(string="Actual")
    late = fields.Boolean(compute="_compute_late")
    note = fields.Char(string="Remark")

    _stage_once = models.UniqueIndex(
        "(project_id, stage)", "A project has each development stage once."
    )

    @api.depends("stage")
    def _compute_sequence(self):
        order = [code for code, _label in STAGES]
        for stage in self:
            stage.sequence = order.index(stage.stage) if stage.stage else 0

    @api.depends("planned_date", "actual_date")
    def _compute_late(self):
        for stage in self:
            company = stage.company_id or self.env.company
            until = stage.actual_date or company._rd_today()
            stage.late = bool(stage.planned_date and until > stage.planned_date)

    @api.depends("stage")
    def _compute_display_name(self):
        labels = dict(self._fields["stage"]._description_selection(self.env))
        for stage in self:
            stage.display_name = labels.get(stage.stage, "")
