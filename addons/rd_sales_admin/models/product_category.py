# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

SETTLEMENT_CLASSES = [
    ("project", "Project"),
    ("material", "Material"),
    ("finished", "Finished product"),
    ("semi_finished", "Semi-finished product"),
    ("tooling", "Tooling"),
    ("other", "Other"),
]


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category"]

    rd_settlement_class = fields.Selection(
        selection=SETTLEMENT_CLASSES,
        string="Settlement class",
        compute="_compute_rd_settlement_class",
        store=True,
        readonly=False,
        recursive=True,
        help="Under which sub-total of the statement products of this category "
        "are settled; taken from the parent category where nothing is set.",
    )

    @api.depends("parent_id.rd_settlement_class")
    def _compute_rd_settlement_class(self):
        for category in self:
            category.rd_settlement_class = (
                category.rd_settlement_class
                or category.parent_id.rd_settlement_class
                or "other"
            )
