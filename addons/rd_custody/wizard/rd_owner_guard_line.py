# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import Counter

from odoo import api, fields, models


class RdOwnerGuardLine(models.TransientModel):
    _name = "rd.owner.guard.line"
    _description = "Operation Type before the Guard"

    guard_id = fields.Many2one("rd.owner.guard", required=True, ondelete="cascade")
    picking_type_id = fields.Many2one(
        "stock.picking.type",
        string="Operation type",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    type_active = fields.Boolean(related="picking_type_id.active", string="In use")
    restriction = fields.Selection(
        related="picking_type_id.owner_restriction", string="Set at present"
    )
    open_count = fields.Integer(
        string="Open transfers",
        compute="_compute_counts",
        help="Transfers of this type that are not done yet.",
    )
    owned_count = fields.Integer(
        string="… that hold owners' stock",
        compute="_compute_counts",
        help="Open transfers that have reserved what belongs to somebody else. They "
        "are refused unless it is released.",
    )

    @api.depends("picking_type_id")
    def _compute_counts(self):
        pickings = self.env["stock.picking"].search(
            [
                ("picking_type_id", "in", self.picking_type_id.ids),
                ("state", "not in", ("done", "cancel")),
            ]
        )
        ours = self.picking_type_id.company_id.partner_id
        owned = pickings.move_line_ids.filtered(
            lambda line: line.owner_id and line.owner_id not in ours
        ).picking_id
        counts = Counter(picking.picking_type_id.id for picking in pickings)
        owned_counts = Counter(picking.picking_type_id.id for picking in owned)
        for line in self:
            line.open_count = counts[line.picking_type_id.id]
            line.owned_count = owned_counts[line.picking_type_id.id]
