# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """The paper by which a handover was answered stays."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def _rd_check_kept(self):
        res = super()._rd_check_kept()
        papers = self.filtered(lambda paper: paper.res_model == "rd.handover")
        if not papers:
            return res
        # Whoever may not see the answer must not remove its proof either.
        answer = (
            self.env["rd.handover.answer"]
            .sudo()
            .search([("attachment_ids", "in", papers.ids)], limit=1)
        )
        if answer:
            raise UserError(
                self.env._(
                    "The paper by which %(who)s answered %(handover)s stays as it is.",
                    who=answer.who,
                    handover=answer.handover_id.name,
                )
            )
        return res
