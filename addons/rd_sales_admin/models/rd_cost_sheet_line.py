# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .product_category import SETTLEMENT_CLASSES


class RdCostSheetLine(models.Model):
    """What one project, contract and class cost in a month, against the invoices."""

    _name = "rd.cost.sheet.line"
    _description = "Line of a Cost Sheet"
    _inherit = ["rd.guarded.mixin"]
    _order = "sheet_id, project_id, contract_id, settlement_class, id"

    sheet_id = fields.Many2one(
        "rd.cost.sheet",
        string="Cost sheet",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="sheet_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="sheet_id.currency_id")
    month = fields.Date(related="sheet_id.month", store=True)
    project_id = fields.Many2one(
        "project.project", index="btree_not_null", ondelete="restrict"
    )
    contract_id = fields.Many2one(
        "rd.contract",
        index="btree_not_null",
        ondelete="restrict",
        help="Of the order; costs of a project stand under its contract where all its "
        "orders have the same one.",
    )
    settlement_class = fields.Selection(
        SETTLEMENT_CLASSES, string="Class", required=True
    )
    goods = fields.Monetary(string="Value of goods")
    bills = fields.Monetary(string="Vendor bills")
    analytic = fields.Monetary(string="Other costs", help="Time sheets above all.")
    cost = fields.Monetary(compute="_compute_cost", store=True)
    invoiced = fields.Monetary()
    margin = fields.Monetary(compute="_compute_cost", store=True)
    missing_count = fields.Integer(string="Without cost")
    missing_note = fields.Text(
        string="Deliveries without cost", help="One delivery a row."
    )

    _once = models.UniqueIndex(
        "(sheet_id, COALESCE(project_id, 0), COALESCE(contract_id, 0), "
        "settlement_class)",
        "This project, contract and class is already on the sheet.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.depends("goods", "bills", "analytic", "invoiced")
    def _compute_cost(self):
        for line in self:
            line.cost = line.goods + line.bills + line.analytic
            line.margin = line.invoiced - line.cost
