# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdStatementLine(models.Model):
    """Return transfers for delivered pieces that the affiliate did not keep."""

    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    def _raise_returns(self):
        """Return the new transfers, one per delivery, that take these lines back.

        They lower the delivered quantity when they are done, as every return does.
        """
        pickings = self.env["stock.picking"]
        for picking in self.move_id.picking_id:
            lines = self.filtered(
                lambda line, own=picking: line.move_id.picking_id == own
            )
            pickings |= lines._raise_return(picking)
        return pickings

    def _raise_return(self, picking):
        wanted = dict.fromkeys(self.move_id, 0.0)
        for line in self:
            # In the unit of the order line here, of the transfer there.
            wanted[line.move_id] += line.sale_line_id.product_uom_id._compute_quantity(
                line.qty_to - line.qty_from, line.move_id.product_uom
            )
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        for line in wizard.product_return_moves:
            line.quantity = wanted.get(line.move_id, 0.0)
            line.to_refund = True
        return wizard._create_return()
