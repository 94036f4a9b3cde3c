# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class IrAttachment(models.Model):
    """The drawings that a department was sent stay as they were sent."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def _rd_check_kept(self):
        res = super()._rd_check_kept()
        papers = self.filtered(lambda paper: paper.res_model == "rd.order.release")
        if papers:
            # Whoever may not see the slip must not exchange its drawings either.
            releases = self.env["rd.order.release"].sudo()
            releases = releases.search(
                [("drawing_ids", "in", papers.ids), ("state", "!=", "cancelled")]
            )
            releases._check_handed_over({"drawing_ids"})
        return res
