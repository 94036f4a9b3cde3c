# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class AccountMoveLine(models.Model):
    """What was known of the due date is kept when it moves."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    def write(self, vals):
        """Keep the due date that somebody writes another one over."""
        # Where the anchor moves it, the invoice keeps what was known of all its parts.
        if "date_maturity" in vals and "rd_due_date" not in vals:
            self._rd_note_known_dues(fields.Date.to_date(vals["date_maturity"]))
        return super().write(vals)

    def _rd_note_known_dues(self, due):
        """Keep what is known of those whose due date is another one yet."""
        moved = self.sudo().filtered(lambda line: line.date_maturity != due)
        self.env["rd.due.change"]._note(moved._rd_get_known_dues())

    def _rd_get_known_dues(self):
        """Return ``{item: (due date, what it waits for)}`` of what customers owe by
        posted entries; no date while it waits."""
        return {
            line: line._rd_get_known_due()
            for line in self
            if line.parent_state == "posted"
            and line.account_id.account_type == "asset_receivable"
        }

    def _rd_get_known_due(self):
        self.ensure_one()
        stage = "stage" if self.rd_waits_stage else False
        waits = self.move_id.rd_due_waits_for or stage
        return (False if waits else self.date_maturity or self.date, waits)
