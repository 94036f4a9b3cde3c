# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.models.rd_settlement_source import (
    KIND_ADJUSTMENT,
    Portion,
)


class RdPriceAdjustmentLine(models.Model):
    """One invoiced line at its old and its new price."""

    _name = "rd.price.adjustment.line"
    _description = "Adjusted Line"
    _inherit = ["rd.settlement.source", "rd.guarded.mixin"]
    _order = "adjustment_id, id"
    _rec_name = "statement_line_id"

    adjustment_id = fields.Many2one(
        "rd.price.adjustment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="adjustment_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="adjustment_id.currency_id")
    state = fields.Selection(related="adjustment_id.state", store=True)
    statement_line_id = fields.Many2one(
        "rd.statement.line",
        string="Invoiced line",
        required=True,
        index=True,
        ondelete="restrict",
    )
    statement_id = fields.Many2one(related="statement_line_id.statement_id")
    date = fields.Date(related="statement_line_id.date")
    note = fields.Char(related="statement_line_id.note")
    part = fields.Char(related="statement_line_id.part")
    uom_id = fields.Many2one(
        "uom.uom",
        string="Counted in",
        compute="_compute_uom_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="restrict",
        help="Unit of the quantity and of both prices.",
    )
    uom_name = fields.Char(string="Unit", related="uom_id.name")
    step = fields.Integer(
        required=True, help="How many adjustments the line had before this one."
    )
    quantity = fields.Float(digits="Product Unit")
    old_price = fields.Float(digits="Product Price", aggregator=None)
    new_price = fields.Float(digits="Product Price", aggregator=None)
    agreed_price = fields.Float(
        digits=(16, 6),
        readonly=True,
        aggregator=None,
        help="What order or contract said of the line when it was listed, per its own "
        "unit; another price agreed later is a late fact.",
    )
    difference = fields.Float(
        string="Difference per unit",
        digits="Product Price",
        compute="_compute_difference",
        store=True,
        aggregator=None,
    )
    amount = fields.Monetary(
        string="Difference (tax excluded)", compute="_compute_difference", store=True
    )

    _once = models.UniqueIndex(
        "(statement_line_id, step)",
        "This invoiced line is already listed by another price adjustment.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        if not self._is_internal():
            raise UserError(
                self.env._("Adjusted lines are listed anew, not deleted by hand.")
            )

    @api.depends("statement_line_id")
    def _compute_uom_id(self):
        for line in self:
            stated = line.statement_line_id
            line.uom_id = stated._get_unit() if stated else False

    @api.depends("quantity", "old_price", "new_price")
    def _compute_difference(self):
        for line in self:
            stated = line.statement_line_id
            difference = line.new_price - line.old_price
            taxes = stated.tax_ids.compute_all(
                difference * (1 - stated.discount / 100),
                line.currency_id,
                line.quantity,
                handle_price_include=True,
            )
            line.difference = difference
            line.amount = taxes["total_excluded"]

    def _get_new_price(self):
        """Return the new price per unit of the invoiced line."""
        self.ensure_one()
        own = self.statement_line_id._get_unit()
        return self.uom_id._compute_price(self.new_price, own)

    def _why_not_still_so(self):
        """Return why the line may not be adjusted any more as it was listed."""
        self.ensure_one()
        stated = self.statement_line_id
        digits = self.env["decimal.precision"].precision_get("Product Price")
        price = stated._get_unit()._compute_price(
            stated._get_effective_price(), self.uom_id
        )
        if (
            stated.live
            and stated.statement_id.state in ("invoiced", "closed")
            and not round(price - self.old_price, digits)
        ):
            return False
        return self.env._(
            "%(line)s of %(statement)s has changed since it was listed; list the "
            "lines of %(adjustment)s again.",
            line=stated.display_name,
            statement=stated.statement_id.name,
            adjustment=self.adjustment_id.name,
        )

    # ------------------------------------------------------------------
    # Source of settlement
    # ------------------------------------------------------------------
    @api.model
    def _rd_get_portions(self, company, partner, until):
        """Return the approved adjustments of the partner up to the day."""
        portions = super()._rd_get_portions(company, partner, until)
        lines = self.search(
            [
                ("company_id", "=", company.id),
                ("adjustment_id.partner_id", "=", partner.id),
                ("state", "=", "approved"),
                ("adjustment_id.date", "<=", until),
            ]
        )
        return portions + [line._prepare_portion() for line in lines]

    def _prepare_portion(self):
        self.ensure_one()
        positive = (self.quantity > 0) == (self.difference > 0)
        return Portion(
            kind=KIND_ADJUSTMENT,
            res_id=self.id,
            sale_line_id=0,
            quantity=abs(self.quantity),
            sign=1 if positive else -1,
            date=self.adjustment_id.date,
            note=self.note or "",
            zero_reason="",
            currency_id=self.currency_id.id,
            values={
                **self.statement_line_id._prepare_anew(),
                "uom_id": self.uom_id.id,
                "uom_name": self.uom_name,
                "price_unit": abs(self.difference),
                "order_price": abs(self.difference),
                "price_source": self.adjustment_id.name,
                "zero_reason": False,
                "verdict": "pending",
                "late_reason": self._get_sentence(),
            },
        )

    def _get_sentence(self):
        """Return what the other side reads beside the line."""
        self.ensure_one()
        return self.env._(
            "%(statement)s: price adjusted from %(old)s to %(new)s",
            statement=self.statement_id.name,
            old=f"{self.old_price:g}",
            new=f"{self.new_price:g}",
        )
