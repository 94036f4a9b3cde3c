# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdCheckFinding(models.Model):
    """One violation of an invariant, as one check found it."""

    _name = "rd.check.finding"
    _description = "Finding of a Check"
    _inherit = ["rd.guarded.mixin"]
    _order = "run_id desc, id"
    _rec_name = "sentence"

    run_id = fields.Many2one(
        "rd.check.run", string="Check", required=True, index=True, ondelete="restrict"
    )
    rule = fields.Selection(
        [
            ("guarantees", "A guarantee of the database is missing"),
            ("balance", "A posted entry does not balance"),
            ("months", "A closed month is not finished"),
            ("billed", "More is billed than was delivered"),
            ("twice", "Something counts twice"),
            ("lost", "Something delivered is missing in the chain"),
            ("cents", "Amounts disagree"),
            ("frozen", "What was agreed has changed"),
            ("one_company", "Records of two companies or customers hang together"),
            ("tax_invoices", "Tax invoices do not fit their invoices"),
            ("proof", "Both balances are not explained"),
            ("handovers", "Handed over without acceptance as a whole"),
        ],
        required=True,
        index=True,
        help="The rule that does not hold.",
    )
    sentence = fields.Text(
        required=True, help="What exactly is wrong, for whoever puts it right."
    )
    since = fields.Datetime(
        required=True,
        help="The first of the checks without a break that found it.",
    )
    is_new = fields.Boolean(
        string="New", help="The check before did not find it: supervisors were told."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("What a check found stays on record."))
