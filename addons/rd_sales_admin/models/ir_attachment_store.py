# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
import uuid

from odoo import api, models


class IrAttachment(models.Model):
    """A file of the file store is there whole or not at all.

    Odoo writes it in place, and refuses whoever stores the same bytes while they are
    half written: several clicks on one button do that.
    """

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    @api.model
    def _file_write(self, bin_value, checksum):
        self._rd_place(bin_value, f"{checksum[:2]}/{checksum}")
        return super()._file_write(bin_value, checksum)

    @api.model
    def _rd_place(self, content, name):
        """Put these bytes under their name in one step, unless they are there."""
        path = self._full_path(name)
        if os.path.exists(path):
            return
        folder = os.path.dirname(path)
        os.makedirs(folder, exist_ok=True)
        part = f"{path}-{uuid.uuid4().hex}"
        with open(part, "xb") as file:
            file.write(content)
        os.replace(part, path)
        # should the transaction be rolled back, nothing names it
        self._mark_for_gc(name)
