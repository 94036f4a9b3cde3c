# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_receivable_rule import CODES


class RdReceivableExceptionItem(models.Model):
    """One fact behind an exception, and where it is read.

    The record is kept by its number and its name: what became of the entry later
    does not change what somebody decided about.
    """

    _name = "rd.receivable.exception.item"
    _description = "Evidence of a Receivable Exception"
    _inherit = ["rd.guarded.mixin"]
    _order = "exception_id, since_date, id"

    exception_id = fields.Many2one(
        "rd.receivable.exception", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="exception_id.company_id", store=True, index=True
    )
    code = fields.Selection(CODES, required=True)
    res_model = fields.Char(string="Kind of record", required=True)
    res_id = fields.Integer(string="Record no.", required=True)
    name = fields.Char(string="Record", required=True)
    currency_id = fields.Many2one(related="exception_id.currency_id")
    amount = fields.Monetary()
    since_date = fields.Date(string="Since")
    note = fields.Char(string="What is so")
    live = fields.Boolean(
        string="Still so",
        default=True,
        help="The fact is there, and the exception is not over.",
    )
    gone_date = fields.Date(string="Gone on")
    gone_reason = fields.Char(string="Why it has gone")

    _live_once = models.UniqueIndex(
        "(company_id, code, res_model, res_id) WHERE live",
        "This is already part of an exception of the rule.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.model_create_multi
    def create(self, vals_list):
        """Take evidence from the rules only."""
        if not self._is_internal():
            raise UserError(
                self.env._("Exceptions are found by the rules, not written down.")
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The evidence of an exception stays with it."))

    def action_open(self):
        """Open the record that shows the fact.

        :raise UserError: when it is not there any more
        """
        self.ensure_one()
        self.check_access("read")
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(
                self.env._(
                    "%(name)s is not there any more; it was changed after the "
                    "exception was found.",
                    name=self.name,
                )
            )
        if self.res_model == "account.move.line":
            record = record.move_id
        record.check_access("read")
        return record._get_records_action()

    def _prepare_taken_over(self):
        """Return the values of this fact on another exception."""
        self.ensure_one()
        names = ("code", "res_model", "res_id", "name", "amount", "since_date", "note")
        return {name: self[name] for name in names}

    def _describe_end(self):
        """Return what became of the fact, in a few words."""
        self.ensure_one()
        record = self.env[self.res_model].sudo().browse(self.res_id).exists()
        if not record:
            return self.env._("%(name)s is not in the books any more", name=self.name)
        if self.res_model == "account.move.line":
            if record.parent_state != "posted":
                return self.env._(
                    "%(name)s is not in the books any more", name=self.name
                )
            if record.reconciled:
                return self._describe_settled(record)
        return self.env._("%(name)s: no longer so", name=self.name)

    def _describe_settled(self, item):
        parts = item.matched_credit_ids
        day = max(parts.mapped("max_date"), default=None)
        moves = parts.credit_move_id.move_id
        if moves and all(move.move_type == "out_refund" for move in moves):
            return self.env._(
                "%(name)s was credited on %(day)s", name=self.name, day=day
            )
        return self.env._("%(name)s was settled on %(day)s", name=self.name, day=day)
