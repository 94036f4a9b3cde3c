# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .res_partner_due import ANCHORS


class RdDueChange(models.Model):
    """What the due date of an item was before it moved: the ageing of a past day
    takes the due date that was known on that day.

    One row for each item and day on which it moved. What moves on the day on which
    it comes into the books was never known otherwise.
    """

    _name = "rd.due.change"
    _description = "Moved Due Date"
    _inherit = ["rd.guarded.mixin"]
    _order = "until desc, id desc"
    _rec_name = "until"

    move_line_id = fields.Many2one(
        "account.move.line", string="Item", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="move_line_id.company_id", store=True, index=True
    )
    until = fields.Date(
        string="Known until",
        required=True,
        help="Last day at whose end the due date was this one.",
    )
    due_date = fields.Date(string="Due date", help="Empty: it was not due yet.")
    waits_for = fields.Selection(ANCHORS, string="Not due: waits for")

    _once_a_day = models.UniqueIndex(
        "(move_line_id, until)", "The due date of that day is already kept."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        raise UserError(self.env._("What was known of a due date stays on record."))

    @api.model
    def _note(self, known):
        """Keep what was known by the end of yesterday; nothing is kept twice.

        :param dict known: ``{journal item: (due date, what it waits for)}`` of before
        """
        if not known:
            return
        lines = self.env["account.move.line"].sudo().union(*known)
        rows = [
            {"move_line_id": line.id, "until": until, "due_date": due, "waits_for": why}
            for line, until in self._get_days(lines).items()
            for due, why in (known[line],)
        ]
        self.sudo()._as_internal().create(rows)

    @api.model
    def _get_days(self, lines):
        """Return ``{journal item: yesterday}`` of what has not been kept by then."""
        yesterdays = {
            company: company._rd_today() - timedelta(days=1)
            for company in lines.company_id
        }
        days = {line: yesterdays[line.company_id] for line in lines}
        kept = self.sudo().search_fetch(
            [
                ("move_line_id", "in", lines.ids),
                ("until", "in", list(yesterdays.values())),
            ],
            ["move_line_id", "until"],
        )
        done = {(one.move_line_id, one.until) for one in kept}
        # What is dated today or later is in no list of a day before.
        return {
            line: day
            for line, day in days.items()
            if line.date <= day and (line, day) not in done
        }

    @api.model
    def _query_known(self, day) -> SQL:
        """Return the query of what was known on that day and moved since: one row
        for each item, with its due date and what it waited for."""
        return SQL(
            """
            SELECT DISTINCT ON (change.move_line_id)
                change.move_line_id, change.due_date, change.waits_for
            FROM rd_due_change change
            WHERE change.until >= %s
            ORDER BY change.move_line_id, change.until
            """,
            day,
        )
