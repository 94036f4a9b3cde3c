# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .product_category import SETTLEMENT_CLASSES

# the keys sort as the chain runs
STATES = [
    ("1_ordered", "Ordered"),
    ("2_shipped", "Shipped"),
    ("3_signed", "Signed for"),
    ("5_invoiced", "Invoiced"),
    ("6_paid", "Paid"),
]


class RdSalesPlan(models.Model):
    """What is to be reached in a month, as finely as the plan goes.

    What is left empty is planned for all together: a line without customer and class
    is the whole company's. Each line counts beside the others.
    """

    _name = "rd.sales.plan"
    _description = "Sales Plan"
    _inherit = ["rd.guarded.mixin"]
    _order = "month desc, state, partner_id, settlement_class, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        index=True,
        default=lambda self: self.env.company._rd_today().replace(day=1),
    )
    state = fields.Selection(
        STATES, string="Stage", required=True, default="5_invoiced"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", ondelete="restrict"
    )
    settlement_class = fields.Selection(SETTLEMENT_CLASSES, string="Class")
    project_id = fields.Many2one(
        "project.project",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    amount = fields.Monetary(
        string="Planned sales",
        required=True,
        help="Without tax, in the company's currency.",
    )

    _once = models.UniqueIndex(
        "(company_id, month, state, COALESCE(partner_id, 0), "
        "COALESCE(settlement_class, ''), COALESCE(project_id, 0))",
        "This is already planned for the month; change the line that is there.",
    )
    _not_negative = models.Constraint("CHECK (amount >= 0)", "A plan is not negative.")

    @api.depends("month", "partner_id.name", "state")
    def _compute_display_name(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for line in self:
            names = [
                line.month.strftime("%Y-%m") if line.month else "",
                line.partner_id.name or "",
                labels.get(line.state, ""),
            ]
            line.display_name = " ".join(name for name in names if name)

    @api.constrains("month")
    def _check_month(self):
        for line in self:
            if line.month.day != 1:
                raise ValidationError(
                    self.env._(
                        "%(line)s: a month is named by its first day.",
                        line=line.display_name,
                    )
                )

    @api.constrains("partner_id")
    def _check_partner(self):
        for line in self:
            partner = line.partner_id
            if partner and partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s; plan for the "
                        "customer itself.",
                        contact=partner.display_name,
                        customer=partner.commercial_partner_id.name,
                    )
                )
