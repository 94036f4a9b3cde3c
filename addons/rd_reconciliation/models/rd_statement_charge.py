# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.models.rd_settlement_source import (
    KIND_CHARGE,
    Portion,
)


class RdStatementCharge(models.Model):
    """Freight, a deduction or anything else that no delivery stands behind.

    The clerk enters it with a reason; above the company's limit a second person
    approves it. It enters one statement, once.
    """

    _name = "rd.statement.charge"
    _description = "Charge or Deduction"
    _inherit = ["rd.settlement.source", "rd.statement.entry.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Description", required=True, help="As the statement shows it."
    )
    kind = fields.Selection(
        [
            ("freight", "Freight"),
            ("deduction", "Deduction"),
            ("rework", "Rework or quality claim"),
            ("other", "Other"),
        ],
        required=True,
        default="freight",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        domain="[('type', '=', 'service')]",
        check_company=True,
        help="The service it is invoiced as.",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    price_unit = fields.Float(
        string="Unit price",
        digits="Product Price",
        required=True,
        aggregator=None,
        help="Negative for what is taken off.",
    )
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
    )
    amount = fields.Monetary(compute="_compute_amount", store=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waits for approval"),
            ("approved", "Enters a statement"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    statement_id = fields.Many2one(
        "rd.statement", string="On statement", compute="_compute_statement_id"
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a charge is more than nothing."
    )

    @api.model
    def _get_transitions(self):
        return {
            "draft": ("waiting", "cancelled"),
            "waiting": ("draft",),
            "approved": ("draft", "waiting"),
            "cancelled": ("draft", "waiting", "approved"),
        }

    @api.depends("product_id", "company_id")
    def _compute_tax_ids(self):
        for charge in self:
            charge.tax_ids = charge.product_id.taxes_id._filter_taxes_by_company(
                charge.company_id
            )

    @api.depends("quantity", "price_unit", "currency_id")
    def _compute_amount(self):
        for charge in self:
            amount = charge.quantity * charge.price_unit
            charge.amount = charge.currency_id.round(amount)

    def _compute_statement_id(self):
        lines = self._get_live_lines()
        for charge in self:
            own = lines.filtered(lambda line, one=charge: line.source_id == one.id)
            charge.statement_id = own.statement_id[:1]

    def _get_live_lines(self):
        return self.env["rd.statement.line"].search(
            [
                ("source_kind", "=", KIND_CHARGE),
                ("source_id", "in", self.ids),
                ("live", "=", True),
            ]
        )

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    def action_confirm(self):
        """Let the charges enter the next statement, above the limit once approved.

        :raise UserError: for an amount of 0 or without a tax
        """
        self._check_desk()
        for charge in self:
            charge._check_complete()
            if charge._is_above_limit():
                charge._move_to("waiting")
                charge._ask_approval(
                    "charge",
                    self.env._(
                        "%(charge)s for %(partner)s",
                        charge=charge.name,
                        partner=charge.partner_id.name,
                    ),
                    reason=charge.reason,
                    partner_id=charge.partner_id.id,
                    amount=charge.amount,
                    currency_id=charge.currency_id.id,
                )
            else:
                charge._move_to("approved")
        return True

    def _is_above_limit(self):
        company = self.company_id
        amount = abs(self.amount)
        own = company._rd_in_own_currency(amount, self.currency_id, self.date)
        return company.currency_id.compare_amounts(own, company.rd_charge_limit) > 0

    def _check_complete(self):
        self.ensure_one()
        if self.currency_id.is_zero(self.amount):
            raise UserError(
                self.env._("%(charge)s has no amount; enter one.", charge=self.name)
            )
        if not self.tax_ids:
            raise UserError(
                self.env._(
                    "%(charge)s has no tax; choose one, 0%% too.", charge=self.name
                )
            )

    def action_cancel(self):
        """Cancel charges; from a draft statement they are taken off.

        :raise UserError: when the statement has been sent
        """
        self._check_desk()
        for charge in self:
            lines = charge._get_live_lines()
            statement = lines.statement_id
            if statement and statement.state != "draft":
                raise UserError(
                    self.env._(
                        "%(charge)s is on %(statement)s, which has been sent; enter "
                        "the opposite amount as a new charge.",
                        charge=charge.name,
                        statement=statement.name,
                    )
                )
            charge._withdraw_approvals()
            charge._move_to("cancelled")
            lines._let_go()
            statement._recompute_amounts()
            charge.invalidate_recordset(["statement_id"])
        return True

    def _after_transition(self, target):
        if target == "approved":
            for charge in self:
                charge._enter_draft_statement()
        return super()._after_transition(target)

    def _enter_draft_statement(self):
        """Put it on the affiliate's oldest draft that reaches its day, if any."""
        self.ensure_one()
        draft = self.env["rd.statement"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("state", "=", "draft"),
                ("date_to", ">=", self.date),
            ],
            order="date_to, id",
            limit=1,
        )
        if draft:
            self.env["rd.statement"]._build(draft.close_id, draft.partner_id)
            self.invalidate_recordset(["statement_id"])

    # ------------------------------------------------------------------
    # Source of settlement
    # ------------------------------------------------------------------
    @api.model
    def _rd_get_portions(self, company, partner, until):
        """Return the approved charges of the partner up to the day."""
        portions = super()._rd_get_portions(company, partner, until)
        charges = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("state", "=", "approved"),
                ("date", "<=", until),
            ]
        )
        return portions + [charge._prepare_portion() for charge in charges]

    def _prepare_portion(self):
        self.ensure_one()
        return Portion(
            kind=KIND_CHARGE,
            res_id=self.id,
            sale_line_id=0,
            quantity=self.quantity,
            sign=-1 if self.price_unit < 0 else 1,
            date=self.date,
            note="",
            zero_reason="",
            currency_id=self.currency_id.id,
            values=self._prepare_line(),
        )

    def _prepare_line(self):
        """Return what the statement line keeps of the charge."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        product = self.product_id
        rates = self.tax_ids.filtered(lambda tax: tax.amount_type == "percent")
        return {
            "product_id": product.id,
            "part": product.default_code or product.name,
            "product_name": self.name,
            "settlement_class": product.categ_id.rd_settlement_class or "other",
            "uom_id": product.uom_id.id,
            "uom_name": product.uom_id.name,
            "price_unit": abs(self.price_unit),
            "order_price": abs(self.price_unit),
            "price_source": f"{kinds[self.kind]}: {self.reason}",
            "discount": 0.0,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "tax_rate": sum(rates.mapped("amount")),
            "zero_reason": False,
            "verdict": "pending",
            "late": False,
        }
