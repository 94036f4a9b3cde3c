# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class SaleOrderLine(models.Model):
    """Lines of a replaced revision stay as they were."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line"]

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not lines.order_id._is_internal():
            lines.order_id._rd_check_replaced({"order_line"})
        return lines

    def write(self, vals):
        if not self.order_id._is_internal():
            self.order_id._rd_check_replaced({"order_line"})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_replaced(self):
        self.order_id._rd_check_replaced({"order_line"})
