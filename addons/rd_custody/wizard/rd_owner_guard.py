# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdOwnerGuard(models.TransientModel):
    """What the guard of customers' stock would change, before it is switched on."""

    _name = "rd.owner.guard"
    _description = "Guard Customers' Stock"

    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, ondelete="cascade", readonly=True
    )
    owned_count = fields.Integer(related="warehouse_id.rd_owned_count")
    line_ids = fields.One2many(
        "rd.owner.guard.line",
        "guard_id",
        string="Operation types",
        compute="_compute_line_ids",
        store=True,
        precompute=True,
    )

    @api.depends("warehouse_id")
    def _compute_line_ids(self):
        for guard in self:
            kinds = guard.warehouse_id._rd_guard_types()
            guard.line_ids = [
                fields.Command.create({"picking_type_id": kind.id}) for kind in kinds
            ]

    def action_switch_on(self):
        """Switch the guard on; the stock of owners gets its cards."""
        self.ensure_one()
        warehouse = self.warehouse_id
        warehouse.check_access("write")
        warehouse._rd_switch_on()
        return {"type": "ir.actions.act_window_close"}
