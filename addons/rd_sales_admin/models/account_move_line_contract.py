# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """An invoice line that stands for the share of a stage."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    rd_stage_line_id = fields.Many2one(
        "rd.contract.stage.line",
        string="Contract stage",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _rd_stage_line_once = models.UniqueIndex(
        "(rd_stage_line_id) "
        "WHERE rd_stage_line_id IS NOT NULL AND parent_state != 'cancel'",
        "This stage has already been invoiced.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Take links to stages from our own code only, and no second way of billing."""
        internal = self.env["rd.contract"]._is_internal()
        names = {"rd_stage_line_id"}
        for vals in [self.default_get(list(names)), *vals_list]:
            if vals.get("rd_stage_line_id") and not internal:
                raise UserError(self._rd_stage_refusal())
        items = super().create(vals_list)
        if not internal and any("sale_line_ids" in vals for vals in vals_list):
            items._rd_check_way()
        return items

    def write(self, vals):
        internal = self.env["rd.contract"]._is_internal()
        if "rd_stage_line_id" in vals and not internal:
            if vals["rd_stage_line_id"] or any(self.mapped("rd_stage_line_id")):
                raise UserError(self._rd_stage_refusal())
        res = super().write(vals)
        if "sale_line_ids" in vals and not internal:
            self._rd_check_way()
        return res

    def _rd_stage_refusal(self):
        return self.env._("A stage is invoiced by reaching it, not by hand.")

    def _rd_check_way(self):
        """Refuse to bill by hand what stages settle, or what is free of charge."""
        for item in self.filtered(lambda one: one.move_type != "out_refund"):
            closed = item.sale_line_ids.filtered(
                lambda line: line.rd_settlement_way in ("stages", "none")
            )
            if closed and not item.rd_stage_line_id:
                raise UserError(closed[0]._rd_closed_refusal())

    def _rd_is_agreed(self):
        """Tell whether another agreement than the order fixed this line's price."""
        self.ensure_one()
        return self.is_downpayment
