# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AccountMoveLine(models.Model):
    """What a statement agreed is not checked against the order once more."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    def _rd_is_agreed(self):
        return super()._rd_is_agreed() or bool(self.rd_statement_line_id)
