# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AccountMoveLine(models.Model):
    """An item that billed a stage until it was credited whole."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    def _rd_release_stage(self):
        """Let go of the stages; what they were stays readable."""
        for item in self._rd_with_stage_key().filtered("rd_stage_line_id"):
            item.write(
                {
                    "rd_former_stage_line_id": item.rd_stage_line_id.id,
                    "rd_stage_line_id": False,
                }
            )
        self.flush_model()

    def _rd_take_up_stage(self):
        """Take up again the stages that were let go of."""
        for item in self._rd_with_stage_key().filtered("rd_former_stage_line_id"):
            item.write(
                {
                    "rd_stage_line_id": item.rd_former_stage_line_id.id,
                    "rd_former_stage_line_id": False,
                }
            )
        self.flush_model()

    def _rd_with_stage_key(self):
        key = self.env["rd.contract"]._as_internal().env.context["rd_guard"]
        return self.sudo().with_context(rd_guard=key, skip_invoice_sync=True)
