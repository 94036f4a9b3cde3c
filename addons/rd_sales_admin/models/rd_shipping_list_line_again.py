# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class RdShippingListLine(models.Model):
    """Rows that the desk left out by mistake: they are judged once more."""

    _name = "rd.shipping.list.line"
    _inherit = ["rd.shipping.list.line"]

    def action_take_up(self, reason=None):
        """Take up again rows that were left out, also of a list that is done.

        The list waits for its deliveries again; making them moves these rows only.
        Why they were left out, and why no longer, stays with the list.

        :raise UserError: for a row that was not left out, whose list was withdrawn,
            that a later list brings again, or whose month is closed
        """
        self._check_desk()
        self._check_taken_up()
        for row in self:
            row._tell_taken_up(reason)
        self._as_internal().write(
            {"verdict": "no_order", "message": False, "answer": reason or False}
        )
        self.list_id._begin_again()
        self.list_id._recheck_rows()

    def _check_taken_up(self):
        frozen = self._filter_frozen()
        for row in self:
            refusal = row._why_not_taken_up(row in frozen)
            if refusal:
                raise UserError(refusal)

    def _why_not_taken_up(self, frozen):
        """Return the sentence why this row is not taken up again, or False."""
        names = {"row": self.row, "list": self.list_id.name}
        if self.verdict != "dismissed":
            return self.env._(
                "Row %(row)s of %(list)s has not been left out; only a row that was "
                "can be taken up again.",
                **names,
            )
        if self.list_id.state == "cancelled":
            return self.env._(
                "%(list)s has been withdrawn; hand it in again instead of taking up "
                "its row %(row)s.",
                **names,
            )
        if self.mended_by_id:
            return self.env._(
                "Row %(row)s of %(list)s came again as row %(later)s of %(other)s, "
                "which stands in its place; look there.",
                later=self.mended_by_id.row,
                other=self.mended_by_id.list_id.name,
                **names,
            )
        if frozen:
            return self.env._(
                "Row %(row)s of %(list)s counts in %(month)s, which is closed; have "
                "the row sent again with the next list and take it up there.",
                month=f"{self._get_month():%Y-%m}",
                **names,
            )
        return False

    def _tell_taken_up(self, reason):
        """Say in the list's chatter that the row counts again, and what stood on it."""
        self.list_id.message_post(
            body=self.env._(
                "Row %(row)s (%(note)s, %(part)s) was taken up again: %(reason)s. It "
                "had been left out: %(before)s.",
                row=self.row,
                note=self.note or "",
                part=self.part or "",
                reason=reason or self.env._("no reason given"),
                before=self.answer or self.env._("no reason given"),
            )
        )
