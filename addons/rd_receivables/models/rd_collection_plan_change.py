# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_collection_plan import FROZEN


class RdCollectionPlanChange(models.Model):
    """What is expected of a planned item now; append-only, beside the baseline."""

    _name = "rd.collection.plan.change"
    _description = "Change beside a Collection Plan"
    _inherit = ["rd.guarded.mixin"]
    _order = "id desc"
    _rec_name = "reason"

    plan_id = fields.Many2one(
        "rd.collection.plan", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "rd.collection.plan.line", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="line_id.partner_id", string="Customer")
    planned_date = fields.Date(string="Expected on")
    planned_amount = fields.Monetary(string="Expected")
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", string="Noted by", required=True)
    date = fields.Datetime(string="Noted on", required=True)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    def write(self, vals):
        """Refuse: a note beside the plan is followed by another one, not changed."""
        if not self._is_internal():
            raise UserError(
                self.env._("A noted change stays; note another one instead.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A noted change stays; note another one instead."))

    @api.model
    def _note(self, line, planned_date, planned_amount, reason):
        """Write one change down.

        :raise UserError: see ``action_revise`` of the line
        """
        day, amount = self._read_expected(line, planned_date, planned_amount)
        if line.plan_id.state not in FROZEN:
            raise UserError(
                self.env._(
                    "The plan of %(month)s is not approved yet; change the line "
                    "itself.",
                    month=line.plan_id.name,
                )
            )
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(item)s: say why something else is expected now.",
                    item=line.item_name,
                )
            )
        currency = line.company_id.currency_id
        if amount < 0 or currency.compare_amounts(amount, line.opening_amount) > 0:
            raise UserError(
                self.env._(
                    "%(item)s of %(partner)s: expect between 0 and the open %(open)s.",
                    item=line.item_name,
                    partner=line.partner_name,
                    open=currency.format(line.opening_amount),
                )
            )
        # A line's desk may note it; the row itself nobody writes.
        return (
            self.sudo()
            ._as_internal()
            .create(
                {
                    "plan_id": line.plan_id.id,
                    "line_id": line.id,
                    "planned_date": day,
                    "planned_amount": amount,
                    "reason": reason.strip(),
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                }
            )
            .sudo(False)
            .id
        )

    @api.model
    def _read_expected(self, line, planned_date, planned_amount):
        """Return day and amount as given, those of the plan where none is.

        :raise UserError: for what is no day or no amount
        """
        try:
            day = fields.Date.to_date(planned_date) or line.planned_date
            amount = line.planned_amount
            if planned_amount is not None:
                amount = float(planned_amount)
        except (TypeError, ValueError):
            raise UserError(
                self.env._(
                    "%(item)s: write the expected day and amount as a date and a "
                    "number.",
                    item=line.item_name,
                )
            ) from None
        return day, amount
