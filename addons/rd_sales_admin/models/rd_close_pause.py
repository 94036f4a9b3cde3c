# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdClosePause(models.Model):
    """A halt of the automatic close: of the whole company, or of one affiliate.

    What a person starts himself on an affiliate's row runs all the same. A pause is
    never deleted; who resumed it, when and why stands beside who began it.
    """

    _name = "rd.close.pause"
    _description = "Pause of the Close"
    _inherit = ["rd.guarded.mixin"]
    _order = "paused_date desc, id desc"
    _rec_name = "reason"

    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Affiliate",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the whole company.",
    )
    reason = fields.Char(required=True)
    paused_by_id = fields.Many2one("res.users", string="Paused by", required=True)
    paused_date = fields.Datetime(string="Paused on", required=True)
    resumed_by_id = fields.Many2one("res.users", string="Resumed by")
    resumed_date = fields.Datetime(string="Resumed on")
    resume_reason = fields.Char(string="Why resumed")

    # One row of a company, and one of each affiliate in it, can be in force.
    _in_force_once = models.UniqueIndex(
        "(company_id, COALESCE(partner_id, 0)) WHERE resumed_date IS NULL",
        "The close is already paused here.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        raise UserError(self.env._("A pause stays on record; resume it instead."))

    @api.model
    def _get_in_force(self, company):
        """Return the pauses of a company that are in force."""
        return self.search(
            [("company_id", "=", company.id), ("resumed_date", "=", False)]
        )

    def _describe_pause(self):
        """Return who paused it, when and why, in one sentence."""
        self.ensure_one()
        # The name of who paused it is all that is told of him.
        return self.env._(
            "Paused by %(who)s on %(day)s: %(reason)s",
            who=self.paused_by_id.sudo().name,
            day=self.company_id._rd_local_date(self.paused_date),
            reason=self.reason,
        )
