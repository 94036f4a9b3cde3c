# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """Photos of a return stay once the customer was answered."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def _rd_check_kept(self):
        res = super()._rd_check_kept()
        self._check_rd_return()
        return res

    def _check_rd_return(self):
        """Refuse where one of the files is evidence of a return that was decided."""
        papers = self.filtered(lambda paper: paper.res_model == "rd.return")
        if not papers:
            return
        # Whoever may not see the return must not remove its evidence either.
        told = (
            self.env["rd.return"]
            .sudo()
            .search(
                [
                    ("state", "in", ("settled", "closed", "refused")),
                    "|",
                    ("photo_ids", "in", papers.ids),
                    ("inspection_photo_ids", "in", papers.ids),
                ],
                limit=1,
            )
        )
        if told:
            raise UserError(
                self.env._(
                    "The photos of %(record)s are evidence and are kept as they are.",
                    record=told.name,
                )
            )
