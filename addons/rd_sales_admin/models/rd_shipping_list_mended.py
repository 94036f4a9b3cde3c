# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdShippingList(models.Model):
    """Lists whose rows came again on a later one: they end with it."""

    _name = "rd.shipping.list"
    _inherit = ["rd.shipping.list"]

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target == "cancelled":
            self.line_ids._wake_mended()
        return res

    def _finish(self):
        """End checked lists of which no row is open, then the earlier ones that only
        waited for them.

        A list whose rows rest for another stays until that one is done: it may still
        be withdrawn, and the rows then open again.
        """
        done = self.filtered(
            lambda item: (
                item.state == "checked"
                and not item.open_count
                and not item._get_awaited()
            )
        )
        if done:
            done._move_to("applied")
            done.line_ids.mends_ids.list_id._finish()

    def _begin_again(self):
        """Let lists that are done wait again, and the earlier ones that only ended
        with them: until their deliveries are made they may be withdrawn."""
        done = self.filtered(lambda item: item.state == "applied")
        if done:
            done._move_to("checked")
            rested = done.line_ids.mends_ids
            rested.filtered(lambda row: row.verdict == "mended").list_id._begin_again()

    def _get_awaited(self):
        """Return the later lists that stand for rows of this one and are not done."""
        rested = self.line_ids.filtered(lambda row: row.verdict == "mended")
        return rested.mended_by_id.list_id.filtered(lambda one: one.state != "applied")
