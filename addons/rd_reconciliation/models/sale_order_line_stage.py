# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SaleOrderLine(models.Model):
    """What is on a statement has its way of settlement."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line"]

    def _rd_is_settled_in_part(self):
        # Whoever writes orders need not read statements.
        stated = self.sudo().rd_statement_line_ids.filtered("live")
        return super()._rd_is_settled_in_part() or bool(stated)
