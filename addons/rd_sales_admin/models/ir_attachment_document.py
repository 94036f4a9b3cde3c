# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

from .rd_guarded_mixin import GUARD

KEPT = {
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "checksum",
    "mimetype",
    "type",
    "url",
    "name",
    "res_model",
    "res_id",
    "res_field",
    "company_id",
    "public",
}


class IrAttachment(models.Model):
    """The files of a filed paper stay as they are, whatever the way in."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def write(self, vals):
        if KEPT & vals.keys() and not self._rd_keeps_content(vals):
            self._rd_check_filed()
        return super().write(vals)

    def _rd_keeps_content(self, vals):
        """Tell whether only the storage of the same bytes moves (Odoo's own move)."""
        return vals.keys() <= {"raw", "mimetype"} and all(
            paper.raw == vals.get("raw") for paper in self
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rd_document(self):
        self._rd_check_filed()

    def _rd_check_filed(self):
        """Refuse where one of the files belongs to a version of a filed paper."""
        papers = self.sudo().filtered(
            lambda paper: paper.res_model == "rd.document.version"
        )
        if not papers or self.env.context.get("rd_guard") is GUARD:
            return
        # Whoever may not see the paper must not change its file either.
        version = (
            self.env["rd.document.version"]
            .sudo()
            .search([("attachment_ids", "in", papers.ids)], limit=1)
        )
        if version.state == "draft":
            raise UserError(
                self.env._(
                    "The files of %s are changed on the version itself.",
                    version.display_name,
                )
            )
        if version:
            raise UserError(version.document_id._get_why_kept())

    def _rd_internal_unlink(self):
        """Delete files of a draft, or of what an approved list destroys."""
        self.sudo().with_context(rd_guard=GUARD).unlink()
