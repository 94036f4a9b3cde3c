# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdReceiptWithdraw(models.TransientModel):
    """Asks why a receipt that was recorded by mistake is taken back."""

    _name = "rd.receipt.withdraw"
    _description = "Take a Receipt Back"

    picking_id = fields.Many2one(
        "stock.picking", string="Delivery", required=True, ondelete="cascade"
    )
    signed_by = fields.Char(related="picking_id.rd_signer")
    signed_date = fields.Datetime(related="picking_id.rd_signed_date")
    reason = fields.Char(required=True)

    def action_apply(self):
        """Take the receipt back with the reason given."""
        self.ensure_one()
        return self.picking_id.action_rd_withdraw_receipt(self.reason)
