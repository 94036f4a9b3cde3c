# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class StockPicking(models.Model):
    """Signed notes are filed by themselves."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "rd.papers.mixin"]

    def _rd_receipt_changed(self):
        """File the scans of a signed note; a corrected one is a new version."""
        res = super()._rd_receipt_changed()
        # A porter signs; the register is not his.
        documents = self.env["rd.document"].sudo()
        for picking in self.sudo().filtered("rd_receipt_ids"):
            documents._file(
                "receipt",
                documents._get_own_title(picking, "receipt"),
                [(paper.name, paper.raw) for paper in picking.rd_receipt_ids],
                picking,
                date=picking.company_id._rd_local_date(picking.rd_signed_date),
            )
        return res
