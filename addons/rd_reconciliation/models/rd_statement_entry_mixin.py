# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RdStatementEntryMixin(models.AbstractModel):
    """What the desk puts on a customer's next statement, with a reason.

    Draft, waiting for a second person where one is needed, approved, cancelled.
    """

    _name = "rd.statement.entry.mixin"
    _description = "Entry for a Statement"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "rd.workflow.mixin",
        "rd.approval.mixin",
    ]

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Affiliate",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('rd_settlement_mode', 'in', ('statement_confirm', 'statement_sent')),"
        " ('parent_id', '=', False)]",
        check_company=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    date = fields.Date(
        string="Enters from",
        required=True,
        default=lambda self: self.env.company._rd_today(),
        help="It enters the first statement that is not sent yet and reaches this day.",
    )
    reason = fields.Char(required=True)

    @api.model
    def _get_frozen_states(self):
        return ("waiting", "approved", "cancelled")

    @api.constrains("partner_id")
    def _check_partner(self):
        for entry in self:
            partner = entry.partner_id
            if (
                partner.commercial_partner_id != partner
                or not partner._rd_settles_by_statement()
            ):
                raise ValidationError(
                    self.env._(
                        "%(partner)s has no monthly statement; choose the customer "
                        "that is invoiced.",
                        partner=partner.display_name,
                    )
                )

    def _check_desk(self):
        """Refuse anyone but the desk (and code that runs as the system)."""
        self.check_access("write")
        self.env["rd.close"]._check_desk()

    def action_draft(self):
        """Take what waits, or may be taken up again, back to draft."""
        self._check_desk()
        self._withdraw_approvals()
        self._move_to("draft")
        return True

    def _approved(self, approval):
        res = super()._approved(approval)
        self._move_to("approved")
        return res

    def _refused(self, approval):
        res = super()._refused(approval)
        self._move_to("draft")
        self.message_post(
            body=self.env._("Not approved: %(reason)s", reason=approval.answer_reason)
        )
        return res
