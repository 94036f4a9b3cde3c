# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class StockPicking(models.Model):
    """The delivery note, in the form the users know."""

    _name = "stock.picking"
    _inherit = ["stock.picking"]

    def _rd_prepare_paper(self):
        """Return all that is printed of the delivery note, see ``rd.paper``."""
        self.ensure_one()
        return self.env["rd.paper"]._prepare_delivery_note(self)
