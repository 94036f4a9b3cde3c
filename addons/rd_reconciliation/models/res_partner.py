# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import ValidationError

from .rd_statement import OPEN_STATES


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner"]

    @api.constrains("rd_basis")
    def _check_rd_basis(self):
        """A statement is made on one basis; it does not change under its lines."""
        # Whoever changes a customer need not see statements of all companies.
        statement = (
            self.env["rd.statement"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.ids),
                    ("state", "in", OPEN_STATES),
                    ("line_ids.live", "=", True),
                ],
                limit=1,
            )
        )
        if statement:
            raise ValidationError(
                self.env._(
                    "%(statement)s rests on the present basis and is not agreed yet; "
                    "agree or cancel it before the basis changes.",
                    statement=statement.display_name,
                )
            )
