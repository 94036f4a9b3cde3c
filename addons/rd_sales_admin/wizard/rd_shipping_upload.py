# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdShippingUpload(models.TransientModel):
    """Warehouse, file, done: the shipping list from a phone."""

    _name = "rd.shipping.upload"
    _description = "Hand in a Shipping List"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self.env["rd.shipping.list"]._default_warehouse(),
    )
    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()

    def action_hand_in(self):
        """Hand the file in and open its verdict."""
        self.ensure_one()
        shipping_list = self.env["rd.shipping.list"]._hand_in_encoded(
            self.warehouse_id, self.file, self.filename
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Verdict"),
            "res_model": "rd.shipping.list",
            "res_id": shipping_list.id,
            "view_mode": "form",
            "target": "main",
        }
