# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdMatch(models.Model):
    """A group of our lines and theirs that stand for the same goods."""

    _name = "rd.match"
    _description = "Match"
    _inherit = ["rd.guarded.mixin"]
    _order = "statement_id, id"

    statement_id = fields.Many2one(
        "rd.statement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="statement_id.partner_id", store=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    code = fields.Char(required=True)
    rule = fields.Char(required=True, help="Which rule of the ladder found it.")
    reason_template = fields.Char()
    reason_values = fields.Json()
    reason = fields.Char(compute="_compute_reason")
    status = fields.Selection(
        [
            ("exact", "Exact"),
            ("suggested", "Suggested"),
            ("mismatch", "Mismatch"),
            ("manual", "By hand"),
            ("only_ours", "Only ours"),
            ("only_theirs", "Only theirs"),
        ],
        required=True,
    )
    statement_line_ids = fields.One2many("rd.statement.line", "match_id")
    ledger_line_ids = fields.One2many("rd.ledger.line", "match_id")
    difference_ids = fields.One2many("rd.difference", "match_id", string="Differences")
    difference_id = fields.Many2one(
        "rd.difference", compute="_compute_difference_id", store=True
    )
    ours_qty = fields.Float(digits="Product Unit")
    theirs_qty = fields.Float(digits="Product Unit")
    ours_amount = fields.Monetary()
    theirs_amount = fields.Monetary()

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        if not self._is_internal():
            raise UserError(
                self.env._("Matches are not deleted by hand; match the statement anew.")
            )

    @api.depends("statement_line_ids", "ledger_line_ids")
    def _compute_display_name(self):
        for match in self:
            line = match.statement_line_ids[:1] or match.ledger_line_ids[:1]
            match.display_name = line.display_name or match.rule

    @api.depends("difference_ids")
    def _compute_difference_id(self):
        for match in self:
            match.difference_id = match.difference_ids[:1]

    @api.depends("reason_template", "reason_values")
    @api.depends_context("lang")
    def _compute_reason(self):
        for match in self:
            match.reason = self._translate_reason(
                match.reason_template, match.reason_values
            )

    @api.model
    def _translate_reason(self, template, values):
        """Return a sentence of the matching package in the user's language."""
        if not template:
            return ""
        return self.env._(template, **(values or {}))
