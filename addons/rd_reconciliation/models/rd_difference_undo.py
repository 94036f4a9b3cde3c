# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

from .rd_statement import OPEN_STATES


class RdDifference(models.Model):
    """Taking a settlement back, with everything it did beside the lines."""

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    def action_reopen(self):
        """Take a settlement back while the statement is not agreed.

        Lines carried over by it come back to the statement, what was learned by
        it is forgotten, a price it changed is what it was.
        """
        self.statement_id._check_desk()
        for item in self:
            item._check_reopenable()
        for item in self:
            item._put_back()
        receipts = self.filtered(lambda item: item._is_of_receipt())
        for items, reason in ((receipts, "not_accepted"), (self - receipts, False)):
            items.line_ids._as_internal().write(
                {"verdict": "difference", "live": True, "zero_reason": reason}
            )
        self._as_internal().write(
            {
                "state": "open",
                "settled_by_id": False,
                "settled_date": False,
                "requested_by_id": False,
                "requested_action": False,
                "undo_values": False,
            }
        )
        self.statement_id._recompute_amounts()
        return True

    def _check_reopenable(self):
        self.ensure_one()
        if self.statement_id.state not in OPEN_STATES:
            raise UserError(
                self.env._(
                    "%(statement)s is already agreed; what is settled on it stays.",
                    statement=self.statement_id.display_name,
                )
            )
        done = self.sudo().return_picking_ids.filtered(lambda one: one.state == "done")
        if done:
            raise UserError(
                self.env._(
                    "The goods of %(difference)s have come back with %(picking)s; "
                    "this cannot be undone.",
                    difference=self.display_name,
                    picking=done[0].name,
                )
            )
        if self._is_of_receipt() and self.statement_line_id._get_gone():
            raise UserError(
                self.env._(
                    "The goods of %(difference)s have come back with %(picking)s; "
                    "this cannot be undone.",
                    difference=self.display_name,
                    picking=self.statement_line_id.move_id._rd_describe_returns(),
                )
            )
        if self.sudo().credit_move_id.state == "posted":
            raise UserError(
                self.env._(
                    "Credit note %(move)s for %(difference)s is posted; cancel it "
                    "there first.",
                    move=self.sudo().credit_move_id.name,
                    difference=self.display_name,
                )
            )

    def _put_back(self):
        """Undo what the settlement did beside the lines' verdicts."""
        self.ensure_one()
        for line_id, (price, source) in (self.undo_values or {}).items():
            self.env["rd.statement.line"].browse(int(line_id))._as_internal().write(
                {"price_unit": price, "price_source": source}
            )
        if self.alias_id or self.habit_ids:
            self.alias_id.action_archive()
            self.habit_ids.action_archive()
            self._as_internal().write({"alias_id": False})
        # A clerk undoes what the desk raised, also where he may not cancel freely.
        papers = self.sudo()
        papers.return_picking_ids.filtered(
            lambda one: one.state != "cancel"
        ).action_cancel()
        papers.credit_move_id.filtered(
            lambda move: move.state == "draft"
        ).button_cancel()
