# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdStatement(models.Model):
    """Every revision leaves a line in the log."""

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
        self.ensure_one()
        self.env["rd.statement.revision"].sudo()._as_internal().create(
            {
                "statement_id": self.id,
                "revision": self.revision,
                "event": event,
                "content_hash": self.content_hash,
                "amount_total": self.amount_total,
                "line_count": len(self._lines()),
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "note": note or False,
            }
        )
