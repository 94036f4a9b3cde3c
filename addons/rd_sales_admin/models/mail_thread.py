# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError


class MailThread(models.AbstractModel):
    """What papers are filed of cannot disappear while they are kept."""

    _name = "mail.thread"
    _inherit = ["mail.thread"]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rd_filed(self):
        """Refuse to delete a record that papers of the register belong to."""
        document = (
            self.env["rd.document"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "in", ("filed", "superseded")),
                ],
                limit=1,
            )
        )
        if document:
            raise UserError(
                self.env._(
                    "%(record)s cannot be deleted before what belongs to it: "
                    "%(reason)s",
                    record=document.res_name or self.env[self._name]._description,
                    reason=document._get_why_kept(),
                )
            )
