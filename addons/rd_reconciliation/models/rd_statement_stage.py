# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdStatement(models.Model):
    """Stages on an invoice fall due as their contract says."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    def _create_invoices_as_system(self):
        moves = super()._create_invoices_as_system()
        moves._rd_set_maturities()
        return moves
