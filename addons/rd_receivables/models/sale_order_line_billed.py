# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .account_move_line_shipped import SIGNS


class SaleOrderLine(models.Model):
    """What was billed of an order line before an invoice."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line"]

    def _rd_get_billed_before(self, move):
        """Return the pieces that posted invoices before this one have billed, less
        what was credited until then."""
        self.ensure_one()
        place = (move.invoice_date, move.id)
        before = self.invoice_lines.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.move_id.move_type in SIGNS
                and (line.move_id.invoice_date, line.move_id.id) < place
            )
        )
        return sum(
            SIGNS[line.move_id.move_type] * line._rd_get_pieces(self) for line in before
        )
