# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.rd_sales_admin.models.product_category import SETTLEMENT_CLASSES

from .. import matching


class RdMatchTolerance(models.Model):
    """How far two figures may lie apart and still agree, for whom and for what.

    The closest row counts: affiliate and class, then affiliate, then class. Where
    none fits, the company's rounding per line stands.
    """

    _name = "rd.match.tolerance"
    _description = "Matching Tolerance"
    _inherit = ["rd.guarded.mixin"]
    _order = "partner_id, settlement_class, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Affiliate",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Empty: all affiliates.",
    )
    settlement_class = fields.Selection(
        SETTLEMENT_CLASSES, string="Class", help="Empty: all classes."
    )
    tolerance = fields.Float(
        string="Amount",
        digits=(16, 2),
        help="Amounts of a line that differ by no more agree, as rounding; in the "
        "currency of the statement.",
    )
    percent = fields.Float(
        string="Amount (%)",
        digits=(5, 2),
        help="The same in percent of our amount; the larger of the two counts.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        help="Quantities that differ by no more agree; in the unit of the line.",
    )
    days = fields.Integer(
        string="Timing (days)",
        help="Days around the other side's first and last entry within which a "
        "one-sided line is called timing and not missing.",
    )

    _row_unique = models.UniqueIndex(
        "(company_id, COALESCE(partner_id, 0), COALESCE(settlement_class, ''))",
        "There is already a tolerance for this affiliate and class; change that one.",
    )

    @api.constrains("tolerance", "percent", "quantity", "days")
    def _check_not_negative(self):
        for row in self:
            if min(row.tolerance, row.percent, row.quantity, row.days) < 0:
                raise ValidationError(
                    self.env._(
                        "The tolerance of %(name)s cannot be below zero.",
                        name=row.display_name,
                    )
                )

    @api.depends("partner_id.name", "settlement_class")
    def _compute_display_name(self):
        labels = dict(self._fields["settlement_class"]._description_selection(self.env))
        for row in self:
            parts = [
                row.partner_id.name or self.env._("All affiliates"),
                labels.get(row.settlement_class) or self.env._("All classes"),
            ]
            row.display_name = " / ".join(parts)

    @api.model
    def _get_tolerances(self, company, partner):
        """Return ``{class, "" for all others: matching.Tolerance}`` of an affiliate."""
        rows = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", (partner.id, False)),
            ]
        )
        found = {}
        # The closest comes last and stands.
        for row in rows.sorted(lambda item: (bool(item.partner_id), item.id)):
            found[row.settlement_class or ""] = row._prepare_tolerance()
        return found

    def _prepare_tolerance(self):
        self.ensure_one()
        return matching.Tolerance(
            amount=Decimal(str(self.tolerance)),
            percent=Decimal(str(self.percent)),
            quantity=Decimal(str(self.quantity)),
            days=self.days,
        )
