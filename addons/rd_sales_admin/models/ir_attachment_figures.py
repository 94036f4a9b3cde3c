# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

from .rd_guarded_mixin import GUARD


class IrAttachment(models.Model):
    """What shows that a task was done, and what was handed in, stays as it was."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def _rd_check_kept(self):
        res = super()._rd_check_kept()
        self._rd_check_evidence()
        self._rd_check_handed_in()
        return res

    def _rd_check_handed_in(self):
        """Refuse where one of the files is a report that was handed in."""
        papers = self.filtered(lambda paper: paper.res_model == "rd.report.version")
        if not papers or self.env.context.get("rd_guard") is GUARD:
            return
        # Whoever may not see the report must not remove its file either.
        versions = self.env["rd.report.version"].sudo()
        kept = versions.search([("attachment_ids", "in", papers.ids)], limit=1)
        if kept:
            raise UserError(
                self.env._(
                    "%s is what was handed in and stays as it is; hand in a corrected "
                    "one instead.",
                    kept.display_name,
                )
            )

    def _rd_check_evidence(self):
        """Refuse where one of the files is the evidence of a checked task."""
        papers = self.filtered(lambda paper: paper.res_model == "rd.work.item")
        if not papers:
            return
        # Whoever may not see the task must not remove its evidence either.
        items = self.env["rd.work.item"].sudo()
        kept = items.search(
            [
                ("evidence_ids", "in", papers.ids),
                "|",
                ("state", "=", "checked"),
                ("frozen", "=", True),
            ],
            limit=1,
        )
        if kept:
            raise UserError(
                self.env._(
                    "The files of %(task)s show that it was done; they stay as they "
                    "are.",
                    task=kept.display_name,
                )
            )
