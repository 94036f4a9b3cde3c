# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .account_move_due import DueRules


class AccountMove(models.Model):
    """The contract behind an invoice: ageing is asked for by it, and what its terms
    count from may stand there."""

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

    def _rd_get_due_rules(self):
        """Take the rules of the contract where it has some, else the customer's."""
        # Whoever keeps invoices need not read contracts.
        contract = self.sudo().rd_contract_id
        if not contract.rd_due_anchor:
            return super()._rd_get_due_rules()
        return DueRules(
            contract.rd_due_anchor,
            contract.rd_due_grace_days,
            contract.rd_due_shift or "",
        )
