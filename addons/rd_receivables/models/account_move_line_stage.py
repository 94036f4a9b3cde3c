# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """An instalment of a stage: not due before the stage is reached."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    rd_due_stage_id = fields.Many2one(
        "rd.contract.stage",
        string="Stage it is due by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    rd_waits_stage = fields.Boolean(
        string="Waits for its stage",
        readonly=True,
        copy=False,
        help="The stage of the contract has not been reached, so it is not due.",
    )

    @api.model
    def _rd_get_kept_of_due(self):
        return super()._rd_get_kept_of_due() | {"rd_due_stage_id", "rd_waits_stage"}

    def _rd_tie_stage(self, days):
        """Tie the instalments to their stages.

        :param dict days: stage id by due day, as the invoice was made
        """
        stages = self.env["rd.contract.stage"].browse(days.values()).exists()
        known = {stage.id: stage for stage in stages}
        for line in self:
            counted = line.rd_due_date and line.rd_due_date == line.date_maturity
            base = line.rd_term_date if counted else line.date_maturity
            stage = known.get(days.get(str(base)))
            if stage and stage != line.rd_due_stage_id:
                line._rd_due_internal().write({"rd_due_stage_id": stage.id})
        self._rd_follow_stage()

    def _rd_follow_stage(self):
        """Take the due date of the stage once it is reached; wait until then."""
        for line in self.sudo().filtered("rd_due_stage_id"):
            if line.parent_state != "posted":
                continue
            stage = line.rd_due_stage_id
            waits = not stage.due_reached
            if line.rd_waits_stage != waits:
                line._rd_due_internal().write({"rd_waits_stage": waits})
            base = line.rd_term_date or line.date_maturity
            line._rd_set_due(
                base if waits else stage.due_date,
                base,
                line._rd_get_stage_reason(stage),
            )

    def _rd_get_stage_reason(self, stage):
        if not stage.due_reached:
            return self.env._(
                "not due, waits for the stage %(stage)s", stage=stage.display_name
            )
        return self.env._(
            "%(stage)s reached on %(day)s",
            stage=stage.display_name,
            day=stage.due_reached,
        )
