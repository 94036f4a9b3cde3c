# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdStatementRevision(models.Model):
    """What happened to a statement: which content was fixed, and what people did to
    it since, when and by whom.

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
            ("answered", "Answer noted"),
            ("settled", "Differences settled"),
            ("agreed", "Agreed"),
            ("invoiced", "Invoices made"),
            ("requested", "Invoices requested"),
            ("posted", "Invoices posted"),
        ],
        required=True,
    )
    content_hash = fields.Char(string="Hash")
    amount_total = fields.Monetary(string="Total")
    line_count = fields.Integer(string="Lines", aggregator=None)
    last_line_id = fields.Integer(
        string="Last line",
        aggregator=None,
        help="The newest line of this content; what came with a later one is newer.",
    )
    user_id = fields.Many2one("res.users", string="By", required=True)
    date = fields.Datetime(required=True)
    note = fields.Char()
    by_hand = fields.Boolean(
        readonly=True,
        help="An act of a person of ours: neither the customer's nor a step's that ran "
        "by itself.",
    )
    month = fields.Date(
        string="Counts in",
        index=True,
        help="The statement's month, or the first open one where that was closed.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        raise UserError(self.env._("The log of a statement's revisions is kept."))
