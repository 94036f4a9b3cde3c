# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class SaleAdvancePaymentInv(models.TransientModel):
    """Odoo's down payments: not beside the stages of a contract."""

    _name = "sale.advance.payment.inv"
    _inherit = ["sale.advance.payment.inv"]

    def _create_invoices(self, sale_orders):
        if self.advance_payment_method != "delivered":
            for order in sale_orders:
                if order._rd_get_staged():
                    raise UserError(order._rd_stages_refusal())
        return super()._create_invoices(sale_orders)
