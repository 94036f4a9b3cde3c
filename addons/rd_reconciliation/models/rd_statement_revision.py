# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdStatementRevision(models.Model):
    """One content of a statement that was fixed: which hash, when and by whom.

    Append-only. What a person wrote down of a confirmation is kept when the
    statement is taken back, so that the answer to an older revision stays known.
    """

    _name = "rd.statement.revision"
    _description = "Revision of a Statement"
    _inherit = ["rd.guarded.mixin"]
    _order = "statement_id, id desc"
    _rec_name = "revision"

    statement_id = fields.Many2one(
        "rd.statement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    revision = fields.Integer(required=True)
    event = fields.Selection(
        [
            ("fixed", "Fixed"),
            ("confirmed", "Confirmed"),
            ("taken_back", "Taken back"),
        ],
        required=True,
    )
    content_hash = fields.Char(string="Hash")
    amount_total = fields.Monetary(string="Total")
    line_count = fields.Integer(string="Lines")
    user_id = fields.Many2one("res.users", string="By", required=True)
    date = fields.Datetime(required=True)
    note = fields.Char()

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        raise UserError(self.env._("The log of a statement's revisions is kept."))


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

    def _record_confirmation(self, channel, who, revision, content_hash, note=None):
        res = super()._record_confirmation(channel, who, revision, content_hash, note)
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
