# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdContractStage(models.Model):
    """What waits for a stage was not due before the stage was noted."""

    _name = "rd.contract.stage"
    _inherit = ["rd.contract.stage"]

    def write(self, vals):
        if "due_reached" in vals:
            turned = self.filtered(
                lambda stage: bool(stage.due_reached) != bool(vals["due_reached"])
            )
            turned._note_known_dues()
        return super().write(vals)

    def _note_known_dues(self):
        # Whoever notes a handover need not read the books.
        items = self.env["account.move.line"].sudo()
        items = items.search([("rd_due_stage_id", "in", self.ids)])
        self.env["rd.due.change"]._note(items._rd_get_known_dues())
