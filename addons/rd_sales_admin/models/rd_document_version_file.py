# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models
from odoo.exceptions import UserError


class RdDocumentVersion(models.Model):
    """The files of a version."""

    _name = "rd.document.version"
    _inherit = ["rd.document.version"]

    def _keep_files(self, papers):
        """Attach the papers to this draft, in place of what it had."""
        self.ensure_one()
        old = self.sudo().attachment_ids
        # Whoever may file need not be one who may attach.
        made = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "raw": raw,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for name, raw in papers
                ]
            )
        )
        self._as_internal().write(
            {
                "attachment_ids": [Command.set(made.ids)],
                "checksums": self.env["rd.document"]._get_checksums(papers),
                "author_id": self.env.uid,
            }
        )
        old._rd_internal_unlink()

    def action_set_files(self, files=None):
        """Put other files in place of those of a draft; who does is its author.

        :param files: ``[{"name", "data"}]``, base64
        """
        self.check_access("write")
        for version in self:
            if version.state != "draft":
                raise UserError(
                    self.env._(
                        "%s stays as it was handed on; file a new version instead.",
                        version.display_name,
                    )
                )
            version._keep_files(self.env["rd.document"]._decode_files(files or []))
        return True
