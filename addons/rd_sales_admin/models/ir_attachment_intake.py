# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """The file of a list that was taken over stays: it says where records are from."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def _rd_check_kept(self):
        res = super()._rd_check_kept()
        papers = self.filtered(lambda paper: paper.res_model == "rd.intake")
        intakes = self.env["rd.intake"].sudo().browse(papers.mapped("res_id")).exists()
        taken = intakes.filtered(lambda intake: intake.state == "taken")
        if taken:
            raise UserError(
                self.env._(
                    "%s was taken over; its file stays as it is.",
                    taken[0].filename or taken[0].display_name,
                )
            )
        return res
