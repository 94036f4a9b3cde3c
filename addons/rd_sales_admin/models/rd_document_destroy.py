# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models


class RdDocument(models.Model):
    """The end of a paper."""

    _name = "rd.document"
    _inherit = ["rd.document"]

    destruction_id = fields.Many2one(
        "rd.document.destruction",
        string="Destroyed by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"destruction_id"}

    def _why_not(self, target):
        if target == "destroyed" and not self.free:
            return self._get_why_kept()
        return super()._why_not(target)

    def _destroy(self, destruction):
        """Delete all files of papers whose time is over; the entries stay.

        :raise UserError: for a paper that still has to be kept; nothing is gone then
        """
        self._move_to(
            "destroyed", {"destruction_id": destruction.id, "place_id": False}
        )
        versions = self.version_ids
        papers = versions.attachment_ids
        versions._as_internal().write({"attachment_ids": [Command.clear()]})
        papers._rd_internal_unlink()
