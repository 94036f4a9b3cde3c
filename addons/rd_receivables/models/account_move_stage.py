# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AccountMove(models.Model):
    """The contract behind an invoice, by which ageing is asked for."""

    _name = "account.move"
    _inherit = ["account.move"]

    rd_contract_id = fields.Many2one(
        "rd.contract",
        string="Contract",
        compute="_compute_rd_contract_id",
        store=True,
        index="btree_not_null",
        help="The contract of all its orders; empty where they have several or none.",
    )

    @api.model
    def _rd_get_kept_of_anchor(self):
        return super()._rd_get_kept_of_anchor() | {"rd_contract_id"}

    @api.depends("invoice_line_ids.sale_line_ids.order_id.rd_contract_id")
    def _compute_rd_contract_id(self):
        for move in self:
            orders = move.invoice_line_ids.sale_line_ids.order_id
            contracts = orders.rd_contract_id
            move.rd_contract_id = contracts if len(contracts) == 1 else False
