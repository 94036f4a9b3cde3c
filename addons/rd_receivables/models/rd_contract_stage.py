# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdContractStage(models.Model):
    """What is invoiced and waits for a stage falls due when it is reached."""

    _name = "rd.contract.stage"
    _inherit = ["rd.contract.stage"]

    def _became_due(self):
        res = super()._became_due()
        self._get_instalments()._rd_follow_stage()
        return res

    def _take_over(self, before):
        """Let the instalments follow the stage into the contract's new version."""
        res = super()._take_over(before)
        items = before._get_instalments()
        items._rd_due_internal().write({"rd_due_stage_id": self.id})
        items._rd_follow_stage()
        return res

    def _get_instalments(self):
        # Whoever notes a stage need not read the books.
        return (
            self.env["account.move.line"]
            .sudo()
            .search([("rd_due_stage_id", "in", self.ids)])
        )
