# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .rd_contract import SIGNED


class SaleOrder(models.Model):
    """An order under a contract is signed with its contract."""

    _name = "sale.order"
    _inherit = ["sale.order"]

    @api.depends("rd_contract_id.state")
    def _compute_rd_order_stage(self):
        return super()._compute_rd_order_stage()

    def _rd_is_signed(self):
        # Whoever follows the order need not read the contract.
        contract = self.sudo().rd_contract_id
        if contract:
            return contract.state in SIGNED
        return super()._rd_is_signed()

    def _rd_get_signed_day(self):
        """Return the company's day on which what was ordered was signed, or False.

        Where no contract is kept, the customer's own order is the signature: the
        day it was confirmed, or signed on the portal before that.
        """
        self.ensure_one()
        contract = self.sudo().rd_contract_id
        if contract:
            return contract.date_signed if contract.state in SIGNED else False
        moments = [one for one in (self.signed_on, self.date_order) if one]
        if self.state != "sale" or not moments:
            return False
        return self.company_id._rd_local_date(min(moments))
