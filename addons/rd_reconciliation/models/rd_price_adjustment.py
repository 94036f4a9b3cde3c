# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_statement_line_late import get_root

INVOICED = ("invoiced", "closed")


class RdPriceAdjustment(models.Model):
    """Prices agreed later with an earlier validity: what was invoiced since then
    is listed with old and new price, and the difference enters the next statement.

    A second person approves it; each invoiced line is adjusted once per price.
    """

    _name = "rd.price.adjustment"
    _description = "Price Adjustment"
    _inherit = ["rd.statement.entry.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, copy=False, readonly=True, default="/")
    valid_from = fields.Date(
        required=True, help="First delivery day for which the new price counts."
    )
    tax_basis = fields.Selection(
        [("excluded", "Tax excluded"), ("included", "Tax included")],
        string="New prices are",
        required=True,
        default="excluded",
    )
    price_ids = fields.One2many(
        "rd.price.adjustment.price", "adjustment_id", string="New prices"
    )
    line_ids = fields.One2many(
        "rd.price.adjustment.line", "adjustment_id", string="Invoiced lines", copy=False
    )
    drift_ids = fields.Many2many(
        "rd.drift",
        string="Late facts",
        readonly=True,
        copy=False,
        help="What it was made from: of their parts only their own lines are adjusted.",
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
        return super()._get_guarded_fields() | {
            *("name", "line_ids", "drift_ids", "amount")
        }

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for adjustment in self:
            adjustment.amount = sum(adjustment.line_ids.mapped("amount"))

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

    def _why_not(self, target):
        """Refuse to approve what is no longer as it was listed."""
        if target == "approved":
            for line in self.line_ids:
                if reason := line._why_not_still_so():
                    return reason
        return super()._why_not(target)

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
        for line in self._get_concerned(lines):
            price, adjusted = prices[line.product_id], earlier.get(line, ())
            changed = line._prepare_new_price(price, adjusted)
            gap = changed["new_price"] - changed["old_price"]
            if not line.currency_id.is_zero(changed["quantity"] * gap):
                values.append(
                    {
                        "adjustment_id": self.id,
                        "statement_line_id": line.id,
                        "step": len(adjusted),
                        "agreed_price": line._get_price_now()[0],
                        **changed,
                    }
                )
        return values

    def _get_concerned(self, lines):
        """Return those of the invoiced lines for which the new prices were agreed.

        A late fact speaks of its own line: another order, another step or a later
        month may have kept its price. What came back of that line goes with it.
        """
        self.ensure_one()
        own = self.drift_ids.line_id
        return lines.filtered(
            lambda line: (
                line._get_delivery_day() >= self.valid_from
                and (
                    line.product_id not in own.product_id
                    or line in own
                    or get_root(line.move_id.sudo()) in own.move_id.sudo()
                )
            )
        )
