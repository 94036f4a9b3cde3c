# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdContractStage(models.Model):
    """Claims of a stage go over to the same stage of the next version."""

    _name = "rd.contract.stage"
    _inherit = ["rd.contract.stage"]

    def _take_over_claims(self, before):
        """Let what falls due by the stage of the version before fall due by this."""
        self.ensure_one()
        claims = (
            self.env["account.move.line"]
            .sudo()
            .search([("rd_due_stage_id", "=", before.id)])
        )
        for move, items in claims.grouped("move_id").items():
            rows = [
                [day, amount, self.id if number == before.id else number]
                for day, amount, number in move.rd_maturities
            ]
            move._rd_write_maturities(rows)
            internal = self._as_internal().env.context["rd_guard"]
            items._rd_without_sync().with_context(rd_guard=internal).write(
                {"rd_due_stage_id": self.id}
            )
