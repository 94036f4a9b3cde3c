# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.models.rd_settlement_source import (
    KIND_OPENING,
    Portion,
)


class RdOpeningLine(models.Model):
    """What is still to be invoiced of one order line from before the start."""

    _name = "rd.opening.line"
    _description = "Opening List Line"
    _inherit = ["rd.guarded.mixin", "rd.settlement.source"]
    _order = "opening_id, partner_id, id"
    _rec_name = "sale_line_id"

    opening_id = fields.Many2one(
        "rd.opening", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="opening_id.company_id", store=True, index=True
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", string="Order line", required=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Affiliate",
        compute="_compute_partner_id",
        store=True,
        index=True,
    )
    uom_id = fields.Many2one(related="sale_line_id.product_uom_id")
    delivered = fields.Float(digits="Product Unit", readonly=True)
    invoiced = fields.Float(digits="Product Unit", readonly=True)
    quantity = fields.Float(
        string="To be stated",
        digits="Product Unit",
        help="Quantity that enters the first statement; correct it with a reason.",
    )
    reason = fields.Char()

    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "The opening quantity cannot be negative."
    )
    _line_once = models.UniqueIndex(
        "(sale_line_id)", "This order line is already on an opening list."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "opening_id",
            "sale_line_id",
            "delivered",
            "invoiced",
        }

    @api.depends("sale_line_id.order_id.partner_invoice_id.commercial_partner_id")
    def _compute_partner_id(self):
        for line in self:
            order = line.sale_line_id.order_id
            line.partner_id = order.partner_invoice_id.commercial_partner_id

    def write(self, vals):
        if not self._is_internal() and self.opening_id.filtered(
            lambda opening: opening.state == "approved"
        ):
            raise UserError(
                self.env._("The opening list is approved and no longer changes.")
            )
        return super().write(vals)

    def _check_reason(self):
        self.ensure_one()
        unit = self.uom_id
        expected = self.delivered - self.invoiced
        if unit.compare(self.quantity, expected) > 0:
            raise UserError(
                self.env._(
                    "%(line)s: at most %(expected)s were delivered and not invoiced.",
                    line=self.sale_line_id.display_name,
                    expected=expected,
                )
            )
        if unit.compare(self.quantity, expected) and not self.reason:
            raise UserError(
                self.env._(
                    "%(line)s: say why %(quantity)s instead of %(expected)s enter.",
                    line=self.sale_line_id.display_name,
                    quantity=self.quantity,
                    expected=expected,
                )
            )

    @api.model
    def _rd_get_portions(self, company, partner, until):
        """Return what the approved opening list holds for the partner."""
        portions = super()._rd_get_portions(company, partner, until)
        lines = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("opening_id.state", "=", "approved"),
                ("quantity", ">", 0),
            ]
        )
        return portions + [
            Portion(
                kind=KIND_OPENING,
                res_id=line.id,
                sale_line_id=line.sale_line_id.id,
                quantity=line.quantity,
                sign=1,
                date=line.opening_id.start_date - timedelta(days=1),
                note=line.sale_line_id.order_id.name,
                zero_reason="",
            )
            for line in lines
        ]
