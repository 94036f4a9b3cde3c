# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

KEPT = ("rd.chase.sending", "rd.chase.note")


class IrAttachment(models.Model):
    """Papers that were sent, and proofs that were handed in, stay as they are."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def _rd_check_kept(self):
        res = super()._rd_check_kept()
        kept = self.filtered(lambda paper: paper.res_model in KEPT and paper.res_id)
        if kept:
            raise UserError(
                self.env._(
                    "“%(name)s” was sent to a customer or handed in by one; it stays "
                    "as it is.",
                    name=kept[0].name,
                )
            )
        return res
