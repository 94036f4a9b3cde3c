# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS = [
    ("not_received", "Not received"),
    ("short", "Short, rejected or damaged"),
    ("quantity", "Other quantity"),
    ("price", "Other price"),
    ("part", "Other part or order"),
    ("other", "Other reason"),
]
SHOWN = frozenset(
    {
        *("id", "display_name", "statement_id", "line_id", "partner_id", "company_id"),
        *("decision", "quantity", "reason", "note", "channel", "who", "date"),
        *("revision", "content_hash"),
    }
)


class RdStatementAnswer(models.Model):
    """One answer of the other side: to a line, or to the whole statement.

    Append-only: a later answer stands beside the earlier one and counts instead.
    It says who answered, when, from where, and what revision was answered.
    """

    _name = "rd.statement.answer"
    _description = "Answer to a Statement"
    _inherit = ["rd.guarded.mixin"]
    _order = "id desc"
    _check_company_auto = True

    statement_id = fields.Many2one(
        "rd.statement", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="statement_id.partner_id", store=True, index=True
    )
    line_id = fields.Many2one(
        "rd.statement.line",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: the answer is to the whole statement.",
    )
    decision = fields.Selection(
        [
            ("confirmed", "Confirmed"),
            ("disputed", "Disputed"),
            ("all", "Confirmed all without dispute"),
            ("workbook", "Marked workbook"),
            ("ledger", "Own ledger"),
        ],
        required=True,
        readonly=True,
    )
    quantity = fields.Float(
        string="Their quantity", digits="Product Unit", readonly=True
    )
    price = fields.Float(
        string="Their price", digits="Product Price", readonly=True, aggregator=None
    )
    reason = fields.Selection(REASONS, readonly=True)
    note = fields.Char(readonly=True)
    channel = fields.Selection(
        selection="_get_channels",
        required=True,
        readonly=True,
    )
    who = fields.Char(
        required=True, readonly=True, help="Person of the other side who answered."
    )
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    user_id = fields.Many2one(
        "res.users", string="Entered by", readonly=True, ondelete="restrict"
    )
    ip_address = fields.Char(string="Address", readonly=True)
    revision = fields.Integer(readonly=True)
    content_hash = fields.Char(readonly=True)
    sha256 = fields.Char(string="Hash of the file", readonly=True)
    signature = fields.Binary(attachment=True, readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Proof", readonly=True, bypass_search_access=True
    )

    _file_once = models.UniqueIndex(
        "(statement_id, sha256) WHERE decision = 'workbook'",
        "This very workbook has already been read.",
    )

    @api.model
    def _get_channels(self):
        """Return the ways an answer reaches us, as a confirmation names them."""
        field = self.env["rd.statement"]._fields["confirmation_channel"]
        return field._description_selection(self.env)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("An answer of the other side is kept."))

    @api.model
    def _has_field_access(self, field, operation):
        shown = self.env["rd.statement"]._is_shown(field.name, SHOWN, {"price"})
        return shown and super()._has_field_access(field, operation)

    @api.depends("who", "decision")
    def _compute_display_name(self):
        labels = dict(self._fields["decision"]._description_selection(self.env))
        for answer in self:
            answer.display_name = f"{answer.who or ''}: {labels.get(answer.decision)}"

    @api.model
    def _get_portal_reasons(self):
        """Return the reasons that this user can give, as (key, label)."""
        reasons = self._fields["reason"]._description_selection(self.env)
        if self.env["rd.statement"]._shows_amounts():
            return reasons
        return [reason for reason in reasons if reason[0] != "price"]

    @api.model
    def _get_latest(self, lines):
        """Return ``{line: its latest answer}``, in one query."""
        answers = self.search_fetch(
            [("line_id", "in", lines.ids)],
            ["line_id", "decision", "quantity", "price", "reason", "note", "who"],
            order="id",
        )
        return {answer.line_id: answer for answer in answers}
