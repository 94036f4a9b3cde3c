# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

INVOICED = ("invoiced", "closed")


class RdPriceAdjustment(models.Model):
    """Prices agreed later with an earlier validity: what was invoiced since then
    is listed with old and new price, and the difference enters the next statement.

    A second person approves it; each invoiced line is adjusted once per price.
    """

    _name = "rd.price.adjustment"
    _description = "Price Adjustment"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "rd.workflow.mixin",
        "rd.approval.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, copy=False, readonly=True, default="/")
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
    valid_from = fields.Date(
        required=True, help="First delivery day for which the new price counts."
    )
    tax_basis = fields.Selection(
        [("excluded", "Tax excluded"), ("included", "Tax included")],
        string="New prices are",
        required=True,
        default="excluded",
    )
    reason = fields.Char(required=True)
    price_ids = fields.One2many(
        "rd.price.adjustment.price", "adjustment_id", string="New prices"
    )
    line_ids = fields.One2many(
        "rd.price.adjustment.line", "adjustment_id", string="Invoiced lines", copy=False
    )
    amount = fields.Monetary(
        string="Difference (tax excluded)", compute="_compute_amount", store=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waits for approval"),
            ("approved", "Approved"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )

    @api.model
    def _get_transitions(self):
        return {
            "draft": ("waiting",),
            "waiting": ("draft",),
            "approved": ("waiting",),
            "cancelled": ("draft", "waiting"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"name", "line_ids", "amount"}

    @api.model
    def _get_frozen_states(self):
        return ("waiting", "approved", "cancelled")

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for adjustment in self:
            adjustment.amount = sum(adjustment.line_ids.mapped("amount"))

    @api.constrains("partner_id")
    def _check_partner(self):
        for adjustment in self:
            partner = adjustment.partner_id
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

    @api.model_create_multi
    def create(self, vals_list):
        """Number the documents per company."""
        records = super().create(vals_list)
        for record in records:
            number = (
                self.env["ir.sequence"]
                .with_company(record.company_id)
                .next_by_code("rd.price.adjustment")
            )
            record._as_internal().write({"name": number})
        return records

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    def action_list(self):
        """List the invoiced lines that the new prices concern, anew.

        :raise UserError: when nothing is concerned
        """
        self._check_desk()
        for adjustment in self:
            if adjustment.state != "draft":
                raise UserError(adjustment._transition_refusal("waiting", ("draft",)))
            adjustment._drop_lines()
            values = adjustment._prepare_lines()
            if not values:
                raise UserError(
                    self.env._(
                        "%(adjustment)s: nothing was invoiced from %(day)s on at "
                        "another price.",
                        adjustment=adjustment.name,
                        day=adjustment.valid_from,
                    )
                )
            self.env["rd.price.adjustment.line"]._as_internal().create(values)
        return True

    def action_request(self):
        """List the lines and ask a second person to approve the difference."""
        self.action_list()
        for adjustment in self:
            adjustment._move_to("waiting")
            adjustment._ask_approval(
                "adjust_price",
                self.env._(
                    "%(adjustment)s: %(count)s lines of %(partner)s from %(day)s",
                    adjustment=adjustment.name,
                    count=len(adjustment.line_ids),
                    partner=adjustment.partner_id.name,
                    day=adjustment.valid_from,
                ),
                reason=adjustment.reason,
                partner_id=adjustment.partner_id.id,
                amount=adjustment.amount,
                currency_id=adjustment.currency_id.id,
            )
        return True

    def action_cancel(self):
        """Cancel adjustments that are not approved; their lines become free."""
        self._check_desk()
        for adjustment in self:
            adjustment._withdraw_approvals()
            adjustment._move_to("cancelled")
            adjustment._drop_lines()
        return True

    def action_draft(self):
        """Take waiting adjustments back to draft."""
        self._check_desk()
        self._withdraw_approvals()
        self._move_to("draft")
        return True

    def _check_desk(self):
        self.check_access("write")
        self.env["rd.close"]._check_desk()

    def _approved(self, approval):
        res = super()._approved(approval)
        for line in self.line_ids:
            line._check_still_so()
        self._move_to("approved")
        return res

    def _refused(self, approval):
        res = super()._refused(approval)
        self._move_to("draft")
        self.message_post(
            body=self.env._("Not approved: %(reason)s", reason=approval.answer_reason)
        )
        return res

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------
    def _drop_lines(self):
        """Forget what was listed: nobody deletes these lines, listing anew does."""
        self.line_ids.sudo()._as_internal().unlink()

    def _prepare_lines(self):
        """Return the values of the lines whose price changes by the new prices."""
        self.ensure_one()
        lines = self.env["rd.statement.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("product_id", "in", self.price_ids.product_id.ids),
                ("sale_line_id", "!=", False),
                ("live", "=", True),
                ("zero_reason", "=", False),
                ("statement_id.state", "in", INVOICED),
                ("date", ">=", self.valid_from),
            ],
            order="date, id",
        )
        prices = {price.product_id: price for price in self.price_ids}
        earlier = lines._get_adjustments()
        values = []
        for line in lines:
            if line._get_delivery_day() < self.valid_from:
                continue
            old = line._get_effective_price()
            new = prices[line.product_id]._get_price_for(line)
            if not line.currency_id.is_zero(line.quantity * (new - old)):
                values.append(
                    {
                        "adjustment_id": self.id,
                        "statement_line_id": line.id,
                        "step": len(earlier.get(line, ())),
                        "quantity": line.quantity,
                        "old_price": old,
                        "new_price": new,
                    }
                )
        return values
