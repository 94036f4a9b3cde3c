# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models


class RdContractStage(models.Model):
    """A trigger that had not come after all: the stage waits for it again."""

    _name = "rd.contract.stage"
    _inherit = ["rd.contract.stage"]

    def _why_not_undone(self):
        """Return what was billed of these stages, as a sentence, or False."""
        parts = self.filtered("invoice_reached").line_ids
        items = parts._get_items()
        if items:
            return self.env._(
                "%(stage)s is on invoice %(invoice)s; cancel or credit that first.",
                stage=items[0].rd_stage_line_id.stage_id.display_name,
                invoice=items[0].move_id.display_name,
            )
        ended = self.contract_id.stage_ids.filtered(
            lambda stage: (
                (stage.due_trigger == "warranty_end" and stage.due_reached)
                or (stage.invoice_trigger == "warranty_end" and stage.invoice_reached)
            )
        )
        if ended:
            return self.env._(
                "%(stage)s has been reached since: the warranty that began with this "
                "acceptance is over.",
                stage=ended[0].display_name,
            )
        return False

    def _undo(self, kind, order_line, last):
        """Take back that ``kind`` had come for an order line.

        :param last: day of the last acceptance that is left, or False
        """
        for stage in self:
            values = {}
            if stage.due_trigger == kind:
                values["due_line_ids"] = [Command.unlink(order_line.id)]
                values["due_reached"] = values["requested_on"] = False
            if stage.invoice_trigger == kind:
                values["invoice_line_reached_ids"] = [Command.unlink(order_line.id)]
                values["invoice_reached"] = False
                stage._drop_shares()
            stage._as_internal().write(values)
        contract = self.contract_id
        contract._as_internal().write({"accepted_on": last})
        contract._move_maturities()
        contract.stage_ids.invalidate_recordset()

    def _drop_shares(self):
        """Delete the shares cut off order lines; nothing that stands bills them."""
        parts = self.sudo().line_ids
        gone = parts.item_ids | parts.former_item_ids
        gone._rd_with_stage_key().write(
            {"rd_stage_line_id": False, "rd_former_stage_line_id": False}
        )
        parts._as_internal().unlink()
