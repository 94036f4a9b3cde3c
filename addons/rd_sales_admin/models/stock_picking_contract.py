# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class StockPicking(models.Model):
    """What leaves the house reaches stages, and is checked against the contract."""

    _name = "stock.picking"
    _inherit = ["stock.picking"]

    def _action_done(self):
        """Reach the stages of dispatch; tell of prices nobody approved."""
        res = super()._action_done()
        for picking in self.sudo().filtered(lambda one: one.state == "done"):
            lines = picking.move_ids.sale_line_id
            if lines:
                picking._rd_check_prices(lines)
                picking._rd_trigger_dispatch(lines)
        return res

    def _rd_trigger_dispatch(self, lines):
        sent = lines.filtered(
            lambda line: (
                line.rd_settlement_way == "stages"
                and line.product_uom_id.compare(
                    line.qty_delivered, line.product_uom_qty
                )
                >= 0
            )
        )
        if sent:
            day = self.company_id._rd_local_date(self.date_done)
            self.env["rd.contract.stage"]._trigger("dispatch", sent, day)

    def _rd_check_prices(self, lines):
        """Goods are not held up by a price; whoever owns the order is told."""
        for order, group in lines.grouped("order_id").items():
            wrong = group.filtered(lambda line: line.rd_price_state == "deviates")
            if not wrong:
                continue
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._(
                    "%(note)s left with a price that is not agreed: %(part)s",
                    note=self.name,
                    part=wrong[0].product_id.display_name,
                ),
                user_id=(order.user_id or self.env.user).id,
            )
