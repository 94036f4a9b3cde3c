# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """A delivery from which goods are asked back, and the transfers of a return."""

    _name = "stock.picking"
    _inherit = ["stock.picking"]

    rd_return_id = fields.Many2one(
        "rd.return",
        string="Return of goods",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"rd_return_id"}

    def action_rd_ask_return(self):
        """Open a return with everything that can still come back of this delivery.

        :raise UserError: when nothing of it can
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "done":
            raise UserError(
                self.env._(
                    "%(note)s has not left yet; change it instead.", note=self.name
                )
            )
        self.env["rd.return"]._prepare_of_delivery(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "rd.return",
            "name": self.env._("Return"),
            "view_mode": "form",
            "context": {"rd_return_of": self.id},
        }
