# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdShippingList(models.Model):
    """The shipments of a warehouse's list, as a list of ours."""

    _name = "rd.shipping.list"
    _inherit = ["rd.shipping.list"]

    def _rd_prepare_paper(self):
        """Return all that is printed of the shipments this list has made."""
        self.ensure_one()
        # Whoever reads the list may print what became of it.
        moves = self.sudo().picking_ids.move_ids.filtered(
            lambda move: move.state == "done" and move.quantity
        )
        return self.env["rd.paper"]._prepare_shipment_list(
            self,
            moves,
            self.company_id,
            self.partner_id,
            (self.date_from, self.date_to),
        )
