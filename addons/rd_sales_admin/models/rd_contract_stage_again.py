# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.flags import flag_search


class RdContractStage(models.Model):
    """A stage whose invoice is gone is invoiced again, once."""

    _name = "rd.contract.stage"
    _inherit = ["rd.contract.stage"]

    invoice_gone = fields.Boolean(
        string="To be invoiced again",
        compute="_compute_invoice_gone",
        search="_search_invoice_gone",
        help="Its invoice was cancelled, deleted or credited whole.",
    )

    @api.depends("line_ids.item_ids.parent_state")
    def _compute_invoice_gone(self):
        gone = self._get_gone_lines().stage_id
        for stage in self:
            stage.invoice_gone = stage._origin in gone

    @api.model
    @flag_search
    def _search_invoice_gone(self):
        """Find the stages that have to be invoiced again."""
        gone = self.search([("line_ids", "!=", False)])._get_gone_lines().stage_id
        return [("id", "in", gone.ids)]

    def _get_gone_lines(self):
        """Return the shares that stand on no invoice and wait for no statement."""
        # Whoever reads contracts need not read entries.
        lines = (
            self.env["rd.contract.stage.line"]
            .sudo()
            .search([("stage_id", "in", self.ids), ("by_statement", "=", False)])
        )
        billed = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("rd_stage_line_id", "in", lines.ids),
                    ("parent_state", "!=", "cancel"),
                ],
                ["rd_stage_line_id"],
            )
        )
        return lines - lines.browse([line.id for (line,) in billed])

    def action_invoice_again(self):
        """Make the draft invoice of stages again whose invoice is gone.

        :raise UserError: for a stage that is invoiced, or waits for a statement
        """
        self.env["rd.contract"]._check_desk()
        self.check_access("read")
        for stage in self:
            lines = stage._get_gone_lines()
            if not lines:
                raise UserError(
                    self.env._(
                        "%(stage)s is on an invoice, waits for the monthly statement "
                        "or has not been reached; nothing is to be invoiced again.",
                        stage=stage.display_name,
                    )
                )
            lines._invoice_at_once()
        return True
