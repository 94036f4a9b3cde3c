# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdStatement(models.Model):
    """Every revision and every act of a person leaves a line in the log."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    revision_ids = fields.One2many(
        "rd.statement.revision", "statement_id", string="Revisions", copy=False
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"revision_ids"}

    def _fix_revision(self):
        before = {statement: statement.revision for statement in self}
        res = super()._fix_revision()
        for statement, revision in before.items():
            if statement.revision != revision:
                statement._log_revision("fixed")
        return res

    def _record_confirmation(
        self, channel, who, revision, content_hash, note=None, moment=None
    ):
        res = super()._record_confirmation(
            channel, who, revision, content_hash, note, moment
        )
        labels = dict(
            self._fields["confirmation_channel"]._description_selection(self.env)
        )
        self._log_revision("confirmed", f"{who}, {labels.get(channel, channel)}")
        return res

    def _log_revision(self, event, note=None):
        """Log what became of the content as it is now."""
        self.ensure_one()
        lines = self._lines()
        return self._create_log(
            event,
            note,
            line_count=len(lines),
            last_line_id=max(lines.ids, default=0),
        )

    def _create_log(self, event, note=None, **values):
        return (
            self.env["rd.statement.revision"]
            .sudo()
            ._as_internal()
            .create(
                {
                    "statement_id": self.id,
                    "revision": self.revision,
                    "event": event,
                    "content_hash": self.content_hash,
                    "amount_total": self.amount_total,
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                    "note": note or False,
                    "month": self._get_counting_month(),
                    **values,
                }
            )
        )

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------
    def _log_act(self, event, note=None):
        """Log one act of a person on each statement; what runs by itself is none."""
        if self._is_by_hand():
            for statement in self:
                statement._create_log(event, note, by_hand=True)

    def _mark_act(self, event):
        """Let what was logged last of an event count as an act, if a person did it."""
        if not self._is_by_hand():
            return
        for statement in self.sudo():
            last = statement.revision_ids.filtered(lambda one: one.event == event)[:1]
            last.filtered(lambda one: not one.by_hand)._as_internal().write(
                {"by_hand": True}
            )

    def _is_by_hand(self):
        """Tell whether a person of ours does this."""
        user = self.env.user
        return not (
            user._is_superuser()
            or user.share
            or self.env["rd.close.step"]._is_running()
        )

    def _get_newest_line_first_sent(self):
        """Return ``{statement id: id of the newest line of its first revision}``."""
        fixed = self.revision_ids.filtered(lambda one: one.event == "fixed")
        first = fixed.sorted("id", reverse=True)
        known = {one.statement_id.id: one.last_line_id for one in first}
        return {statement.id: known.get(statement.id, 0) for statement in self}
