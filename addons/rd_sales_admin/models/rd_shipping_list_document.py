# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdShippingList(models.Model):
    """A list that was handed in and checked is filed as it came."""

    _name = "rd.shipping.list"
    _inherit = ["rd.shipping.list", "rd.papers.mixin"]

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target == "checked":
            self._file_itself()
        return res

    def _file_itself(self):
        # The warehouse hands lists in; the register is not its own.
        documents = self.env["rd.document"].sudo()
        for record in self:
            documents._file(
                "shipping",
                documents._get_own_title(record, "shipping"),
                [(record.filename or record.name, record._get_content())],
                record,
                date=record.date_to,
                user_id=record.received_by_id.id or self.env.uid,
            )
